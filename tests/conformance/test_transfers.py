from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from journiv.builtin.exports.html import HtmlExporter
from journiv.builtin.exports.markdown import MarkdownExporter
from journiv.builtin.ndjson import NdjsonExporter, NdjsonImporter
from journiv.testing.transfer import ExporterConformance, ImporterConformance

LINES = """\
{"ref": "one", "date": "1660-01-01", "title": "Lord's day", "text": "This morning I rose."}
{"ref": "two", "at": "2026-03-15T11:00:00Z", "zone": "Europe/London", "text": "To the office."}

{"ref": "three", "date": "2024-02-29", "time": "23:59", "text": "To bed.", "tags": ["a", "b"]}
"""


class TestNdjsonImporter(ImporterConformance):
    @pytest.fixture
    def importer(self) -> NdjsonImporter:
        return NdjsonImporter()

    @pytest.fixture(params=["plain", "gzip"])
    def sample(self, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
        file = tmp_path / "diary.ndjson"
        text = LINES.encode()
        file.write_bytes(text if request.param == "plain" else gzip.compress(text))
        return file


class TestNdjsonExporter(ExporterConformance):
    @pytest.fixture
    def exporter(self) -> NdjsonExporter:
        return NdjsonExporter()

    @pytest.fixture
    def importer(self) -> NdjsonImporter:
        return NdjsonImporter()


class TestHtmlExporter(ExporterConformance):
    @pytest.fixture
    def exporter(self) -> HtmlExporter:
        return HtmlExporter()


class TestMarkdownExporter(ExporterConformance):
    @pytest.fixture
    def exporter(self) -> MarkdownExporter:
        return MarkdownExporter()
