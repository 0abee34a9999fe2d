"""A lead's index of names: opened after unlocking, brought up to her cases in slices, asked, and kept sealed.

Whatever is asked costs the same statements: how her queue stands, and where that changed the list of her cases and the
reading of those that are new or have changed. Whether a name is there is found in memory.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from flows.cases.people import Person, Tie, judged, links
from storage.cases.access import Access, open_wrap
from storage.cases.people.name_index import Hit, NameIndex, read_segment, segment_of, segment_row
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import is_bound
from storage.database.schema.cases import cases, entries, readers
from storage.database.schema.leads import name_segments
from storage.database.turn import Delete, Row
from storage.deeds.loading import prove_all
from storage.desk.names.tagging import indexed_case, tags_of
from storage.desk.queue.header_refresh import open_entries
from storage.desk.queue.listed_cases import listed_cases
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.keys.case_keys import CaseKeys, Wrap
from storage.sealing.keys.lead_keys import LeadKeys
from storage.sealing.primitives.errors import CannotOpen
from storage.values import CaseId
from storage.values.errors import Conflict, NoSuchCase, NotOffered, SessionOver, Tampered

_AT_ONCE: Final = 10  # cases read by one statement, and checked in one go
_ASKED: Final = 500  # cases that one statement asks the number of entries of
_KEPT_EVERY: Final = 500  # cases, so that a lock in between loses little
#: What changes with each change of her cases, whichever process makes it.
_STATE: Final = select(func.count(), func.sum(readers.c.version)).where(readers.c.lead_id == bindparam("lead"))
_COUNTED: Final = select(cases.c.id, cases.c.entries).where(cases.c.id.in_(bindparam("ids", expanding=True)))
_SAID: Final = (
    select(entries)
    .where(entries.c.case_id.in_(bindparam("ids", expanding=True)))
    .order_by(entries.c.case_id, entries.c.number)
)
_KEPT: Final = select(name_segments).where(name_segments.c.lead_id == bindparam("lead"))
_STORED: Final = select(name_segments.c.segment).where(name_segments.c.lead_id == bindparam("lead"))


@dataclass(frozen=True, slots=True)
class Linked:
    """Another case that belongs to one, and how."""

    case: CaseId
    reference: str
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True)
class Together:
    """What goes across cases for one: whose name is in others too, not judged yet; who is the same; what is linked.

    Each of the first two is a number of somebody in this case, and where the name is met. `numbers` are all who are in
    it by now.
    """

    open: tuple[tuple[int, Hit], ...] = ()
    same: tuple[tuple[int, Hit], ...] = ()
    linked: tuple[Linked, ...] = ()
    numbers: frozenset[int] = frozenset()


class Names:
    """What a lead's index tells; nothing of it is of a case that she cannot open.

    Every method raises `SessionOver` once the session has ended, `NotOffered` where it is not for the lead's role,
    `Tampered` where the roster is not the one that was kept, and `Unavailable` where the database does not answer.
    """

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def find(self, session: LeadSession, name: str) -> tuple[Hit, ...]:
        """Give everybody in her cases who may bear a name, by reference.

        A surname that is the same is enough where one of both has no given name; else the initial is the same too.
        Whether there is anybody makes no difference to what is read. Nobody is found by one letter.

        Raises:
            SessionOver: The session has ended.
            NotOffered: It is not for the lead's role.
        """
        index = await self.index(session)
        return index.hits(tags_of(session.open_keys(), name))

    async def together(self, session: LeadSession, case: CaseId, there: Sequence[Person]) -> Together:
        """Give what goes across cases for one of hers. With 50,000 tags and ten names some 10 ms.

        Args:
            session: Whose.
            case: Which.
            there: Who is in it, as it was opened.

        Raises:
            NoSuchCase: It is not hers.
            SessionOver: The session has ended.
            NotOffered: It is not for the lead's role.
        """
        index, keys = await self.index(session), session.open_keys()
        if case not in index.entries:
            raise NoSuchCase
        said = index.said_of(case)
        known = judged(said)
        met = [(one.number, hit) for one in there for hit in index.hits(tags_of(keys, one.name)) if hit.case != case]
        same = [one for one in met if known.get((one[0], one[1].case, one[1].number))]
        asked = [one for one in met if (one[0], one[1].case, one[1].number) not in known]
        linked = (
            Linked(other.case, other.reference, ties)
            for one, ties in links(said).items()
            if (other := index.case(CaseId(one))) is not None
        )
        return Together(tuple(asked), tuple(same), tuple(linked), index.numbers(case))

    async def index_opened(self) -> None:
        """Read who is in the cases of each lead whose desk was opened, where that was not done since.

        For the watch loop: between two cases it gives way to everything else. It uses no session.
        """
        for session in list(self._sessions.by_address.values()):
            if session.is_open and session.names is None:
                with suppress(SessionOver, NotOffered):
                    await self.index(session, used=False)

    async def index(self, session: LeadSession, *, used: bool = True) -> NameIndex:
        """Give her index as her cases are now; between two cases other tasks run. `used`: as `Sessions.require`.

        After unlocking it is opened first: some 10 ms with 50,000 tags. A case that is new, or in which something was
        written, is read (1 to 2 ms); one that she may not open any more goes. What changed is kept.

        Raises:
            SessionOver: The session has ended, perhaps meanwhile; what was kept until then stays.
            NotOffered: It is not for the lead's role.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read or written.
        """
        roster = await self._rosters.read()
        self._sessions.require_lead(session, roster.card(session.lead.id), "find", used=used)
        async with session.indexing:
            while await self._round(session):
                pass
            if session.names is None:
                raise SessionOver
            return session.names

    async def _round(self, session: LeadSession) -> bool:
        """Bring it up to the list of her cases; whether anything was changed, so that the list has to be read again."""
        keys = session.open_keys()
        index = session.names or await self._opened(session, keys)
        state, new = await self._compare(session, index)
        for begin in range(0, len(new), _AT_ONCE):
            await self._take(session, keys, index, new[begin : begin + _AT_ONCE])
            if begin and begin % _KEPT_EVERY == 0:
                await self._keep(session, keys, index)
        session.require_keys(keys)
        session.names, index.state = index, state
        if not index.changed and index.depth >= 0:
            return False
        return await self._keep(session, keys, index)

    async def _compare(self, session: LeadSession, index: NameIndex) -> tuple[tuple[object, ...], list[CaseId]]:
        """Drop what is not hers any more or has further entries; give how her queue stands, and what is to be read.

        Her cases are listed only where something was written to her queue since: they cost some 10 ms at 5,000, in
        slices of 500.
        """
        written = self._core.queue_changes[session.lead.id]
        async with self._core.read() as connection:
            state = (written, *(await connection.execute(_STATE, {"lead": session.lead.id})).one())
            if state == index.state:
                return state, []
            listed = await listed_cases(connection, session.lead.id)
            newer = {case: version for case, version in listed.items() if index.versions.get(case) != version}
            ids, counts = list(newer), dict[str, int]()
            for begin in range(0, len(ids), _ASKED):
                asked = {"ids": ids[begin : begin + _ASKED]}
                counts |= {row.id: row.entries for row in await connection.execute(_COUNTED, asked)}
        for case in index.entries.keys() - listed.keys():
            index.drop(case)
        for case, version in newer.items():
            if index.entries.get(case) == counts.get(case):
                index.versions[case] = version
            else:
                index.drop(case)
        return state, [case for case in newer if case not in index.entries]

    async def _opened(self, session: LeadSession, keys: LeadKeys) -> NameIndex:
        """Open what was kept. A segment that does not open is made again: her keys were renewed, or it was spoilt."""
        lead, kept, whole = session.lead.id, {}, True
        async with self._core.read() as connection:
            rows = await all_rows(connection, _KEPT, {"lead": lead})
        for row in rows:
            try:
                if not is_bound(self._core.server_key, name_segments, row):
                    raise self._core.forgeries.record()
                kept[row["segment"]] = read_segment(keys, lead, row["segment"], row["sealed"])
            except (Tampered, CannotOpen):
                whole = False
            await asyncio.sleep(0)
        index = NameIndex(kept)
        if not whole:
            index.depth = -1
        return index

    async def _take(self, session: LeadSession, keys: LeadKeys, index: NameIndex, ids: Sequence[CaseId]) -> None:
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            proved = await prove_all(self._core, connection, session, ids)
            rows = await all_rows(connection, _SAID, {"ids": [one.clear.id for one in proved]}) if proved else []
        said: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            said[row["case_id"]].append(row)

        def opened(access: Access, own: Wrap) -> CaseKeys:
            return open_wrap(access, session.private_keys[own.key_id], own)

        for one in proved:
            session.require_keys(keys)
            with suppress(Tampered):  # counted; it is told when somebody opens it
                loaded = one.opened(self._core, session.lead.id, opened)
                every = open_entries(self._core, loaded, roster, said[one.clear.id])
                index.put(indexed_case(keys, one.clear, every), one.clear.version)
            await asyncio.sleep(0)

    async def _keep(self, session: LeadSession, keys: LeadKeys, index: NameIndex) -> bool:
        """Keep what changed, in one turn. Where another desk of hers writes at once it is kept the next time: false."""
        session.require_keys(keys)
        lead, parted = session.lead.id, index.parted()
        async with self._core.read(once=True) as connection:
            stored = set((await connection.execute(_STORED, {"lead": lead})).scalars())
        depth = len(next(iter(parted), ""))
        dirty = {segment_of(case, depth) for case in index.changed} if depth == index.depth else parted.keys()
        dirty = dirty & parted.keys() | parted.keys() - stored
        rows: list[Row] = [segment_row(keys, lead, one, parted[one], new=one not in stored) for one in sorted(dirty)]
        rows += (Delete(name_segments, {"lead_id": lead, "segment": one}) for one in sorted(stored - parted.keys()))
        before = set(index.changed)
        try:
            await self._core.commit(*rows)
        except Conflict:
            return False
        index.changed -= before
        index.depth = depth
        return True
