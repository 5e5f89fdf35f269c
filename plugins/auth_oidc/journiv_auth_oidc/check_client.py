"""Whether people get to the provider and back, tried without people: callback, keys, redirect."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urljoin, urlsplit

from journiv.domain.clock import Clock
from journiv.domain.errors import Unavailable
from journiv_auth_oidc.authenticator import OidcAuthenticator
from journiv_auth_oidc.check_findings import Finding
from journiv_auth_oidc.check_http import NoAnswer, Probe
from journiv_auth_oidc.provider import Provider, readable_keys
from journiv_auth_oidc.settings import Config

CALLBACKS: Final = ("/api/v1/oidc/callback", "/api/v1/auth/oidc/callback")
_UNKNOWN_CLIENT: Final = re.compile(
    r"invalid_client|(client|application)(_id)? (is )?(not found|unknown|invalid|does not exist)"
    r"|(unknown|invalid|no such) (client|application)",
    re.IGNORECASE,
)
_CALLBACK: Final = re.compile(r"redirect[ _]?ur[il]|callback", re.IGNORECASE)
_SAFE: Final = re.compile(r"[\w .:/-]{1,200}", re.ASCII)


def callback(config: Config, public_url: str) -> Finding:
    """Judge the address that people come back to, without asking anybody."""
    ours, public = urlsplit(config.redirect_uri), urlsplit(public_url)
    if ours.path not in CALLBACKS:
        return Finding(
            "callback",
            "fail",
            f"OIDC_REDIRECT_URI ends in {ours.path or 'nothing'}, where this server does not "
            f"listen. It must end in {CALLBACKS[0]}",
        )
    if (ours.scheme, ours.netloc) != (public.scheme, public.netloc):
        return Finding(
            "callback",
            "warn",
            f"People come back to {ours.scheme}://{ours.netloc}, and this server calls itself "
            f"{public_url}: set DOMAIN_NAME and DOMAIN_SCHEME to what people type.",
        )
    return Finding("callback", "pass", f"People come back to {config.redirect_uri}")


async def keys(probe: Probe, metadata: Mapping[str, Any]) -> Finding:
    """Fetch the provider's keys."""
    try:
        answer = await probe.ask(metadata["jwks_uri"])
    except NoAnswer as error:
        return Finding("keys", "fail", f"The keys cannot be fetched. {error.sentence}")
    try:
        found = readable_keys(answer.document().get("keys"))
    except ValueError:
        found = []
    if answer.status == 200 and found:
        return Finding("keys", "pass", f"Usable keys that the provider publishes: {len(found)}.")
    told = f"No usable key at {metadata['jwks_uri']} (status {answer.status})."
    return Finding("keys", "fail", f"{told} Give the client a signing key at the provider.")


async def redirect(probe: Probe, config: Config, clock: Clock) -> Finding:
    """Begin a sign-in as a browser would and see whether the provider minds the callback."""
    provider = Provider(config)
    try:
        begun = await OidcAuthenticator(config, provider, clock).begin()
        headers = {"Accept": "text/html", "Accept-Language": "en"}
        answer = await probe.ask(begun.url, headers=headers)
    except Unavailable:
        return Finding("redirect", "skip", "Not tried: a step above has to be mended first.")
    except NoAnswer as error:
        return Finding("redirect", "fail", f"The sign-in page fails. {error.sentence}")
    finally:
        await provider.close()
    if answer.status < 400:
        return _sent_on(config, urljoin(begun.url, answer.headers.get("Location", "")))
    text = answer.text()
    if _UNKNOWN_CLIENT.search(text):
        told = "The provider does not know OIDC_CLIENT_ID."
        return Finding("redirect", "fail", f"{told} Copy it again, without spaces.")
    if _CALLBACK.search(text):
        return Finding(
            "redirect",
            "fail",
            "The provider refuses the callback. Register exactly this redirect URI there, to the "
            f"letter: {config.redirect_uri}",
        )
    return Finding(
        "redirect",
        "fail",
        f"The provider refuses a sign-in with status {answer.status}; its log says why. "
        f"We sent the redirect URI {config.redirect_uri}",
    )


def _sent_on(config: Config, location: str) -> Finding:
    """Judge where the provider sends the browser: to its own pages, or straight back."""
    if not location.startswith(config.redirect_uri):
        told = "The provider takes the callback and asks people to sign in."
        return Finding("redirect", "pass", told)
    given = parse_qs(urlsplit(location).query)
    reasons = [given[name][0] for name in ("error", "error_description") if name in given]
    said = ": ".join(one for one in reasons if _SAFE.fullmatch(one)) or "no readable reason"
    return Finding("redirect", "fail", f"The provider sends people back at once, saying {said}.")
