"""A new authenticator for a lead who lost the phone: an invite that two colleagues decided on, and the passphrase.

Whoever does not know the passphrase any more gets nothing by it: then there is an invite for new keys instead
(`Members.renew_keys`).
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from flows.values.ids import LeadId
from storage.core.core import StoreCore
from storage.database.schema.leads import leads
from storage.database.turn import Cell, Logged, Update
from storage.leads.roster.announcements import announce
from storage.leads.roster.invites import Invites
from storage.leads.roster.roster import Lead, Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.factors.factors import seal_totp, unwrapped
from storage.leads.sign_in.joining import ISSUER, Joined
from storage.leads.sign_in.passkeys.passkey_rows import passkeys_name, rows_at_unlock
from storage.leads.sign_in.unlock_records import state_name
from storage.sealing.primitives.derive import wipe
from storage.sealing.totp import new_totp_secret, otpauth_uri, verify_totp
from storage.values import Address, Arrival, Joining
from storage.values.errors import Conflict, NotUnlocked, SessionOver

#: Wrong passphrases that one invite allows, and wrong codes after a right one.
_MISSES: Final = 5
_TRIES: Final = 4


@dataclass(slots=True)
class _Begun:
    invite: dict[str, Cell] = field(repr=False)
    lead: Lead
    seed: bytearray = field(repr=False)
    secret: bytes = field(repr=False)
    at: datetime
    misses: int = 0


class FactorResets:
    """Resets that were begun, by chat, and wrong passphrases, by invite; in memory only."""

    def __init__(self, core: StoreCore, rosters: Rosters, invites: Invites) -> None:
        self._core = core
        self._rosters = rosters
        self._invites = invites
        self._begun: dict[Address, _Begun] = {}
        self._misses: dict[bytes, int] = {}

    async def begin(self, arrival: Arrival, code: str, passphrase: str) -> Joining:
        """Take an invite's code and the lead's passphrase; the update is committed as seen, and nothing else kept yet.

        Deriving takes some 270 ms, in a thread. The fifth wrong passphrase uses the invite up.

        Returns:
            The second factor to set up.

        Raises:
            NotUnlocked: The passphrase is wrong.
            SessionOver: The code is not a living invite that resets, or that was the last try.
            AlreadySeen: The update was committed before.
            Tampered: The roster, or the invite, is not the one that was kept.
            Unavailable: The database cannot be read or written.
        """
        await self._core.commit(*self._core.marks.seen_rows(arrival))
        invite, roster = await self._invites.find(code), await self._rosters.read()
        lead = self._meant(roster, invite)
        if invite is None or lead is None:
            raise SessionOver
        seed = await self._core.derivations.of_lead(unwrapped, lead.seed, passphrase, lead.id, lead.seed_version)
        if seed is None:
            raise await self._missed(invite)
        self._forget(arrival.address)
        begun = self._begun[arrival.address] = _Begun(invite, lead, seed, new_totp_secret(), self._core.now())
        return Joining(otpauth_uri(begun.secret, lead.name, ISSUER), base64.b32encode(begun.secret).decode())

    async def confirm(self, address: Address, code: str, state: Callable[[str, int], dict[str, Cell]]) -> Joined:
        """Confirm the new authenticator: it is hers from now on, the invite is used up, and the others hear of it.

        Her passkeys are gone.

        Args:
            address: The chat in which it was begun.
            code: Six digits as typed.
            state: Gives what the lead's row holds of the chat and the code, by the lead's id and the code's step.

        Returns:
            The lead and the seed, which the caller wipes; it is wiped here where this raises but for a wrong code.

        Raises:
            NotUnlocked: The code is wrong; it goes on.
            SessionOver: None was begun here, it took too long, that was the fifth wrong code, or the invite was used,
                or the lead changed, meanwhile.
            Tampered: The roster, or the register, is not the one that was kept.
            Unavailable: It cannot be written; or it is, and what stands beside the key file could not be.
        """
        begun = self._begun.get(address)
        if begun is None or begun.at < self._core.now() - self._core.limits.joining:
            self._forget(address)
            raise SessionOver
        floor = self._core.register.floor(state_name(begun.lead.id))
        step = verify_totp(begun.secret, code, self._core.now().timestamp(), floor or None)
        if step is None:
            begun.misses += 1
            if begun.misses < _MISSES:
                raise NotUnlocked
            self._forget(address)
            raise SessionOver
        del self._begun[address]
        try:
            return Joined(await self._keep(begun, step, state(begun.lead.id, step)), begun.seed)
        except BaseException:
            wipe(begun.seed)
            raise

    async def _keep(self, begun: _Begun, step: int, own: dict[str, Cell]) -> Lead:
        for _ in range(_TRIES):
            roster = await self._rosters.read()
            if roster.leads.get(begun.lead.id) != begun.lead:
                break
            lead = replace(begun.lead, totp=seal_totp(self._core, begun.lead.id, begun.secret))
            rows = (
                Update(leads, {"id": lead.id}, {"totp": lead.totp, **own}),
                *self._rosters.rows(roster, lead=lead),
                Logged(self._core.hour(), lead.id, "factors"),
                *announce(roster, self._core.second(), but={lead.id}),
            )
            # The phone that is lost may hold a passkey.
            passkeys, version = await rows_at_unlock(self._core, lead.id, None, invited=True)
            try:
                await self._core.commit(*rows, *passkeys, self._invites.use(begun.invite))
            except Conflict:
                continue
            self._rosters.note(roster.version + 1)
            self._core.register.note_floor(passkeys_name(lead.id), version)
            self._core.register.note_floor(state_name(lead.id), step)
            return lead
        raise SessionOver

    async def _missed(self, invite: dict[str, Cell]) -> NotUnlocked | SessionOver:
        mark = invite["code"]
        if not isinstance(mark, bytes):
            return SessionOver()
        self._misses[mark] = self._misses.get(mark, 0) + 1
        if self._misses[mark] < _MISSES:
            return NotUnlocked()
        del self._misses[mark]
        await self._core.commit(self._invites.use(invite))
        return SessionOver()

    def _meant(self, roster: Roster, invite: dict[str, Cell] | None) -> Lead | None:
        """Give the lead whose authenticator an invite resets, as long as the lead is in."""
        if invite is None or not invite["resets"]:
            return None
        lead = roster.leads.get(LeadId(str(invite["lead_id"])))
        return lead if lead is not None and not lead.disabled and self._invites.rebinds(invite, lead) else None

    def _forget(self, address: Address) -> None:
        begun = self._begun.pop(address, None)
        if begun is not None:
            wipe(begun.seed)
