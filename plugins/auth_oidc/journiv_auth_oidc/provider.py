"""The provider as this server sees it: its metadata, its keys, its token endpoint."""

from __future__ import annotations

import json
import re
import ssl
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import aiohttp
from joserfc.errors import JoseError
from joserfc.jwk import Key, import_key

from journiv.domain.errors import BadRequest, Unavailable
from journiv_auth_oidc.settings import Config

DOWN: Final = "The sign-in provider does not answer properly; try again later."
LARGEST: Final = 1024 * 1024
MOST_KEYS: Final = 50  # reading one takes its time, and everybody waits
METADATA_LIVES: Final = 24 * 3600.0
KEYS_LIVE: Final = 3600.0
KEYS_AGAIN: Final = 60.0  # seconds between fetches for an unknown key id
TIMES: Final = aiohttp.ClientTimeout(total=5, sock_connect=3)


class Provider:
    """Fetches from one issuer and remembers. Every failure of its is `Unavailable`."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._session: aiohttp.ClientSession | None = None
        self._metadata: tuple[float, Mapping[str, Any]] | None = None
        self._keys: tuple[float, list[Key]] | None = None
        self._searched: float | None = None

    async def metadata(self) -> Mapping[str, Any]:
        """Return the discovery document (OpenID Connect Discovery 1.0 §4), at most a day old."""
        now = time.monotonic()
        if self._metadata is None or now - self._metadata[0] > METADATA_LIVES:
            issuer = self._config.issuer
            found = await self._fetch(issuer.rstrip("/") + "/.well-known/openid-configuration")
            if found.get("issuer") != issuer:
                named = str(found.get("issuer"))
                raise Unavailable(
                    f"The sign-in provider calls itself {printable(named)}, "
                    f"and OIDC_ISSUER is {issuer}; they must be the same to the letter."
                )
            self._metadata = now, found
        return self._metadata[1]

    async def endpoint(self, name: str) -> str:
        """Return an address from the metadata. Raises `Unavailable` for none or an insecure one."""
        url = (await self.metadata()).get(name)
        if not isinstance(url, str) or self._config.refuses(url):
            raise Unavailable(f"The sign-in provider names no usable {name}.")
        return url

    async def key(self, header: Mapping[str, Any]) -> Key:
        """Return the key a token's header means. Raises `BadRequest` when that is not one key."""
        found = self._meant(await self._known_keys(), header)
        if not found and self._may_search():
            self._keys = None  # the provider may have changed its keys
            found = self._meant(await self._known_keys(), header)
        if len(found) != 1:
            raise BadRequest("The sign-in provider signed with a key it does not publish.")
        return found[0]

    async def token(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        """Ask the token endpoint (RFC 6749 §3.2). Raises `BadRequest` when it refuses."""
        headers, proof = client_authentication(self._config, await self.metadata())
        url = await self.endpoint("token_endpoint")
        return await self._fetch(url, {**form, **proof}, headers)

    async def userinfo(self, access_token: str) -> Mapping[str, Any]:
        """Ask who the token is for; empty when the provider has no such endpoint."""
        if "userinfo_endpoint" not in await self.metadata():
            return {}
        url = await self.endpoint("userinfo_endpoint")
        return await self._fetch(url, headers={"Authorization": f"Bearer {access_token}"})

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _may_search(self) -> bool:
        now = time.monotonic()
        if self._searched is not None and now - self._searched < KEYS_AGAIN:
            return False
        self._searched = now
        return True

    async def _known_keys(self) -> list[Key]:
        now = time.monotonic()
        if self._keys is None or now - self._keys[0] > KEYS_LIVE:
            document = await self._fetch(await self.endpoint("jwks_uri"))
            self._keys = now, readable_keys(document.get("keys"))
        return self._keys[1]

    def _meant(self, keys: list[Key], header: Mapping[str, Any]) -> list[Key]:
        kid, family = header.get("kid"), _FAMILIES.get(str(header.get("alg")))
        return [
            key
            for key in keys
            if key.key_type == family
            and key.get("use") in (None, "sig")
            and (kid is None or key.kid == kid)
        ]

    async def _fetch(
        self, url: str, form: Mapping[str, str] | None = None, headers: Any = None
    ) -> Mapping[str, Any]:
        method = "GET" if form is None else "POST"
        try:
            async with self._opened().request(
                method, url, data=form, headers=headers, allow_redirects=False
            ) as answer:
                body = await answer.content.read(LARGEST + 1)
                while not answer.content.at_eof() and len(body) <= LARGEST:
                    body += await answer.content.read(LARGEST + 1 - len(body))
                status = answer.status
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable(DOWN) from error
        if form is not None and status in (400, 401):
            refused = "The sign-in provider refused this sign-in; start it again"
            raise BadRequest(sentence_of(refused, _members(body)))
        return _document(status, body)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=TIMES,
                connector=aiohttp.TCPConnector(ssl=trust(self._config)),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


def trust(config: Config) -> ssl.SSLContext:
    """Return whose certificates are taken. Raises `OSError` when `ca_file` cannot be read."""
    context = ssl.create_default_context(cafile=config.ca_file)
    if config.disable_ssl_verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def client_authentication(
    config: Config, metadata: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the headers and form fields that say who asks (RFC 6749 §2.3.1)."""
    named = {"client_id": config.client_id}
    if config.client_secret is None:
        return {}, named
    methods = metadata.get("token_endpoint_auth_methods_supported")
    if not isinstance(methods, list) or "client_secret_basic" in methods:
        return {"Authorization": _basic(config.client_id, config.client_secret)}, {}
    return {}, {**named, "client_secret": config.client_secret}


_UNPRINTABLE: Final = re.compile(r"[^\x20-\x7e]+")
_FAMILIES: Final = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}


def _document(status: int, body: bytes) -> Mapping[str, Any]:
    if status != 200 or len(body) > LARGEST:
        raise Unavailable(DOWN)
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unavailable(DOWN) from error
    if not isinstance(found, dict):
        raise Unavailable(DOWN)
    return found


def sentence_of(sentence: str, told: Mapping[str, Any]) -> str:
    """Add what a provider says went wrong (RFC 6749 §4.1.2.1, §5.2): printable and short."""
    said = [told.get(name) for name in ("error", "error_description")]
    texts = [printable(text) for text in said if isinstance(text, str)]
    reason = ": ".join(text for text in texts if text)
    return f"{sentence} ({reason})." if reason else f"{sentence}."


def printable(text: str) -> str:
    """Return what a provider sent as far as it is plain text, and at most 200 characters."""
    return _UNPRINTABLE.sub(" ", text).strip()[:200]


def _members(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body[:LARGEST])
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def readable_keys(entries: Any) -> list[Key]:
    """Import the keys that can be read; others are for somebody else."""
    keys: list[Key] = []
    for entry in entries[:MOST_KEYS] if isinstance(entries, list) else ():
        try:
            keys.append(import_key(entry))
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            continue
    return keys


def _basic(client_id: str, secret: str) -> str:
    # RFC 6749 §2.3.1: both are form-encoded first.
    return aiohttp.encode_basic_auth(quote(client_id, safe=""), quote(secret, safe=""))
