from __future__ import annotations

import pytest

from journiv.domain.redaction import one_line, redact


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Authorization: Bearer abc.def-ghi", "Authorization: [redacted] [redacted]"),
        ("sent bearer s3cr3tvalue here", "sent bearer [redacted] here"),
        ("got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln, late", "got [redacted], late"),
        ("token jr1.0190-a.b_c-d of", "token [redacted] of"),
        ("jpat_0190abcd_QUJD-_x ends", "[redacted] ends"),
        ("jo_abcdefgh1234", "[redacted]"),
        ("jmfa_abcdefgh jinv_abcdefgh jrst_ab-cdefgh", "[redacted] [redacted] [redacted]"),
        ("GET /cb?code=abc&state=xyz&iss=i", "GET /cb?code=[redacted]&state=[redacted]&iss=i"),
        ("/media/1?e=5&s=c2lnbmVk", "/media/1?e=5&s=[redacted]"),
        ("/oidc-finish?ticket=t1ck3t", "/oidc-finish?ticket=[redacted]"),
        ("postgresql://me:p@ss-w0rd@db/journiv", "postgresql://[redacted]@db/journiv"),
        ("redis://:hidden@cache:6379/0", "redis://[redacted]@cache:6379/0"),
        ("otpauth://totp/Me?secret=ABC DEF", "otpauth://[redacted] DEF"),
        ('{"password": "two words", "x": 1}', '{"password": [redacted], "x": 1}'),
        ("{'refresh_token': 'abc'}", "{'refresh_token': [redacted]}"),
        ("client_secret=abc;", "client_secret=[redacted];"),
        ("from sam.p@example.org now", "from [e-mail] now"),
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str, shown: str) -> None:
    assert redact(text) == shown
    assert redact(shown) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Set SECRET_KEY to at least 32 random characters.",
        "SETUP_TOKEN keeps others from being first.",
        "a refresh token was used again: session 0190c0de-1111-7222-8333-444455556666 is ended",
        "using store sqlite (store_sqlite), rate limiter memory (builtin)",
        "https://example.org/path answers in state 3, code 200",
    ],
)
def test_ordinary_messages_stay_as_they_are(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "sign", ["\n", "\r", "\x1b", "\x00", "\x7f", "\x85", "\u2028", "\u2029", "\u202e", "\udc80"]
)
def test_nothing_ends_a_line_or_moves_a_cursor(sign: str) -> None:
    shown = one_line(f"a{sign}b ü")
    assert shown.splitlines() == [shown]
    assert shown.startswith("a\\")
    assert shown.endswith("b ü")
    assert shown.isprintable()


@pytest.mark.parametrize("part", ["a", "a@", "://", "password=", "bearer ", "eyJ", "'", "jr1."])
def test_a_long_text_takes_no_time_beyond_its_length(part: str) -> None:
    assert redact(part * 200_000)
