from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import parse_qsl, urlsplit

import pytest
from joserfc.jwk import RSAKey

from journiv.contracts.auth import Redirection
from journiv.domain.clock import SystemClock
from journiv.testing.auth import PasswordAuthenticatorConformance
from journiv.testing.redirect import Approve, RedirectAuthenticatorConformance
from journiv_auth_local.authenticator import LocalAuthenticator
from journiv_auth_local.hashing import LOW, PasswordHashes
from journiv_auth_local.policy import PasswordPolicy
from journiv_auth_local.pool import HashPool
from journiv_auth_oidc.authenticator import OidcAuthenticator
from journiv_auth_oidc.provider import Provider
from journiv_auth_oidc.settings import CONFIG_SCHEMA, checked
from tests.plugins.auth_oidc.provider import CLIENT, SECRET, HostileProvider


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "one"})


class TestLocal(PasswordAuthenticatorConformance):
    @pytest.fixture
    async def authenticator(self) -> AsyncIterator[LocalAuthenticator]:
        policy = PasswordPolicy(8, "Journiv", "http://localhost:8000")
        made = LocalAuthenticator(PasswordHashes(LOW), HashPool(2), policy)
        yield made
        await made.close()


class TestOidc(RedirectAuthenticatorConformance):
    @pytest.fixture
    async def provider(self, key: RSAKey) -> AsyncIterator[HostileProvider]:
        played = HostileProvider(key)
        await played.start()
        yield played
        await played.stop()

    @pytest.fixture
    async def authenticator(self, provider: HostileProvider) -> AsyncIterator[OidcAuthenticator]:
        settings = {name: rules["default"] for name, rules in CONFIG_SCHEMA.items()}
        settings |= {"issuer": provider.issuer, "client_id": CLIENT, "client_secret": SECRET}
        config = checked(settings, "http://localhost:8000")
        made = OidcAuthenticator(config, Provider(config), SystemClock())
        yield made
        await made.close()

    @pytest.fixture
    def approve(self, provider: HostileProvider) -> Approve:
        def said_yes(sent: Redirection) -> dict[str, str]:
            return provider.authorize(dict(parse_qsl(urlsplit(sent.url).query)))

        return said_yes

    @pytest.fixture
    def outage(self, provider: HostileProvider) -> Callable[[], Awaitable[None]]:
        return provider.stop
