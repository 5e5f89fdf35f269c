"""One sign-in: out with PKCE, state and nonce; back with a code; a proof at the end."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from typing import Any, Final

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from journiv.contracts.auth import (
    Credentials,
    LoginOption,
    Proof,
    RedirectAuthenticator,
    Redirection,
)
from journiv.domain.clock import Clock
from journiv.domain.errors import AuthenticationFailed, BadRequest, Forbidden
from journiv_auth_oidc.id_token import id_token_claims
from journiv_auth_oidc.provider import Provider
from journiv_auth_oidc.settings import Config

START: Final = "/api/v1/oidc/login"
STATE: Final = "Invalid or expired state parameter"
UNVERIFIED: Final = "Email not verified by identity provider"


class OidcAuthenticator(RedirectAuthenticator):
    """Signs people in through one OpenID Connect provider."""

    name = "oidc"

    def __init__(self, config: Config, provider: Provider, clock: Clock) -> None:
        self._config = config
        self._provider = provider
        self._clock = clock
        self.provisions = config.auto_provision

    def option(self) -> LoginOption:
        """Offer a button."""
        label = self._config.button_label
        return LoginOption(name=self.name, kind="redirect", label=label, url=START)

    async def authenticate(self, credentials: Credentials) -> Proof:
        """Refuse: there is nothing to type in here."""
        raise AuthenticationFailed("This account signs in through its provider")

    async def begin(self) -> Redirection:
        """Make the authorization request (OpenID Connect Core §3.1.2.1, RFC 7636)."""
        endpoint = await self._provider.endpoint("authorization_endpoint")
        kept = {name: secrets.token_urlsafe(32) for name in ("state", "nonce", "verifier")}
        asked = {
            "response_type": "code",
            "client_id": self._config.client_id,
            "redirect_uri": self._config.redirect_uri,
            "scope": self._config.scopes,
            "state": kept["state"],
            "nonce": kept["nonce"],
            "code_challenge": create_s256_code_challenge(kept["verifier"]),
            "code_challenge_method": "S256",
        }
        url = str(add_params_to_uri(endpoint, list(asked.items())))
        return Redirection(url=url, state=kept["state"], kept=kept)

    async def complete(self, kept: Mapping[str, str], returned: Mapping[str, str]) -> Proof:
        """Judge the authorization response and fetch the tokens."""
        if not hmac.compare_digest(returned.get("state", "").encode(), kept["state"].encode()):
            raise BadRequest(STATE)
        await self._check_issuer(returned.get("iss"))
        code = returned.get("code")
        if "error" in returned or not code:
            raise BadRequest("The sign-in provider did not sign you in.")
        answer = await self._provider.token(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._config.redirect_uri,
                "code_verifier": kept["verifier"],
            }
        )
        claims = await id_token_claims(
            answer,
            provider=self._provider,
            issuer=self._config.issuer,
            client_id=self._config.client_id,
            nonce=kept["nonce"],
            now=self._clock.now().timestamp(),
        )
        return self._proof({**await self._userinfo(answer, claims), **claims})

    async def close(self) -> None:
        """Close the connections."""
        await self._provider.close()

    async def _check_issuer(self, named: str | None) -> None:
        """RFC 9207: the issuer must be right, and present when the provider says it sends it."""
        advertised = (await self._provider.metadata()).get(
            "authorization_response_iss_parameter_supported"
        )
        if named != self._config.issuer and (named is not None or advertised is True):
            raise BadRequest("This answer comes from another sign-in provider.")

    async def _userinfo(
        self, answer: Mapping[str, Any], claims: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Return the claims of the userinfo endpoint (Core §5.3), for what the token lacks."""
        token = answer.get("access_token")
        if "email" in claims or not isinstance(token, str):
            return {}
        found = await self._provider.userinfo(token)
        if found and found.get("sub") != claims["sub"]:
            raise BadRequest("The sign-in provider answered for somebody else.")
        return found

    def _proof(self, claims: Mapping[str, Any]) -> Proof:
        email, name = claims.get("email"), claims.get("name")
        if not isinstance(email, str) or "@" not in email:
            raise Forbidden("The sign-in provider gave no e-mail address")
        # Providers that send "true" as a text are not taken at their word.
        if self._config.require_email_verified and claims.get("email_verified") is not True:
            raise Forbidden(UNVERIFIED)
        told = {
            "email": email,
            "name": name if isinstance(name, str) and name.strip() else email.partition("@")[0],
            "admin": self._is_admin(claims.get(self._config.groups_claim)),
            "amr": ("oidc",),
        }
        # An issuer has no fragment (Discovery §3), so this can be taken apart in one way only.
        subject = f"{self._config.issuer}#{claims['sub']}"
        return Proof(provider=self.name, subject=subject, claims=told)

    def _is_admin(self, groups: Any) -> bool | None:
        if not self._config.admin_group:
            return None
        return isinstance(groups, list) and self._config.admin_group in groups
