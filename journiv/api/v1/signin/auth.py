"""Registration, sign-in, refresh and logout (api-v1 §3.1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from multidict import CIMultiDict

from journiv.api.v1.accounts.account_shapes import (
    EMAIL,
    MESSAGE,
    NAME,
    PASSWORD,
    SIGNED_IN,
    TOKEN,
    USER,
    signed_in_user,
    user_response,
)
from journiv.api.v1.signin.device_cookie import DeviceCookie
from journiv.api.v1.signin.refresh_cookie import RefreshCookie, client_of
from journiv.contracts.routes import Access, Call, Reply, RouteDef
from journiv.contracts.schema import Schema
from journiv.domain.errors import Invalid, Violation
from journiv.services.accounts.accounts import Accounts, NewAccount
from journiv.services.federation.provider_logout import ProviderLogout
from journiv.services.signin.sessions import Client, Sessions, Tokens
from journiv.services.signin.signin import SignedIn, SignIn

SETUP_TOKEN: Final = "X-Setup-Token"  # noqa: S105 - the name of a header
_REFRESH_TOKEN: Final = "refresh_token"  # noqa: S105 - the name of a field
_WITH_AT: Final = r"[^@]*@[\s\S]*"

REGISTER: Final = Schema(
    "UserCreate",
    {
        "email": EMAIL,
        "name": NAME,
        "password": PASSWORD,
        "invite": {"type": "text", "maxlength": 200},
    },
)
LOGIN: Final = Schema(
    "UserLogin",
    {
        "email": {"type": "text", "required": True, "maxlength": 320, "regex": _WITH_AT},
        "password": PASSWORD,
    },
)
FORM: Final = Schema(
    "PasswordGrant",
    {
        "username": {"type": "text", "required": True, "maxlength": 320},
        "password": PASSWORD,
        "grant_type": {"type": "text", "allowed": ["password", ""]},
        "scope": {"type": "text"},
        "client_id": {"type": "text"},
        "client_secret": {"type": "text"},
    },
)
MFA: Final = Schema(
    "SecondFactorAnswer",
    {
        "mfa_token": {"type": "text", "required": True, "maxlength": 200},
        "code": {"type": "text", "required": True, "maxlength": 64},
    },
)
LEFT: Final = Schema("LoggedOut", {**MESSAGE.fields, "logout_url": {"type": "text"}})
REFRESH: Final = Schema("TokenRefresh", {_REFRESH_TOKEN: {"type": "text"}})


class AuthRoutes:
    """Lets people in and out."""

    def __init__(
        self,
        accounts: Accounts,
        sign_in: SignIn,
        sessions: Sessions,
        cookie: RefreshCookie,
        leaving: ProviderLogout,
        device: DeviceCookie,
    ) -> None:
        self._accounts = accounts
        self._sign_in = sign_in
        self._sessions = sessions
        self._cookie = cookie
        self._leaving = leaving
        self._device = device

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="POST",
                path="/auth/register",
                handler=self.register,
                access=Access.PUBLIC,
                summary="Open an account",
                answers={201: USER},
                body=REGISTER,
                tag="auth",
                limit="sign-in",
            ),
            RouteDef(
                method="POST",
                path="/auth/login",
                handler=self.login,
                access=Access.PUBLIC,
                summary="Sign in",
                answers={200: SIGNED_IN},
                body=LOGIN,
                tag="auth",
                limit="sign-in",
            ),
            RouteDef(
                method="POST",
                path="/auth/token",
                handler=self.token,
                access=Access.PUBLIC,
                summary="Sign in with the OAuth 2.0 password form",
                answers={200: TOKEN},
                body=FORM,
                body_kind="form",
                tag="auth",
                limit="sign-in",
            ),
            RouteDef(
                method="POST",
                path="/auth/mfa",
                handler=self.second_factor,
                access=Access.PUBLIC,
                summary="Finish a sign-in that asked for a second factor",
                answers={200: SIGNED_IN},
                body=MFA,
                tag="auth",
                limit="sign-in",
            ),
            RouteDef(
                method="POST",
                path="/auth/refresh",
                handler=self.refresh,
                access=Access.PUBLIC,
                summary="Get a new access token",
                answers={200: TOKEN},
                body=REFRESH,
                body_required=False,
                tag="auth",
            ),
            RouteDef(
                method="POST",
                path="/auth/logout",
                handler=self.logout,
                access=Access.USER,
                summary="End this session",
                answers={200: LEFT},
                tag="auth",
                for_enrolment=True,
            ),
        )

    async def register(self, call: Call) -> dict[str, Any]:
        """Open an account; the first one needs the setup token when there is one."""
        body = call.body
        new = NewAccount(email=body["email"], name=body["name"], password=body["password"])
        setup_token = call.request.headers.get(SETUP_TOKEN)
        account = await self._accounts.register(new, setup_token, body.get("invite"))
        return user_response(account)

    async def login(self, call: Call) -> Reply:
        """Sign in with JSON."""
        client = client_of(call.request, call.client)
        body = call.body
        found = await self._sign_in.with_password(body["email"], body["password"], client)
        return self._entered(found, client, user=signed_in_user(found.user))

    async def token(self, call: Call) -> Reply:
        """Sign in with a form."""
        client = client_of(call.request, call.client)
        body = call.body
        found = await self._sign_in.with_password(body["username"], body["password"], client)
        return self._entered(found, client)

    async def second_factor(self, call: Call) -> Reply:
        """Finish a sign-in with a code."""
        client = client_of(call.request, call.client)
        body = call.body
        found = await self._sign_in.with_code(body["mfa_token"], body["code"], client)
        return self._entered(found, client, user=signed_in_user(found.user))

    async def refresh(self, call: Call) -> Reply:
        """Renew tokens, by the token in the body or else by the cookie of a web client."""
        sent = (call.body or {}).get(_REFRESH_TOKEN)
        if sent is not None:
            return self._reply(await self._sessions.refresh(sent), Client())
        kept = self._cookie.read(call.request)
        if kept is None:
            raise Invalid([Violation(("body", _REFRESH_TOKEN), "missing", "Field required")])
        return self._reply(await self._sessions.refresh(kept), Client(kind="web"))

    async def logout(self, call: Call) -> Reply:
        """End the session this token belongs to, and say where its provider ends its own."""
        await self._sessions.leave(call.principal)
        payload = {
            "message": "Successfully logged out",
            "detail": "Your session has been terminated",
        }
        elsewhere = await self._leaving.of_session(call.principal)
        if elsewhere is not None:
            payload["logout_url"] = elsewhere
        headers = {"Clear-Site-Data": '"cache", "storage"', **self._cookie.clear()}
        return Reply(payload=payload, headers=headers)

    def _entered(self, found: SignedIn, client: Client, **more: Any) -> Reply:
        """Answer a sign-in. The device of a web client is known from now on."""
        reply = self._reply(found.tokens, client, **more)
        if not client.is_web:
            return reply
        headers = CIMultiDict(reply.headers)
        headers.add("Set-Cookie", self._device.header(found.device))
        return replace(reply, headers=headers)

    def _reply(self, tokens: Tokens, client: Client, **more: Any) -> Reply:
        payload = {
            "access_token": tokens.access,
            "refresh_token": None if client.is_web else tokens.refresh,
            "token_type": "bearer",
            **more,
        }
        return Reply(payload=payload, headers=self._cookie.set(tokens) if client.is_web else {})
