"""Lines U1 to U5: passwords, tokens, sign-up and single sign-on."""

from __future__ import annotations

from journiv.config import Settings
from journiv.services.doctor.check import PASS, Check, Finding, by_hand, unless


def passwords(settings: Settings) -> Finding:
    """Judge PASSWORD_MIN_LENGTH."""
    return unless(settings.password_min_length >= 8, "fail", "Set PASSWORD_MIN_LENGTH=8 or more.")


def lifetimes(settings: Settings) -> Finding:
    """Judge how long tokens live: an hour for access, 90 days for refresh."""
    minutes, days = settings.access_token_expire_minutes, settings.refresh_token_expire_days
    advice = "Set ACCESS_TOKEN_EXPIRE_MINUTES to at most 60, REFRESH_TOKEN_EXPIRE_DAYS to 90."
    return unless(minutes <= 60 and days <= 90, "warn", advice)


def signup(settings: Settings) -> Finding:
    """Judge DISABLE_SIGNUP where people sign in with single sign-on only."""
    good = settings.disable_signup or not settings.oidc_only
    return unless(good, "warn", "Set DISABLE_SIGNUP=true: OIDC_ONLY leaves sign-up without use.")


def single_sign_on(settings: Settings) -> Finding:
    """Say how to try the provider, which is asked nothing from here."""
    if not settings.oidc_enabled:
        return PASS
    return Finding("manual", "Sign in once with single sign-on; the provider is not asked here.")


CHECKS = (
    Check("U1", "passwords of at least 8 characters", passwords),
    Check("U2", "short token lifetimes", lifetimes),
    Check("U3", "sign-up closed with OIDC only", signup),
    Check("U4", "OIDC provider", single_sign_on),
    Check("U5", "REDIS_URL", by_hand("One process needs no Redis; run no second one without it.")),
)
