"""The section `[auth_oidc]`, and the rules that take more than one of its settings."""

from __future__ import annotations

import ipaddress
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from journiv.domain.errors import ConfigError


def _key(
    kind: str, help: str, env: str, default: Any = None, *, secret: bool = False, **rules: Any
) -> Any:
    if kind == "list":
        rules["schema"] = {"type": "string"}
    return {
        "type": kind,
        "default": default,
        "nullable": default is None,
        "meta": {"env": [env], "help": help, "secret": secret},
        **rules,
    }


CONFIG_SCHEMA: Final[Mapping[str, Any]] = {
    "issuer": _key("string", "the provider's issuer, to the letter", "OIDC_ISSUER"),
    "client_id": _key("string", "this server's name at the provider", "OIDC_CLIENT_ID"),
    "client_secret": _key(
        "string", "its secret; none for a public client", "OIDC_CLIENT_SECRET", secret=True
    ),
    "redirect_uri": _key(
        "string",
        "the registered callback; unset: /api/v1/oidc/callback of the public address",
        "OIDC_REDIRECT_URI",
    ),
    "scopes": _key("string", "what is asked for", "OIDC_SCOPES", "openid email profile"),
    "auto_provision": _key(
        "boolean", "open an account for somebody new", "OIDC_AUTO_PROVISION", True
    ),
    "require_email_verified": _key(
        "boolean", "refuse addresses the provider has not checked", "OIDC_REQUIRE_EMAIL_VERIFIED",
        True,
    ),
    "button_label": _key("string", "what the button says", "OIDC_BUTTON_LABEL", "Single sign-on"),
    "groups_claim": _key("string", "the claim that lists groups", "OIDC_GROUPS_CLAIM", "groups"),
    "admin_group": _key("string", "its members are administrators", "OIDC_ADMIN_GROUP"),
    "allowed_groups": _key(
        "list", "only members of these groups may sign in", "OIDC_ALLOWED_GROUPS", ()
    ),
    "allowed_domains": _key(
        "list", "only addresses of these domains may sign in", "OIDC_ALLOWED_DOMAINS", ()
    ),
    "auto_launch": _key(
        "boolean", "the sign-in page goes to the provider by itself", "OIDC_AUTO_LAUNCH", False
    ),
    "link_by_email": _key(
        "string",
        "trusted: a verified address opens the account that has it, and shuts out its password",
        "OIDC_LINK_BY_EMAIL", "off", allowed=["off", "trusted"],
    ),
    "ca_file": _key("string", "certificates to trust, a PEM file", "OIDC_CA_FILE"),
    "allow_insecure": _key(
        "boolean", "allow a provider on plain http", "OIDC_ALLOW_INSECURE_PROD", False
    ),
    "disable_ssl_verify": _key(
        "boolean", "trust any certificate (better: OIDC_CA_FILE)", "OIDC_DISABLE_SSL_VERIFY", False
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings, complete and consistent."""

    issuer: str
    client_id: str
    client_secret: str | None = field(repr=False)
    redirect_uri: str
    scopes: str
    auto_provision: bool
    require_email_verified: bool
    button_label: str
    groups_claim: str
    admin_group: str | None
    allowed_groups: tuple[str, ...]
    allowed_domains: tuple[str, ...]
    auto_launch: bool
    link_by_email: str
    signed_out_uri: str
    ca_file: Path | None
    allow_insecure: bool
    disable_ssl_verify: bool

    def refuses(self, url: str) -> bool:
        """Say whether a provider's address is neither https nor excused from it."""
        parts = urlsplit(url)
        if parts.scheme == "https":
            return False
        return parts.scheme != "http" or not (self.allow_insecure or _loopback(parts.hostname))

    def warnings(self) -> Iterable[str]:
        """Say what these settings give up, a sentence each."""
        if self.disable_ssl_verify:
            yield (
                "OIDC_DISABLE_SSL_VERIFY is on: anybody on the way may play the sign-in provider. "
                "OIDC_CA_FILE trusts a certificate of your own instead."
            )
        if self.allow_insecure:
            yield "OIDC_ALLOW_INSECURE_PROD is on: sign-ins may travel over plain http."
        if self.link_by_email == "trusted":
            yield (
                "OIDC_LINK_BY_EMAIL is trusted: whoever controls the sign-in provider "
                "can open every account that is no administrator's."
            )


def checked(settings: Mapping[str, Any], public_url: str) -> Config:
    """Return the settings. Raises `ConfigError` naming the variable that is missing or wrong."""
    for name in ("issuer", "client_id"):
        if not settings[name]:
            raise ConfigError(f"OIDC_{name.upper()} is needed for single sign-on; set it.")
    here = public_url.rstrip("/")
    domains = (domain.strip().lstrip("@").lower() for domain in settings["allowed_domains"])
    config = Config(
        **{
            **settings,
            "redirect_uri": settings["redirect_uri"] or f"{here}/api/v1/oidc/callback",
            "signed_out_uri": f"{here}/login?logout=success",
            "allowed_groups": tuple(settings["allowed_groups"]),
            "allowed_domains": tuple(domains),
            "ca_file": _readable(settings["ca_file"]),
        }
    )
    if config.refuses(config.issuer):
        raise ConfigError(
            "OIDC_ISSUER does not begin with https://. "
            "On a network you trust, OIDC_ALLOW_INSECURE_PROD=true allows http."
        )
    if "openid" not in config.scopes.split():
        raise ConfigError("OIDC_SCOPES lacks openid, without which there is no sign-in.")
    return config


def _readable(ca_file: str | None) -> Path | None:
    if ca_file is None:
        return None
    try:
        ssl.create_default_context(cafile=ca_file)
    except (OSError, ssl.SSLError):
        raise ConfigError(
            f"OIDC_CA_FILE names {ca_file}, which holds no certificates in PEM form."
        ) from None
    return Path(ca_file)


def _loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False
