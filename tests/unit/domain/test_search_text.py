from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from journiv.domain.search_text import LENGTH, MAX_NEEDLES, Piece, parse_query, snippet
from journiv.domain.text import fold


def hits(pieces: list[Piece]) -> list[str]:
    return [piece["text"] for piece in pieces if piece["hit"]]


@pytest.mark.parametrize(
    ("query", "needles"),
    [
        ("Great Plague", ("great", "plague")),
        ('"great plague" year', ("great plague", "year")),
        ("“great plague”", ("great plague",)),
        ("\u2019light", ("'light",)),
        ("100% _ NEAR( a* -b", ("100%", "_", "near(", "a*", "-b")),
        ('"', ('"',)),
        ('""', ('""',)),
        ('say "hello', ("say", '"hello')),
        ('5" pipe', ('5"', "pipe")),
        ('" "', ('"',)),
        ("Straße ÉTÉ", ("strasse", "ete")),
        ("same same SAME", ("same",)),
        (" \t\n", ()),
    ],
)
def test_a_query_becomes_folded_substrings(query: str, needles: tuple[str, ...]) -> None:
    assert parse_query(query) == needles


def test_a_long_query_is_bounded() -> None:
    assert len(parse_query(" ".join(f"w{n}" for n in range(1000)))) == MAX_NEEDLES


def test_a_snippet_shows_the_first_match_within_its_surroundings() -> None:
    text = "before " * 100 + "the Plague came " + "after " * 100
    pieces = snippet("", text, ("plague",))
    assert hits(pieces) == ["Plague"]
    assert pieces[0] == {"text": "…", "hit": False}
    assert pieces[-1] == {"text": "…", "hit": False}
    assert sum(len(piece["text"]) for piece in pieces) <= LENGTH + 10
    assert pieces[1]["text"].startswith("before ")


def test_a_match_in_the_title_alone_shows_the_title() -> None:
    pieces = snippet("The Plague year", "nothing here", ("plague",))
    assert [piece["text"] for piece in pieces] == ["The ", "Plague", " year"]


def test_words_in_title_and_text_show_the_text() -> None:
    assert hits(snippet("The Plague", "a fire here", ("plague", "fire"))) == ["fire"]


def test_folding_that_changes_the_length_marks_whole_letters() -> None:
    assert hits(snippet("", "die Straße", ("strasse",))) == ["Straße"]
    assert hits(snippet("", "die Straße", ("ss",))) == ["ß"]
    assert hits(snippet("", "eﬃcient", ("ff",))) == ["ﬃ"]


def test_a_match_far_behind_letters_that_grow_is_found_at_its_place() -> None:
    text = "ﬃß" * 5000 + " needle " + "İ" * 500
    assert hits(snippet("", text, ("needle",))) == ["needle"]


def test_combining_accents_belong_to_the_letter_before_them() -> None:
    assert hits(snippet("", "un e\u0301te\u0301 chaud", ("ete",))) == ["e\u0301te\u0301"]


def test_overlapping_matches_become_one() -> None:
    assert hits(snippet("", "abcde", ("abc", "cde"))) == ["abcde"]


TEXTS = st.text(st.sampled_from("abAB éßﬃİ\u2019'\u0301 \nẞΣ"), max_size=500)


@given(TEXTS, st.text(st.sampled_from("abs'fi e"), min_size=1, max_size=3))
@example("ßa", "sa")
def test_pieces_are_the_original_text_and_hits_hold_what_was_sought(text: str, needle: str) -> None:
    pieces = snippet("", text, (needle,))
    together = "".join(p["text"] for p in pieces if p["text"] != "…")
    assert together in text
    if needle in fold(text):
        assert hits(pieces)
        assert all(needle in fold(hit) for hit in hits(pieces))
    else:
        assert not hits(pieces)
