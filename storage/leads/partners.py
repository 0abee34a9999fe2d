"""Partners from outside, as leads decide it: by an agreement of two, ended by one, by its time, or by quiet days.

See decision 37.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Final

from sqlalchemy import select

from flows.cases.approvals import Proposal, stands
from flows.cases.roles import time_for
from flows.together.partners import Agreement, fits, is_over
from flows.values.ids import LeadId
from storage.core.core import all_rows
from storage.database.schema.leads import leads
from storage.database.schema.notices import outbox
from storage.database.turn import Cell, Insert, Logged, Row, Update
from storage.leads.roster.agreements import read_wanted, write_agreement, write_wanted
from storage.leads.roster.roster import Lead, Roster, fold_name
from storage.leads.roster_deeds import RosterDeeds
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.unlock_records import STATE, is_state
from storage.values import Arrival
from storage.values.errors import Conflict, NotOffered
from storage.values.partners import Agreed, AgreementProposed, Partner, PartnersView, WantedAgreement

#: What a first word for an agreement is called, before whom it is about; and the rules of the other deeds.
AGREE: Final = "agree"
_SEE: Final = "partners"
_SUSPEND: Final = "suspend_partner"
#: Characters of a name.
_LONGEST_NAME: Final = 80


class Partners(RosterDeeds):
    """Says who of outside is here, and until when. A deed is an audit row, and the leads of the site are told.

    Every method raises besides what stands with it `Tampered` (the roster is not the one that was kept), `Unavailable`
    (the database or the ledger cannot be written; or all is kept but the version beside the key file), and
    `CodeMissing` where the deed takes a fresh code and none was given.
    """

    async def read(self, session: LeadSession) -> PartnersView:
        """Give the partners of the lead's site, also those who were suspended, and what waits for a second word.

        Raises:
            SessionOver: The session has ended.
            NotOffered: It is not for the lead's role.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        roster = await self._rosters.read()
        self._sessions.require_lead(session, roster.card(session.lead.id), _SEE)
        days = await self._days()
        mine = [one for one in _partners(roster) if one.site == session.lead.site]
        listed = (Partner(one.card, one.fingerprint, one.agreed, days.get(one.id)) for one in mine)
        by_name = sorted(listed, key=lambda one: (one.card.disabled, one.card.name))
        return PartnersView(tuple(by_name), tuple(self._proposed(roster, session)))

    async def agree(self, session: LeadSession, arrival: Arrival, wanted: WantedAgreement) -> Agreed:
        """Say that somebody from outside is to be a partner by an agreement; with the second lead's word she is.

        Somebody new joins by an invite, as a lead does, and so does a partner who was suspended; for one who is here
        the agreement is the one that holds from now on. What was shared before stays shared until its own end.

        Args:
            session: Who says it.
            arrival: The update that asked for it.
            wanted: All of it; the second lead has to mean the very same.

        Raises:
            NotOffered: Something is left out or too long, it ends later than in a year, the name is somebody's who is
                no partner of this site, or it is not for this lead to say.
            SessionOver: The session has ended.
            AlreadySeen: The update was committed before.
            Conflict: Others changed the roster at the same moment, four times; nothing changed.
        """
        wanted = replace(wanted, name=_line(wanted.name), job=_line(wanted.job), what=wanted.what.strip())

        async def once(roster: Roster) -> Agreed:
            found = self._fitting(session, roster, wanted)
            site = session.lead.site
            deed, state, among = _deed(site, wanted), write_wanted(wanted), _deciding(roster, site)
            asked = Logged(self._core.hour(), session.lead.id, "ask_agree")
            if not self._second(session, roster, deed, state, among):
                told = self._tell(among - {session.lead.id})
                await self._commit(roster, arrival, asked, *self._first(session, roster, deed, state), *told)
                return Agreed(stands=False)
            also = (*self._core.marks.seen_rows(arrival), asked, *self._tell(among - {session.lead.id}))
            return await self._agreed(session, roster, wanted, found, also)

        return await self._again(session, AGREE, once)

    async def suspend(self, session: LeadSession, arrival: Arrival, lead: LeadId, shown: str) -> None:
        """Suspend a partner of one's own site, alone: her desks end before this returns, and what she was shown ends.

        Args:
            session: Who says it.
            arrival: The update that asked for it.
            lead: Whom.
            shown: The fingerprint that was on the screen.

        Raises:
            NotOffered: There is no such partner with that fingerprint who is in, or it is not for this lead to say.
            SessionOver: The session has ended.
            AlreadySeen: The update was committed before.
            Conflict: Others changed the roster at the same moment, four times; nothing changed.
        """

        async def once(roster: Roster) -> None:
            found = roster.leads.get(lead)
            here = found is not None and found.role == "partner" and not found.shut_out
            if found is None or not here or found.fingerprint != shown:
                raise NotOffered
            if session.lead.id not in self.colleagues(roster, lead):
                raise NotOffered
            asked = Logged(self._core.hour(), session.lead.id, _SUSPEND)
            await self._suspend(roster, found, None, asked, arrival=arrival)

        await self._again(session, _SUSPEND, once)

    async def end_due(self) -> int:
        """Suspend whose agreement has ended, and who was away for 90 days; tell how many. The sweep calls it.

        It is for a clock that is believed (decision 11). Safe to repeat, and to kill: each is a turn of her own.

        Raises:
            Tampered: The roster, or the register, is not the one that was kept.
            Unavailable: The database or the ledger cannot be read or written; what is done stays done.
        """
        roster, now = await self._rosters.read(), self._core.now()
        there = [one for one in _partners(roster) if not one.shut_out]
        days = await self._days() if there else {}
        over = [one.id for one in there if is_over(one.agreed, days.get(one.id), now)]
        for lead in over:
            with suppress(Conflict, NotOffered):  # others change the roster all the time: the next sweep goes on
                await self._tried(partial(self._end, lead, days.get(lead)))
        return len(over)

    async def _end(self, lead: LeadId, seen: date | None, roster: Roster) -> None:
        found = roster.leads.get(lead)
        if found is None or found.shut_out or not is_over(found.agreed, seen, self._core.now()):
            raise NotOffered  # two leads have agreed anew meanwhile
        await self._suspend(roster, found, None, Logged(self._core.hour(), lead, "partner_over"))

    def _fitting(self, session: LeadSession, roster: Roster, wanted: WantedAgreement) -> Lead | None:
        """Give the partner whom an agreement is with, if she was here before; None for somebody new.

        Raises:
            NotOffered: It cannot be agreed on.
        """
        now, found = self._core.now(), roster.named(wanted.name)
        if session.lead.id not in roster.deciding() or not 0 < len(wanted.name) <= _LONGEST_NAME:
            raise NotOffered
        if not fits(wanted.agency, wanted.what, wanted.job, wanted.until, now):
            raise NotOffered
        if found is not None and (found.role != "partner" or found.site != session.lead.site):
            raise NotOffered
        return found

    async def _agreed(
        self, session: LeadSession, roster: Roster, wanted: WantedAgreement, found: Lead | None, also: tuple[Row, ...]
    ) -> Agreed:
        """Keep an agreement that two leads have said; `also` is committed in the same turn."""
        text = write_agreement(Agreement(wanted.agency, wanted.what, self._core.now(), wanted.until))
        waiting = replace(roster.waiting, words=_without(roster, _deed(session.lead.site, wanted)))
        draw = partial(self._invites.draw, wanted.name, "partner", session.lead.site, wanted.job, session.lead.language)
        if found is None:
            rows = (*self._rosters.rows(roster, waiting=waiting), *also)
            invite = await draw(agreement=text, also=rows)
            self._rosters.note(roster.version + 1)
            return Agreed(stands=True, invite=invite)
        changed = replace(found, title=wanted.job, agreement=text)
        cells: dict[str, Cell] = {"title": wanted.job, "agreement": text}
        logged = Logged(self._core.hour(), found.id, "agreed")
        rows = (Update(leads, {"id": found.id}, cells), *self._rosters.rows(roster, lead=changed, waiting=waiting))
        if not found.shut_out:
            await self._core.commit(*rows, logged, *also)
            self._rosters.note(roster.version + 1)
            return Agreed(stands=True)
        invite = await draw(also=(*rows, logged, *also))
        self._rosters.note(roster.version + 1)
        return Agreed(stands=True, invite=invite)

    def _proposed(self, roster: Roster, session: LeadSession) -> Iterator[AgreementProposed]:
        among, now = _deciding(roster, session.lead.site), self._core.now()
        for deed, word in sorted(roster.waiting.words.items()):
            if deed.startswith(f"{AGREE} ") and word.by in among and stands(word, word.state, now, time_for(AGREE)):
                yield AgreementProposed(read_wanted(word.state), word.by)

    def _tell(self, told: frozenset[LeadId]) -> tuple[Row, ...]:
        rest = {"return_id": None, "case_id": None, "kind": "partners", "rank": 3, "rung": 0}
        now = self._core.second()
        return tuple(Insert(outbox, {"lead_id": lead, **rest, "not_before": now}) for lead in sorted(told))

    async def _days(self) -> dict[LeadId, date]:
        """By lead, the day of the last unlock (UTC), of those whose row is genuine."""
        async with self._core.read() as connection:
            rows = await all_rows(connection, select(*STATE).where(leads.c.role == "partner"))
        seen = {row["id"]: row["unlocked_day"] for row in rows if row["unlocked_day"] and is_state(self._core, row)}
        return {LeadId(lead): date.fromisoformat(day) for lead, day in seen.items()}


def _partners(roster: Roster) -> tuple[Lead, ...]:
    return tuple(one for one in roster.leads.values() if one.role == "partner" and not one.is_former)


def _deciding(roster: Roster, site: str) -> frozenset[LeadId]:
    return frozenset(lead for lead in roster.deciding() if roster.leads[lead].site == site)


def _deed(site: str, wanted: WantedAgreement) -> str:
    """Name the deed of two: one for each name at a site, however it is written."""
    about = f"{site}\n{fold_name(wanted.name)}"
    return f"{AGREE} {sha256(about.encode()).hexdigest()[:32]}"


def _without(roster: Roster, deed: str) -> dict[str, Proposal]:
    return {name: word for name, word in roster.waiting.words.items() if name != deed}


def _line(text: str) -> str:
    return " ".join(text.split())
