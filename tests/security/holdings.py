"""What somebody has: one thing of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from journiv.domain.ids import new_id
from tests.api.client import ApiClient
from tests.api.diary import Json, write_entry, write_journal
from tests.api.pictures import png, sent, settled

# Ids of things that everybody has.
SHARED = ("mood_id", "prompt_id")
_FLEETING = ("last_seen_at", "request_id")
_SEEN = (
    "/journals/?include_archived=1", "/entries/", "/entries/drafts", "/trash", "/tags/",
    "/moods/logs", "/timeline", "/analytics/dashboard", "/users/me/settings", "/users/me/totp",
    "/media/usage", "/tokens", "/sessions", "/users/me/identities",
)  # fmt: skip


@dataclass(frozen=True)
class Holding:
    """Somebody and their ids, by the names that paths and bodies give to them."""

    owner: ApiClient
    ids: Json

    @classmethod
    async def of(cls, owner: ApiClient, word: str) -> Holding:
        """Make one thing of each kind; `word` is in all of their texts."""
        journal = await write_journal(owner, title=f"Diary {word}")
        entry = await write_entry(owner, journal, title=word, content=f"{word} before")
        changed = await owner.put(f"/entries/{entry['id']}", {"content": f"{word} after"})
        assert changed.status == 200
        names = [f"tag-{word}", f"second-{word}"]
        tag, second = (await owner.post(f"/entries/{entry['id']}/tags/bulk", names)).json
        body = {"journal_id": journal["id"], "title": word}
        draft = (await owner.post("/entries/draft", body)).json
        trashed = await write_entry(owner, journal, title=word)
        await owner.delete(f"/entries/{trashed['id']}")
        mood = (await owner.get("/moods/")).json[0]
        prompt = (await owner.get("/prompts/")).json[0]
        log = (await owner.post("/moods/log", {"mood_id": mood["id"], "note": word})).json
        token = (await owner.post("/tokens", {"name": word, "scopes": ["tags:read"]})).json
        session = (await owner.get("/sessions")).json[0]
        medium = await settled(owner, await sent(owner, entry, png(seed=len(word))))
        upload = (await owner.post("/media/uploads", {"entry_id": entry["id"], "size": 9})).json
        ids = {"journal_id": journal, "entry_id": entry, "draft_id": draft, "trashed_id": trashed,
               "tag_id": tag, "source_tag_id": tag, "target_tag_id": second, "mood_log_id": log,
               "mood_id": mood, "prompt_id": prompt, "token_id": token, "session_id": session,
               "user_id": owner.user, "media_id": medium, "upload_id": upload}  # fmt: skip
        ways = await owner.get("/users/me/identities")  # there with single sign-on only
        ids["identity_id"] = ways.json[0] if ways.status == 200 else {"id": new_id()}
        named: Json = {name: thing["id"] for name, thing in ids.items()}
        return cls(owner, {**named, "number": "1", "tag": f"tag-{word}"})

    def unknown(self) -> Holding:
        """The same kinds of things, and none of them is there."""
        kept = (*SHARED, "number", "tag")
        made = {name: self.ids[name] if name in kept else new_id() for name in self.ids}
        return Holding(self.owner, {**made, "tag": "tag-of-nobody"})

    def part(self, path: str, name: str) -> str:
        """The id that belongs into a part of a path."""
        if name == "entry_id" and path.startswith("/trash/"):
            name = "trashed_id"
        elif name == "entry_id" and path.endswith("/publish"):
            name = "draft_id"
        found: str = self.ids[name]
        return found

    async def state(self) -> list[Any]:
        """All that its owner can see of it."""
        seen = [(await self.owner.get(path)).json for path in _SEEN]
        seen.append((await self.owner.get(f"/entries/{self.ids['entry_id']}/revisions")).json)
        seen.append((await self.owner.get(f"/entries/{self.ids['entry_id']}/tags")).json)
        return [_lasting(one) for one in seen]


def _lasting(found: Any) -> Any:
    """Leave out what looking changes."""
    if isinstance(found, list):
        return [_lasting(one) for one in found]
    if isinstance(found, dict):
        return {name: value for name, value in found.items() if name not in _FLEETING}
    return found
