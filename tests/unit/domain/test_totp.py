from __future__ import annotations

import pytest

from journiv.domain import totp

SEED = b"12345678901234567890"


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_the_rfc(at: int, code: str) -> None:
    assert totp.code_at(SEED, at // totp.STEP) == code


@pytest.mark.parametrize(
    ("offset", "found"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_clocks_may_differ_by_one_step(offset: int, found: bool) -> None:
    now = 1_700_000_000
    code = totp.code_at(SEED, now // totp.STEP + offset)
    assert (totp.accepted_step(SEED, code, now, 0) is not None) == found


def test_a_code_counts_once() -> None:
    now = 1_700_000_000
    code = totp.code_at(SEED, now // totp.STEP)
    step = totp.accepted_step(SEED, code, now, 0)
    assert step == now // totp.STEP
    assert totp.accepted_step(SEED, code, now, step) is None


def test_recovery_codes_are_read_however_they_are_typed() -> None:
    codes = totp.new_recovery_codes()
    assert len(set(codes)) == totp.RECOVERY_CODES
    one = "0123ab-cdefgh-jkmnpq-rstvwx"
    digests = {
        totp.recovery_digest(as_typed)
        for as_typed in (one, one.upper(), f" {one[:6]} {one[7:]}", "O1" + one[2:], "0I" + one[2:])
    }
    assert len(digests) == 1
