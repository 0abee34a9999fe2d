"""Saying of two cases that they belong together, or of somebody that it is the same person: half an entry in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flows.cases.people import Tie, Tied, judged, links
from flows.cases.roles import may
from storage.cases import entry_content
from storage.cases.entries import Author, Said, append
from storage.cases.loaded import Loaded
from storage.cases.people.name_index import NameIndex
from storage.cases.people.ties import TIED, Tying, split
from storage.cases.rows.case_row import change_rows
from storage.core.core import StoreCore
from storage.database.turn import Logged, Row
from storage.deeds.loading import load_one
from storage.desk.names.indexing import Names
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.values import Arrival, CaseId
from storage.values.errors import Conflict, NotOffered, SessionOver

_TRIES: Final = 8


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cases, and somebody in each by number where it is said of people; 0 where it is said of the cases."""

    one: CaseId
    other: CaseId
    here: int = 0
    there: int = 0


class Tyings:
    """Writes both halves in one turn."""

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions, names: Names) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions
        self._names = names

    async def tie(self, session: LeadSession, arrival: Arrival, pair: Pair, tie: Tie) -> None:
        """Say it in both cases, signed; whoever opens one of them alone is shown nothing of it. Nobody is told.

        The version by which leads' actions are told from each other stays, as does what either case shows. What was
        said before is not said again: only the update is committed as seen.

        Raises:
            NotOffered: It is one case, nobody has such a number, or it is not for the lead.
            NoSuchCase: One of them does not exist, or not for this lead.
            Tampered: One of them, or the roster, is not genuine; nothing changed.
            SessionOver: The session has ended.
            AlreadySeen: The update was committed before.
            Conflict: Others wrote at the same moment, eight times; nothing changed.
            Unavailable: It cannot be read or written; nothing changed.
        """
        if pair.one == pair.other:
            raise NotOffered
        index = await self._names.index(session)
        seen = self._core.marks.seen_rows(arrival)
        if not _is_new(index, pair, tie):
            await self._core.commit(*seen)
            return
        for left in reversed(range(_TRIES)):
            try:
                await self._commit(session, seen, pair, tie)
            except Conflict:
                if not left:
                    raise
            else:
                return

    async def _commit(self, session: LeadSession, seen: tuple[Row, ...], pair: Pair, tie: Tie) -> None:
        both = sorted(((pair.one, pair.here), (pair.other, pair.there)))
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            card = self._sessions.require_lead(session, roster.card(session.lead.id), "link")
            loaded = [await load_one(self._core, connection, session, case) for case, _ in both]
        if any(may(card.role, "link", one.relation) is None for one in loaded):
            raise NotOffered
        if session.author is None:
            raise SessionOver
        halves = split(Tying(tie, both[0][1], both[1][1]))
        rows = [row for one, half in zip(loaded, halves, strict=True) for row in self._half(one, session.author, half)]
        # Of no case: whoever reads one of them alone would read the line.
        logged = Logged(self._core.hour(), session.lead.id, TIED)
        await self._core.commit(*seen, *rows, logged, self._rosters.unchanged(roster))

    def _half(self, loaded: Loaded, author: Author, half: dict[str, str]) -> tuple[Row, ...]:
        clear = loaded.clear
        said = Said("desk", entry_content.action(TIED, half, clear.desk_version, self._core.now()))
        after, entry = append(clear, loaded.keys, author, said, self._core.hour())
        return (entry, *change_rows(self._core, clear, after))


def _is_new(index: NameIndex, pair: Pair, tie: Tie) -> bool:
    """Whether it fits, and was not said before.

    Raises:
        NotOffered: Nobody has such a number.
    """
    said = index.said_of(pair.one)
    if tie in {"same", "different"}:
        for case, number in ((pair.one, pair.here), (pair.other, pair.there)):
            if case in index.entries and number not in index.numbers(case):
                raise NotOffered
        return (pair.here, pair.other, pair.there) not in judged(said)
    stands = links(said).get(pair.other, ())
    return bool(stands) if tie == "apart" else Tied(pair.other, tie).tie not in stands
