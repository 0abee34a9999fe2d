"""What a lead signs in with, changed by herself at an open desk: passphrase, authenticator, spare codes and keys.

Each change takes both factors anew. It is one version of the roster, in the audit, and ends her desks elsewhere.
"""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final

from flows.values.bounds import Bounded
from flows.values.ids import LeadId
from storage.core.core import StoreCore
from storage.database.clock_guard import is_within
from storage.database.schema.leads import leads
from storage.database.turn import Logged, Update
from storage.leads.roster.announcements import announce
from storage.leads.roster.roster import Lead
from storage.leads.roster.rosters import Rosters, lead_columns
from storage.leads.sign_in.factors.factors import seal_totp
from storage.leads.sign_in.factors.fresh_codes import FreshCodes
from storage.leads.sign_in.factors.spare_codes import left_of, new_spare_codes, seal_spare_codes
from storage.leads.sign_in.passkeys.passkey_rows import passkeys_name, rows_at_unlock
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.keys.lead_keys import lead_keys, new_lead_seed, seal_former_seed, unwrap_seed, wrap_seed
from storage.sealing.passphrase import check_passphrase, passphrase_forms, plain_passphrase
from storage.sealing.primitives.argon2 import Cost
from storage.sealing.primitives.derive import wipe
from storage.sealing.primitives.errors import CannotOpen, WrongFactor
from storage.sealing.totp import new_totp_secret, otpauth_uri, verify_totp
from storage.values import Arrival, Joining
from storage.values.errors import CodeMissing, Conflict, NotOffered, NotUnlocked, UnfitPassphrase

#: How long both factors count, once given, for one change.
PROVED: Final = timedelta(minutes=10)
_ISSUER: Final = "Hark"
_TRIES: Final = 4
_PENDING: Final = 1_000  # authenticators that are being set up


class OwnFactors:
    """Changes of what a lead signs in with. Blocking work is done in a thread.

    Every method that changes something raises besides what stands with it:

    - `CodeMissing`: both factors were not given for it within the last ten minutes (`prove`).
    - `SessionOver`: the session has ended, or the lead was shut out.
    - `AlreadySeen`: the update was committed before.
    - `Conflict`: others changed the roster at the same moment, four times; nothing changed.
    - `Tampered`: the roster is not the one that was kept.
    - `Unavailable`: the database or the ledger cannot be written; or all is kept but the version beside the key file.
    """

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions, codes: FreshCodes, cost: Cost) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions
        self._codes = codes
        self._cost = cost
        self._secrets: Bounded[LeadId, bytes] = Bounded(_PENDING)

    async def prove(self, session: LeadSession, arrival: Arrival, passphrase: str, code: str) -> None:
        """Take both factors for one change within ten minutes; the update is committed as seen.

        Raises:
            NotUnlocked: One of them is wrong. The code is used up if it was right.
            Throttled: Too many wrong codes; none was judged.
            SessionOver: The session has ended, or the lead was shut out.
            AlreadySeen: The update was committed before.
            Tampered: The roster, the lead's row or her secret is not genuine.
            Unavailable: The database or the register cannot be read or written.
        """
        session.proved_at = None
        await self._codes.give(session, arrival, code)
        session.code_at = None  # it served for this
        lead = await self._own(session)
        if not await self._core.derivations.of_lead(_opens, lead, passphrase):
            raise NotUnlocked
        self._sessions.require(session)
        session.proved_at = self._core.now()

    async def spare_codes_left(self, session: LeadSession) -> int:
        """Tell how many spare codes the lead has.

        Raises:
            SessionOver: The session has ended, or the lead was shut out.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        return left_of(self._core, await self._own(session))

    async def change_passphrase(self, session: LeadSession, arrival: Arrival, passphrase: str) -> None:
        """Keep the same keys under a new passphrase: the earlier one opens nothing that is kept here any more.

        What a copy of the database of before holds, the earlier passphrase still opens: see `renew_keys`.

        Raises:
            UnfitPassphrase: It is too short, common, or holds the name; the proof of both factors counts still.
            CodeMissing: Both factors were not given for it.
        """
        lead = await self._own(session)
        self._require_fit(lead, passphrase)
        self._take_proof(session)
        version = lead.seed_version + 1
        former = session.former_for(version)  # while keys are renewed: it is bound to the version too
        wrapped = await self._wrapped(lead, session.seed_copy(), passphrase)
        await self._keep(
            session, arrival, "passphrase", seed=wrapped, seed_version=version, former_seed=former and former[0]
        )
        session.keep_former(former)

    async def begin_authenticator(self, session: LeadSession) -> Joining:
        """Draw the secret of a new authenticator, in memory; the one of before goes on until a code is confirmed.

        Raises:
            CodeMissing: Both factors were not given for it.
            SessionOver: The session has ended, or the lead was shut out.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read.
        """
        lead = await self._own(session)
        self._take_proof(session)
        secret = new_totp_secret()
        self._secrets.put(lead.id, secret)
        return Joining(otpauth_uri(secret, lead.name, _ISSUER), base64.b32encode(secret).decode())

    async def confirm_authenticator(self, session: LeadSession, arrival: Arrival, code: str) -> None:
        """Confirm the new authenticator with a code of it: from then on the earlier one serves no more.

        Raises:
            NotUnlocked: The code is not one of the new authenticator; it goes on being set up.
            NotOffered: None is being set up.
        """
        lead = await self._own(session)
        secret = self._secrets.get(lead.id)
        if secret is None:
            raise NotOffered
        if verify_totp(secret, code, self._core.now().timestamp(), None) is None:
            raise NotUnlocked
        await self._keep(session, arrival, "authenticator", totp=seal_totp(self._core, lead.id, secret))
        self._secrets.pop(lead.id)

    async def new_spare_codes(self, session: LeadSession, arrival: Arrival) -> tuple[str, ...]:
        """Draw a new set of spare codes, and give them once; earlier ones serve no more.

        Raises:
            CodeMissing: Both factors were not given for it.
        """
        self._take_proof(session)
        codes = new_spare_codes()
        kept = seal_spare_codes(self._core, session.lead.id, codes)
        await self._keep(session, arrival, "spare_codes", spare_codes=kept)
        return codes

    async def renew_keys(self, session: LeadSession, arrival: Arrival, passphrase: str) -> None:
        """Draw new keys: from now on is sealed for them, and the keys of before open what was sealed until now.

        The seed of before is kept, sealed under the new keys, until `KeyRenewals.go_on` has sealed every case anew. All
        leads are told: her fingerprint is another one. Her passkeys are gone, and her PIN has to be set again.

        Args:
            session: Whose; she is unlocked with the new keys when this returns.
            arrival: The update that asked for it.
            passphrase: That of now, under which the new seed is kept too.

        Raises:
            NotUnlocked: It is not her passphrase.
            NotOffered: Her keys are being renewed already.
            CodeMissing: Both factors were not given for it.
        """
        lead = await self._own(session)
        if lead.former_seed is not None:
            raise NotOffered
        if not await self._core.derivations.of_lead(_opens, lead, passphrase):
            raise NotUnlocked
        self._take_proof(session)
        seed, version = new_lead_seed(), lead.seed_version + 1
        wrapped = await self._wrapped(lead, bytearray(seed), passphrase)
        keys = lead_keys(seed)
        former = seal_former_seed(keys, session.seed_copy(), lead.id, version)
        card = keys.card
        keys.wipe()
        await self._keep(
            session,
            arrival,
            "renewed",
            wrapping=card.wrapping,
            verifying=card.verifying,
            seed=wrapped,
            seed_version=version,
            former_verifying=b"".join(lead.signers),
            former_seed=former,
        )
        session.renew(seed, (former, version))

    async def forget_former(self, session: LeadSession) -> None:
        """Destroy the keys of before; called once nothing is sealed for them any more."""
        await self._keep(session, None, "renewal_done", former_seed=None)
        session.renew(session.seed_copy(), None)

    async def _own(self, session: LeadSession) -> Lead:
        roster = await self._rosters.read()
        self._sessions.require_present(session, roster.card(session.lead.id))
        return roster.leads[session.lead.id]

    def _require_fit(self, lead: Lead, passphrase: str) -> None:
        fault = check_passphrase(passphrase, (lead.name,))
        if fault is not None:
            raise UnfitPassphrase(fault.value)

    def _take_proof(self, session: LeadSession) -> None:
        given, session.proved_at = session.proved_at, None
        if given is None or not is_within(self._core.now() - given, PROVED):
            raise CodeMissing

    async def _wrapped(self, lead: Lead, seed: bytearray, passphrase: str) -> bytes:
        try:
            plain, version = plain_passphrase(passphrase), lead.seed_version + 1
            return await self._core.derivations.of_lead(wrap_seed, seed, plain, lead.id, version, self._cost)
        finally:
            wipe(seed)

    async def _keep(
        self, session: LeadSession, arrival: Arrival | None, what: str, **changed: bytes | int | None
    ) -> None:
        """Put the lead's changed row and the next roster on disk, and end her sessions elsewhere."""
        seen = self._core.marks.seen_rows(arrival) if arrival else ()
        for left in reversed(range(_TRIES)):
            roster = await self._rosters.read()
            self._sessions.require_present(session, roster.card(session.lead.id))
            before = roster.leads[session.lead.id]
            lead = replace(before, **changed)  # type: ignore[arg-type]  # names and types are those of `Lead`
            logged = Logged(self._core.hour(), lead.id, what)
            own = Update(leads, {"id": lead.id}, {name: lead_columns(lead)[name] for name in changed})
            renewed = what == "renewed"
            told = announce(roster, self._core.second(), but={lead.id}) if renewed else ()
            keys, version = await rows_at_unlock(self._core, lead.id, None, invited=renewed)  # they wrap the old seed
            try:
                await self._core.commit(*seen, own, *self._rosters.rows(roster, lead=lead), logged, *told, *keys)
            except Conflict:
                if not left:
                    raise
                continue
            self._rosters.note(roster.version + 1)
            self._core.register.note_floor(passkeys_name(lead.id), version)
            self._sessions.lock_others(session)
            return


def _opens(lead: Lead, passphrase: str) -> bool:
    """Tell whether a passphrase opens a lead's seed; blocking."""
    for form in passphrase_forms(passphrase):
        with suppress(WrongFactor, CannotOpen):
            wipe(unwrap_seed(lead.seed, form, lead.id, lead.seed_version))
            return True
    return False
