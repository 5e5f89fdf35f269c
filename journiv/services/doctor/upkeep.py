"""Lines M1 to M6: backups, logs, updates, keys and room."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Final

from journiv.services.doctor.check import PASS, UNREAD, Check, Verdict, by_hand, unless
from journiv.services.doctor.evidence import Evidence

FEED: Final = "release.json"
OLD_KEY: Final = timedelta(days=365)
MANY_REFUSED: Final = 100
OLDEST_BACKUP: Final = {
    "hourly": timedelta(hours=3),
    "daily": timedelta(days=2),
    "weekly": timedelta(days=9),
    "off": timedelta(days=8),
}
_GIB: Final = 1 << 30
ENOUGH: Final = 2 * _GIB
PLENTY: Final = 50 * _GIB


def backups(evidence: Evidence) -> Verdict:
    """Judge when the last backup was made."""
    if evidence.stored is None:
        return UNREAD
    schedule, last = evidence.settings.backup_schedule, evidence.stored.backed_up
    if last is None and schedule == "off":
        return Verdict("manual", "Make backups (docs/operate/backup.md); none was made here yet.")
    if last is None:
        return Verdict("warn", "The server has made no backup yet; see whether it can.")
    age = evidence.now - last
    advice = f"The last backup is {age.days} days old; make one: journiv backup create."
    return unless(age <= OLDEST_BACKUP[schedule], "fail", advice)


def logs(evidence: Evidence) -> Verdict:
    """Judge how many sign-ins were refused within a day, by the audit log."""
    if evidence.stored is None:
        return UNREAD
    refused = evidence.stored.refused
    advice = f"{refused} attempts to sign in were refused within a day; look for who that is."
    return unless(refused < MANY_REFUSED, "warn", advice)


def release(evidence: Evidence) -> Verdict:
    """Compare with the release that a file in the data folder names; nobody is called."""
    try:
        told = json.loads((evidence.settings.data / FEED).read_text(encoding="utf-8"))
        latest = _numbers(str(told["latest"]))
    except (OSError, ValueError, KeyError, TypeError):
        advice = f"Look for a newer release, or keep its number in {FEED} of the data folder."
        return Verdict("manual", advice)
    advice = f"Release {told['latest']} is out; docs/operate/upgrade.md says how to upgrade."
    return unless(latest <= _numbers(evidence.version), "warn", advice)


def key_age(evidence: Evidence) -> Verdict:
    """Judge how long the present SECRET_KEY has been in use."""
    if evidence.stored is None:
        return UNREAD
    since = evidence.stored.key_since
    if since is None:
        return Verdict("manual", "Change secrets now and then; this key was not used here yet.")
    age = evidence.now - since
    if age > OLD_KEY:
        return Verdict("warn", f"SECRET_KEY is {age.days} days old; change it and keep the old.")
    kept = timedelta(days=evidence.settings.session_absolute_days)
    if evidence.settings.secret_keys_previous and age > kept:
        return Verdict("warn", "No session needs SECRET_KEY_PREVIOUS any more; take it away.")
    return PASS


def room(evidence: Evidence) -> Verdict:
    """Judge the free space: 2 GiB, and a tenth of the disk unless there is plenty."""
    free, total = evidence.machine.free, evidence.machine.total
    good = free >= ENOUGH and (free * 10 >= total or free >= PLENTY)
    return unless(good, "warn", f"Only {free / _GIB:.1f} GiB are free; make room.")


def _numbers(version: str) -> tuple[int, ...]:
    """Read the numbers a version begins with. Raises `ValueError` for none."""
    release_part = version.lstrip("v").split("+")[0].split("-")[0]
    return tuple(int(part) for part in release_part.split(".")[:3])


CHECKS = (
    Check("M1", "backups", backups),
    Check("M2", "refused sign-ins", logs),
    Check("M3", "the newest release", release),
    Check("M4", "system updates", by_hand("Keep the system and the container image up to date.")),
    Check("M5", "age of SECRET_KEY", key_age),
    Check("M6", "free space", room),
)
