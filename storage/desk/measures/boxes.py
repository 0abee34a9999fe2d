"""Opens the boxes of a site: from five letters on, counted in memory, by those whose keys they are wrapped for."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import select

from flows.measures.box import OPENED_FROM, Felt, Question, read_letter
from flows.values.ids import SiteId
from storage.cases.rows.box_row import HOLDERS, BoxRow, changed_box_row, find_box, is_holder, read_box
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import is_bound
from storage.database.schema.measures import box_letters, boxes
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.keys.box_keys import holders_of, open_letter, open_seed, opener, without_holders, wrapped_for
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.xwing import KeyId, key_id
from storage.values.errors import Conflict, SessionOver

#: By whose rule (`flows/cases/roles.py`).
_RULE: Final = "stats"
_TRIES: Final = 4
_AT_ONCE: Final = 50  # letters, some 6 ms, between which other tasks run


@dataclass(frozen=True, slots=True)
class BoxTold:
    """What a box tells: how many people were asked, and how many letters gave each answer; exact, not to be shown.

    `felt` is empty where there were too few letters to open it, or where this lead's keys do not.
    """

    asked: int = 0
    felt: Mapping[tuple[Question, Felt], int] = field(default_factory=dict)


class Boxes:
    """Reads boxes for the lead of a session. What was opened stays in the session's memory."""

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def read(self, session: LeadSession, site: SiteId, terms: Sequence[date]) -> tuple[BoxTold, ...] | None:
        """Give what the boxes of some terms tell, in order; None for who does not open boxes at all.

        Whoever came to open boxes after a term began is given its key by the first who opens it.

        Raises:
            SessionOver: The session has ended.
            NotOffered: It is not for the lead's role.
            Tampered: A box or a letter is not the one that was kept; the roster is not.
            Unavailable: The database cannot be read.
        """
        roster = await self._rosters.read()
        card = self._sessions.require_lead(session, roster.card(session.lead.id), _RULE)
        if not is_holder(card.role, card.site, site):
            return None
        return tuple([await self._told(session, site, term.isoformat()) for term in terms])

    async def bring_over(self, session: LeadSession) -> None:
        """Wrap the boxes that a lead opens for her new keys, in the place of those of before.

        Raises:
            SessionOver: The session has ended; what is done is done.
            Conflict: Letters were put in at the same moment, again and again.
            Tampered: A box is not the one that was kept.
            Unavailable: The database cannot be read or written.
        """
        former = session.former
        async with self._core.read() as connection:
            rows = await all_rows(connection, select(boxes))
        for row in rows:
            if former is not None and former in holders_of(row["wraps"]):
                await self._over(session, former, read_box(self._core, row))

    async def _over(self, session: LeadSession, former: KeyId, box: BoxRow) -> None:
        """Wrap one box for her new keys; where it was changed at the same moment, as it stands then."""
        found: BoxRow | None = box
        for left in reversed(range(_TRIES)):
            if found is None or former not in holders_of(found.wraps):
                return
            seed, keys = self._seed(session, found), session.keys
            if seed is None or keys is None:
                raise SessionOver
            own = wrapped_for([keys.card.wrapping], seed, found.site, found.term)
            try:
                await self._commit(found, without_holders(found.wraps, {former, keys.card.key_id}) + own)
            except Conflict:
                if not left:
                    raise
            else:
                return
            async with self._core.read() as connection:
                found = await find_box(self._core, connection, box.site, box.term)

    async def _commit(self, box: BoxRow, wraps: bytes) -> None:
        after, row = changed_box_row(self._core.server_key, box, wraps=wraps)
        await self._core.commit(row)
        self._core.register.note_floor(after.name, after.version)

    async def _told(self, session: LeadSession, site: SiteId, term: str) -> BoxTold:
        async with self._core.read() as connection:
            box = await find_box(self._core, connection, site, term)
        if box is None:
            return BoxTold()
        version, known = session.boxes.get(box.name, (0, None))
        if isinstance(known, BoxTold) and version == box.version:
            return known
        told = await self._opened(session, box)
        session.boxes[box.name] = (box.version, told)
        return told

    async def _opened(self, session: LeadSession, box: BoxRow) -> BoxTold:
        asked = select(box_letters).where(box_letters.c.site == box.site, box_letters.c.term == box.term)
        async with self._core.read(once=True) as connection:
            rows = await all_rows(connection, asked)
        genuine = all(is_bound(self._core.server_key, box_letters, row) for row in rows)
        if not genuine or len(rows) != box.letters:
            raise self._core.forgeries.record()
        seed = self._seed(session, box) if len(rows) >= OPENED_FROM else None
        if seed is None:
            return BoxTold(box.asked)
        felt: Counter[tuple[Question, Felt]] = Counter()
        key = opener(seed)
        for number, row in enumerate(rows):
            try:
                question, answer, _ = read_letter(open_letter(key, box.site, box.term, row["sealed"]))
            except CannotOpen:
                raise self._core.forgeries.record() from None
            felt[question, answer] += 1
            if number % _AT_ONCE == _AT_ONCE - 1:
                await asyncio.sleep(0)
                self._require(session)
        await self._give(box, seed)
        return BoxTold(box.asked, dict(felt))

    def _seed(self, session: LeadSession, box: BoxRow) -> bytes | None:
        self._require(session)
        try:
            return open_seed(session.private_keys, box.wraps, box.site, box.term)
        except CannotOpen:
            raise self._core.forgeries.record() from None

    async def _give(self, box: BoxRow, seed: bytes) -> None:
        """Wrap the box for whoever opens boxes by now and does not open this one yet."""
        roster, there = await self._rosters.read(), holders_of(box.wraps)
        new = [public for public in roster.keys_of(box.site, HOLDERS) if key_id(public) not in there]
        if not new:
            return
        with suppress(Conflict):  # letters were put in at the same moment; the next time
            await self._commit(box, box.wraps + wrapped_for(new, seed, box.site, box.term))

    def _require(self, session: LeadSession) -> None:
        if not session.is_open:
            raise SessionOver
