"""The leads are told that the database takes nothing, from what was known while it did; nothing of it can be kept."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from handlers import oops
from handlers.dispatcher import Handlers
from storage.alerts import ANSWERING
from storage.refusals import Tampered, Unavailable
from storage.values import Notice

#: How long nothing is taken until it is told: a backup or a slow disk is no trouble.
_PATIENCE: Final = timedelta(minutes=1)
#: How long until the same is told again.
_AGAIN: Final = timedelta(hours=1)
#: How long what is known of the leads' chats and addresses is good enough.
_KNOWN: Final = timedelta(minutes=1)


class Unkept:
    """Notes what troubles the database as an alert; while not even that is taken, it tells the leads without it."""

    def __init__(self, handlers: Handlers, now: Callable[[], datetime]) -> None:
        """Tell through `handlers`; `now` gives aware UTC times."""
        self._handlers = handlers
        self._store = handlers.deps.store
        self._now = now
        self._notices: tuple[Notice, ...] = ()
        self._known: datetime | None = None
        self._since: datetime | None = None
        self._told: datetime | None = None

    async def look(self) -> None:
        """Note, or tell. Safe to repeat; raises `Tampered` as the roster does."""
        now = self._now()
        try:
            await self._store.troubles.tell()
            if self._known is None or not timedelta() <= now - self._known < _KNOWN:
                self._notices, self._known = await self._alerts(), now
        except Unavailable as error:
            oops.note(error)
            self._since = self._since or now
            if now - self._since >= _PATIENCE and (self._told is None or now - self._told >= _AGAIN):
                self._told = now
                await self._tell()
        else:
            self._since = self._told = None

    async def _alerts(self) -> tuple[Notice, ...]:
        chats = await self._store.leads.unlocks.chats()
        answering = [card for card in await self._store.leads.roster() if card.role in ANSWERING]
        for card in answering:
            with suppress(Tampered):
                await self._store.pagers.address(card.id)  # from now on it is known
        return tuple(
            Notice((), card.id, chats.get(card.id), card.id, frozenset({"alert"}), None, 0, card.language)
            for card in answering
        )

    async def _tell(self) -> None:
        for notice in self._notices:
            try:
                await self._handlers.notify(notice)
            except Exception as error:  # noqa: BLE001 - it was said, or the next lead is told at least
                oops.note(error)
