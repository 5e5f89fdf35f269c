"""From events to deliveries."""

from __future__ import annotations

from journiv.contracts.context import PluginContext
from journiv.contracts.listeners import Listener
from journiv.domain.clock import instant
from journiv.domain.events import Event, UserDeleted
from journiv.domain.scope import SYSTEM
from journiv_webhooks import shelf
from journiv_webhooks.courier import Courier
from journiv_webhooks.messages import NAMES, body_of


class Ear:
    """Hears events and posts one delivery for each webhook that wants them."""

    def __init__(self, ctx: PluginContext, courier: Courier) -> None:
        self._ctx = ctx
        self._courier = courier

    def listener(self) -> Listener:
        """Return what is registered: entry events, and the end of accounts."""
        return Listener(events=(*NAMES, UserDeleted), handle=self.hear)

    async def hear(self, event: Event) -> None:
        """Post deliveries; a deleted account takes its webhooks along."""
        now, user_id = instant(self._ctx.clock.now()), event.user_id
        if isinstance(event, UserDeleted):
            await self._ctx.store.write(SYSTEM, lambda tx: shelf.delete_all(tx, now, user_id))
            return
        hooks = await self._ctx.store.read(SYSTEM, lambda tx: shelf.webhooks(tx, now, user_id))
        name = NAMES[type(event)]
        for hook in hooks:
            if name in hook["events"]:
                delivery = self._courier.new_delivery(hook, name, body_of(event))
                await self._courier.post(hook, delivery)
