"""The board of a site as it is kept: public by intention, and yet bound and signed by the two who stand for it.

A draft is a thread, sealed for the site's leads, until a second lead says yes. What stands is one row for a site, in
clear under the server's MAC with a version in the register; this process knows it from its start on.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select

from flows.conversation.explanation import takes_two
from flows.together.board import LEAST_CASES, LONGEST, MOST, Behind, Draft, counts, draft_of, is_waiting, may_publish
from flows.values.ids import READING, SiteId
from storage.cases.answers_json import Object, as_json
from storage.cases.loaded import Loaded
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import is_bound, mac_of
from storage.database.schema.cases import cases, readers
from storage.database.schema.together import boards
from storage.database.turn import Cell, Insert, Row, Update
from storage.deeds.loading import QUEUED, load_all
from storage.desk.partnership.together.known_names import KnownNames
from storage.desk.partnership.together.thread_rows import ThreadId, require
from storage.desk.partnership.together.threads import Thread, Threads
from storage.leads.roster.roster import Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.primitives.errors import NotGenuine
from storage.sealing.primitives.signing import sign, verify
from storage.values import Arrival, LeadCard
from storage.values.errors import NotOffered, SessionOver, Tampered

_RULE: Final = "board"
_SIGNED: Final = "board/1"
_PARTS: Final = ("drafted", "approved")
_MOST_NAMED: Final = 50  # references that are looked up at once


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands on a board: what was said and done, since which day, by whom, and both signatures in hex."""

    id: str
    said: str
    did: str
    day: str
    drafted: str
    approved: str
    signatures: tuple[str, str]


class Board:
    """Drafts and entries of boards.

    Every method that takes a session raises `SessionOver` once it has ended, `NotOffered` where it is not for the
    lead's role, `Tampered` where a row, the roster or the register is not what was kept, and `Unavailable` where the
    database or the register cannot be read or written.
    """

    def __init__(
        self, core: StoreCore, rosters: Rosters, sessions: Sessions, threads: Threads, names: KnownNames
    ) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions
        self._threads = threads
        self._names = names
        #: What everybody may read of each site that has something to show, the newest first: every turn looks here.
        self.standing: dict[SiteId, tuple[Entry, ...]] = {}
        self._versions: dict[SiteId, int] = {}

    async def begin(self) -> None:
        """Read what stands on all boards; what is not genuine is counted, and stands nowhere.

        Raises:
            Tampered: The roster, or the register, is not the one that was kept.
            Unavailable: The database, or the register, cannot be read.
        """
        roster = await self._rosters.read()
        async with self._core.read() as connection:
            rows = await all_rows(connection, select(boards))
        for row in rows:
            with suppress(Tampered):
                self._take(roster, row)

    async def drafts(self, session: LeadSession) -> tuple[Draft, ...]:
        """Give the drafts of her site that wait for a second lead, the oldest first."""
        found = [draft_of(one.id, one.written) for one in await self._threads.read(session, "board", _RULE)]
        now = self._core.now()
        waiting = (one for one in found if is_waiting(one, now))
        return tuple(sorted(waiting, key=lambda one: (one.proposal.at, one.id)))

    async def counted(self, session: LeadSession, references: Collection[str]) -> int:
        """Tell how many of these cases may stand behind an entry: closed, hers, quiet for 30 days, kept from nobody.

        One that is foreign, unknown, open or kept from somebody is one that does not count, without a reason.
        """
        own = QUEUED.where(
            readers.c.lead_id == session.lead.id, cases.c.reference.in_(sorted(references)[:_MOST_NAMED])
        )
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            self._sessions.require_lead(session, roster.card(session.lead.id), _RULE)
            loaded, _ = await load_all(self._core, connection, session, await all_rows(connection, own))
        now = self._core.now()
        return sum(counts(_behind(one), now) for one in loaded)

    async def draft(
        self, session: LeadSession, arrival: Arrival, said: str, did: str, references: Collection[str]
    ) -> None:
        """Keep a draft for the leads of her site, and tell the others that something waits.

        Raises:
            SessionOver: The session has ended; nothing was kept.
            NotOffered: It is not for the role; something is left out, longer than 300 characters, or names somebody; or
                fewer than five of the cases count.
            AlreadySeen: The update was committed before.
        """
        fitting = 0 < len(said) <= LONGEST and 0 < len(did) <= LONGEST
        if not fitting or await self._names.are_in(session, said, did):
            raise NotOffered
        if await self.counted(session, references) < LEAST_CASES:
            raise NotOffered
        signature = _sign(session, "drafted", said, did)
        written: Object = {"kind": "draft", "said": said, "did": did, "signature": signature}
        told = self._told(await self._rosters.read(), session)
        await self._threads.begin(session, arrival, "board", _RULE, written, also=told)

    async def publish(self, session: LeadSession, arrival: Arrival, draft: str) -> None:
        """Put a draft of somebody else's onto the board, where it is the newest; the oldest goes beyond twelve.

        Raises:
            SessionOver: The session has ended; nothing was kept.
            NotOffered: There is none that waits, she drafted it herself, the one who did is not in any more, or it
                names somebody whom she knows of.
            Tampered: Whoever drafted it has not signed these words; or as every method.
            AlreadySeen: The update was committed before.
            Conflict: The board, or the draft, was changed at the same moment; nothing was kept.
        """
        found = next((one for one in await self.drafts(session) if one.id == draft), None)
        if found is None or await self._names.are_in(session, found.said, found.done):
            raise NotOffered
        site, roster = session.lead.site, await self._rosters.read()
        both = (found.signature.hex(), _sign(session, "approved", found.said, found.done))
        day = self._core.now().date().isoformat()
        entry = Entry(found.id, found.said, found.done, day, found.proposal.by, session.lead.id, both)
        try:
            _prove(roster, site, entry)
        except NotGenuine:  # she who drafted it signed something else
            raise self._core.forgeries.record() from None
        row, version, entries = self._row(site, (entry, *self.standing.get(site, ()))[:MOST])

        def writing(thread: Thread, card: LeadCard) -> Sequence[Object] | None:
            now, members = self._core.now(), thread.members.keys()
            fits = may_publish(draft_of(thread.id, thread.written), card.id, members, now)
            return [{"kind": "published"}] if fits else None

        thread = ThreadId(draft)
        require(await self._threads.add(session, arrival, thread, "board", _RULE, writing, also=(row,)))
        self._note(site, version, entries)

    async def refuse(self, session: LeadSession, arrival: Arrival, draft: str) -> None:
        """End a draft that waits; also one's own.

        Raises:
            SessionOver: The session has ended; nothing was kept.
            NotOffered: There is none that waits.
            AlreadySeen: The update was committed before.
            Conflict: Somebody else did something to it at the same moment, again and again.
        """

        def writing(thread: Thread, _: LeadCard) -> Sequence[Object] | None:
            return [{"kind": "refused"}] if draft_of(thread.id, thread.written).waits else None

        require(await self._threads.add(session, arrival, ThreadId(draft), "board", _RULE, writing))

    async def take_down(self, session: LeadSession, arrival: Arrival, entry: str) -> None:
        """Take an entry off the board of her site; one lead is enough.

        Raises:
            SessionOver: The session has ended; nothing changed.
            NotOffered: It does not stand there, or it is not for the role.
            AlreadySeen: The update was committed before.
            Conflict: The board was changed at the same moment; nothing changed.
        """
        roster, site = await self._rosters.read(), session.lead.site
        self._sessions.require_lead(session, roster.card(session.lead.id), _RULE)
        left = tuple(one for one in self.standing.get(site, ()) if one.id != entry)
        if left == self.standing.get(site, ()):
            raise NotOffered
        row, version, entries = self._row(site, left)
        await self._core.commit(*self._core.marks.seen_rows(arrival), row)
        self._note(site, version, entries)

    def _take(self, roster: Roster, row: Mapping[str, Any]) -> None:
        site = SiteId(row["site"])
        if not is_bound(self._core.server_key, boards, row):
            raise self._core.forgeries.record()
        self._core.register.require_floor(board_name(site), row["version"])
        entries = tuple(Entry(**{**one, "signatures": tuple(one["signatures"])}) for one in json.loads(row["entries"]))
        try:
            for one in entries:
                _prove(roster, site, one)
        except NotGenuine:
            raise self._core.forgeries.record() from None
        self.standing[site], self._versions[site] = entries, row["version"]

    def _row(self, site: SiteId, entries: tuple[Entry, ...]) -> tuple[Row, int, tuple[Entry, ...]]:
        before = self._versions.get(site, 0)
        version = max(before, self._core.register.floor(board_name(site))) + 1
        cells: dict[str, Cell] = {
            "site": site,
            "version": version,
            "entries": as_json([asdict(one) for one in entries]),
        }
        if not before:
            return Insert(boards, cells), version, entries
        values = {**cells, "mac": mac_of(self._core.server_key, boards, cells)}
        return Update(boards, {"site": values.pop("site")}, values, {"version": before}), version, entries

    def _note(self, site: SiteId, version: int, entries: tuple[Entry, ...]) -> None:
        self.standing[site], self._versions[site] = entries, version
        self._core.register.note_floor(board_name(site), version)

    def _told(self, roster: Roster, session: LeadSession) -> tuple[Row, ...]:
        here = (one for one in roster.leads.values() if one.site == session.lead.site and not one.disabled)
        told = sorted(one.id for one in here if one.role in READING and one.id != session.lead.id)
        return self._threads.notices("board", told)


def board_name(site: str) -> str:
    """Give what the register calls the board of a site."""
    return f"board {site}"


def _behind(one: Loaded) -> Behind:
    seen = one.glance
    kept_from = bool(seen.excluded or seen.withheld or seen.kept_out)
    adult = takes_two(seen.chosen, seen.categories, unsure=seen.unsure)
    touched = datetime.fromtimestamp(one.clear.touched_hour, UTC)
    return Behind(one.clear.status == "closed", touched, kept_from, adult)


def _sign(session: LeadSession, part: str, said: str, did: str) -> str:
    author = session.author
    if author is None:
        raise SessionOver
    return sign(author.signing_seed, _SIGNED, session.lead.site, part, said, did).hex()


def _prove(roster: Roster, site: SiteId, entry: Entry) -> None:
    """Return quietly if both leads have signed an entry of a site."""
    for part, lead, signature in zip(_PARTS, (entry.drafted, entry.approved), entry.signatures, strict=True):
        for public in roster.signers(b"").get(lead, ()):
            with suppress(NotGenuine):
                verify(public, bytes.fromhex(signature), _SIGNED, site, part, entry.said, entry.did)
                break
        else:
            raise NotGenuine
