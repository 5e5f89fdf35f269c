"""Which bucket, where, and how it is spoken to."""

from __future__ import annotations

import binascii
import ssl
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from obstore.store import S3Store

from journiv.domain.errors import ConfigError

ASKED: Final = frozenset({"endpoint", "region", "style"})
_MIB: Final = 1024 * 1024
_KEY_BYTES: Final = 32
_TRIES_AGAIN: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A bucket; `place` names it in messages, `config` and `client` are obstore's."""

    name: str
    prefix: str | None
    place: str
    part_size: int
    patience: timedelta
    config: Mapping[str, Any] = field(repr=False)
    client: Mapping[str, Any]
    ca_file: Path | None

    def open(self) -> S3Store:
        """Make the client; asks nobody yet. Raises `ConfigError` when `ca_file` is of no use."""
        client = dict(self.client)
        if self.ca_file is not None:
            client["root_certificate"] = _certificates(self.ca_file)
        make: Any = S3Store  # its many keyword types know no mapping
        made: S3Store = make(
            self.name,
            prefix=self.prefix,
            config=dict(self.config),
            client_options=client,
            retry_config={"max_retries": _TRIES_AGAIN, "retry_timeout": self.patience},
        )
        return made


def bucket_at(url: str, settings: Mapping[str, Any]) -> Bucket:
    """Read `s3://bucket/prefix?endpoint=…&region=…&style=path|virtual`. Raises `ConfigError`."""
    parts = urlsplit(url)
    name, asked = parts.netloc, _asked(parts)
    endpoint, style = asked.get("endpoint"), asked.get("style", "path")
    config: dict[str, Any] = _credentials(settings) | _encryption(settings)
    config["disable_bulk_delete"] = True  # not every object store has it, and we delete one
    config["virtual_hosted_style_request"] = style == "virtual"
    if region := asked.get("region"):
        config["region"] = region
    if endpoint is not None:
        config["endpoint"] = _endpoint(endpoint, name, style)
    if settings["checksum"] != "none":
        config["checksum_algorithm"] = settings["checksum"]
    patience = timedelta(seconds=settings["timeout_seconds"])
    return Bucket(
        name=name,
        prefix=unquote(parts.path).strip("/") or None,
        place=f"{urlsplit(endpoint).netloc if endpoint else 'S3'}, bucket {name}",
        part_size=settings["part_mb"] * _MIB,
        patience=patience,
        config=config,
        client={
            "allow_http": endpoint is not None and endpoint.startswith("http://"),
            "connect_timeout": min(patience, timedelta(seconds=5)),
            "read_timeout": patience,
            "timeout": timedelta(hours=12),  # of one answer as a whole: people watch long films
        },
        ca_file=Path(settings["ca_file"]) if settings["ca_file"] else None,
    )


def _certificates(path: Path) -> str:
    try:
        text = path.read_text()
        ssl.create_default_context(cadata=text)
    except (OSError, ValueError) as error:
        raise ConfigError(f"The ca_file of [media_s3], {path}, holds no certificates.") from error
    return text


def _asked(parts: SplitResult) -> dict[str, str]:
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    if not parts.netloc or set("@:") & set(parts.netloc):
        raise ConfigError(
            "JOURNIV_MEDIA_URL must be s3://bucket/prefix?endpoint=…&region=…;"
            " keys are settings of their own."
        )
    if unknown := sorted(asked.keys() - ASKED):
        raise ConfigError(
            f"JOURNIV_MEDIA_URL asks for {unknown[0]}; it may say endpoint, region and style."
        )
    if asked.get("style", "path") not in {"path", "virtual"}:
        raise ConfigError("The style in JOURNIV_MEDIA_URL is path or virtual.")
    return asked


def _endpoint(endpoint: str, bucket: str, style: str) -> str:
    parts = urlsplit(endpoint)
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise ConfigError("The endpoint in JOURNIV_MEDIA_URL must be https://host or http://host.")
    host = f"{bucket}.{parts.netloc}" if style == "virtual" else parts.netloc
    return f"{parts.scheme}://{host}{parts.path}".rstrip("/")


def _credentials(settings: Mapping[str, Any]) -> dict[str, Any]:
    key, secret = settings["access_key_id"], settings["secret_access_key"]
    if (key is None) != (secret is None):
        raise ConfigError("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY go together: one is unset.")
    given = {
        "access_key_id": key,
        "secret_access_key": secret,
        "session_token": settings["session_token"],
    }
    return {name: value for name, value in given.items() if value is not None}


def _encryption(settings: Mapping[str, Any]) -> dict[str, Any]:
    kind = settings["encryption"]
    if kind == "s3":
        return {"server_side_encryption": "AES256"}
    if kind == "kms":
        key = settings["kms_key_id"]
        return {"server_side_encryption": "aws:kms"} | ({"sse_kms_key_id": key} if key else {})
    if kind == "customer":
        key = settings["customer_key"] or ""
        if _decoded_length(key) != _KEY_BYTES:
            raise ConfigError("The customer_key of [media_s3] must be 32 bytes in base64.")
        return {"server_side_encryption": "sse-c", "sse_customer_key_base64": key}
    return {}


def _decoded_length(key: str) -> int:
    try:
        return len(b64decode(key, validate=True))
    except (ValueError, binascii.Error):
        return 0
