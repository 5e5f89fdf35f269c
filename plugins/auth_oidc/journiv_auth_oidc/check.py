"""The steps of `journiv oidc-check`, in the order in which one depends on another."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from journiv.domain.clock import Clock
from journiv_auth_oidc import check_client, check_metadata
from journiv_auth_oidc.check_credentials import credentials
from journiv_auth_oidc.check_findings import Finding
from journiv_auth_oidc.check_http import Answer, NoAnswer, Probe
from journiv_auth_oidc.settings import Config

DISCOVERY: Final = "/.well-known/openid-configuration"
_REDIS_PATIENCE: Final = 3


@dataclass(frozen=True, slots=True)
class Site:
    """What the check knows of this server beside the settings of single sign-on."""

    public_url: str
    redis_url: str | None = field(repr=False)
    clock: Clock


async def examine(config: Config, site: Site) -> AsyncIterator[Finding]:
    """Go through every step that can be tried, a finding each."""
    yield check_client.callback(config, site.public_url)
    if site.redis_url is not None:
        yield await redis(site.redis_url)
    probe = Probe(config)
    url = config.issuer.rstrip("/") + DISCOVERY
    try:
        answer = await probe.ask(url)
        metadata = _metadata(url, answer)
    except NoAnswer as error:
        yield Finding("discovery", "fail", error.sentence)
        return
    yield Finding("discovery", "pass", f"{url} answers.")
    yield check_metadata.clock(answer.headers.get("Date"), site.clock.now())
    yield check_metadata.issuer(config, metadata)
    usable = check_metadata.endpoints(config, metadata)
    yield usable
    for finding in check_metadata.offers(config, metadata):
        yield finding
    if usable.status == "pass":
        yield await check_client.keys(probe, metadata)
        yield await credentials(probe, config, metadata)
        yield await check_client.redirect(probe, config, site.clock)


async def redis(url: str) -> Finding:
    """Say whether the Redis of `REDIS_URL` answers."""
    from redis.asyncio import Redis
    from redis.exceptions import AuthenticationError, RedisError

    try:
        client = Redis.from_url(
            url, socket_connect_timeout=_REDIS_PATIENCE, socket_timeout=_REDIS_PATIENCE
        )
    except ValueError:
        told = "REDIS_URL is no address of a Redis: it begins with redis:// or rediss://"
        return Finding("redis", "fail", told)
    try:
        await client.ping()
    except AuthenticationError:
        return Finding("redis", "fail", "Redis does not accept the password in REDIS_URL.")
    except (RedisError, OSError):
        return Finding(
            "redis",
            "fail",
            "The Redis of REDIS_URL does not answer. Start it, or leave REDIS_URL unset: "
            "sign-in needs no Redis.",
        )
    finally:
        await client.aclose()
    return Finding("redis", "pass", "The Redis of REDIS_URL answers.")


def _metadata(url: str, answer: Answer) -> Mapping[str, Any]:
    """Return the discovery document. Raises `NoAnswer` when it is none."""
    if 300 <= answer.status < 400:
        target = answer.headers.get("Location", "").removesuffix(DISCOVERY)
        raise NoAnswer(f"{url} sends on to {target}: set OIDC_ISSUER to the address it ends at.")
    if answer.status == 404:
        raise NoAnswer(
            f"There is nothing at {url}: OIDC_ISSUER lacks a part or has one too many. "
            "Keycloak ends in /realms/NAME, Authentik in /application/o/NAME/"
        )
    if answer.status != 200:
        raise NoAnswer(f"{url} answers status {answer.status}: look into the provider's log.")
    try:
        return answer.document()
    except ValueError as error:
        raise NoAnswer(f"{url} is no discovery document: is OIDC_ISSUER the provider?") from error
