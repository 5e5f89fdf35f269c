from __future__ import annotations

import string
from unittest.mock import Mock

import pytest
from aiohttp import BodyPartReader
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy

from journiv.api.multipart import _named

PIECES = st.sampled_from([
    "form-data", "; ", ";", 'name="', 'filename="', '"', "file", "a.png", ".", " ", "_", "-", "/",
    "\\", "filename*=UTF-8''", "%2F", *string.ascii_letters[:3],
])  # fmt: skip
USUAL = st.builds(
    'form-data; name="{}"; filename="{}"'.format,
    st.text("ab_9", max_size=3),
    st.text(" ._-/\\aZ9", max_size=5),
)
HEADERS = st.one_of(st.lists(PIECES, max_size=12).map("".join), USUAL)


@pytest.mark.filterwarnings("ignore::aiohttp.BadContentDispositionHeader")
@pytest.mark.filterwarnings("ignore::aiohttp.BadContentDispositionParam")
@given(HEADERS)
def test_names_are_those_that_aiohttp_reads(header: str) -> None:
    headers = CIMultiDictProxy(CIMultiDict({"Content-Disposition": header}))
    parts = [BodyPartReader(b"--x", headers, Mock()) for _ in range(2)]
    assert _named(parts[0]) == (parts[1].name, parts[1].filename)
