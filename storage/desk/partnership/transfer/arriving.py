"""How a file is taken in that another Hark sent: opened, proved, imported once, and a receipt signed for it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256

from sqlalchemy import select

from flows.values.deeds import SendConcern
from flows.values.ids import LeadId, SiteId
from storage.cases import entry_content
from storage.cases.entries import REPORTER, Opened, Said
from storage.cases.transfer_file import CaseCopy, digest_of, read_container
from storage.core.core import StoreCore, one_row
from storage.database import instrumentation
from storage.database.schema.cases import cases
from storage.database.turn import Logged
from storage.deeds.send_concern import CameFromElsewhere, recipients, send_concern
from storage.desk.partnership.transfer.own_key import OwnTransferKey
from storage.leads.roster.rosters import Rosters
from storage.leads.rota import Rotas
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.age.age_file import decrypt
from storage.sealing.keys.transfer_key import TransferKey, sign_receipt, wrapping_seed
from storage.sealing.primitives.derive import canonical
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.receipts.receipt import ReceiptKeys
from storage.values import Arrival, CaseId, Clocks, Entry, LeadCard
from storage.values.errors import Conflict, NoTransferFile, SessionOver

#: Its rule in `flows/cases/roles.py`, and what the audit log calls it.
RECEIVE = "receive"
_TRIES = 3
_NOWHERE = SiteId("")


@dataclass(frozen=True, slots=True)
class ArrivedFile:
    """A file that opened and holds, with what it tells; `here` says whether it was taken in before.

    `entries` are the entries of the case over there, each by the author's name there.
    """

    digest: bytes
    copy: CaseCopy
    entries: tuple[Entry, ...] = field(repr=False)
    opened: tuple[Opened, ...] = field(repr=False)
    here: bool

    @property
    def people(self) -> tuple[LeadCard, ...]:
        """Everybody over there whom the entries name by id."""
        found = (_author(self.copy, who) for who in self.copy.signers)
        return tuple(card for card in found if card is not None)


class Arriving:
    """For leads who read.

    Every method raises `SessionOver`, `NotOffered` where it is not for the lead's role, `Tampered` where the roster is
    not the one that was kept, and `Unavailable`.
    """

    def __init__(
        self, core: StoreCore, rosters: Rosters, sessions: Sessions, rotas: Rotas, own_key: OwnTransferKey
    ) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions
        self._rotas = rotas
        self._own_key = own_key

    async def key(self, session: LeadSession) -> TransferKey | None:
        """Give the public half of the key that others seal to; None where there is none yet."""
        await self._require(session)
        return self._own_key.read()

    async def look(self, session: LeadSession, file: bytes) -> ArrivedFile:
        """Open a file and prove all of it; nothing changes.

        Raises:
            NoTransferKey: There is none, or it was made before this lead read.
            NoTransferFile: It was cut or changed, is for somebody else, or no such file.
        """
        await self._require(session)
        seed = self._own_key.seed(session)
        try:
            container = await asyncio.to_thread(decrypt, wrapping_seed(seed), file)
            copy, opened = await asyncio.to_thread(read_container, container)
            entries = tuple(entry_content.entry(one, _author(copy, one.author)) for one in opened)
        except (CannotOpen, KeyError, ValueError, TypeError):
            raise NoTransferFile from None
        digest = digest_of(container)
        return ArrivedFile(digest, copy, entries, opened, await self._is_here(case_of(digest)))

    async def receive(
        self,
        session: LeadSession,
        arrival: Arrival,
        file: ArrivedFile,
        deed: SendConcern,
        notes: Sequence[str],
        clocks: Clocks,
    ) -> None:
        """Take a file in as a new case for the readers of `deed`, once, whole or not at all; twice changes nothing.

        Args:
            session: Who takes it in; she is no reader by that.
            arrival: The update that asked for it.
            file: As `look` gave it.
            deed: What it begins with: the reporter's own answers, and who reads it here.
            notes: What else stood in it, in order, as notes that bear this lead's signature.
            clocks: When it is due.

        Raises:
            SessionOver: The session has ended; nothing changed, here and below.
            NoReaders: Nobody remains who could open it.
            AlreadySeen: The update was committed before.
            Conflict: Others wrote at the same moment, three times.
        """
        await self._require(session)
        if session.author is None:
            raise SessionOver
        case = case_of(file.digest)
        said = tuple(Said("desk", entry_content.note(text, self._core.now())) for text in notes)
        elsewhere = CameFromElsewhere(case, session.author, said)
        nobodys = ReceiptKeys(
            os.urandom(16), os.urandom(32), os.urandom(32)
        )  # no words lead here: the child's are over there
        for _ in range(_TRIES):
            if await self._is_here(case):
                await self._core.commit(*self._core.marks.seen_rows(arrival))
                return
            roster = await self._rosters.read()
            recipients(deed, roster)  # before anything is sealed: it may be that nobody remains
            on_duty = await self._rotas.first_told(deed.site, self._core.now())
            seal = partial(send_concern, self._core, deed, roster, nobodys, clocks, None, on_duty, elsewhere)
            new = await asyncio.to_thread(seal)
            instrumentation.reach("send.sealed")
            logged = Logged(self._core.hour(), session.lead.id, RECEIVE, case)
            try:
                same = self._rosters.unchanged(roster)
                await self._core.commit(*self._core.marks.seen_rows(arrival), *new.rows, logged, same)
            except Conflict:  # its reference is taken, the roster has changed, or a colleague was quicker
                continue
            instrumentation.reach("send.kept")
            return
        raise Conflict

    async def receipt(self, session: LeadSession, file: ArrivedFile) -> str:
        """Sign the receipt of a file that was taken in, the same each time.

        Raises:
            NoTransferFile: It was not taken in yet.
            NoTransferKey: As `look`.
        """
        await self._require(session)
        if not await self._is_here(case_of(file.digest)):
            raise NoTransferFile
        return sign_receipt(self._own_key.seed(session), file.digest)

    async def _is_here(self, case: CaseId) -> bool:
        """Whether it was taken in, also where it was destroyed since."""
        async with self._core.read(once=True) as connection:
            found = await one_row(connection, select(cases.c.id).where(cases.c.id == case))
        return found is not None or any(one.kind == "case" and one.id == case for one in self._core.ledger.read())

    async def _require(self, session: LeadSession) -> None:
        self._sessions.require_lead(session, (await self._rosters.read()).card(session.lead.id), RECEIVE)


def case_of(digest: bytes) -> CaseId:
    """Give the id that a container has as a case here: it follows from its digest, so that it can come once alone."""
    return CaseId(sha256(canonical("hark/transfer/case/1", digest)).digest()[:16].hex())


def _author(copy: CaseCopy, author: str) -> LeadCard | None:
    """Who wrote an entry over there, as a name: nobody on the roster here."""
    if author == REPORTER:
        return None
    name = copy.signers[author].name
    return LeadCard(LeadId(author), name, "", "lead", _NOWHERE, disabled=True, language="en")
