"""The settings of a running server: checked once, never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from journiv.config.compose_db import scheme
from journiv.config.sources import Value

_EVERYWHERE = ("0.0.0.0", "::", "127.0.0.1")  # noqa: S104 - compared with, not bound
_EMPTY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every core setting under its own name; `schema.CORE` says what each means.

    `sections` holds the plugins' validated sections, `values` where each value came from. The
    representation shows no value of a secret setting.
    """

    environment: str
    debug: bool
    log_level: str
    app_name: str
    host: str
    port: int
    data: Path
    domain_name: str | None
    domain_scheme: str
    allowed_hosts: tuple[str, ...]
    trusted_proxies: str
    api_docs: bool | None
    max_in_flight: int
    startup_timeout: float
    secret_key: str | None = field(repr=False)
    secret_keys_previous: tuple[str, ...] = field(repr=False)
    setup_token: str | None = field(repr=False)
    disable_signup: bool
    password_min_length: int
    require_mfa: str
    access_token_expire_minutes: float
    refresh_token_expire_days: float
    session_absolute_days: float
    refresh_grace_seconds: float
    refresh_rotation: str
    oidc_enabled: bool
    oidc_only: bool
    rate_limit_enabled: bool
    rate_limit_per_minute: int
    rate_limit_signed_in_factor: float
    rate_limit_exempt_cidrs: tuple[str, ...]
    rate_limit_storage_uri: str = field(repr=False)
    max_file_size_mb: int
    import_export_max_file_size_mb: int
    export_cleanup_days: int
    require_if_match: bool
    allowed_media_types: tuple[str, ...]
    allowed_file_extensions: tuple[str, ...]
    media_quota_mb: int
    media_max_files: int
    media_min_free_mb: int
    media_signed_url_ttl_seconds: int
    media_signed_url_video_ttl_seconds: int
    media_thumbnail_signed_url_ttl_seconds: int
    media_signed_url_grace_seconds: int
    backup_target: str
    backup_schedule: str
    backup_keep: str
    backup_drill: bool
    backup_age_recipient: str | None
    backup_passphrase_file: str | None
    web: Path | None
    enable_cors: bool
    cors_origins: tuple[str, ...]
    cors_credentials: bool
    hsts_include_subdomains: bool
    security_contact: str | None
    database_url: str = field(repr=False)
    redis_url: str | None = field(repr=False)
    media_url: str
    migrate: str
    plugins: tuple[str, ...] | None
    plugins_disabled: tuple[str, ...]
    auth: tuple[str, ...]
    session_tokens: str | None
    store: str | None
    rate_limiter: str | None
    media_store: str | None
    trace_hooks: bool
    test_clock: str | None
    sections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, repr=False)
    values: Mapping[str, Mapping[str, Value]] = field(default_factory=dict, repr=False)
    warnings: tuple[str, ...] = ()

    @property
    def public_url(self) -> str:
        """The address people type, without a slash at the end."""
        if self.domain_name:
            return f"{self.domain_scheme}://{self.domain_name}"
        host = "localhost" if self.host in _EVERYWHERE else self.host
        shown = f"[{host}]" if ":" in host else host
        return f"{self.domain_scheme}://{shown}:{self.port}"

    @property
    def is_nameless(self) -> bool:
        """Say whether the database can be shared, and nothing gives its servers one address.

        Access tokens name the public address that issued them. Without DOMAIN_NAME it is made of
        APP_HOST and APP_PORT, so servers that differ in those refuse each other's tokens.
        """
        return not self.domain_name and scheme(self.database_url) != "sqlite"

    @property
    def production(self) -> bool:
        """Say whether strict rules hold."""
        return self.environment == "production"

    def plugin(self, name: str) -> Mapping[str, Any]:
        """Return a plugin's validated section; empty when it has no settings."""
        return self.sections.get(name, _EMPTY)

    def secret_names(self) -> tuple[str, ...]:
        """Return every environment name under which a secret can be given."""
        return tuple(
            name
            for section in self.values.values()
            for value in section.values()
            if value.secret
            for name in value.variables
        )
