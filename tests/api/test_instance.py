from __future__ import annotations

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import NewUser


async def test_the_configuration_is_public_and_its_version_is_not(
    client: ApiClient, admin: ApiClient
) -> None:
    public = (await client.get("/instance/config")).json
    assert public["name"] == "Journiv"
    assert public["disable_signup"] is False
    assert public["max_file_size_mb"] > 0
    assert [option["kind"] for option in public["login_options"]] == ["password"]
    assert "version" not in public
    assert (await admin.get("/instance/config")).json["version"]


async def test_the_installation_has_one_id_for_ever(admin: ApiClient) -> None:
    first = (await admin.get("/instance/version/info")).json
    second = (await admin.get("/instance/version/info")).json
    assert first["install_id"] == second["install_id"]
    assert first["update_available"] is None
    assert "asks no other server" in first["error_message"]


async def test_a_version_check_says_that_nobody_was_asked(admin: ApiClient) -> None:
    answer = (await admin.post("/instance/version/check")).json
    assert answer["success"] is False
    assert answer["version_info"]["current_version"]


async def test_the_switch_for_version_checks_is_kept(admin: ApiClient) -> None:
    for enabled in (True, False):
        answer = await admin.put("/instance/version/check/enabled", {"enabled": enabled})
        assert answer.json == {"enabled": enabled}
        assert (await admin.get("/instance/version/check/enabled")).json == {"enabled": enabled}
    assert (await admin.put("/instance/version/check/enabled", {})).status == 422


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/instance/version/info"),
        ("POST", "/instance/version/check"),
        ("GET", "/instance/version/check/enabled"),
        ("PUT", "/instance/version/check/enabled"),
    ],
)
async def test_versions_are_for_administrators(
    client: ApiClient, new_user: NewUser, method: str, path: str
) -> None:
    assert (await client.request(method, path)).status == 401
    refused = await (await new_user()).request(method, path)
    assert (refused.status, refused.detail) == (403, "Admin access required")


async def test_csp_reports_of_browsers_are_counted(client: ApiClient) -> None:
    for kind, report in (
        ("application/csp-report", {"csp-report": {"blocked-uri": "https://example.org"}}),
        ("application/reports+json", [{"type": "csp-violation", "body": {}}]),
        ("application/json", {"csp_report": {"blocked_uri": "inline"}}),
    ):
        answer = await client.post("/security/csp-report", report, headers={"Content-Type": kind})
        assert (answer.status, answer.json["status"]) == (200, "received")


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("text/plain", b"{}", 415),
        ("application/csp-report", b"{broken", 400),
        ("application/csp-report", b'"text"', 400),
        ("application/csp-report", b'{"a": "' + b"x" * 9000 + b'"}', 413),
    ],
)
async def test_what_is_no_report_is_refused(
    client: ApiClient, kind: str, body: bytes, status: int
) -> None:
    answer = await client.post("/security/csp-report", headers={"Content-Type": kind}, data=body)
    assert answer.status == status


async def test_the_state_of_the_csp_is_public(client: ApiClient) -> None:
    answer = await client.get("/security/csp-status")
    assert (answer.json["csp_enabled"], answer.json["environment"]) == (True, "test")


async def test_the_root_explains_itself_to_programs_and_to_people(client: ApiClient) -> None:
    program = await client.request("GET", "/", root=True)
    assert program.json["api"] == "/api/v1"
    person = await client.request("GET", "/", root=True, headers={"Accept": "text/html"})
    assert person.headers["Content-Type"].startswith("text/html")
    assert b"/api/v1" in person.body
