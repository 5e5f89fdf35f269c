from __future__ import annotations

from typing import ClassVar

from journiv.loader.discovery import discover
from journiv.testing.plugin import PluginConformance


class TestBuiltin(PluginConformance):
    name = "builtin"


class TestAuthLocal(PluginConformance):
    name = "auth_local"


class TestAuthOidc(PluginConformance):
    name = "auth_oidc"
    environ: ClassVar = {
        "OIDC_ISSUER": "https://login.example.org",
        "OIDC_CLIENT_ID": "journiv",
        "OIDC_CLIENT_SECRET": "not a secret of anybody, 0123456789",
    }


class TestImportFormats(PluginConformance):
    name = "import_formats"


class TestMediaFormats(PluginConformance):
    name = "media_formats"


class TestMediaS3(PluginConformance):
    name = "media_s3"
    environ: ClassVar = {
        "JOURNIV_MEDIA_URL": "s3://diary/media?endpoint=https://s3.example.org&region=any"
    }


class TestRatelimitRedis(PluginConformance):
    name = "ratelimit_redis"
    environ: ClassVar = {"RATE_LIMIT_STORAGE_URI": "redis://redis.example.org"}


class TestStorePostgres(PluginConformance):
    name = "store_postgres"
    environ: ClassVar = {"DATABASE_URL": "postgresql://journiv@db.example.org/journiv"}


class TestStoreSqlite(PluginConformance):
    name = "store_sqlite"


def test_every_bundled_plugin_runs_the_kit() -> None:
    bundled = {one.name for one in discover() if one.dist == "journiv"}
    assert {one.name for one in PluginConformance.__subclasses__()} >= bundled
