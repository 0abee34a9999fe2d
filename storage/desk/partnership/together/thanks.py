"""Thanks to a colleague or a partner: short, sealed for her alone, and gone once she has read it.

Who thanks whom stands in no row: author and signature are inside the seal, and the row tells for which key it is.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from flows.cases.roles import is_for
from flows.values.ids import READING, LeadId
from storage.cases.answers_json import as_json
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import is_bound
from storage.database.schema.together import letters
from storage.database.turn import Cell, Delete, Insert, Logged
from storage.desk.partnership.together.known_names import KnownNames
from storage.leads.roster.roster import Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.keys.thread_keys import (
    new_thread_key,
    open_thread,
    open_writing,
    seal_writing,
    wrap_thread,
    wrapped_for,
)
from storage.sealing.primitives.errors import CannotOpen, NotGenuine
from storage.sealing.primitives.signing import sign, verify
from storage.values import Arrival, LeadCard
from storage.values.errors import NotOffered, SessionOver

#: What the column `kind` holds.
THANKS: Final = "thanks"
#: How the month is written in which it was said.
MONTH: Final = "%Y-%m"
#: How long thanks wait that nobody reads.
UNREAD_FOR: Final = timedelta(days=92)
#: Characters.
LONGEST: Final = 300
#: Thanks that wait for one person.
MOST: Final = 20
#: A letter is sealed as a thread of one writing, which has this number.
ONLY: Final = 0
_SIGNED: Final = "thanks/1"
_RULE: Final = "thank"


@dataclass(frozen=True, slots=True)
class Thanked:
    """One that waits: its id, by whom, and the words."""

    id: str
    by: str
    text: str = field(repr=False)


class Thanking:
    """Keeps and gives thanks.

    Every method raises `SessionOver` once the session has ended, `NotOffered` where it is not for the lead's role,
    `Tampered` where the roster is not the one that was kept, and `Unavailable` where the database cannot be read or
    written.
    """

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions, names: KnownNames) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions
        self._names = names

    async def offered(self, session: LeadSession) -> tuple[LeadCard, ...]:
        """Give whom she can thank, by name: the leads of her site and, if she is one, its partners."""
        roster = await self._rosters.read()
        self._sessions.require_lead(session, roster.card(session.lead.id), _RULE)
        leads = is_for(session.lead.role, "begin_goal")
        here = [one.card for one in roster.leads.values() if one.site == session.lead.site and not one.disabled]
        fitting = (one for one in here if one.role in READING or (leads and one.role == "partner"))
        return tuple(sorted((one for one in fitting if one.id != session.lead.id), key=lambda one: one.name))

    async def say(self, session: LeadSession, arrival: Arrival, to: LeadId, text: str) -> None:
        """Keep thanks for somebody until she has read it.

        Raises:
            SessionOver: The session has ended; nothing was kept.
            NotOffered: It is not for the role, or for nobody whom she can thank; there are no words, more than 300
                characters, or the name of somebody in a case; or 20 wait for her already.
            AlreadySeen: The update was committed before.
        """
        named = to in {one.id for one in await self.offered(session)}
        if not named or not 0 < len(text) <= LONGEST or await self._names.are_in(session, text, people_only=True):
            raise NotOffered
        roster, author = await self._rosters.read(), session.author
        if author is None:
            raise SessionOver
        reader = roster.leads[to]
        waiting = [row for row in await self._rows(session) if reader.key_id in wrapped_for(row["wraps"])]
        if len(waiting) >= MOST:
            raise NotOffered
        letter, key = os.urandom(16).hex(), new_thread_key()
        signature = sign(author.signing_seed, _SIGNED, letter, to, text).hex()
        said = as_json({"by": author.id, "text": text, "signature": signature})
        values: dict[str, Cell] = {
            "id": letter,
            "kind": THANKS,
            "site": session.lead.site,
            "period": self._core.now().strftime(MONTH),
            "wraps": wrap_thread((reader.public,), letter, key),
            "sealed": seal_writing(key, letter, ONLY, said),
        }
        logged = Logged(self._core.hour(), session.lead.id, THANKS)
        await self._core.commit(*self._core.marks.seen_rows(arrival), Insert(letters, values), logged)

    async def waiting(self, session: LeadSession) -> tuple[Thanked, ...]:
        """Give the thanks that wait for her, in no order. What is not genuine is counted, and left out."""
        roster = await self._rosters.read()
        self._sessions.require_lead(session, roster.card(session.lead.id), _RULE)
        found = [self._opened(session, roster, row) for row in await self._rows(session)]
        return tuple(one for one in found if one is not None)

    async def read(self, session: LeadSession, arrival: Arrival, shown: Collection[str]) -> None:
        """Delete those of her thanks that were shown.

        Raises:
            SessionOver: The session has ended; nothing was deleted.
            AlreadySeen: The update was committed before.
        """
        own = [one.id for one in await self.waiting(session) if one.id in shown]
        await self._core.commit(*self._core.marks.seen_rows(arrival), *(Delete(letters, {"id": one}) for one in own))

    async def _rows(self, session: LeadSession) -> list[dict[str, Any]]:
        asked = select(letters).where(letters.c.kind == THANKS, letters.c.site == session.lead.site)
        async with self._core.read(once=True) as connection:
            return await all_rows(connection, asked)

    def _opened(self, session: LeadSession, roster: Roster, row: Mapping[str, Any]) -> Thanked | None:
        """Open one; None where it is for somebody else, or is not genuine."""
        if not is_bound(self._core.server_key, letters, row):
            self._core.forgeries.record()
            return None
        letter = row["id"]
        try:
            key = open_thread(session.private_keys, letter, row["wraps"])
            if key is None:
                return None
            said = json.loads(open_writing(key, letter, ONLY, row["sealed"]))
        except CannotOpen:
            self._core.forgeries.record()
            return None
        for public in roster.signers(b"").get(said["by"], ()):
            with suppress(NotGenuine):
                verify(public, bytes.fromhex(said["signature"]), _SIGNED, letter, session.lead.id, said["text"])
                return Thanked(letter, roster.leads[LeadId(said["by"])].name, said["text"])
        self._core.forgeries.record()
        return None
