"""Joining: a passphrase and a second factor are set up in memory; the lead exists once a code was confirmed."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import uuid4

from flows.values.ids import LeadId
from storage.core.core import StoreCore
from storage.database.schema.leads import leads
from storage.database.turn import Cell, Insert, Logged
from storage.leads.roster.announcements import announce
from storage.leads.roster.invites import Invites
from storage.leads.roster.roster import IN, Lead, arriving, fold_name
from storage.leads.roster.rosters import Rosters, lead_columns
from storage.leads.sign_in.factors.factors import seal_totp
from storage.leads.sign_in.unlock_records import state_name
from storage.sealing.keys.lead_keys import new_lead_seed, public_card, wrap_seed
from storage.sealing.passphrase import check_passphrase, plain_passphrase
from storage.sealing.primitives.argon2 import Cost
from storage.sealing.primitives.derive import wipe
from storage.sealing.totp import new_totp_secret, otpauth_uri, verify_totp
from storage.values import Address, Arrival, Joining
from storage.values.errors import Conflict, NotUnlocked, Refusal, SessionOver, UnfitPassphrase

#: Whom an authenticator names.
ISSUER: Final = "Hark"
_TRIES = 4
_MISSES = 10  # wrong codes before the joining has to begin again


@dataclass(slots=True)
class _Begun:
    invite: dict[str, Cell] = field(repr=False)
    lead: Lead
    seed: bytearray = field(repr=False)
    secret: bytes = field(repr=False)
    at: datetime
    misses: int = 0


@dataclass(frozen=True, slots=True)
class Joined:
    """A new lead, with the seed and the TOTP step that the session begins with."""

    lead: Lead
    seed: bytearray = field(repr=False)


class Joinings:
    """Joinings that were begun, by chat."""

    def __init__(self, core: StoreCore, rosters: Rosters, invites: Invites, cost: Cost) -> None:
        self._core = core
        self._rosters = rosters
        self._invites = invites
        self._cost = cost
        self._begun: dict[Address, _Begun] = {}

    async def begin(self, arrival: Arrival, code: str, passphrase: str) -> Joining | None:
        """Take an invite's code and a new passphrase; the update is committed as seen, and nothing else is kept yet.

        A joining that was begun in this chat before is forgotten. Deriving takes some 270 ms, in a thread.

        Returns:
            The second factor to set up, or None where the code is not a living invite for a new name.

        Raises:
            UnfitPassphrase: It is too short, common, or holds the name.
            AlreadySeen: The update was committed before.
            Tampered: The row of the invite was not written by this server.
            Unavailable: The database cannot be written, or the ledger not be read.
        """
        await self._core.commit(*self._core.marks.seen_rows(arrival))
        invite = await self._invites.find(code)
        if invite is None or invite["lead_id"] is not None:
            return None
        fault = check_passphrase(passphrase, (str(invite["name"]),))
        if fault is not None:
            raise UnfitPassphrase(fault.value)
        begun = await self._prepare(invite, passphrase)
        self._forget_old()
        self._forget(arrival.address)
        self._begun[arrival.address] = begun
        return Joining(otpauth_uri(begun.secret, begun.lead.name, ISSUER), base64.b32encode(begun.secret).decode())

    async def confirm(self, address: Address, code: str, state: Callable[[str, int], dict[str, Cell]]) -> Joined:
        """Confirm the second factor, and keep the lead, the roster and the used invite in one turn; the others hear.

        Whoever reads waits from then on until two others say yes, unless the deployment still begins.

        Args:
            address: The chat in which it was begun.
            code: Six digits as typed.
            state: Gives the columns of the lead's own row, by the lead's id and the step of the code.

        Returns:
            The lead and the seed, which the caller wipes; it is wiped here where this raises.

        Raises:
            NotUnlocked: The code is wrong; the joining goes on.
            SessionOver: None was begun here, it took too long, that was the tenth wrong code, or the invite was used
                meanwhile.
            Refusal: One of these two.
            Tampered: The roster is not the one that was kept.
            Unavailable: It cannot be written; or it is, and what stands beside the key file could not be.
        """
        self._forget_old()
        begun = self._begun.get(address)
        if begun is None:
            raise SessionOver
        step = verify_totp(begun.secret, code, self._core.now().timestamp(), None)
        if step is None:
            raise self._miss(address, begun)
        del self._begun[address]
        try:
            lead = await self._keep(begun, step, state(begun.lead.id, step))
        except BaseException:
            wipe(begun.seed)
            raise
        return Joined(lead, begun.seed)

    async def _keep(self, begun: _Begun, step: int, own: dict[str, Cell]) -> Lead:
        logged = Logged(self._core.hour(), begun.lead.id, "join")
        for _ in range(_TRIES):  # somebody else may join at the same moment
            roster = await self._rosters.read()
            if roster.named(begun.lead.name) is not None:
                break
            lead = arriving(roster, begun.lead)
            rows = (Insert(leads, {**lead_columns(lead), **own}), *self._rosters.rows(roster, lead=lead), logged)
            told = announce(roster, self._core.second())
            try:
                await self._core.commit(*rows, *told, self._invites.use(begun.invite))
            except Conflict:
                continue
            self._rosters.note(roster.version + 1)
            self._core.register.note_floor(state_name(lead.id), step)
            return lead
        raise SessionOver

    async def _prepare(self, invite: dict[str, Cell], passphrase: str) -> _Begun:
        seed, secret, lead_id = new_lead_seed(), new_totp_secret(), LeadId(uuid4().hex)
        plain = plain_passphrase(passphrase)
        wrapped = await self._core.derivations.of_lead(wrap_seed, seed, plain, lead_id, 1, self._cost)
        card = public_card(seed)
        lead = Lead(
            id=lead_id,
            name=str(invite["name"]),
            name_key=fold_name(str(invite["name"])),
            title=str(invite["title"]),
            role=str(invite["role"]),
            site=str(invite["site"]),
            language=str(invite["language"]),
            disabled=IN,
            wrapping=card.wrapping,
            verifying=card.verifying,
            seed_version=1,
            seed=wrapped,
            totp=seal_totp(self._core, lead_id, secret),
            agreement=None if invite["agreement"] is None else str(invite["agreement"]),
        )
        return _Begun(invite, lead, seed, secret, self._core.now())

    def _miss(self, address: Address, begun: _Begun) -> Refusal:
        begun.misses += 1
        if begun.misses >= _MISSES:
            self._forget(address)
            return SessionOver()
        return NotUnlocked()

    def _forget_old(self) -> None:
        oldest = self._core.now() - self._core.limits.joining
        for address in [address for address, begun in self._begun.items() if begun.at < oldest]:
            self._forget(address)

    def _forget(self, address: Address) -> None:
        begun = self._begun.pop(address, None)
        if begun is not None:
            wipe(begun.seed)
