"""Judges a lead's factors; whatever is wrong, the answer and the time it takes are the same."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field

from flows.values.ids import LeadId
from storage.core.core import StoreCore
from storage.leads.roster.roster import Lead
from storage.leads.sign_in.factors.spare_codes import spend
from storage.sealing.keys.lead_keys import LEAD_COST, unwrap_seed
from storage.sealing.passphrase import passphrase_forms
from storage.sealing.primitives.argon2 import Cost
from storage.sealing.primitives.box import OVERHEAD_BYTES, Place, open_box, seal
from storage.sealing.primitives.derive import wipe
from storage.sealing.primitives.errors import CannotOpen, WrongFactor
from storage.sealing.totp import SECRET_BYTES, verify_totp

_FORMAT = b"\x01"
_AHEAD = 3  # tries that one code of a lead lets go ahead of guesses


@dataclass(frozen=True, slots=True)
class Judged:
    """The passphrase was right: the seed, which the caller wipes, and the TOTP step to keep; None for a wrong code.

    `spare`: where a spare code served in its place, what is kept of the lead's codes then (`spare_codes.spend`).
    """

    seed: bytearray = field(repr=False)
    step: int | None
    spare: bytes | None = field(default=None, repr=False)


def seal_totp(core: StoreCore, lead: str, secret: bytes) -> bytes:
    """Seal a TOTP secret under a server subkey, for one lead.

    Hark has to judge a code before the passphrase has opened anything, so it is not sealed under the lead's own key.
    """
    return seal(core.server_key.subkey("totp"), _place(lead), secret)


@dataclass(frozen=True, slots=True)
class Tried:
    """Who is said to unlock, and with what.

    Attributes:
        lead: None for a name that is unknown, for whom the same is computed.
        name: The name, folded.
        factors: Passphrase and code, as typed.
        last_step: The last TOTP step that served; -1 if none has.
        own: The try comes from the chat in which the lead unlocked last.
    """

    lead: Lead | None
    name: str
    factors: tuple[str, str] = field(repr=False)
    last_step: int
    own: bool = False


class Judge:
    """Judges tries. One for the process: it counts how often the codes of a lead go ahead of guesses."""

    def __init__(self, core: StoreCore, cost: Cost = LEAD_COST) -> None:
        """`cost` is what an unknown name costs: the same as the leads'."""
        self._core = core
        self._cost = cost
        self._ahead: dict[LeadId, tuple[int, int]] = {}

    async def judge(self, tried: Tried) -> Judged | None:
        """Judge passphrase and code, in a thread; None for an unknown name and a wrong passphrase.

        A try with a code that serves goes ahead of the guesses that wait (decision 17). Where its passphrase is wrong
        it is answered all the same when its turn among the guesses has come, so that nobody learns of a right code.

        Raises:
            Crowded: Too many guesses wait; nothing is known of this one.
            Tampered: The lead's own row does not open.
        """
        lead, (passphrase, code) = tried.lead, tried.factors
        sealed = _nobody(self._cost) if lead is None else lead.seed
        name, version = ("", 0) if lead is None else (str(lead.id), lead.seed_version)
        now = self._core.now().timestamp()
        step = verify_totp(totp_secret(self._core, lead), code, now, tried.last_step)
        seed = await self._seed(tried, step, (sealed, passphrase, name, version))
        if seed is None:
            return None
        if lead is None or lead.shut_out:
            wipe(seed)
            return None
        spare = spend(self._core, lead, code) if step is None else None
        return Judged(seed, step if spare is None else tried.last_step + 1, spare)

    async def _seed(self, tried: Tried, step: int | None, work: tuple[bytes, str, str, int]) -> bytearray | None:
        derivations = self._core.derivations
        if tried.own:
            return await derivations.of_lead(unwrapped, *work)
        async with derivations.line("unlock", tried.name.encode()) as turn:
            if not turn.alone and self._may_go_ahead(tried.lead, step):
                seed = await derivations.of_lead(unwrapped, *work)
                if seed is not None:
                    turn.mark_genuine()
                    return seed
            seed = await derivations.guess(turn, unwrapped, *work)
            if seed is not None:
                turn.mark_genuine()
            return seed

    def _may_go_ahead(self, lead: Lead | None, step: int | None) -> bool:
        """Count a right code of a lead: whoever saw one on the lead's phone gets no slot for thousands of guesses."""
        if lead is None or step is None:
            return False
        known, times = self._ahead.get(lead.id, (step, 0))
        times = times + 1 if known == step else 1
        self._ahead[lead.id] = (step, times)
        return times <= _AHEAD


def totp_secret(core: StoreCore, lead: Lead | None) -> bytes:
    """Open a lead's TOTP secret, 20 bytes; for None it is a random one, which costs as much.

    Raises:
        Tampered: The lead's own row does not open.
    """
    if lead is None:
        return os.urandom(SECRET_BYTES)
    try:
        return open_box(core.server_key.subkey("totp"), _place(lead.id), lead.totp)
    except CannotOpen:
        raise core.forgeries.record() from None


def unwrapped(sealed: bytes, passphrase: str, lead: str, version: int) -> bytearray | None:
    """Try every form, also once one was right: how long it takes depends on what was typed alone."""
    found: bytearray | None = None
    for form in passphrase_forms(passphrase):
        with suppress(WrongFactor, CannotOpen):
            found = unwrap_seed(sealed, form, lead, version)
    return found


def _nobody(cost: Cost) -> bytes:
    """Give a wrapped seed that no passphrase opens and that costs as much to try."""
    return _FORMAT + cost.to_bytes() + os.urandom(16) + b"\x01" + os.urandom(OVERHEAD_BYTES - 1 + 32)


def _place(lead: str) -> Place:
    return Place("leads", None, lead, "totp", 0)
