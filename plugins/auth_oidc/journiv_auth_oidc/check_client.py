"""Whether the provider knows this server: its credentials and its callback, tried without people.

The token endpoint gets a code that nobody was given. A provider looks at the client first, so
`invalid_client` is about the credentials and `invalid_grant` means that they hold (RFC 6749 §5.2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urljoin, urlsplit

from journiv.domain.clock import Clock
from journiv.domain.errors import Unavailable
from journiv_auth_oidc.authenticator import OidcAuthenticator
from journiv_auth_oidc.check_findings import Finding, Status
from journiv_auth_oidc.check_http import Answer, NoAnswer, Probe
from journiv_auth_oidc.provider import Provider, client_authentication, readable_keys
from journiv_auth_oidc.settings import Config

CALLBACKS: Final = ("/api/v1/oidc/callback", "/api/v1/auth/oidc/callback")
_CODE: Final = "journiv-oidc-check"
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
        return Finding("keys", "pass", f"The provider publishes {len(found)} usable keys.")
    told = f"No usable key at {metadata['jwks_uri']} (status {answer.status})."
    return Finding("keys", "fail", f"{told} Give the client a signing key at the provider.")


async def credentials(probe: Probe, config: Config, metadata: Mapping[str, Any]) -> Finding:
    """Ask the token endpoint with a made-up code and see what it minds."""
    headers, proof = client_authentication(config, metadata)
    form = {
        "grant_type": "authorization_code",
        "code": _CODE,
        "redirect_uri": config.redirect_uri,
        "code_verifier": _CODE.ljust(43, "-"),
        **proof,
    }
    try:
        answer = await probe.ask(metadata["token_endpoint"], form, headers)
    except NoAnswer as error:
        return Finding("credentials", "fail", f"The token endpoint fails. {error.sentence}")
    status, sentence = _judged(config, answer)
    return Finding("credentials", status, sentence)


def _judged(config: Config, answer: Answer) -> tuple[Status, str]:
    error = _error(answer)
    if error == "invalid_client" or (answer.status == 401 and error != "invalid_grant"):
        if config.client_secret is None:
            return "fail", (
                "The provider does not take this client without a secret: set OIDC_CLIENT_SECRET, "
                "or make it a public client there. Or it does not know OIDC_CLIENT_ID."
            )
        return "fail", (
            "The provider does not accept OIDC_CLIENT_ID with OIDC_CLIENT_SECRET. Copy both again; "
            "look for a space or line break at the end of the secret."
        )
    if error == "invalid_grant":
        return "pass", "The provider accepts the client and refuses only the made-up code."
    if error in ("unauthorized_client", "unsupported_grant_type"):
        return "fail", (
            f"The provider answers {error}: allow this client the authorization code flow "
            "(Keycloak: standard flow)."
        )
    if answer.status == 200:
        return "fail", "The provider gave tokens for a made-up code: nobody should sign in there."
    told = f"The token endpoint answers status {answer.status}" + (f", {error}" if error else "")
    if error and answer.status == 400:
        return "warn", f"{told}, to a made-up code; the client itself was not refused."
    return "fail", f"{told}: look into the provider's log."


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


def _error(answer: Answer) -> str | None:
    try:
        found = answer.document().get("error")
    except ValueError:
        return None
    return found if isinstance(found, str) and _SAFE.fullmatch(found) else None
