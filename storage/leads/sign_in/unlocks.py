"""Unlocking: both factors, throttled by chat and account, each code once; the chat is bound.

Of a chat or device that is new for a lead she is told herself at once, of others the next morning; the other leads read
in the digest who unlocked (decision 19).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from flows.values.ids import LeadId
from storage.core.core import StoreCore, one_row
from storage.database import instrumentation
from storage.database.schema.leads import leads
from storage.database.schema.notices import pagers
from storage.database.turn import Cell, Logged, Row, Update
from storage.leads.roster.announcements import announce
from storage.leads.roster.invites import Invites
from storage.leads.roster.roster import Lead, Roster, arriving, fold_name
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.factors.factors import Judge, Judged, Tried
from storage.leads.sign_in.factors.spare_codes import spent_rows
from storage.leads.sign_in.lead_chats import LeadChats
from storage.leads.sign_in.passkeys.passkey_rows import passkeys_name, rows_at_unlock
from storage.leads.sign_in.proved import Fresh, Proved, Unlocked
from storage.leads.sign_in.throttle import Throttle
from storage.leads.sign_in.unlock_records import (
    STATE,
    KnownPlaces,
    SignIn,
    is_state,
    mark_of,
    notice_of,
    open_places,
    seal_places,
    state_columns,
    state_name,
    told_at,
    visited,
)
from storage.sealing.primitives.argon2 import Cost
from storage.sealing.primitives.derive import wipe
from storage.values import Address, Arrival
from storage.values.errors import Conflict, NotUnlocked, Throttled

_NEVER_USED = -1


class Unlocks:
    """Judges unlocks and keeps them.

    Every method that reads raises `Tampered` where the roster is not the one that was kept, and `Unavailable` where the
    database or the register cannot be read.
    """

    def __init__(self, core: StoreCore, rosters: Rosters, invites: Invites, chats: LeadChats, cost: Cost) -> None:
        self._core = core
        self._rosters = rosters
        self._chats = chats
        self._invites = invites
        self._judge = Judge(core, cost)
        self._sources = Throttle()
        self._accounts = Throttle()  # apart, so that no number of chats makes one forgotten
        self._devices = Throttle()  # for who brings a known device's mark: it may have been copied
        self.steps: dict[LeadId, int] = {}  # that served in this process

    async def judge(self, arrival: Arrival, name: str, factors: tuple[str, str], invite: str | None) -> Proved:
        """Judge passphrase and TOTP code. An invite lets in again who was shut out before it.

        The try is counted and the update committed as seen before anything is judged. Nothing else is kept.

        Returns:
            What `keep` takes over, with the seed, which is the caller's to wipe.

        Raises:
            NotUnlocked: The name is unknown or shut out, a factor is wrong, the code was used, or the invite is another
                lead's.
            Throttled: Too many wrong tries from this chat; nothing was judged or kept.
            Crowded: Too many guesses wait; nothing is known of this one.
            AlreadySeen: The update was committed before.
            Tampered: The roster, the register, the invite, or the lead's TOTP secret is not genuine.
            Unavailable: The database, the register or the ledger cannot be read or written.
        """
        roster = await self._rosters.read()
        lead = roster.named(name)
        fresh = await self.fresh(lead)
        source = self.admit(arrival)
        await self._core.commit(*self._core.marks.seen_rows(arrival))
        found = await self._invites.find(invite) if invite else None
        fits = invite is None or self._invites.rebinds(found, lead)
        if lead is not None and lead.shut_out and found is not None and found["lets_in"] and fits:
            lead = arriving(roster, lead)
        own = fresh.chat == arrival.address
        mark = "" if lead is None else mark_of(self._core, lead.id, arrival)
        goes_ahead = own or self._is_known_device(fresh, arrival, mark)
        judged = await self._judge.judge(Tried(lead, fold_name(name), factors, fresh.step, goes_ahead))
        if judged is None or lead is None:
            raise NotUnlocked
        # Whoever guesses codes from elsewhere slows down others elsewhere, never the lead's own last chat.
        account = (lead.id, own)
        step = self._step(account, judged) if fits else None
        if step is None:
            wipe(judged.seed)
            raise NotUnlocked
        if judged.spare is not None:
            lead = replace(lead, spare_codes=judged.spare)
        instrumentation.reach("unlock.judged")
        return Proved(lead, judged.seed, step, fresh, roster, found, source, account, mark)

    async def keep(self, arrival: Arrival, proved: Proved) -> Unlocked:
        """Keep an unlock in one turn: step, chat, notice to the lead, link of the audit chain, what the invite changes.

        Returns:
            The lead, with the seed, which is the caller's to wipe; it is wiped here where this raises.

        Raises:
            NotUnlocked: The code, or the invite, was used meanwhile.
            Tampered: The register is not genuine.
            Unavailable: The database, the register or the ledger cannot be read or written.
        """
        try:
            await self._keep(arrival, proved)
        except BaseException:
            proved.wipe()
            raise
        instrumentation.reach("unlock.kept")
        self._sources.forget(proved.source)
        self._accounts.forget(proved.account)
        self._devices.forget(proved.mark)
        at = proved.fresh.places.at
        return Unlocked(proved.lead, proved.seed, datetime.fromtimestamp(at, UTC) if at else None)

    def first_state(self, lead: str, arrival: Arrival, step: int) -> dict[str, Cell]:
        """Give the columns of a new lead's row that tell of the chat in which, and the code with which, she joined.

        Args:
            lead: The lead's id.
            arrival: The update that confirmed the code.
            step: The code's TOTP step, which serves no second time.
        """
        places = visited(KnownPlaces(), mark_of(self._core, lead, arrival), self._core.second(), None)
        return self._state(lead, step, arrival.address, places)

    def admit(self, arrival: Arrival) -> bytes:
        """Count a try from a chat, and give the chat's mark: many names from one chat cost as little as one.

        Raises:
            Throttled: There were too many.
        """
        source, now = self._core.marks.of_source(arrival.address), self._core.now()
        if (until := self._sources.blocked(source, now)) is not None:
            raise Throttled(until)
        self._sources.miss(source, now)
        return source

    def _is_known_device(self, fresh: Fresh, arrival: Arrival, mark: str) -> bool:
        """Tell whether a try goes ahead of guesses for the device it comes from, and count it: a few, then ever fewer.

        It saves the wait alone. Tries are counted and refused as they are from any new chat.
        """
        if not arrival.device or not fresh.places.knows(mark):
            return False
        now = self._core.now()
        if self._devices.blocked(mark, now) is not None:
            return False
        self._devices.miss(mark, now)
        return True

    def _step(self, account: tuple[LeadId, bool], judged: Judged) -> int | None:
        """Give the step of a code that serves, counting a try at the account; None while there were too many.

        Only who knows the passphrase comes this far. Were wrong passphrases counted too, anybody with one tab could
        keep a lead out for ever. To be told of the wait would tell that the passphrase is right.
        """
        now = self._core.now()
        if self._accounts.blocked(account, now) is not None:
            return None
        self._accounts.miss(account, now)
        return judged.step

    async def fresh(self, lead: Lead | None) -> Fresh:
        """Give what was kept of a lead's unlock before; nothing of nobody."""
        both = select(*STATE, pagers.c.confirmed_at).outerjoin(pagers, pagers.c.lead_id == leads.c.id)
        async with self._core.read() as connection:
            row = await one_row(connection, both.where(leads.c.id == ("" if lead is None else lead.id)))
        if lead is None or row is None:
            return Fresh(_NEVER_USED, None)
        # A database that was rolled back does not bring a used code back, and locks nobody out.
        noted = (self.steps.get(lead.id, _NEVER_USED), self._core.register.floor(state_name(lead.id)))
        if not is_state(self._core, row):
            return Fresh(max(noted), None)
        places = open_places(self._core, lead.id, row["places"])
        step = max(row["totp_step"], *noted)
        return Fresh(step, self._chats.genuine(row), places, bool(row["confirmed_at"]))

    async def _keep(self, arrival: Arrival, proved: Proved) -> None:
        roster, lead, fresh, step = proved.roster, proved.lead, proved.fresh, proved.step
        invite = proved.invite
        if self.steps.get(lead.id, fresh.step) != fresh.step:  # the same code, sent twice at once
            raise NotUnlocked
        self.steps[lead.id] = step
        here, now = arrival.address, self._core.second()
        mark, chat = mark_of(self._core, lead.id, arrival), told_at(fresh.chat, here)
        before = fresh.chat if fresh.chat != here else fresh.places.before
        # Who comes by an invite may have lost a device: none of before is known any more.
        known = fresh.places if invite is None else replace(fresh.places, marks=())
        places = visited(known, mark, now, before)
        values = self._state(lead.id, step, chat, places)
        used = () if invite is None else (self._invites.use(invite), *self._moved(roster, lead))
        listed, version = await rows_at_unlock(self._core, lead.id, proved.passkeys, invited=invite is not None)
        again = self._changed(roster, lead)
        told = notice_of(SignIn(lead.id, fresh.chat, here, fresh.mailed, known.knows(mark)), self._core.now())
        try:
            await self._core.commit(
                Update(leads, {"id": lead.id}, values),
                *used,
                *again,
                *told,
                *listed,
                Logged(self._core.hour(), lead.id, "unlock"),
            )
        except Conflict:
            raise NotUnlocked from None
        self._core.register.note_floor(state_name(lead.id), step)
        self._core.register.note_floor(passkeys_name(lead.id), version)
        if again:
            self._rosters.note(roster.version + 1)

    def _state(self, lead: str, step: int, chat: Address, places: KnownPlaces) -> dict[str, Cell]:
        today, sealed = self._core.now().date().isoformat(), seal_places(self._core, lead, places)
        return state_columns(self._core, lead, step, self._chats.seal(lead, chat), today, sealed)

    def _changed(self, roster: Roster, lead: Lead) -> tuple[Row, ...]:
        """Give the rows of the next roster, where an invite lets her in again, or a spare code has served."""
        if roster.leads[lead.id].shut_out:
            return self._let_in_again(roster, lead)
        if lead.spare_codes is None or lead.spare_codes == roster.leads[lead.id].spare_codes:
            return ()
        return spent_rows(self._core, self._rosters, roster, lead, lead.spare_codes)

    def _let_in_again(self, roster: Roster, lead: Lead) -> tuple[Row, ...]:
        own = Update(leads, {"id": lead.id}, {"disabled": lead.disabled, "spare_codes": lead.spare_codes})
        logged = Logged(self._core.hour(), lead.id, "enabled")
        return (own, *self._rosters.rows(roster, lead=lead), self._invites.of(lead.id), logged)

    def _moved(self, roster: Roster, lead: Lead) -> tuple[Row, ...]:
        """Tell everybody that an invite has moved a lead to another chat, or let the lead come again."""
        logged = Logged(self._core.hour(), lead.id, "moved")
        return (logged, *announce(roster, self._core.second(), but={lead.id}))
