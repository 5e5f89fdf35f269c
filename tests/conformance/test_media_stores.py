from __future__ import annotations

from pathlib import Path

import pytest

from journiv.builtin.filesystem_media import FilesystemMedia
from journiv.testing.media import MediaStoreConformance


class TestFiles(MediaStoreConformance):
    @pytest.fixture
    def media(self, tmp_path: Path) -> FilesystemMedia:
        return FilesystemMedia(f"file://{tmp_path}/media")
