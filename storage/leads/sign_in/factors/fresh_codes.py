"""A fresh code of a lead's authenticator at an open desk, for one deed that is sensitive (decision 24)."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from sqlalchemy import select

from flows.values.ids import LeadId
from storage.core.core import StoreCore, one_row
from storage.database.schema.leads import leads
from storage.database.turn import Update
from storage.leads.roster.roster import Lead, Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.factors.factors import totp_secret
from storage.leads.sign_in.factors.spare_codes import spend, spent_rows
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.leads.sign_in.throttle import Throttle
from storage.leads.sign_in.unlock_records import STATE, is_state_row, state_columns, state_name
from storage.sealing.totp import verify_totp
from storage.values import Arrival
from storage.values.errors import Conflict, NotUnlocked, Throttled

_NEVER_USED: Final = -1


class FreshCodes:
    """Judges codes typed at an open desk, spare ones too. Wrong ones slow down codes there alone, never an unlock."""

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions, steps: dict[LeadId, int]) -> None:
        """`steps` are those that served in this process, by lead: the same as unlocks have (`Unlocks.steps`)."""
        self._core = core
        self._rosters = rosters
        self._sessions = sessions
        self._steps = steps
        self._tries = Throttle()
        self._misses: Counter[LeadId] = Counter()

    async def give(self, session: LeadSession, arrival: Arrival, code: str) -> None:
        """Judge a code, and use its step up; see `Leads.fresh_code`.

        The try is counted and the update committed as seen before anything is judged. A code that serves is on disk
        before this returns, and the session may then do one deed that takes one (`Sessions.take_code_for`).

        Raises:
            NotUnlocked: The code is wrong, or was used. The update is kept as seen.
            Throttled: Too many wrong codes of this lead; nothing was judged or kept.
            SessionOver: The session has ended, or the lead was shut out.
            AlreadySeen: The update was committed before.
            Tampered: The roster, the register, or the lead's own row is not genuine.
            Unavailable: The database, or the register, cannot be read or written.
        """
        roster = await self._rosters.read()
        self._sessions.require_present(session, roster.card(session.lead.id))
        lead, now = roster.leads[session.lead.id], self._core.now()
        if (until := self._tries.blocked(lead.id, now)) is not None:
            raise Throttled(until)
        self._tries.miss(lead.id, now)
        self._misses[lead.id] += 1
        await self._core.commit(*self._core.marks.seen_rows(arrival))
        row = await self._state(lead.id)
        last = max(row["totp_step"], self._steps.get(lead.id, _NEVER_USED))
        step = verify_totp(totp_secret(self._core, lead), code, now.timestamp(), last)
        try:
            if step is None:
                await self._spend(roster, lead, code)
            else:
                await self._use_up(lead, row, step)
        except Conflict:  # another process took a code of hers at the same moment
            raise NotUnlocked from None
        self._tries.forget(lead.id)
        self._misses[lead.id] -= 1
        self._sessions.give_code(session)

    def take_unreported(self, lead: LeadId) -> int:
        """Give how many wrong codes were typed at desks of a lead that she was not told of, and count them as told.

        They are in memory: those of before a restart are told by nobody.
        """
        return self._misses.pop(lead, 0)

    async def _use_up(self, lead: Lead, row: dict[str, Any], step: int) -> None:
        self._steps[lead.id] = step
        values = state_columns(self._core, lead.id, step, row["chat"], row["unlocked_day"], row["places"])
        await self._core.commit(Update(leads, {"id": lead.id}, values, {"totp_step": row["totp_step"]}))
        self._core.register.note_floor(state_name(lead.id), step)

    async def _spend(self, roster: Roster, lead: Lead, code: str) -> None:
        left = spend(self._core, lead, code)
        if left is None:
            raise NotUnlocked
        await self._core.commit(*spent_rows(self._core, self._rosters, roster, lead, left))
        self._rosters.note(roster.version + 1)

    async def _state(self, lead: LeadId) -> dict[str, Any]:
        # The floor first: another desk of hers may use a code up while the row is read.
        floor = self._core.register.floor(state_name(lead))
        async with self._core.read() as connection:
            row = await one_row(connection, select(*STATE).where(leads.c.id == lead))
        if row is None or not is_state_row(self._core.server_key, row) or row["totp_step"] < floor:
            raise self._core.forgeries.record()
        return row
