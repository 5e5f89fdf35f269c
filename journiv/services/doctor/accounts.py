"""Lines U1 to U5: passwords, tokens, sign-up and single sign-on."""

from __future__ import annotations

from journiv.services.doctor.check import PASS, Check, Verdict, unless
from journiv.services.doctor.evidence import Evidence
from journiv.services.doctor.redis_probe import guarded


def passwords(evidence: Evidence) -> Verdict:
    """Judge PASSWORD_MIN_LENGTH, which the settings take only from 8 on."""
    good = evidence.settings.password_min_length >= 8
    return unless(good, "fail", "Set PASSWORD_MIN_LENGTH=8 or more.")


def lifetimes(evidence: Evidence) -> Verdict:
    """Judge how long tokens live: an hour for access, 90 days for refresh."""
    settings = evidence.settings
    minutes, days = settings.access_token_expire_minutes, settings.refresh_token_expire_days
    advice = "Set ACCESS_TOKEN_EXPIRE_MINUTES to at most 60, REFRESH_TOKEN_EXPIRE_DAYS to 90."
    return unless(minutes <= 60 and days <= 90, "warn", advice)


def signup(evidence: Evidence) -> Verdict:
    """Judge DISABLE_SIGNUP where people sign in with single sign-on only."""
    good = evidence.settings.disable_signup or not evidence.settings.oidc_only
    return unless(good, "warn", "Set DISABLE_SIGNUP=true: OIDC_ONLY leaves sign-up without use.")


def single_sign_on(evidence: Evidence) -> Verdict:
    """Say whether the provider answers, which is asked only with `--online`."""
    if not evidence.settings.oidc_enabled and "oidc" not in evidence.settings.auth:
        return PASS
    if evidence.provider is not None:
        return Verdict("fail", f"{evidence.provider} `journiv oidc-check` says more.")
    if evidence.outside is not None:
        return PASS
    return Verdict("manual", "Run `journiv oidc-check`, or doctor with --online.")


def redis(evidence: Evidence) -> Verdict:
    """Judge REDIS_URL; a server of one process needs none."""
    url = evidence.settings.redis_url
    if url is None:
        return PASS
    if evidence.redis is not None:
        return Verdict("fail", f"REDIS_URL does not work: {evidence.redis}.")
    return unless(guarded(url), "warn", "Give Redis a password and put it into REDIS_URL.")


CHECKS = (
    Check("U1", "passwords of at least 8 characters", passwords),
    Check("U2", "short token lifetimes", lifetimes),
    Check("U3", "sign-up closed with OIDC only", signup),
    Check("U4", "OIDC provider", single_sign_on),
    Check("U5", "REDIS_URL", redis),
)
