from __future__ import annotations

import pytest

from journiv.testing.media import MediaStoreConformance
from journiv_media_s3.media import S3Media


class TestAnsweredRangesWith200(MediaStoreConformance):
    """As rclone's S3 server does."""

    @pytest.fixture
    def media(self, direct: S3Media) -> S3Media:
        return direct


class TestAnsweredRangesWith206(MediaStoreConformance):
    """As Amazon's and most others do."""

    @pytest.fixture
    def media(self, relayed: S3Media) -> S3Media:
        return relayed
