"""`journiv oidc-check`: what it goes through, and what it says of the way to the provider."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.api.server import ServerProcess
from tests.oidc.checking import oidc_check
from tests.oidc.mock import MockProvider
from tests.oidc.provider import NAME, RealProvider
from tests.proxies import certificates
from tests.services.redis import RedisServer

STEPS = [
    "callback", "discovery", "clock", "issuer", "endpoints", "algorithms", "flow", "scopes",
    "logout", "keys", "credentials", "redirect",
]  # fmt: skip


async def test_a_good_provider_passes_every_step(mock: MockProvider, tmp_path: Path) -> None:
    outcome = await oidc_check(tmp_path, mock.issuer)
    assert (outcome.code, list(outcome.steps), outcome.is_not_right()) == (0, STEPS, set())


async def test_people_read_the_same_as_programs(mock: MockProvider, tmp_path: Path) -> None:
    mock.error = "invalid_client"
    for_programs = await oidc_check(tmp_path, mock.issuer)
    for_people = await oidc_check(tmp_path, mock.issuer, json=False)
    lines = [line.split(maxsplit=2) for line in for_people.text.splitlines()]
    assert {step: (status, said) for status, step, said in lines} == for_programs.steps
    assert for_people.code == for_programs.code == 1


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("{issuer}/", "only the slash at the end differs. Set OIDC_ISSUER={issuer}/"),
        ("https://{authority}", "only http and https differ"),
        ("https://sso.example.org", "the same to the letter"),
    ],
)
async def test_an_issuer_that_differs_is_told_with_how_it_differs(
    mock: MockProvider, tmp_path: Path, named: str, sentence: str
) -> None:
    parts = {"issuer": mock.issuer, "authority": mock.issuer.partition("://")[2]}
    mock.metadata["issuer"] = named.format(**parts)
    outcome = await oidc_check(tmp_path, mock.issuer)
    assert outcome.code == 1
    assert outcome.is_not_right() == {"issuer", "redirect"}
    assert sentence.format(**parts) in outcome.steps["issuer"][1]
    assert outcome.steps["redirect"][0] == "skip"


async def test_people_who_are_sent_straight_back_are_told_why(
    mock: MockProvider, tmp_path: Path
) -> None:
    def back(request: web.Request) -> web.StreamResponse:
        to = f"{request.query['redirect_uri']}?error=invalid_scope&error_description=%1b[31mred"
        return web.Response(status=302, headers={"Location": to})

    mock.at["/auth"] = back
    outcome = await oidc_check(tmp_path, mock.issuer)
    assert (outcome.code, outcome.is_not_right()) == (1, {"redirect"})
    assert "sends people back at once, saying invalid_scope." in outcome.text
    assert "\x1b" not in outcome.text


@pytest.mark.parametrize(
    ("in_form", "sentence"),
    [("invalid_grant", "by client_secret_post only"), ("invalid_client", "does not accept")],
)
async def test_a_client_that_is_known_by_the_other_way_is_told_which_to_allow(
    mock: MockProvider, tmp_path: Path, in_form: str, sentence: str
) -> None:
    def by_form_only(request: web.Request) -> web.StreamResponse:
        if "Authorization" in request.headers:
            return web.json_response({"error": "invalid_client"}, status=401)
        return web.json_response({"error": in_form}, status=400)

    ways = ["client_secret_basic", "client_secret_post"]
    mock.metadata["token_endpoint_auth_methods_supported"] = ways
    mock.at["/token"] = by_form_only
    outcome = await oidc_check(tmp_path, mock.issuer)
    assert outcome.is_not_right() == {"credentials"}
    assert sentence in outcome.steps["credentials"][1]


async def test_a_public_client_that_needs_a_secret_is_told(
    mock: MockProvider, tmp_path: Path
) -> None:
    mock.error = "invalid_client"
    outcome = await oidc_check(tmp_path, mock.issuer, OIDC_CLIENT_SECRET="")
    assert "set OIDC_CLIENT_SECRET" in outcome.steps["credentials"][1]


@pytest.mark.parametrize(
    ("settings", "status", "sentence"),
    [
        ({"OIDC_REDIRECT_URI": "https://j.example/callback"}, "fail", "does not listen"),
        ({"OIDC_REDIRECT_URI": "https://j.example/api/v1/oidc/callback"}, "warn", "DOMAIN_NAME"),
    ],
)
async def test_a_callback_that_leads_elsewhere_is_told(
    mock: MockProvider, tmp_path: Path, settings: dict[str, str], status: str, sentence: str
) -> None:
    outcome = await oidc_check(tmp_path, mock.issuer, **settings)
    assert outcome.is_not_right() == {"callback"}
    assert outcome.steps["callback"][0] == status
    assert sentence in outcome.steps["callback"][1]


@pytest.mark.parametrize(
    ("issuer", "sentence"),
    [
        ("http://127.0.0.1:1", "127.0.0.1:1 cannot be reached from here (Connection refused)"),
        ("https://no-such-host.invalid", "no-such-host.invalid is not known on this machine"),
    ],
)
async def test_a_provider_out_of_reach_is_told_with_the_reason(
    tmp_path: Path, issuer: str, sentence: str
) -> None:
    outcome = await oidc_check(tmp_path, issuer)
    assert (outcome.code, outcome.is_not_right()) == (1, {"discovery"})
    assert sentence in outcome.steps["discovery"][1]


async def test_https_at_a_port_without_tls_is_told(mock: MockProvider, tmp_path: Path) -> None:
    outcome = await oidc_check(tmp_path, mock.issuer.replace("http:", "https:"))
    assert "does not speak TLS at this port" in outcome.steps["discovery"][1]


async def test_a_missing_setting_is_the_only_step(tmp_path: Path) -> None:
    outcome = await oidc_check(tmp_path, "")
    assert (outcome.code, list(outcome.steps)) == (1, ["settings"])
    assert "OIDC_ISSUER is needed" in outcome.text


def expired(folder: Path) -> Path:
    """Make a certificate of yesterday that signs itself, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now - timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    forms = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file = folder / "expired.pem"
    file.write_bytes(
        made.public_bytes(forms[0]) + key.private_bytes(*forms, serialization.NoEncryption())
    )
    return file


class TestTls:
    @pytest.fixture
    async def secured(
        self, tmp_path: Path, name: str
    ) -> AsyncIterator[tuple[MockProvider, dict[str, str]]]:
        made = certificates.make(tmp_path, name)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(made.chain, made.key)
        provider = MockProvider(context)
        await provider.start()
        yield provider, {"OIDC_CA_FILE": str(made.authority)}
        await provider.stop()

    @pytest.mark.parametrize("name", [NAME])
    async def test_an_unknown_authority_is_told_and_its_file_mends_it(
        self, secured: tuple[MockProvider, dict[str, str]], tmp_path: Path
    ) -> None:
        provider, trusting = secured
        refused = await oidc_check(tmp_path, provider.issuer)
        assert "an authority this server does not know" in refused.steps["discovery"][1]
        assert (await oidc_check(tmp_path, provider.issuer, **trusting)).code == 0

    @pytest.mark.parametrize("name", ["other.example"])
    async def test_a_certificate_for_another_name_is_told(
        self, secured: tuple[MockProvider, dict[str, str]], tmp_path: Path
    ) -> None:
        provider, trusting = secured
        outcome = await oidc_check(tmp_path, provider.issuer, **trusting)
        assert "is for another name" in outcome.steps["discovery"][1]

    async def test_one_that_has_expired_is_told(self, tmp_path: Path) -> None:
        file = expired(tmp_path)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(file)
        provider = MockProvider(context)
        await provider.start()
        outcome = await oidc_check(tmp_path, provider.issuer, OIDC_CA_FILE=str(file))
        await provider.stop()
        assert "has expired" in outcome.steps["discovery"][1]

    async def test_a_file_that_holds_no_certificates_is_told(
        self, mock: MockProvider, tmp_path: Path
    ) -> None:
        outcome = await oidc_check(tmp_path, mock.issuer, OIDC_CA_FILE=str(tmp_path / "none.pem"))
        assert outcome.code == 1
        assert "OIDC_CA_FILE" in outcome.text


class TestRedis:
    async def test_one_that_answers_passes(
        self, mock: MockProvider, tmp_path: Path, shared_redis: str
    ) -> None:
        outcome = await oidc_check(tmp_path, mock.issuer, REDIS_URL=shared_redis)
        assert (outcome.code, outcome.steps["redis"][0]) == (0, "pass")

    async def test_one_that_is_away_or_wants_a_password_is_told(
        self, mock: MockProvider, tmp_path: Path
    ) -> None:
        server = RedisServer(tmp_path, password="for-tests")
        away = await oidc_check(tmp_path, mock.issuer, REDIS_URL=server.url)
        assert "does not answer" in away.steps["redis"][1]
        server.start()
        wrong = server.url.replace("for-tests", "wrong")
        refused = await oidc_check(tmp_path, mock.issuer, REDIS_URL=wrong)
        server.stop()
        assert "does not accept the password" in refused.steps["redis"][1]
        assert "wrong" not in refused.text


class TestRealProvider:
    async def test_what_is_set_up_right_passes(
        self, journal: ServerProcess, provider: RealProvider, tmp_path: Path
    ) -> None:
        outcome = await oidc_check(tmp_path, provider.issuer, APP_PORT=str(journal.port))
        assert (outcome.code, outcome.is_not_right()) == (0, set()), outcome.text

    async def test_a_wrong_secret_is_told(
        self, journal: ServerProcess, provider: RealProvider, tmp_path: Path
    ) -> None:
        outcome = await oidc_check(
            tmp_path, provider.issuer, APP_PORT=str(journal.port), OIDC_CLIENT_SECRET="another"
        )
        assert (outcome.code, outcome.is_not_right()) == (1, {"credentials"}), outcome.text

    async def test_a_client_it_does_not_know_is_told(
        self, journal: ServerProcess, provider: RealProvider, tmp_path: Path
    ) -> None:
        outcome = await oidc_check(
            tmp_path, provider.issuer, APP_PORT=str(journal.port), OIDC_CLIENT_ID="another"
        )
        assert outcome.is_not_right() == {"credentials", "redirect"}, outcome.text
        assert "does not know OIDC_CLIENT_ID" in outcome.steps["redirect"][1]

    async def test_a_callback_it_does_not_know_is_told_with_what_to_register(
        self, journal: ServerProcess, provider: RealProvider, tmp_path: Path
    ) -> None:
        outcome = await oidc_check(tmp_path, provider.issuer, APP_PORT="1234")
        assert outcome.is_not_right() == {"redirect"}, outcome.text
        assert "http://localhost:1234/api/v1/oidc/callback" in outcome.steps["redirect"][1]
