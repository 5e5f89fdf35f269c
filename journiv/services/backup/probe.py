"""Somebody who signs in to a restored journal: an account made for it, which goes with the copy."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from journiv.contracts.tokens import TokenHandler
from journiv.domain.errors import Unavailable
from journiv.domain.ids import new_id
from journiv.services.accounts.accounts import Accounts, NewAccount
from journiv.services.signin.sessions import Client, Sessions
from journiv.services.signin.signin import SignIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """The services that everybody signs in with, over a restored store."""

    accounts: Accounts
    sign_in: SignIn
    sessions: Sessions
    issuer: TokenHandler

    async def run(self) -> None:
        """Open an account, sign in, renew the tokens and look whose they are.

        Raises `Unavailable` when they are somebody else's, and as signing in does.
        """
        email, password = f"{new_id()}@example.org", secrets.token_urlsafe(24)
        account = await self.accounts.create(
            NewAccount(email=email, name="Trial", password=password)
        )
        signed_in = await self.sign_in.with_password(email, password, Client())
        renewed = await self.sessions.refresh(signed_in.tokens.refresh)
        claims = await self.issuer.verify(renewed.access)
        if claims is None or claims.user_id != account.user["id"]:
            raise Unavailable("The restored journal let somebody in as somebody else.")
