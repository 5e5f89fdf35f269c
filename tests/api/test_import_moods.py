"""`mood_map` of an import: which mood here a name in the file stands for."""

from __future__ import annotations

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.transfers import diary, imported, upload


@pytest.fixture
async def me(new_user: NewUser) -> ApiClient:
    return await new_user()


async def test_names_of_moods_are_told_first_and_mapped_then(me: ApiClient) -> None:
    content = diary(2, mood="rad")
    dry = await imported(me, content, dry_run="true")
    assert dry["warnings"] == ["There is no mood 'rad' here, so it was left out."]
    job = await imported(me, content, mood_map='{"RAD": "happy"}')
    assert (job["warnings"], job["result_data"]["entries_created"]) == ([], 2)
    logs = (await me.get("/moods/logs")).json
    assert {log["mood"]["name"] for log in logs} == {"Happy"}


@pytest.mark.parametrize("text", ["{", '{"rad": 5}', "x" * 5001])
async def test_what_is_no_map_is_refused(me: ApiClient, text: str) -> None:
    answer = await upload(me, diary(1), mood_map=text)
    assert answer.status == 422
    assert answer.detail.startswith("mood_map: ")


async def test_a_mood_that_is_not_here_is_refused_before_the_import_begins(me: ApiClient) -> None:
    answer = await upload(me, diary(1), mood_map='{"rad": "Bliss"}')
    assert (answer.status, answer.detail) == (400, "There is no mood 'Bliss' here for 'rad'.")
    assert (await me.get("/import/")).json == []
