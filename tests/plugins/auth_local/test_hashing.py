from __future__ import annotations

import unicodedata

import pytest
from argon2 import PasswordHasher

from journiv_auth_local.hashing import LOW, STANDARD, PasswordHashes


@pytest.fixture
def hashes() -> PasswordHashes:
    return PasswordHashes(LOW)


def test_the_right_password_is_right_and_another_is_not(hashes: PasswordHashes) -> None:
    stored = hashes.make("correct horse battery")
    assert hashes.verify("correct horse battery", stored).right
    assert not hashes.verify("Correct horse battery", stored).right


def test_a_trailing_space_counts(hashes: PasswordHashes) -> None:
    stored = hashes.make("correct horse ")
    assert hashes.verify("correct horse ", stored).right
    assert not hashes.verify("correct horse", stored).right


def test_two_equal_passwords_have_two_hashes(hashes: PasswordHashes) -> None:
    assert hashes.make("correct horse") != hashes.make("correct horse")


def test_composed_and_decomposed_spellings_are_one_password(hashes: PasswordHashes) -> None:
    spellings = [unicodedata.normalize(form, "Ångström éclair ①") for form in ("NFC", "NFD")]
    for chosen in spellings:
        stored = hashes.make(chosen)
        assert all(hashes.verify(typed, stored).right for typed in spellings)


def test_a_hash_of_the_bytes_as_sent_verifies_and_is_made_anew_only_when_parameters_differ(
    hashes: PasswordHashes,
) -> None:
    same = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
    decomposed = unicodedata.normalize("NFD", "éclair éclair")
    verdict = hashes.verify(decomposed, {"hash": same.hash(decomposed)})
    assert (verdict.right, verdict.rehashed) == (True, None)


def test_a_hash_with_other_parameters_is_made_anew_once() -> None:
    stored = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash("correct horse")
    hashes = PasswordHashes(STANDARD)
    verdict = hashes.verify("correct horse", {"hash": stored})
    assert verdict.right
    assert verdict.rehashed is not None
    assert verdict.rehashed["hash"].startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert hashes.verify("correct horse", verdict.rehashed).rehashed is None


@pytest.mark.parametrize("damaged", ["", "plain", "$argon2id$v=19$m=1", "$2b$12$abc"])
def test_a_damaged_hash_is_a_wrong_password(hashes: PasswordHashes, damaged: str) -> None:
    assert not hashes.verify("correct horse", {"hash": damaged}).right


def test_an_unknown_account_costs_as_many_hashes_as_a_wrong_password(
    hashes: PasswordHashes, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = hashes.make("correct horse")
    costs: list[str] = []
    verify = PasswordHasher.verify

    def counting(self: PasswordHasher, hash: str, password: bytes) -> bool:
        costs.append(hash.rpartition("$")[0].rpartition("$")[0])
        return verify(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    for typed in ("wrong horse", unicodedata.normalize("NFD", "wrong hörse"), "x" * 5000):
        hashes.verify(typed, stored)
        known, costs = costs, []
        hashes.verify(typed, None)
        unknown, costs = costs, []
        assert known == unknown != []


def test_a_lone_surrogate_is_a_wrong_password_and_no_error(hashes: PasswordHashes) -> None:
    assert not hashes.verify("\ud800 horse battery", None).right
