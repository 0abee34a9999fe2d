"""Adding, removing and signing in with passkeys (decision 29)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from flows.values.ids import LeadId
from storage.core.core import StoreCore
from storage.database.schema.notices import outbox
from storage.database.turn import Cell, Insert, Logged, Row
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.passkeys.passkey_rows import (
    KeptPasskeys,
    Passkey,
    passkey_rows,
    passkeys_name,
    read_passkeys,
)
from storage.leads.sign_in.proved import Proved
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.leads.sign_in.unlock_records import mark_of
from storage.leads.sign_in.unlocks import Unlocks
from storage.sealing.keys.lead_keys import public_card
from storage.sealing.passkeys.ceremonies import NO_KEY, RelyingParty, check_assertion, check_registration, named_in
from storage.sealing.passkeys.wraps import unwrap_for_passkey, wrap_for_passkey
from storage.sealing.primitives.derive import wipe
from storage.sealing.primitives.errors import WrongFactor
from storage.values import Arrival
from storage.values.errors import NotOffered, NotUnlocked

#: Passkeys that one lead may have.
MOST: Final = 8
#: How long after a full unlock one may be added: whoever finds an open desk later adds none of his own.
WITHIN: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class PasskeyAnswer:
    """What a browser gave: its answer as JSON, and the PRF's 32 bytes, which are wiped once they have served.

    `challenge` is the one that was drawn for it, and for nothing else.
    """

    text: str = field(repr=False)
    prf: bytearray = field(repr=False)
    challenge: bytes = field(repr=False)
    party: RelyingParty


class Passkeys:
    """The passkeys of all leads.

    Every method raises besides what stands with it `Tampered` (roster, register or passkeys are not those that were
    kept) and `Unavailable` (the database, or what stands beside the key file, cannot be read or written).
    """

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions, unlocks: Unlocks) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions
        self._unlocks = unlocks

    async def of(self, session: LeadSession) -> tuple[Passkey, ...]:
        """Give the lead's own, in the order in which they were added.

        Raises:
            SessionOver: The session has ended.
        """
        self._sessions.require(session)
        return (await read_passkeys(self._core, session.lead.id)).all

    def may_add(self, session: LeadSession) -> bool:
        """Tell whether the full unlock was a little while ago only."""
        return timedelta() <= self._core.now() - session.since < WITHIN

    async def check(self, session: LeadSession, answer: PasskeyAnswer) -> Passkey:
        """Check a new passkey and wrap the lead's seed for it; nothing is kept yet.

        Raises:
            SessionOver: The session has ended.
            NotOffered: The full unlock was too long ago, or there are as many as one may have.
            NotUnlocked: The answer is not as it has to be, or it is known already.
        """
        self._sessions.require(session)
        kept = await read_passkeys(self._core, session.lead.id)
        if not self.may_add(session) or len(kept.all) >= MOST:
            raise NotOffered
        try:
            found = await asyncio.to_thread(check_registration, answer.text, answer.challenge, answer.party)
            self._sessions.require(session)
            if kept.find(found.credential) is not None:
                raise NotUnlocked
            seed = session.seed_copy()
            try:
                wrap = wrap_for_passkey(seed, answer.prf, session.lead.id, found.credential, kept.version + 1)
            finally:
                wipe(seed)
        except (WrongFactor, ValueError):
            raise NotUnlocked from None
        finally:
            wipe(answer.prf)
        return Passkey(wrap, found.public_key, found.count, self._core.now().date().isoformat())

    async def add(self, session: LeadSession, arrival: Arrival, new: Passkey) -> None:
        """Keep a passkey that was checked. The lead is told where she is told of things; the others see it in `/team`.

        Raises:
            SessionOver: The session has ended.
            NotOffered: Another one was added or removed since it was checked.
            AlreadySeen: The update was committed before.
            Conflict: As NotOffered, at the same moment.
        """
        self._sessions.require(session)
        kept = await read_passkeys(self._core, session.lead.id)
        if new.wrap.version != kept.version + 1:
            raise NotOffered
        await self._put(session, arrival, kept, (*kept.all, new), "passkey_added")

    async def remove(self, session: LeadSession, arrival: Arrival, which: str) -> None:
        """Remove the passkey whose id begins with these hexadecimal digits; nothing happens where there is none.

        Raises:
            SessionOver: The session has ended.
            AlreadySeen: The update was committed before.
            Conflict: Another one was added or removed at the same moment.
        """
        self._sessions.require(session)
        kept = await read_passkeys(self._core, session.lead.id)
        left = tuple(one for one in kept.all if not one.credential.hex().startswith(which))
        if len(left) == len(kept.all):
            await self._core.commit(*self._core.marks.seen_rows(arrival))
            return
        await self._put(session, arrival, kept, left, "passkey_removed")

    async def judge(self, arrival: Arrival, answer: PasskeyAnswer) -> Proved:
        """Judge an answer of whoever signs in: it takes the place of passphrase and code.

        The try is counted and the update committed as seen first, as for these. Unknown, shut out and wrong take the
        same work.

        Returns:
            What `Leads.open_proved` takes over.

        Raises:
            NotUnlocked: The passkey is unknown, removed or another's, its lead is shut out, or anything is not as it
                has to be.
            Throttled: Too many wrong tries from this chat; nothing was judged or kept.
            AlreadySeen: The update was committed before.
        """
        source = self._unlocks.admit(arrival)
        await self._core.commit(*self._core.marks.seen_rows(arrival))
        try:
            credential, handle = await asyncio.to_thread(named_in, answer.text)
            roster = await self._rosters.read()
            lead = roster.leads.get(LeadId(handle))
            kept = await read_passkeys(self._core, LeadId("") if lead is None else lead.id)
            found = kept.find(credential)
            public, count = (NO_KEY, 0) if found is None else (found.public_key, found.count)
            counted = await asyncio.to_thread(
                check_assertion, answer.text, answer.challenge, answer.party, public, count
            )
            if lead is None or found is None or lead.shut_out:
                raise NotUnlocked
            seed = unwrap_for_passkey(found.wrap, answer.prf)
        except WrongFactor:
            raise NotUnlocked from None
        finally:
            wipe(answer.prf)
        if public_card(seed).wrapping != lead.wrapping:  # her keys are others since it was added
            wipe(seed)
            raise NotUnlocked
        fresh = await self._unlocks.fresh(lead)
        counts = replace(found, count=counted)
        return Proved(
            lead=lead,
            seed=seed,
            step=fresh.step,
            fresh=fresh,
            roster=roster,
            invite=None,
            source=source,
            account=(lead.id, fresh.chat == arrival.address),
            mark=mark_of(self._core, lead.id, arrival),
            passkeys=None if counted == found.count else (kept, _instead(kept, counts)),
        )

    async def _put(
        self, session: LeadSession, arrival: Arrival, kept: KeptPasskeys, after: tuple[Passkey, ...], action: str
    ) -> None:
        rows = passkey_rows(self._core, kept, after)
        logged = Logged(self._core.hour(), session.lead.id, action)
        told = notice_of_passkey(session.lead.id, self._core.second())
        await self._core.commit(*self._core.marks.seen_rows(arrival), *rows, logged, told)
        self._core.register.note_floor(passkeys_name(session.lead.id), kept.version + 1)


def notice_of_passkey(lead: LeadId, now: int) -> Row:
    """Give the row that tells a lead that a passkey of hers was added or removed; `now` in seconds since 1970."""
    whom: dict[str, Cell] = {"lead_id": lead, "return_id": None, "case_id": None, "kind": "passkey"}
    return Insert(outbox, {**whom, "rank": 3, "rung": 0, "not_before": now})


def _instead(kept: KeptPasskeys, one: Passkey) -> tuple[Passkey, ...]:
    return tuple(one if passkey.credential == one.credential else passkey for passkey in kept.all)
