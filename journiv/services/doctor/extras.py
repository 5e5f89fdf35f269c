"""Lines E1 to E7, beside the page's own: accounts, what is stored about them, files of secrets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from journiv.services.doctor.check import PASS, UNREAD, Check, Verdict, unless
from journiv.services.doctor.evidence import Evidence
from journiv.services.doctor.machine import is_open

_TOML: Final = "journiv.toml"


def first_account(evidence: Evidence) -> Verdict:
    """Judge SETUP_TOKEN while whoever registers first becomes the administrator."""
    if evidence.stored is None:
        return UNREAD
    good = evidence.stored.accounts > 0 or evidence.settings.setup_token is not None
    advice = "There is no account yet: register at once, or set SETUP_TOKEN to be the first."
    return unless(good, "warn", advice)


def second_factor(evidence: Evidence) -> Verdict:
    """Judge how many accounts a password alone opens."""
    if evidence.stored is None:
        return UNREAD
    without, all_of_them = evidence.stored.without_factor, evidence.stored.with_password
    advice = f"{without} of {all_of_them} accounts with a password have no second factor."
    return unless(without == 0, "warn", advice)


def password_hashes(evidence: Evidence) -> Verdict:
    """Judge how passwords are kept."""
    if evidence.stored is None:
        return UNREAD
    outdated = evidence.stored.outdated_hashes
    advice = f"{outdated} passwords are hashed with other parameters; signing in renews them."
    return unless(outdated == 0, "warn", advice)


def sessions(evidence: Evidence) -> Verdict:
    """Judge whether clients take the new refresh tokens they are given."""
    if evidence.stored is None:
        return UNREAD
    unrotated = evidence.stored.unrotated_sessions
    advice = (
        f"{unrotated} sessions are older than a day and keep their first refresh token. "
        "Once their clients can rotate, set REFRESH_ROTATION=strict."
    )
    return unless(unrotated == 0, "warn", advice)


def secret_files(evidence: Evidence) -> Verdict:
    """Judge the files that hold secrets, but the key's, which is I1."""
    found = next((file for file in _secret_files(evidence) if is_open(file)), None)
    if found is None:
        return PASS
    return Verdict("warn", f"Other accounts can read {found.name}, which holds a secret: 0600.")


def audit_log(evidence: Evidence) -> Verdict:
    """Judge the chain of seals."""
    if evidence.stored is None:
        return UNREAD
    faults = evidence.stored.audit_faults
    if faults is None:
        return Verdict("manual", "Without SECRET_KEY the audit log cannot be checked.")
    if faults:
        return Verdict("fail", f"{faults[0]} `journiv audit verify` lists what is wrong.")
    return PASS


def public_name(evidence: Evidence) -> Verdict:
    """Judge whether all servers of a shared database go by one address."""
    advice = (
        f"The public address is {evidence.settings.public_url}, made of this server's own host and "
        "port. Set DOMAIN_NAME, the same on every server, or they refuse each other's sessions."
    )
    return unless(not evidence.settings.is_nameless, "warn", advice)


def _secret_files(evidence: Evidence) -> Iterator[Path]:
    settings = evidence.settings
    for section in settings.values.values():
        for key, value in section.items():
            if not value.secret:
                continue
            if value.source.startswith(f"{_TOML} "):
                yield from (settings.data / _TOML, Path(_TOML))
            elif value.path is not None and key != "secret_key":
                yield value.path


CHECKS = (
    Check("E1", "the first account", first_account),
    Check("E2", "second factor", second_factor),
    Check("E3", "password hashes", password_hashes),
    Check("E4", "clients that rotate", sessions),
    Check("E5", "files of secrets", secret_files),
    Check("E6", "audit log unchanged", audit_log),
    Check("E7", "one public address", public_name),
)
