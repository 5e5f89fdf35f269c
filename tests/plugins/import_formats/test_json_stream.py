from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator

import orjson
import pytest

from journiv.domain.errors import BadRequest
from journiv_import_formats import json_stream
from journiv_import_formats.json_stream import elements

AWKWARD = [{"a": '},]"\\', "b": [[1, {"c": "\\\\"}], "x,y"]}, {}, {"entries": [{"no": 1}]}]


def read(document: bytes, *arrays: str) -> list[tuple[str, object, str]]:
    return [(one.array, one.value, one.reason) for one in elements(io.BytesIO(document), *arrays)]


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 4096])
def test_elements_are_those_of_a_parser_wherever_chunks_end(
    monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    monkeypatch.setattr(json_stream, "CHUNK", chunk + 3)
    document = {"x": [{"y": 1}], 'k"]': "entries", "entries": AWKWARD, "z": {"entries": [{}]}}
    written = orjson.dumps(document, option=orjson.OPT_INDENT_2)
    assert [value for _, value, _ in read(written, "entries")] == AWKWARD


def test_a_document_that_is_an_array_has_no_name() -> None:
    assert [
        value for _, value, _ in read(b"\xef\xbb\xbf \n" + orjson.dumps(AWKWARD), "")
    ] == AWKWARD


def test_several_arrays_are_read_in_their_order() -> None:
    found = read(b'{"b":[{"n":1}],"a":[{"n":2}],"c":[{"n":3}]}', "a", "b")
    assert [(name, value) for name, value, _ in found] == [("b", {"n": 1}), ("a", {"n": 2})]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (b'{"a": NaN}', "is not JSON"),
        (b'{"a": oops}', "is not JSON"),
        (b'"text, with a comma"', "is not a JSON object"),
        (b'{"a":' + b"[" * 65 + b"]" * 65 + b"}", "is nested deeper than 64"),
        (b'{"a": "\\ud800"}', "is not JSON"),
        (b'{"a": "' + b"x" * (17 * 1024 * 1024) + b'"}', "is larger than 16,777,216 bytes"),
    ],
)
def test_a_bad_element_leaves_the_others(bad: bytes, reason: str) -> None:
    found = read(b'{"entries": [{"n": 1}, ' + bad + b', {"n": 2}]}', "entries")
    assert [value for _, value, _ in found] == [{"n": 1}, None, {"n": 2}]
    assert found[1][2] == reason


def test_what_is_cut_off_is_said() -> None:
    found = read(b'{"entries": [{"n": 1}, {"n": ', "entries")
    assert [value for _, value, _ in found] == [{"n": 1}, None]
    assert "cut off" in found[1][2]


@pytest.mark.parametrize("document", [b"", b"text", b'"entries"', b"\0{}"])
def test_no_document_is_refused(document: bytes) -> None:
    with pytest.raises(BadRequest):
        read(document, "entries")


class Endless:
    """A document of many megabytes that is nowhere whole."""

    def __init__(self) -> None:
        self.parts = self._parts()

    def _parts(self) -> Iterator[bytes]:
        yield b'{"other": "' + b"x" * 1000 + b'", "entries": [{"n": 0}'
        for _ in range(400):
            yield b',{"n": "' + b"y" * 100_000 + b'"}'
        yield b"]}"

    def read(self, size: int = -1) -> bytes:
        return next(self.parts, b"")


def test_memory_stays_flat() -> None:
    tracemalloc.start()
    try:
        assert sum(1 for _ in elements(Endless(), "entries")) == 401
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_arrays_within_objects_bring_the_texts_before_them() -> None:
    document = {
        "other": [{"title": "no", "entries": [{"n": 0}]}],
        "journals": [
            {"title": "a,{", "note": None, "x": ["title", {"title": "z"}], "entries": [{"n": 1}]},
            {"flag": True, "title": "b", "entries": [{"n": 2, "entries": [{}]}, {"n": 3}]},
            {"entries": [{"n": 4}]},
        ],
    }
    file = io.BytesIO(orjson.dumps(document))
    found = [
        (one.value, one.parent.get("title")) for one in elements(file, "entries", within="journals")
    ]
    assert [(value and value["n"], title) for value, title in found] == [
        (1, "a,{"), (2, "b"), (3, "b"), (4, None)
    ]  # fmt: skip
