"""Drafts: one an address, sealed under the day key, with a small cache of those in use.

Nothing depends on them: a draft that is not at hand is read, and a stale one ends as a `Conflict`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.values.draft import Draft, dump, parse
from storage.core.core import StoreCore
from storage.core.marks import owner_at
from storage.database.schema import chats
from storage.database.turn import Cell, Delete, Insert, Row, Update
from storage.sealing.primitives.box import Place, seal_text
from storage.values import Address, Arrival, Kept
from storage.values.errors import Unfit

_MOST: Final = 512  # drafts; some kilobytes each
_OF_BEFORE: Final = (
    "something is begun and not sent that this Hark did not keep itself: start it, and try again a day later"
)
_STAYS: Final = 10 * 60  # seconds: as long as a sitting may be quiet


class DraftCache:
    """Drafts by the mark of their address, the least lately kept go first.

    Not `Bounded`: with each new one those that are too old go as well, however few there are.
    """

    def __init__(self) -> None:
        self._drafts: OrderedDict[bytes, tuple[int, Kept]] = OrderedDict()

    def get(self, mark: bytes, now: int) -> Kept | None:
        """Give a draft that was kept within the last ten minutes; also after the clock was set back, only those."""
        found = self._drafts.get(mark)
        if found is None or not 0 <= now - found[0] < _STAYS:
            return None
        return found[1]

    def keep(self, mark: bytes, now: int, kept: Kept) -> None:
        """Have a draft at hand that is on disk now; what is older than ten minutes, or beyond 512 drafts, goes.

        Args:
            mark: The address's mark.
            now: Seconds since 1970.
            kept: The draft.
        """
        self._drafts[mark] = (now, kept)
        self._drafts.move_to_end(mark)
        while len(self._drafts) > _MOST or not 0 <= now - next(iter(self._drafts.values()))[0] < _STAYS:
            self._drafts.popitem(last=False)

    def drop(self, mark: bytes) -> None:
        """Have it at hand no longer."""
        self._drafts.pop(mark, None)

    def sweep(self, now: int) -> None:
        """Let go of what is older than ten minutes."""
        for mark in [mark for mark in self._drafts if self.get(mark, now) is None]:
            del self._drafts[mark]


_DRAFT = select(chats.drafts).where(chats.drafts.c.address == bindparam("mark"))


class Drafts:
    """What is begun and not sent yet."""

    def __init__(self, core: StoreCore, owner: str = "") -> None:
        """`owner` is whose all drafts of this object are, by any address; without it, each is of who writes there."""
        self._core = core
        self._owner = owner
        self._draft_cache = DraftCache()
        self._texts: dict[str, str] = {}  # by hash, so they never change; a handful, one a conversation and version

    @property
    def are_crowded(self) -> bool:
        """Whether all of them together take too much room, as of the last count."""
        return self._core.room.is_crowded

    async def get(self, address: Address) -> Kept | None:
        """Give the draft of an address, or None where there is none or its day's key is gone.

        What was kept in the last ten minutes is given from memory.

        Raises:
            Tampered: The row is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        mark = self._mark(address)
        draft_cache = self._draft_cache.get(mark, self._core.second())
        if draft_cache is not None:
            return draft_cache
        async with self._core.read() as connection:
            row = (await connection.execute(_DRAFT, {"mark": mark})).first()
            if row is None:
                return None
            text = self._core.day_keys.open(row.day, _place(mark, row.version), row.sealed)
            if text is None:
                return None
            draft = parse(_parted(text)[1])
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

        Returns:
            The draft with its version, for the next call.

        Raises:
            Conflict: Another version is stored: two taps at once. The next `get` reads it.
            AlreadySeen: The update was committed before.
            Tampered: There is a row already, and it is not the one that was kept.
            Unavailable: It cannot be written; or it is a new one, and there is no room for more.
        """
        new = Kept(draft, 1 if kept is None else kept.version + 1, definition_text)
        mark = self._mark(arrival.address)
        row = await self._row(arrival.address, new, kept)
        self._draft_cache.drop(mark)  # until it is known what came of it
        await self._core.commit(*self._core.marks.seen_rows(arrival), *_definition(new, kept), row)
        self._draft_cache.keep(mark, self._core.second(), new)
        return new

    async def drop(self, arrival: Arrival, kept: Kept | None) -> None:
        """Remove the draft of an address; also where there is none.

        Raises:
            Conflict: Another version is stored than `kept`: two taps at once.
            AlreadySeen: The update was committed before.
            Unavailable: The database cannot be written.
        """
        await self._core.commit(*self._core.marks.seen_rows(arrival), self.removal(arrival.address, kept))

    def removal(self, address: Address, kept: Kept | None) -> Row:
        """Give the row that removes a draft, as long as it is still the one given; the commit raises `Conflict` if not.

        The copy in memory goes now: whatever comes of the commit, the next `get` reads what is stored.
        """
        expected = {} if kept is None else {"version": kept.version}
        mark = self._mark(address)
        self._draft_cache.drop(mark)
        return Delete(chats.drafts, {"address": mark}, expected)

    def sweep(self) -> None:
        """Let go of what need not be at hand in memory any more."""
        self._draft_cache.sweep(self._core.second())

    async def _row(self, address: Address, new: Kept, kept: Kept | None) -> Row:
        mark, key = self._mark(address), self._core.day_keys.today()
        old = kept.version if kept else await self._lost(mark)
        content = f"{self._owner or owner_at(address)}\n{dump(new.draft)}"
        sealed = seal_text(key.box_key(), _place(mark, new.version), content)
        values: dict[str, Cell] = {
            "version": new.version,
            "day": key.day.isoformat(),
            "touched_hour": self._core.hour(),
            "sealed": sealed,
        }
        if old is None:
            self._core.room.begin_draft(len(sealed))
            return Insert(chats.drafts, {"address": mark, **values})
        return Update(chats.drafts, {"address": mark}, values, {"version": old})

    def _mark(self, address: Address) -> bytes:
        return self._core.marks.of_owner(self._owner or owner_at(address))

    async def _text(self, connection: AsyncConnection, of: str) -> str:
        """Read a text by its hash; one that has another is as good as none, or it would ask whatever somebody liked."""
        wanted = select(chats.definitions.c.text).where(chats.definitions.c.hash == of)
        text = (await connection.execute(wanted)).scalar() or ""
        if text and sha256(text.encode()).hexdigest() != of:
            self._core.forgeries.record()
            return ""
        return text

    async def _lost(self, mark: bytes) -> int | None:
        """Tell the version of a row that is there although nobody can open it any more."""
        async with self._core.read(once=True) as connection:
            row = (await connection.execute(_DRAFT, {"mark": mark})).first()
        if row is None:
            return None
        opened = self._core.day_keys.open(row.day, _place(mark, row.version), row.sealed)
        return int(row.version) if opened is None else None


def draft_anew(old: StoreCore, new: StoreCore, row: Mapping[str, Any]) -> dict[str, Cell] | None:
    """Give the columns by which a draft is found under another server key; None where it is over, its day key gone.

    Raises:
        Unfit: It was kept before its owner was sealed with it.
        Tampered: It is not what was kept.
        Unavailable: The day's key went meanwhile.
    """
    text = old.day_keys.open(row["day"], _place(row["address"], row["version"]), row["sealed"])
    if text is None:
        return None
    owner, _ = _parted(text)
    if not owner:
        raise Unfit(_OF_BEFORE)
    mark = new.marks.of_owner(owner)
    return {"address": mark, "sealed": old.day_keys.seal(row["day"], _place(mark, row["version"]), text)}


def _parted(text: str) -> tuple[str, str]:
    """Give the owner that is sealed with a draft, and the draft; none in those of before schema 0021."""
    owner, parted, draft = text.partition("\n")
    return (owner, draft) if parted else ("", text)


def _definition(new: Kept, kept: Kept | None) -> tuple[Row, ...]:
    if kept is not None and kept.draft.definition == new.draft.definition:
        return ()
    return (Insert(chats.definitions, {"hash": new.draft.definition, "text": new.definition}, quiet=True),)


def _place(mark: bytes, version: int) -> Place:
    return Place("drafts", None, mark, "draft", version)
