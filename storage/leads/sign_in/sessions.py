"""The sessions of all unlocked leads, by address: they live in memory and end with the process."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from flows.cases.roles import RULES, is_for
from flows.values.ids import LeadId
from storage.core.core import StoreCore
from storage.database.clock_guard import is_within
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.throttle import PinMisses
from storage.sealing.keys.pin_lock import Curtain, is_fit_pin
from storage.sealing.primitives.derive import wipe
from storage.sealing.primitives.errors import FullyLocked, WrongFactor
from storage.values import Address, Arrival, LeadCard
from storage.values.errors import CodeMissing, NotOffered, NotUnlocked, SessionOver

#: How long a code counts that was given for one deed.
FRESH: Final = timedelta(minutes=2)


class Sessions:
    """Opens, draws, lifts and ends sessions.

    `by_address` holds those that are open or behind their curtain, and some that are over and nobody looked at since:
    whether one may be used, `at` tells. Only this class changes it.
    """

    def __init__(self, core: StoreCore) -> None:
        self._core = core
        self.by_address: dict[Address, LeadSession] = {}
        self.pin_misses = PinMisses(core.now)

    def add(self, session: LeadSession) -> None:
        """Open a session; one that the chat had before ends."""
        self.lock(session.address)
        self.by_address[session.address] = session

    def at(self, address: Address, *, used: bool = True) -> LeadSession | None:
        """Give the open session of a chat, and note that it is in use, if `used`.

        Returns:
            None where there is none, or it is behind its curtain; also for one that was idle, whose curtain is drawn by
                this call, or whose duty is over, which is locked by it.
        """
        session = self.by_address.get(address)
        if session is None or not session.is_open:
            return None
        if self._idle(session):
            self.draw(address)
            return None
        if used:
            session.touched = self._core.now()
        return session

    def require(self, session: LeadSession, *, used: bool = True) -> None:
        """Return quietly if the session is open. Note that it is in use, if `used`.

        Raises:
            SessionOver: It is not.
        """
        if self.at(session.address, used=used) is not session:
            raise SessionOver

    def require_lead(self, session: LeadSession, card: LeadCard | None, deed: str, *, used: bool = True) -> LeadCard:
        """Give the lead as the roster has her now, if the session is open, she is in, and may do a deed by her role.

        Args:
            session: Whose.
            card: The lead, as the roster was just read.
            deed: By its name in `flows/cases/roles.py`, which knows to which cases she may.
            used: As `require`.

        Raises:
            SessionOver: It is not open; all sessions of a lead who was shut out end.
            NotOffered: The deed is not for her role, or she waits for two others to say yes.
        """
        self.require_present(session, card, used=used)
        if card is None or card.waiting or not is_for(card.role, deed):
            raise NotOffered
        return card

    def require_present(self, session: LeadSession, card: LeadCard | None, *, used: bool = True) -> None:
        """Return quietly if the session is open and its lead is on the roster, also one who waits; `used` as `require`.

        Raises:
            SessionOver: It is not open; all sessions of a lead who was shut out, or is gone, end.
        """
        if card is None or (card.disabled and not card.waiting):
            self.lock_lead(session.lead.id)
        self.require(session, used=used)

    def give_code(self, session: LeadSession) -> None:
        """Note that a fresh code was given at an open desk: one deed may follow that takes one.

        Raises:
            SessionOver: The session ended while the code was judged.
        """
        self.require(session)
        session.code_at = self._core.now()

    def take_code_for(self, session: LeadSession, deed: str) -> None:
        """Use up the fresh code that was given for a deed, where its rule asks for one, whether it is done then or not.

        Args:
            session: Who does it.
            deed: By its name in `flows/cases/roles.py`; one without a rule takes a code, and is refused later.

        Raises:
            CodeMissing: None was given within the last two minutes, or another deed has used it.
        """
        rule = RULES.get(deed)
        if rule is not None and not rule.code:
            return
        given, session.code_at = session.code_at, None
        if given is None or not is_within(self._core.now() - given, FRESH):
            raise CodeMissing

    def curtained(self, address: Address) -> bool:
        """Tell whether a PIN would do."""
        session = self.by_address.get(address)
        return session is not None and not session.is_open

    def idle(self) -> tuple[Address, ...]:
        """Give the chats whose curtain is to be drawn, or whose duty is over.

        Nothing is drawn by this: the messages of the chat are deleted first, and then `draw` is called.
        """
        over = (one for one in self.by_address.values() if not self._on_duty(one) or (one.is_open and self._idle(one)))
        return tuple(session.address for session in over)

    def draw(self, address: Address) -> None:
        """Draw the curtain; without a PIN, after the duty, or once the day's misses are used up, lock.

        It needs no database, and does nothing in a chat without a session.
        """
        session = self.by_address.get(address)
        if session is None:
            return
        if session.has_pin and self._on_duty(session) and self.pin_misses.left(session.lead.id):
            session.draw()
        else:
            self.lock(address)

    def lock(self, address: Address) -> None:
        """End the session of a chat, if there is one; it needs no database."""
        session = self.by_address.pop(address, None)
        if session is not None:
            session.lock()

    def lock_others(self, session: LeadSession) -> None:
        """End all sessions of a lead but this one."""
        for other in [one for one in self.by_address.values() if one.lead.id == session.lead.id]:
            if other is not session:
                self.lock(other.address)

    def lock_lead(self, lead: LeadId) -> None:
        """End all sessions of a lead."""
        for session in [one for one in self.by_address.values() if one.lead.id == lead]:
            self.lock(session.address)

    def leads(self) -> frozenset[LeadId]:
        """Give the leads who have a session, open or behind its curtain."""
        return frozenset(session.lead.id for session in self.by_address.values())

    def lock_all(self) -> None:
        """End all sessions."""
        for address in list(self.by_address):
            self.lock(address)

    async def set_pin(self, session: LeadSession, pin: str) -> None:
        """Prepare the curtain of a session; some 50 ms, in a thread. It is drawn later, by `draw`.

        Raises:
            NotOffered: The PIN is too easy; the earlier one, if any, stays.
            SessionOver: The session ended.
        """
        self.require(session)
        if not is_fit_pin(pin):
            raise NotOffered
        session.curtain = await self._curtain(session.seed_copy(), pin)

    async def lift(self, arrival: Arrival, pin: str) -> LeadSession:
        """Lift the curtain of a chat with its PIN; the update is committed as seen first.

        Raises:
            NotUnlocked: The PIN is wrong; `left` tells how many tries are left.
            SessionOver: There is no curtain, or the duty is over; or that was the third miss of this curtain, or the
                last that the lead may have in a day, by which the session is locked.
            AlreadySeen: The update was committed before.
            Unavailable: It cannot be written; no PIN was tried.
        """
        await self._core.commit(*self._core.marks.seen_rows(arrival))
        session = self.by_address.get(arrival.address)
        if session is None or session.is_open or session.curtain is None or not self._on_duty(session):
            raise SessionOver
        seed = await self._judge(session, session.curtain, pin)
        curtain = await self._curtain(bytearray(seed), pin)
        if self.by_address.get(arrival.address) is not session:  # locked from elsewhere meanwhile
            wipe(seed)
            curtain.lock()
            raise SessionOver
        session.lift(seed, curtain, self._core.now())
        return session

    async def _judge(self, session: LeadSession, curtain: Curtain, pin: str) -> bytearray:
        lead, misses = session.lead.id, self.pin_misses
        if not misses.left(lead):  # used up in another chat
            self.lock(session.address)
            raise SessionOver
        misses.count(lead)
        try:
            seed = await self._core.derivations.of_lead(curtain.lift, pin)
        except (WrongFactor, FullyLocked):
            if left := min(curtain.misses_left, misses.left(lead)):
                raise NotUnlocked(left) from None
            self.lock(session.address)
            raise SessionOver from None
        misses.take_back(lead)
        return seed

    async def _curtain(self, seed: bytearray, pin: str) -> Curtain:
        return await self._core.derivations.of_lead(Curtain, seed, pin)

    def _idle(self, session: LeadSession) -> bool:
        now, limits = self._core.now(), self._core.limits
        return not self._on_duty(session) or not is_within(now - session.touched, limits.desk_idle)

    def _on_duty(self, session: LeadSession) -> bool:
        return is_within(self._core.limits.duty - (session.until - self._core.now()), self._core.limits.duty)
