"""What a Redis address may start with."""

from __future__ import annotations

from typing import Final

SENTINEL: Final = ("redis+sentinel", "rediss+sentinel")
CLUSTER: Final = ("redis+cluster", "rediss+cluster")
SCHEMES: Final = ("redis", "rediss", "unix", *SENTINEL, *CLUSTER)
