from __future__ import annotations

import stat

import pytest

from journiv.config import secrets
from journiv.domain.errors import ConfigError

GOOD = "q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJ+/0="

# RFC 5869, appendix A: input key, salt, info, length, output.
VECTORS = [
    (
        "0b" * 22,
        "000102030405060708090a0b0c",
        "f0f1f2f3f4f5f6f7f8f9",
        42,
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    (
        bytes(range(0x50)).hex(),
        bytes(range(0x60, 0xB0)).hex(),
        bytes(range(0xB0, 0x100)).hex(),
        82,
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c6"
        "5e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
    ),
    (
        "0b" * 22,
        "",
        "",
        42,
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
]


@pytest.mark.parametrize(("material", "salt", "info", "length", "expected"), VECTORS)
def test_hkdf_gives_the_vectors_of_the_rfc(material, salt, info, length, expected):
    made = secrets.hkdf(bytes.fromhex(material), bytes.fromhex(salt), bytes.fromhex(info), length)
    assert made.hex() == expected


def test_each_purpose_and_each_key_has_its_own_bytes():
    derived = {secrets.derive(key, info) for key in (GOOD, GOOD + "x") for info in ("a/1", "b/1")}
    assert len(derived) == 4
    assert {len(one) for one in derived} == {32}


def test_production_without_a_key_names_the_variable_and_the_command(tmp_path):
    with pytest.raises(ConfigError) as refused:
        secrets.settle(None, "production", tmp_path, [])
    assert refused.value.detail == (
        "SECRET_KEY is not set, and production needs one. Make one with: openssl rand -base64 32"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "key",
    ["your-secret-key-here", "changeme-changeme-changeme-changeme", "CHANGE_THIS_" + "x" * 40,
     "a" * 44, "your_secret_key_here_generate_with_openssl"],
)  # fmt: skip
def test_production_refuses_placeholders_and_development_warns(key, tmp_path):
    with pytest.raises(ConfigError, match="placeholder"):
        secrets.settle(key, "production", tmp_path, [])
    warnings: list[str] = []
    assert secrets.settle(key, "development", tmp_path, warnings) == key
    assert len(warnings) == 1


def test_base64_keys_of_openssl_are_taken_as_they_are(tmp_path):
    warnings: list[str] = []
    assert secrets.settle(GOOD, "production", tmp_path, warnings) == GOOD
    assert warnings == []


def test_a_short_key_is_used_with_a_warning(tmp_path):
    warnings: list[str] = []
    assert secrets.settle("k7Jq2mXw9Tz4Lb0P", "production", tmp_path, warnings)
    assert "has 16 characters; use at least 32" in warnings[0]


def test_development_makes_one_key_and_keeps_it_private(tmp_path):
    data = tmp_path / "data"
    first = secrets.settle(None, "development", data, [])
    assert secrets.settle(None, "development", data, []) == first
    assert len(first) >= secrets.MIN_LENGTH
    assert [path.name for path in data.iterdir()] == ["secret.key"]
    assert stat.S_IMODE((data / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


def test_a_data_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="Set JOURNIV_DATA to a folder"):
        secrets.settle(None, "development", tmp_path / "file" / "data", [])


def test_a_previous_key_that_anybody_can_read_is_refused_in_production():
    with pytest.raises(ConfigError, match="SECRET_KEY_PREVIOUS holds a placeholder"):
        secrets.check_previous([GOOD, "change-me-in-production-please-now-0"], "production", [])


def test_a_previous_key_that_can_be_guessed_is_warned_of():
    warnings: list[str] = []
    secrets.check_previous([GOOD, "k7Jq2mXw9Tz4Lb0P"], "production", warnings)
    assert len(warnings) == 1
    assert "16 characters" in warnings[0]
