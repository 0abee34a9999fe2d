"""The chats in which leads were last seen, and are told of things while their own keys are locked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import select

from flows.values.ids import LeadId
from storage.core.core import StoreCore, all_rows, one_row
from storage.database.schema.leads import leads
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.unlock_records import STATE, is_state, open_places, require_state
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.box import Place, open_box, seal, seal_anew
from storage.sealing.primitives.errors import CannotOpen
from storage.values import Address
from storage.values.errors import Tampered


class LeadChats:
    """Seals, opens and finds them.

    Every method that reads raises `Tampered` where the roster is not the one that was kept, and `Unavailable` where the
    database or the register cannot be read.
    """

    def __init__(self, core: StoreCore, rosters: Rosters) -> None:
        self._core = core
        self._rosters = rosters

    def seal(self, lead: str, address: Address) -> bytes:
        """Seal the chat that a lead was last seen in, under the server key: her own may be locked."""
        content = json.dumps([address.door, address.chat_id]).encode()
        return seal(self._core.server_key.address_key(), _place(lead), content)

    def genuine(self, row: Mapping[str, Any]) -> Address | None:
        """Open what `seal` gave, out of the columns of `STATE`.

        What is not genuine, or was put back, is counted and none: it keeps nobody else from being told.

        Raises:
            Unavailable: The register cannot be read or written.
        """
        try:
            require_state(self._core, row)
            if row["chat"] is None:
                return None
            key = self._core.server_key.address_key()
            door, chat_id = json.loads(open_box(key, _place(row["id"]), row["chat"]))
        except CannotOpen:
            self._core.forgeries.record()
            return None
        except Tampered:
            return None
        return Address(door, chat_id)

    async def bound(self, address: Address) -> LeadId | None:
        """Name the lead who was last seen in a chat, if one was and is not suspended; it opens nothing."""
        return next((lead for lead, chat in (await self.all()).items() if chat == address), None)

    async def all(self) -> dict[LeadId, Address]:
        """Give the chat that each lead was last seen in, without those who are shut out or whose is not genuine."""
        roster = await self._rosters.read()
        async with self._core.read() as connection:
            kept = await all_rows(connection, select(*STATE))
        there = [row for row in kept if (lead := roster.leads.get(row["id"])) is not None and not lead.shut_out]
        found = {LeadId(row["id"]): self.genuine(row) for row in there}
        return {lead: chat for lead, chat in found.items() if chat is not None}

    async def of(self, lead: LeadId, *, before: bool = False) -> Address | None:
        """Give the chat that a lead was last seen in, or was told in `before` it; none where it is not genuine."""
        async with self._core.read() as connection:
            row = await one_row(connection, select(*STATE).where(leads.c.id == lead))
        if row is None:
            return None
        if before:
            return open_places(self._core, lead, row["places"]).before if is_state(self._core, row) else None
        return self.genuine(row)


def chat_anew(old: ServerKey, new: ServerKey, lead: str, sealed: bytes | None) -> bytes | None:
    """Give what `LeadChats.seal` gave, sealed under another server key; what does not open stays as it is."""
    with suppress(CannotOpen):
        return None if sealed is None else seal_anew(old.address_key(), new.address_key(), _place(lead), sealed)
    return sealed


def _place(lead: str) -> Place:
    return Place("leads", None, lead, "chat", 0)
