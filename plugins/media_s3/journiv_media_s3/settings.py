"""The section `[media_s3]`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final


def _secret(help: str, *env: str) -> Mapping[str, Any]:
    return {
        "type": "string",
        "nullable": True,
        "default": None,
        "meta": {"env": list(env), "secret": True, "help": help},
    }


SCHEMA: Final[Mapping[str, Any]] = {
    "access_key_id": _secret("Who signs; unset: the machine's own role.", "AWS_ACCESS_KEY_ID"),
    "secret_access_key": _secret("What it is signed with.", "AWS_SECRET_ACCESS_KEY"),
    "session_token": _secret("Goes with keys that last for a time.", "AWS_SESSION_TOKEN"),
    "encryption": {
        "type": "string",
        "allowed": ["bucket", "s3", "kms", "customer"],
        "default": "bucket",
        "meta": {
            "help": "Encryption where it is kept: as the bucket is set, SSE-S3, SSE-KMS or SSE-C."
        },
    },
    "kms_key_id": {
        "type": "string",
        "nullable": True,
        "default": None,
        "meta": {"help": "The key of SSE-KMS; unset: the account's own."},
    },
    "customer_key": _secret("The key of SSE-C: 32 bytes in base64."),
    "checksum": {
        "type": "string",
        "allowed": ["none", "sha256"],
        "default": "none",
        "meta": {"help": "A checksum the object store keeps; in transit all bytes are signed."},
    },
    "ca_file": {
        "type": "string",
        "nullable": True,
        "default": None,
        "meta": {"help": "A PEM file of authorities to trust besides those of the system."},
    },
    "part_mb": {
        "type": "integer",
        "min": 5,
        "max": 64,
        "default": 5,
        "meta": {"help": "Size of the parts of an upload in MiB; two are in memory at a time."},
    },
    "timeout_seconds": {
        "type": "integer",
        "min": 1,
        "max": 300,
        "default": 30,
        "meta": {"help": "How long the object store may be silent, and how long to try again."},
    },
}
