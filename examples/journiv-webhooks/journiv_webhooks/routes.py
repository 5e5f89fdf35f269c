"""`/api/v1/x/webhooks/`: a person's webhooks."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, Final

from journiv.contracts.context import PluginContext
from journiv.contracts.routes import Access, Call, Handler, RouteDef
from journiv.contracts.schema import ListOf, Schema, Shape
from journiv.contracts.storage import Transaction
from journiv.domain.clock import instant
from journiv.domain.errors import Invalid, NotFound, Unprocessable, Violation
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv_webhooks import shelf
from journiv_webhooks.courier import Courier
from journiv_webhooks.destinations import Refused, check_url
from journiv_webhooks.messages import NAMES, PING, ping
from journiv_webhooks.records import Webhook
from journiv_webhooks.shapes import CREATE, CREATED, TESTED, UPDATE, WEBHOOK

MOST: Final = 20


class WebhookRoutes:
    """Serves webhooks; each person sees their own."""

    def __init__(self, ctx: PluginContext, courier: Courier) -> None:
        self._ctx = ctx
        self._courier = courier
        self._private: bool = ctx.settings["private_addresses"]

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations."""
        return (
            _route("GET", "/", self.all, "List your webhooks", {200: ListOf(WEBHOOK)}),
            _route(
                "POST", "/", self.create,
                "Add a webhook; the signing secret is shown this once", {201: CREATED}, CREATE,
            ),
            _route("GET", "/{webhook_id}", self.get, "Get a webhook", {200: WEBHOOK}),
            _route(
                "PATCH", "/{webhook_id}", self.change,
                "Change where it goes or what it tells", {200: WEBHOOK}, UPDATE,
            ),
            _route("DELETE", "/{webhook_id}", self.delete, "Remove a webhook", {204: None}),
            _route(
                "POST", "/{webhook_id}/test", self.test,
                "Deliver a ping now and say how it went", {200: TESTED},
            ),
        )  # fmt: skip

    async def all(self, call: Call) -> Any:
        """List."""
        now, user_id = self._now(), call.principal.user_id
        hooks = await self._ctx.store.read(SYSTEM, lambda tx: shelf.webhooks(tx, now, user_id))
        return [_shown(hook) for hook in hooks]

    async def create(self, call: Call) -> Any:
        """Add. Raises `Invalid` for a refused address, `Unprocessable` for one too many."""
        self._check(call.body["url"])
        hook = Webhook(
            id=new_id(),
            user_id=call.principal.user_id,
            url=call.body["url"],
            events=call.body.get("events", list(NAMES.values())),
            secret=secrets.token_urlsafe(32),
            created_at=self._now(),
        )

        def work(tx: Transaction) -> None:
            if len(shelf.webhooks(tx, hook["created_at"], hook["user_id"])) >= MOST:
                raise Unprocessable(f"There may be {MOST} webhooks at most")
            shelf.put_webhook(tx, hook)

        await self._ctx.store.write(SYSTEM, work)
        return {**_shown(hook), "secret": hook["secret"]}

    async def get(self, call: Call) -> Any:
        """Get one. Raises `NotFound`."""
        return _shown(await self._one(call))

    async def change(self, call: Call) -> Any:
        """Change. Raises `Invalid` for a refused address, `NotFound`."""
        if "url" in call.body:
            self._check(call.body["url"])

        now = self._now()

        def work(tx: Transaction) -> Webhook:
            changed: Webhook = {**_found(tx, call, now), **call.body}
            shelf.put_webhook(tx, changed)
            return changed

        return _shown(await self._ctx.store.write(SYSTEM, work))

    async def delete(self, call: Call) -> None:
        """Remove. Raises `NotFound`."""
        user_id, webhook_id = call.principal.user_id, call.path["webhook_id"]
        if not await self._ctx.store.write(
            SYSTEM, lambda tx: shelf.delete_webhook(tx, user_id, webhook_id)
        ):
            raise NotFound("Webhook not found")

    async def test(self, call: Call) -> Any:
        """Deliver a ping and wait for the answer. Raises `NotFound`."""
        hook = await self._one(call)
        delivery = self._courier.new_delivery(hook, PING, ping(hook["user_id"], self._now()))
        outcome = await self._courier.send(hook, delivery)
        return {
            "delivered": outcome.is_delivered,
            "status": outcome.status,
            "error": outcome.error,
        }

    async def _one(self, call: Call) -> Webhook:
        now = self._now()
        return await self._ctx.store.read(SYSTEM, lambda tx: _found(tx, call, now))

    def _check(self, url: str) -> None:
        try:
            check_url(url, private=self._private)
        except Refused as refused:
            raise Invalid([Violation(("body", "url"), "value_error", str(refused))]) from None

    def _now(self) -> str:
        return instant(self._ctx.clock.now())


def _route(
    method: str,
    path: str,
    handler: Handler,
    summary: str,
    answers: Mapping[int, Shape | None],
    body: Schema | None = None,
) -> RouteDef:
    return RouteDef(
        method=method,
        path=path,
        handler=handler,
        access=Access.USER,
        summary=summary,
        answers=answers,
        body=body,
        tag="webhooks",
    )


def _found(tx: Transaction, call: Call, now: str) -> Webhook:
    hook = shelf.webhook(tx, now, call.principal.user_id, call.path["webhook_id"])
    if hook is None:
        raise NotFound("Webhook not found")
    return hook


def _shown(hook: Webhook) -> dict[str, Any]:
    return {key: hook[key] for key in ("id", "url", "events", "created_at")}
