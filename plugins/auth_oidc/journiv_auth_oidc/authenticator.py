"""One sign-in: out with PKCE, state and nonce; back with a code; a proof at the end."""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from journiv.contracts.auth import (
    Credentials,
    Ended,
    LoginOption,
    Proof,
    RedirectAuthenticator,
    Redirection,
)
from journiv.domain.clock import Clock
from journiv.domain.errors import AuthenticationFailed, BadRequest, Unavailable
from journiv_auth_oidc.claims import needs_userinfo, person
from journiv_auth_oidc.id_token import id_token_claims
from journiv_auth_oidc.logout_token import logout_token_claims
from journiv_auth_oidc.provider import DOWN, Provider, sentence_of
from journiv_auth_oidc.settings import Config

START: Final = "/api/v1/oidc/login"
STATE: Final = "Invalid or expired state parameter"
LONGEST_HINT: Final = 6000  # it travels in an address, and those are cut off at 8 KiB
PATIENCE: Final = 5.5  # seconds for everything that one request asks of the provider


class OidcAuthenticator(RedirectAuthenticator):
    """Signs people in through one OpenID Connect provider; `log` hears why it does not work."""

    name = "oidc"

    def __init__(
        self,
        config: Config,
        provider: Provider,
        clock: Clock,
        log: logging.Logger | None = None,
    ) -> None:
        self._config = config
        self._provider = provider
        self._clock = clock
        self._log = log
        self.provisions = config.auto_provision
        self.links_by_email = config.link_by_email == "trusted"

    def option(self) -> LoginOption:
        """Offer a button."""
        return LoginOption(
            name=self.name,
            kind="redirect",
            label=self._config.button_label,
            url=START,
            auto_launch=self._config.auto_launch,
        )

    async def authenticate(self, credentials: Credentials) -> Proof:
        """Refuse: there is nothing to type in here."""
        raise AuthenticationFailed("This account signs in through its provider")

    async def begin(self) -> Redirection:
        """Make the authorization request (OpenID Connect Core §3.1.2.1, RFC 7636)."""
        async with self._asking():
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
        return Redirection(url=_with(endpoint, asked), state=kept["state"], kept=kept)

    async def complete(self, kept: Mapping[str, str], returned: Mapping[str, str]) -> Proof:
        """Judge the authorization response and fetch the tokens."""
        brought = returned.get("state", "").encode("utf-8", "surrogatepass")
        state = kept.get("state", "").encode()
        if not state or not hmac.compare_digest(brought, state):
            raise BadRequest(STATE)
        async with self._asking():
            await self._check_issuer(returned.get("iss"))
            code = returned.get("code")
            if "error" in returned or not code:
                raise BadRequest(sentence_of("The sign-in provider did not sign you in", returned))
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
            known = {**await self._userinfo(answer, claims), **claims}
        session, hint = claims.get("sid"), answer["id_token"]
        told = {
            **person(self._config, known),
            "session": session if isinstance(session, str) and session else None,
            "hint": hint if len(hint) <= LONGEST_HINT else None,
        }
        return Proof(provider=self.name, subject=self._subject(claims["sub"]), claims=told)

    async def leave(self, hint: str | None, state: str) -> str | None:
        """Make the logout request (OpenID Connect RP-Initiated Logout 1.0 §2)."""
        async with self._asking():
            if "end_session_endpoint" not in await self._provider.metadata():
                return None
            endpoint = await self._provider.endpoint("end_session_endpoint")
        asked = {
            "client_id": self._config.client_id,
            "post_logout_redirect_uri": self._config.signed_out_uri,
            "state": state,
        }
        return _with(endpoint, asked if hint is None else {"id_token_hint": hint, **asked})

    async def ended(self, token: str) -> Ended:
        """Judge a logout token."""
        async with self._asking():
            claims = await logout_token_claims(
                token,
                provider=self._provider,
                issuer=self._config.issuer,
                client_id=self._config.client_id,
                now=self._clock.now().timestamp(),
            )
        subject = claims.get("sub")
        return Ended(
            provider=self.name,
            session=claims.get("sid"),
            subject=None if subject is None else self._subject(subject),
            token_id=claims["jti"],
        )

    async def ping(self) -> None:
        """See `Authenticator`: the provider tells about itself, and is the right one."""
        await self._provider.metadata()

    async def close(self) -> None:
        """Close the connections."""
        await self._provider.close()

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[None]:
        """Give up on a provider that is slow at every step, and log why it did not work.

        Raises `Unavailable` for that.
        """
        try:
            async with asyncio.timeout(PATIENCE):
                yield
        except TimeoutError:
            self._tell(f"The sign-in provider took more than {PATIENCE} s.")
            raise Unavailable(DOWN) from None
        except Unavailable as error:
            cause = f" ({error.__cause__})" if error.__cause__ else ""
            self._tell(f"{error.detail}{cause}")
            raise
        except BadRequest as error:
            self._tell(f"A sign-in was refused: {error.detail}")
            raise

    def _tell(self, sentence: str) -> None:
        if self._log is not None:
            self._log.warning("%s", sentence)

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
        if not needs_userinfo(self._config, claims) or not isinstance(token, str):
            return {}
        found = await self._provider.userinfo(token)
        if found and found.get("sub") != claims["sub"]:
            raise BadRequest("The sign-in provider answered for somebody else.")
        return found

    def _subject(self, sub: str) -> str:
        # An issuer has no fragment (Discovery §3), so this can be taken apart in one way only.
        return f"{self._config.issuer}#{sub}"


def _with(endpoint: str, asked: Mapping[str, str]) -> str:
    return str(add_params_to_uri(endpoint, list(asked.items())))
