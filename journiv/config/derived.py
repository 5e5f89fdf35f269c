"""From checked values to `Settings`: what one setting takes from another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from journiv.config.compose_db import database_url, from_parts
from journiv.config.origins import check_origins
from journiv.config.settings import Settings
from journiv.config.sources import Value
from journiv.domain.clock import Clock, StoppedClock, SystemClock
from journiv.domain.errors import ConfigError

BUNDLED: Final = Path(__file__).parents[1] / "_web"
"""Where a built web app comes along with the package."""

OFF: Final = "off"

_TUPLES = (
    "allowed_hosts", "secret_keys_previous", "rate_limit_exempt_cidrs", "cors_origins",
    "plugins_disabled", "allowed_media_types", "allowed_file_extensions",
)  # fmt: skip
_OWN = ("sections", "values", "warnings")


def settings(core: Mapping[str, Value], warnings: list[str]) -> Settings:
    """Build the settings without plugin sections and with `secret_key` as it was given."""
    given: dict[str, Any] = {key: value.value for key, value in core.items()}
    data = given["data"] = Path(given["data"]).absolute()
    given |= {name: tuple(given[name]) for name in _TUPLES}
    given["plugins"] = None if given["plugins"] is None else tuple(given["plugins"])
    given["auth"] = _auth(given)
    url = given["database_url"] or from_parts(given)
    given["database_url"] = database_url(url, given["db_driver"], data)
    given["media_url"] = given["media_url"] or _media(given["media_root"], data)
    given["backup_target"] = given["backup_target"] or f"file://{data / 'backups'}"
    given["rate_limit_storage_uri"] = (
        given["rate_limit_storage_uri"] or given["redis_url"] or "memory://"
    )
    if given["rate_limit_enabled"] is None:
        given["rate_limit_enabled"] = given["environment"] != "test"
    given["web"] = _web(given["web"])
    if given["enable_cors"]:
        check_origins(given["cors_origins"], production=given["environment"] == "production")
    _check_clock(given["test_clock"], given["environment"])
    names = {field.name for field in fields(Settings)} - set(_OWN)
    settled = Settings(**{name: given[name] for name in names}, values={"": core})
    _warn(settled, warnings)
    return replace(settled, warnings=tuple(warnings))


def _web(given: str | None) -> Path | None:
    """Return the folder of the web app: the given one, else the one that came along, if any."""
    if given == OFF:
        return None
    if given:
        return Path(given).absolute()
    return BUNDLED if (BUNDLED / "index.html").is_file() else None


def clock(given: Settings) -> Clock:
    """Return the server's clock: in tests shifted or stopped by `JOURNIV_TEST_CLOCK`."""
    if given.test_clock is None:
        return SystemClock()
    now = datetime.now(UTC)
    if given.test_clock[0] == "=":
        return StoppedClock(now + _shift(given.test_clock[1:], now))
    return SystemClock(_shift(given.test_clock, now))


def _auth(given: Mapping[str, Any]) -> tuple[str, ...]:
    if given["auth"] is not None:
        return () if given["auth"] == ["none"] else tuple(given["auth"])
    if given["oidc_only"]:
        return ("oidc",)
    return ("local", "oidc") if given["oidc_enabled"] else ("local",)


def _media(root: str | None, data: Path) -> str:
    return f"file://{Path(root).absolute() if root else data / 'media'}"


def _check_clock(text: str | None, environment: str) -> None:
    if text is None:
        return
    if environment != "test":
        raise ConfigError("JOURNIV_TEST_CLOCK works only with ENVIRONMENT=test.")
    _shift(text.removeprefix("="), datetime.now(UTC))


def _shift(text: str, now: datetime) -> timedelta:
    """Read `+3600` (seconds) or the instant at which the clock starts."""
    try:
        if text[0] in "+-":
            return timedelta(seconds=float(text))
        start = datetime.fromisoformat(text)
        return start.replace(tzinfo=start.tzinfo or UTC) - now
    except (IndexError, ValueError, OverflowError):
        raise ConfigError(
            f"JOURNIV_TEST_CLOCK is '{text}', but must be seconds such as +3600, "
            "or an instant such as 2026-03-29T00:30:00Z; with = before it, the clock stands still."
        ) from None


def _warn(settled: Settings, warnings: list[str]) -> None:
    if not settled.production:
        return
    if settled.debug:
        warnings.append("DEBUG is on in production; tracebacks reach the log.")
    if settled.access_token_expire_minutes > 60:
        warnings.append("ACCESS_TOKEN_EXPIRE_MINUTES is over 60; keep access tokens short.")
    if settled.is_nameless:
        warnings.append(
            f"DOMAIN_NAME is not set, so the public address is {settled.public_url}. Servers that "
            "share this database refuse each other's sessions unless all name the same address."
        )
