"""Drafts: one an address, sealed under the day key, with the definition that it was begun with."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.draft import Draft
from flows.draft_json import dump, parse
from storage.at_hand import AtHand
from storage.ground import Ground
from storage.schema import chats
from storage.sealing.box import Place, seal_text
from storage.turns import Cell, Delete, Insert, Row, Update
from storage.values import Address, Arrival, Kept
from storage.wording import escaped

_DRAFT = select(chats.drafts).where(chats.drafts.c.address == bindparam("mark"))


class Drafts:
    """What is begun and not sent yet."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._at_hand = AtHand()
        self._texts: dict[str, str] = {}  # by hash, so they never change; a handful, one a conversation and version

    @property
    def are_crowded(self) -> bool:
        """Whether all of them together take too much room, as of the last count."""
        return self._ground.room.is_crowded

    async def get(self, address: Address) -> Kept | None:
        """Give the draft of an address, or None where there is none or its day's key is gone.

        Raises:
            Tampered: The row is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        mark = self._ground.mark(address)
        at_hand = self._at_hand.get(mark, self._ground.second())
        if at_hand is not None:
            return at_hand
        async with self._ground.read() as connection:
            row = (await connection.execute(_DRAFT, {"mark": mark})).first()
            if row is None:
                return None
            text = self._ground.open_of_day(row.day, _place(mark, row.version), row.sealed)
            if text is None:
                return None
            draft = parse(text)
            definition = self._texts.get(draft.definition) or await self._text(connection, draft.definition)
        if definition:
            self._texts[draft.definition] = definition
        return Kept(draft, row.version, definition)

    async def keep(self, arrival: Arrival, draft: Draft, definition_text: str, kept: Kept | None) -> Kept:
        """Keep a draft.

        Args:
            arrival: The update that changed it.
            draft: The draft as it is now; its `definition` names the text.
            definition_text: What it was begun with; stored once for all drafts.
            kept: What `get` or `keep` gave before, or None for a new draft, which replaces a lost one.

        Raises:
            Conflict: Another version is stored: two taps at once.
            AlreadySeen: The update was committed before.
            Unavailable: It cannot be written; or it is a new one, and there is no room for more.
        """
        new = Kept(draft, 1 if kept is None else kept.version + 1, definition_text)
        mark = self._ground.mark(arrival.address)
        row = await self._row(mark, new, kept)
        self._at_hand.drop(mark)  # until it is known what came of it
        await self._ground.commit(*self._ground.arrived(arrival), *_definition(new, kept), row)
        self._at_hand.keep(mark, self._ground.second(), new)
        return new

    async def drop(self, arrival: Arrival, kept: Kept | None) -> None:
        """Remove the draft of an address; also where there is none."""
        await self._ground.commit(*self._ground.arrived(arrival), self.removal(arrival.address, kept))

    def removal(self, address: Address, kept: Kept | None) -> Row:
        """Give the row that removes a draft, as long as it is still the one given."""
        expected = {} if kept is None else {"version": kept.version}
        mark = self._ground.mark(address)
        self._at_hand.drop(mark)
        return Delete(chats.drafts, {"address": mark}, expected)

    def sweep(self) -> None:
        """Let go of what need not be at hand in memory any more."""
        self._at_hand.sweep(self._ground.second())

    async def _row(self, mark: bytes, new: Kept, kept: Kept | None) -> Row:
        key = self._ground.today()
        old = kept.version if kept else await self._lost(mark)
        sealed = seal_text(key.box_key(), _place(mark, new.version), escaped(dump(new.draft)))
        values: dict[str, Cell] = {
            "version": new.version,
            "day": key.day.isoformat(),
            "touched_hour": self._ground.hour(),
            "sealed": sealed,
        }
        if old is None:
            self._ground.room.begin_draft(len(sealed))
            return Insert(chats.drafts, {"address": mark, **values})
        return Update(chats.drafts, {"address": mark}, values, {"version": old})

    async def _text(self, connection: AsyncConnection, of: str) -> str:
        """Read a text by its hash; one that has another is as good as none, or it would ask whatever somebody liked."""
        wanted = select(chats.definitions.c.text).where(chats.definitions.c.hash == of)
        text = (await connection.execute(wanted)).scalar() or ""
        if text and sha256(text.encode()).hexdigest() != of:
            self._ground.forged()
            return ""
        return text

    async def _lost(self, mark: bytes) -> int | None:
        """Tell the version of a row that is there although nobody can open it any more."""
        async with self._ground.read() as connection:
            row = (await connection.execute(_DRAFT, {"mark": mark})).first()
        if row is None:
            return None
        opened = self._ground.open_of_day(row.day, _place(mark, row.version), row.sealed)
        return int(row.version) if opened is None else None


def _definition(new: Kept, kept: Kept | None) -> tuple[Row, ...]:
    if kept is not None and kept.draft.definition == new.draft.definition:
        return ()
    return (Insert(chats.definitions, {"hash": new.draft.definition, "text": new.definition}, quiet=True),)


def _place(mark: bytes, version: int) -> Place:
    return Place("drafts", None, mark, "draft", version)
