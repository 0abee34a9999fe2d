"""Tells the leads from memory what the database cannot be trusted with: its own outage, and alerts that did not go out.

Whom to tell, and where, was read while all was well; it is kept in memory only.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from flows.values.ids import LeadId
from handlers.dispatcher import Handlers
from handlers.telegram import failures
from storage.notices.alerts import ANSWERING
from storage.values import Address, LeadCard, Notice
from storage.values.errors import Tampered, Unavailable

#: How long the database has to refuse before the leads are told; a backup or a slow disk takes less.
_PATIENCE: Final = timedelta(minutes=1)
#: How long until the leads are told again of the same outage.
_AGAIN: Final = timedelta(hours=1)
#: How old the leads' chats and addresses in memory may be.
_KNOWN: Final = timedelta(minutes=1)
#: Seconds in which a notice of an alert goes out; if it does not, it was removed from the database.
_TELLING: Final = 60.0


class OutageNotice:
    """Notes trouble with the database as an alert; if that is not kept, or not sent, it tells the leads itself."""

    def __init__(self, handlers: Handlers, now: Callable[[], datetime]) -> None:
        """Tell through `handlers`; `now` gives aware UTC times."""
        self._handlers = handlers
        self._store = handlers.deps.store
        self._now = now
        self._notices: dict[LeadId, Notice] = {}
        self._answering: frozenset[LeadId] = frozenset()
        self._situation: datetime | None = None
        self._since: datetime | None = None
        self._told: datetime | None = None

    async def look(self) -> None:
        """Note the trouble as an alert, or tell the leads from memory. Safe to repeat.

        Raises:
            Tampered: the roster is not the one that was kept.
        """
        now = self._now()
        try:
            await self._store.fault_alerts.tell()
            if self._situation is None or not timedelta() <= now - self._situation < _KNOWN:
                await self._learn()
                self._situation = now
        except Unavailable as error:
            failures.log_error(error)
            self._since = self._since or now
            if now - self._since >= _PATIENCE and (self._told is None or now - self._told >= _AGAIN):
                self._told = now
                await self._tell(self._answering)
        else:
            self._since = self._told = None
            await self._tell(self._store.alerts.overdue(_TELLING))

    async def _learn(self) -> None:
        chats = await self._store.leads.last_chats.all()
        roster = await self._store.leads.roster()
        for card in roster:
            with suppress(Tampered):
                await self._store.pagers.address(card.id)  # from now on it is known
        # Where a chat is not genuine any more, the one that was is told.
        known = {lead: notice.address for lead, notice in self._notices.items()} | chats
        self._answering = frozenset(card.id for card in roster if card.role in ANSWERING)
        self._notices = {card.id: _alert(card, known.get(card.id)) for card in roster}

    async def _tell(self, leads: frozenset[LeadId]) -> None:
        for lead in sorted(leads & self._notices.keys()):
            self._store.alerts.postpone(lead)
            try:
                if await self._handlers.notify(self._notices[lead]) == "delivered":
                    self._store.alerts.was_told(lead)
            except Exception as error:  # noqa: BLE001 - it was said, or the next lead is told at least
                failures.log_error(error)


def _alert(card: LeadCard, address: Address | None) -> Notice:
    return Notice((), card.id, address, card.id, frozenset({"alert"}), None, 0, card.language)
