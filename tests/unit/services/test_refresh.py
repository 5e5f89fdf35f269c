from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from journiv.contracts.records import SessionRecord
from journiv.domain.clock import instant
from journiv.services.signin.refresh import (
    Outcome,
    RefreshKeys,
    Step,
    first_columns,
    present,
    read_token,
    write_token,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SESSION = "0195a1b2-0000-7000-8000-000000000001"
GRACE, IDLE, ABSOLUTE = timedelta(seconds=10), timedelta(days=7), timedelta(days=30)
RENEWED, REUSED, REFUSED = Outcome.RENEWED, Outcome.REUSED, Outcome.REFUSED


@dataclass
class Family:
    """A session and its client, played forward."""

    row: dict[str, Any]
    keys: RefreshKeys
    now: datetime = NOW

    def later(self, seconds: float) -> Family:
        self.now += timedelta(seconds=seconds)
        return self

    def show(self, secret: str) -> Step:
        step = present(
            cast("SessionRecord", self.row),
            secret,
            keys=self.keys,
            now=self.now,
            grace=GRACE,
            idle=IDLE,
        )
        self.row |= step.changes
        if step.outcome is REUSED:
            self.row["revoked_at"] = instant(self.now)
        return step

    def rotate(self, secret: str) -> str:
        step = self.show(secret)
        assert step.outcome is RENEWED
        return step.secret


KEYS = RefreshKeys((b"k" * 32,))


@pytest.fixture
def first() -> str:
    return KEYS.first(SESSION)


def made_up() -> str:
    """A secret that this server has never handed out."""
    return secrets.token_urlsafe(32)


def family(first: str, mode: str) -> Family:
    keys = KEYS
    row: dict[str, Any] = {
        "id": SESSION,
        "mode": mode,
        "rotated_at": instant(NOW),
        "replays": 0,
        "seen_at": instant(NOW),
        "expires_at": instant(NOW + IDLE),
        "absolute_expires_at": instant(NOW + ABSOLUTE),
        "revoked_at": None,
        **first_columns(keys, SESSION, first, mode),
    }
    return Family(row, keys)


@pytest.fixture
def strict(first: str) -> Family:
    return family(first, "strict")


@pytest.fixture
def adaptive(first: str) -> Family:
    return family(first, "adaptive")


def test_strict_every_use_gives_another_token(strict: Family, first: str) -> None:
    secrets = [first]
    for _ in range(5):
        secrets.append(strict.later(60).rotate(secrets[-1]))
    assert len(set(secrets)) == 6


def test_strict_the_predecessor_gets_the_same_successor_within_grace(
    strict: Family, first: str
) -> None:
    successor = strict.rotate(first)
    assert strict.later(10).rotate(first) == successor


def test_strict_the_predecessor_after_grace_ends_the_family(strict: Family, first: str) -> None:
    successor = strict.rotate(first)
    assert strict.later(10.001).show(first).outcome is REUSED
    assert strict.show(successor).outcome is REFUSED


def test_strict_the_predecessor_is_repeated_five_times_only(strict: Family, first: str) -> None:
    strict.rotate(first)
    strict.later(3)
    assert [strict.show(first).outcome for _ in range(6)] == [RENEWED] * 5 + [REUSED]


def test_strict_requests_under_way_together_all_get_the_successor(
    strict: Family, first: str
) -> None:
    successors = {strict.later(0.05).rotate(first) for _ in range(20)}
    assert len(successors) == 1
    assert strict.row["generation"] == 1


@pytest.mark.parametrize("pause", [0, 3, 20])
def test_strict_the_one_before_the_predecessor_ends_the_family(
    strict: Family, first: str, pause: float
) -> None:
    second = strict.rotate(first)
    third = strict.rotate(second)
    assert strict.later(pause).show(first).outcome is REUSED
    assert strict.show(third).outcome is REFUSED


@pytest.mark.parametrize("mode", ["strict", "adaptive"])
def test_a_secret_that_was_never_handed_out_is_refused_and_ends_nothing(
    first: str, mode: str
) -> None:
    played = family(first, mode)
    for secret in (made_up(), KEYS.first("another-session"), "A" * 43):
        assert played.show(secret).outcome is REFUSED
    assert played.rotate(first)


def test_a_secret_of_ours_ends_the_family_however_old_it_is(strict: Family, first: str) -> None:
    secret = first
    for _ in range(100):
        secret = strict.later(60).rotate(secret)
    assert strict.show(first).outcome is REUSED
    assert strict.show(secret).outcome is REFUSED


def test_adaptive_the_first_token_works_again_and_again(adaptive: Family, first: str) -> None:
    successors = {adaptive.later(3600).rotate(first) for _ in range(10)}
    assert len(successors) == 1
    assert adaptive.row["generation"] == 1


def test_adaptive_the_first_token_does_not_prolong_the_session(
    adaptive: Family, first: str
) -> None:
    adaptive.later(6 * 86_400).rotate(first)
    assert adaptive.later(86_400).show(first).outcome is REFUSED


def test_adaptive_a_client_that_shows_a_successor_is_strict_from_then_on(
    adaptive: Family, first: str
) -> None:
    second = adaptive.rotate(first)
    third = adaptive.later(900).rotate(second)
    assert adaptive.row["mode"] == "strict"
    assert adaptive.later(20).show(second).outcome is REUSED
    assert adaptive.show(third).outcome is REFUSED


def test_adaptive_a_stolen_first_token_ends_the_family_once_the_owner_has_moved_on(
    adaptive: Family, first: str
) -> None:
    third = adaptive.rotate(adaptive.rotate(first))
    assert adaptive.show(first).outcome is REUSED
    assert adaptive.show(third).outcome is REFUSED


@pytest.mark.parametrize("mode", ["strict", "adaptive"])
def test_a_session_ends_when_it_is_not_used(first: str, mode: str) -> None:
    assert family(first, mode).later(7 * 86_400 - 1).show(first).outcome is RENEWED
    assert family(first, mode).later(7 * 86_400).show(first).outcome is REFUSED


def test_a_used_session_ends_after_its_absolute_life(strict: Family, first: str) -> None:
    secret = first
    for _ in range(9):
        secret = strict.later(3 * 86_400).rotate(secret)
    strict.later(3 * 86_400 - 1)
    secret = strict.rotate(secret)
    assert strict.later(1).show(secret).outcome is REFUSED


@pytest.mark.parametrize("mode", ["strict", "adaptive"])
def test_an_ended_session_is_refused_and_not_ended_again(first: str, mode: str) -> None:
    ended = family(first, mode)
    ended.row["revoked_at"] = instant(NOW)
    assert ended.show(first).outcome is REFUSED
    assert ended.show(made_up()).outcome is REFUSED


@pytest.mark.parametrize("mode", ["strict", "adaptive"])
def test_a_new_key_repeats_what_the_old_one_made(first: str, mode: str) -> None:
    played = family(first, mode)
    successor = played.rotate(first)
    played.keys = RefreshKeys((b"n" * 32, b"k" * 32))
    assert played.rotate(first) == successor
    assert played.rotate(successor)


@pytest.mark.parametrize("mode", ["strict", "adaptive"])
def test_without_the_old_key_all_is_refused_and_nothing_ended(first: str, mode: str) -> None:
    played = family(first, mode)
    successor = played.rotate(first)
    before = dict(played.row)
    old, played.keys = played.keys, RefreshKeys((b"n" * 32,))
    for secret in (first, successor, made_up()):
        assert played.show(secret).outcome is REFUSED
    assert played.row == before
    played.keys = RefreshKeys((b"n" * 32, *old.keys))
    assert played.rotate(successor)


def test_what_is_stored_fits_its_column_and_one_secret_alone(strict: Family, first: str) -> None:
    keys = strict.keys
    assert len(keys.digest(first)) == 64
    assert keys.fits(first, keys.digest(first))
    assert not keys.fits(first, keys.digest(made_up()))
    assert not keys.fits(first, None)


def test_only_digests_are_kept(strict: Family, first: str) -> None:
    successor = strict.rotate(first)
    kept = repr(strict.row)
    assert first not in kept
    assert successor not in kept
    assert strict.keys.digest(successor) in kept


def test_a_token_reads_back() -> None:
    secret = made_up()
    assert read_token(write_token(SESSION, secret)) == (SESSION, secret)


@pytest.mark.parametrize(
    "text", ["", "jr1", "jr1.x.y", f"jr2.{SESSION}.{'a' * 43}", f"jr1.{SESSION}.{'a' * 43}\n"]
)
def test_anything_else_is_no_refresh_token(text: str) -> None:
    assert read_token(text) is None


def test_a_step_shows_no_secret(strict: Family, first: str) -> None:
    step = strict.show(first)
    assert step.secret not in repr(step)
