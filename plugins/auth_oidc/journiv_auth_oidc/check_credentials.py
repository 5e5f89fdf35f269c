"""Whether the provider takes this client's secret, tried without people.

The token endpoint gets a code that nobody was given. A provider looks at the client first, so
`invalid_client` is about the credentials and `invalid_grant` means that they hold (RFC 6749 §5.2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from journiv_auth_oidc.check_findings import Finding, Status
from journiv_auth_oidc.check_http import Answer, NoAnswer, Probe
from journiv_auth_oidc.provider import client_authentication
from journiv_auth_oidc.settings import Config

_CODE: Final = "journiv-oidc-check"
_METHODS: Final = "token_endpoint_auth_methods_supported"
_IN_FORM: Final = "client_secret_post"
_SAFE: Final = re.compile(r"[\w.-]{1,100}", re.ASCII)


async def credentials(probe: Probe, config: Config, metadata: Mapping[str, Any]) -> Finding:
    """Ask the token endpoint with a made-up code and see what it minds."""
    try:
        answer = await _asked(probe, config, metadata)
        if _refused(answer) and await _takes_form(probe, config, metadata):
            return Finding(
                "credentials",
                "fail",
                f"The provider takes this client's secret by {_IN_FORM} only, and it is sent by "
                "client_secret_basic, which the provider offers too. Allow the client that one.",
            )
    except NoAnswer as error:
        return Finding("credentials", "fail", f"The token endpoint fails. {error.sentence}")
    status, sentence = _judged(config, answer)
    return Finding("credentials", status, sentence)


async def _asked(probe: Probe, config: Config, metadata: Mapping[str, Any]) -> Answer:
    headers, proof = client_authentication(config, metadata)
    form = {
        "grant_type": "authorization_code",
        "code": _CODE,
        "redirect_uri": config.redirect_uri,
        "code_verifier": _CODE.ljust(43, "-"),
        **proof,
    }
    return await probe.ask(metadata["token_endpoint"], form, headers)


async def _takes_form(probe: Probe, config: Config, metadata: Mapping[str, Any]) -> bool:
    """Say whether the secret holds in the form, when it has been tried in the header."""
    methods = metadata.get(_METHODS)
    if config.client_secret is None or not isinstance(methods, list) or _IN_FORM not in methods:
        return False
    return not _refused(await _asked(probe, config, {**metadata, _METHODS: [_IN_FORM]}))


def _refused(answer: Answer) -> bool:
    error = _error(answer)
    return error == "invalid_client" or (answer.status == 401 and error != "invalid_grant")


def _judged(config: Config, answer: Answer) -> tuple[Status, str]:
    error = _error(answer)
    if _refused(answer):
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


def _error(answer: Answer) -> str | None:
    try:
        found = answer.document().get("error")
    except ValueError:
        return None
    return found if isinstance(found, str) and _SAFE.fullmatch(found) else None
