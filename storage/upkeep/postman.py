"""Puts what was said on a day into the boxes, all together and in no order, at a random time of the next day.

Safe to repeat, and to kill: what is put in and what goes from its way are one turn, and what was put in before is known
by its mark.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

from sqlalchemy import select

from storage.cases.rows.box_row import HOLDERS, BoxRow, box_name, changed_box_row, find_box, read_box
from storage.core.core import StoreCore, all_rows
from storage.database.schema.measures import box_letters, box_marks, boxes, pending_letters
from storage.database.turn import Delete, Insert, Row
from storage.leads.roster.roster import Roster
from storage.leads.roster.rosters import Rosters
from storage.reporters.letterbox import Letterbox, Pending
from storage.sealing.keys.box_keys import holders_of, without_holders
from storage.sealing.primitives.xwing import KeyId, key_id
from storage.values.errors import Tampered

_AT_ONCE: Final = 500  # that are put in by one turn, so that nobody waits long behind it
_DAY: Final = timedelta(days=1)
#: How long letters are kept after their term began: for the reports of three years.
KEPT: Final = timedelta(days=4 * 366)


class Postman:
    """Brings letters to their boxes; the watch loop calls it, before day keys are destroyed."""

    def __init__(self, core: StoreCore, rosters: Rosters, letterbox: Letterbox) -> None:
        self._core = core
        self._rosters = rosters
        self._letterbox = letterbox
        self._chance = random.SystemRandom()

    async def look(self) -> int:
        """Put in what was said before today, if it is time for that; give how much that was.

        The time is drawn by today's key, so it is the same after a restart. What waits longer than a day is put in at
        once, as after a time in which Hark was not there.

        Raises:
            Tampered: The register is not the one that was written.
            Conflict: Somebody was asked at the same moment; it is done at the next look.
            Unavailable: The database or the register cannot be read or written; what was put in stays so.
        """
        if self._core.clock_guard is not None and not self._core.clock_guard.holds():
            return 0
        now = self._core.now()
        before = (now if now >= self._moment() else now - _DAY).date().isoformat()
        waiting, put_in = await self._waiting(before), 0
        for begin in range(0, len(waiting), _AT_ONCE):
            put_in += await self._put_in(waiting[begin : begin + _AT_ONCE])
        return put_in

    async def sweep(self) -> None:
        """Take away the boxes of terms that began four years ago, with their letters, and wraps of who opens none now.

        Raises:
            Conflict: Letters were put in at the same moment; it is done at the next look.
            Tampered: The register, the roster or a box is not the one that was written; nothing more is taken away.
            Unavailable: The database or the register cannot be read or written; what is gone stays gone.
        """
        await self._take_away_wraps()
        old = (self._core.now() - KEPT).date().isoformat()
        async with self._core.read(once=True) as connection:
            found = (await connection.execute(select(boxes.c.site, boxes.c.term).where(boxes.c.term < old))).all()
        if not found:
            return
        names = {box_name(site, term) for site, term in found}
        self._core.register.change(lambda noted: replace(noted, floors=_without(noted.floors, names)))
        terms = {term for _, term in found}
        gone = [Delete(table, {"term": term}) for table in (box_letters, box_marks) for term in sorted(terms)]
        await self._core.commit(*gone, *(Delete(boxes, {"site": site, "term": term}) for site, term in found))

    async def _take_away_wraps(self) -> None:
        """Take from each box the wraps of leads who were shut out, or are in another role, or at another site, now.

        What is wrapped for nobody's key of now stays only while one of those who open the box renews her keys.
        """
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            rows = await all_rows(connection, select(boxes))
        for row in rows:
            gone = _gone(roster, row["site"], holders_of(row["wraps"]))
            if gone:
                box = read_box(self._core, row)
                after, changed = changed_box_row(self._core.server_key, box, wraps=without_holders(box.wraps, gone))
                await self._core.commit(changed)
                self._core.register.note_floor(after.name, after.version)

    def _moment(self) -> datetime:
        """Give the time of today at which letters of before today are put in, to the second (aware, UTC)."""
        today = self._core.day_keys.today()
        seconds = int.from_bytes(today.mark("letters")[:8], "big") % int(_DAY.total_seconds())
        return datetime.combine(today.day, time(), UTC) + timedelta(seconds=seconds)

    async def _waiting(self, before: str) -> list[Pending]:
        """Give what was said before a day, in no order."""
        async with self._core.read(once=True) as connection:
            rows = await all_rows(connection, select(pending_letters).where(pending_letters.c.day < before))
        found = list(self._letterbox.opened(rows))
        self._chance.shuffle(found)
        return found

    async def _put_in(self, waiting: Sequence[Pending]) -> int:
        known = await self._known(waiting)
        by_box: defaultdict[tuple[str, str], list[Pending]] = defaultdict(list)
        for one in waiting:
            by_box[one.site, one.term].append(one)
        gone: list[Row] = []
        put, changed = list[Row](), list[BoxRow]()
        for (site, term), some in by_box.items():
            new = {one.mark: one for one in some if one.mark not in known}  # once, where it was said in two places
            with suppress(Tampered):  # counted; then what belongs to that box waits
                box, rows = await self._into(site, term, list(new.values()))
                gone += (Delete(pending_letters, {"id": one.id}) for one in some)
                put += rows
                changed += [box] if box is not None else []
        self._chance.shuffle(put)
        await self._core.commit(*gone, *put)
        for box in changed:
            self._core.register.note_floor(box.name, box.version)
        self._letterbox.forget([one.mark for one in waiting])
        return len(gone)

    async def _into(self, site: str, term: str, some: Sequence[Pending]) -> tuple[BoxRow | None, list[Row]]:
        async with self._core.read() as connection:
            box = await find_box(self._core, connection, site, term)
        if box is None or not some:  # its time was over meanwhile; or all of it was put in before
            return None, []
        written = [one for one in some if one.sealed]
        asked = box.asked + sum(one.asked for one in some)
        after, row = changed_box_row(self._core.server_key, box, asked=asked, letters=box.letters + len(written))
        marks: list[Row] = [Insert(box_marks, {"mark": one.mark, "term": term}) for one in some]
        put: list[Row] = [
            Insert(box_letters, {"id": os.urandom(16).hex(), "site": site, "term": term, "sealed": one.sealed})
            for one in written
        ]
        return after, [row, *marks, *put]

    async def _known(self, waiting: Sequence[Pending]) -> frozenset[bytes]:
        asked = select(box_marks.c.mark).where(box_marks.c.mark.in_([one.mark for one in waiting]))
        async with self._core.read(once=True) as connection:
            return frozenset((await connection.execute(asked)).scalars())


def _gone(roster: Roster, site: str, held: frozenset[KeyId]) -> frozenset[KeyId]:
    """Give those of the keys that a box is wrapped for which are of nobody who opens it now."""
    there = roster.keys_of(site, HOLDERS)
    others = held - {key_id(public) for public in there}
    if any(lead.former_seed is not None and lead.public in there for lead in roster.leads.values()):
        return others & {lead.key_id for lead in roster.leads.values()}
    return others


def _without(floors: Mapping[str, int], names: Collection[str]) -> dict[str, int]:
    return {name: version for name, version in floors.items() if name not in names}
