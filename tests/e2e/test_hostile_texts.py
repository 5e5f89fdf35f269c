"""Texts made to run a script are shown as what they are, wherever a person's words are shown."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Final

import pytest
from playwright.async_api import expect

from tests.e2e.app import App
from tests.e2e.hostile import texts

pytestmark = pytest.mark.asyncio(loop_scope="session")

FIRST: Final = date(2026, 1, 1)
A_DAY, TAGS_OF_ONE = 50, 50
TITLE, TAG = 300, 100
LISTEN: Final = "window.pwned = () => document.documentElement.setAttribute('data-pwned', '');"
# What no words of a person may become: something that runs, loads, or leads elsewhere.
BECAME: Final = """() => {
  const all = [...document.querySelectorAll('main *')];
  const elements = 'script, iframe, object, embed, base, meta, link, math';
  const runs = all.filter((one) => one.matches(elements));
  const listens = all.filter((one) => [...one.attributes].some(({ name }) =>
    name.startsWith('on') || name === 'srcdoc'));
  const leads = all.filter((one) => ['href', 'src', 'action', 'data'].some((name) =>
    typeof one[name] === 'string' && one[name] && !/^(https?|mailto|blob):/.test(one[name])));
  return [...runs, ...listens, ...leads].map((one) => one.outerHTML.slice(0, 200));
}"""


async def test_a_hostile_text_is_shown_and_runs_nowhere(app: App) -> None:
    await app.context.add_init_script(LISTEN)
    asked: list[str] = []
    app.page.on("request", lambda request: asked.append(request.url))
    corpus = [text for text in texts() if "\x01" not in text]
    assert len(corpus) >= 500
    days = [corpus[at : at + A_DAY] for at in range(0, len(corpus), A_DAY)]
    await keep(app, days)
    for number, part in enumerate(days):
        await app.page.goto(f"{app.server.url}{day_page(number)}")
        titles = app.page.locator("main article h2")
        await expect(titles).to_have_count(len(part))
        shown = {squeezed(title) for title in await titles.all_text_contents()}
        assert shown == {squeezed(text[:TITLE]) for text in part}
        await nothing_ran(app)
    for path in ("/timeline", "/tags", "/search?q=pwned"):
        await app.page.goto(app.server.url + path)
        await expect(app.page.get_by_text("pwned").first).to_be_visible()
        await nothing_ran(app)
    elsewhere = [url for url in asked if not url.startswith(app.server.url + "/")]
    loaded = [url for url in asked if url.endswith("/x")]
    assert elsewhere == loaded == []


async def test_a_hostile_text_runs_no_more_while_it_is_edited(app: App) -> None:
    await app.context.add_init_script(LISTEN)
    corpus = [text for text in texts() if "\x01" not in text]
    journal = (await app.asked("POST", "/journals/", {"title": "Traps"}))["id"]
    entry = {"title": corpus[0], "content": "\n\n".join(corpus), "journal_id": journal}
    kept = await app.asked("POST", "/entries/", entry)
    await app.page.goto(f"{app.server.url}/entry/{kept['id']}")
    await app.page.get_by_role("button", name="Edit").click()
    editor = app.page.get_by_role("textbox", name="Text")
    await expect(editor).to_be_focused()
    for _ in range(20):
        await editor.press("PageDown")
    await nothing_ran(app)


async def keep(app: App, days: list[list[str]]) -> None:
    """Keep each text as an entry's title and text, and as a tag."""
    journal = (await app.asked("POST", "/journals/", {"title": "Traps"}))["id"]
    for number, part in enumerate(days):
        day = (FIRST + timedelta(number)).isoformat()
        entries = [
            {"title": text[:TITLE], "content": text, "journal_id": journal, "entry_date": day}
            for text in part
        ]
        kept = await asyncio.gather(*(app.asked("POST", "/entries/", one) for one in entries))
        names = [text[:TAG] for text in part][:TAGS_OF_ONE]
        await app.asked("POST", f"/entries/{kept[0]['id']}/tags/bulk", names)


async def nothing_ran(app: App) -> None:
    assert await app.page.locator("html[data-pwned]").count() == 0
    assert await app.page.evaluate(BECAME) == []


def day_page(number: int) -> str:
    return f"/calendar/{(FIRST + timedelta(number)):%Y/%m/%d}"


def squeezed(text: str) -> str:
    return " ".join(text.split())
