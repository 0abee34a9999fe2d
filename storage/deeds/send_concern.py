"""Sending: a concern is sealed for its readers and becomes a case."""

from __future__ import annotations

import os
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from flows.duty.escalation import rungs_in_order
from flows.values.deeds import Answered, SendConcern
from flows.values.draft import Chose
from flows.values.ids import READING, LeadId
from storage.cases import entry_content
from storage.cases.access import Access, access_rows, holder_of
from storage.cases.entries import REPORTER, Author, Said, append
from storage.cases.header import new_header_row
from storage.cases.rows.case_row import new_case_row, reader_row
from storage.cases.rows.clear_row import ClearRow, dated, write_bands
from storage.core.core import StoreCore
from storage.core.integrity import Recipient, write_recipients
from storage.database.schema.base import NEVER
from storage.database.turn import Logged, Row
from storage.leads.roster.roster import Lead, Roster
from storage.notices.enqueue import tell_ladder
from storage.sealing.keys.case_keys import CaseKeys, Epoch, Wrap, WrapKind, commit_to, new_case_keys, wrap_case_keys
from storage.sealing.primitives.signing import verifying_key
from storage.sealing.primitives.xwing import PublicKey, public_key
from storage.sealing.receipts.receipt import ReceiptKeys
from storage.values import URGENCIES, CaseId, Clocks, Glance
from storage.values.errors import NoReaders

_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without those that are taken for each other
_REFERENCE_LETTERS = 6  # about 10^9 references


@dataclass(frozen=True, slots=True)
class CameFromElsewhere:
    """What a case begins with that another Hark handed over: its id, who took it in, and what is said behind it."""

    case: CaseId
    author: Author
    said: tuple[Said, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewCase:
    """A sealed concern: the case, its keys, who opens it, and its rows."""

    clear: ClearRow
    keys: CaseKeys = field(repr=False)
    access: Access
    rows: tuple[Row, ...] = field(repr=False)


def recipients(deed: SendConcern, roster: Roster) -> dict[LeadId, int]:
    """Return the leads for whom a concern is sealed, with their rungs; a lead who was struck is never among them.

    Raises:
        NoReaders: Nobody remains.
    """
    shut = roster.same_people((*deed.excluded, *deed.withheld))
    rungs: dict[LeadId, int] = {}
    for rung, leads in enumerate(deed.rungs):
        for lead in leads:
            if lead not in shut and lead not in rungs and reads(roster.leads.get(lead)):
                rungs[lead] = rung
    if not rungs:
        raise NoReaders
    return rungs


def send_concern(
    core: StoreCore,
    deed: SendConcern,
    roster: Roster,
    receipt: ReceiptKeys,
    clocks: Clocks,
    bands: Mapping[LeadId, int] | None = None,
    on_duty: Collection[LeadId] = (),
    elsewhere: CameFromElsewhere | None = None,
) -> NewCase:
    """Seal a concern for its recipients, the recovery key and the reporter. About 2 ms, no input or output.

    Args:
        core: For the server's key and the clock.
        deed: What is sent.
        roster: As it was read and verified.
        receipt: What the new receipt derives to.
        clocks: When the case is due.
        on_duty: Who is told first.
        bands: The band of each recipient; the first for those that are not named.
        elsewhere: Where another Hark handed it over.

    Raises:
        NoReaders: Nobody remains who could open it; nothing was sealed.
        ValueError: The new keys lack a desk key (a bug).
    """
    rungs, now = recipients(deed, roster), core.now()
    case = elsewhere.case if elsewhere else CaseId(os.urandom(16).hex())
    keys, reporter = new_case_keys(), public_key(receipt.wrapping_seed)
    wrapped, named = _wrapped(Epoch(case, 1), keys, _holders(rungs, roster, reporter))
    access = Access(
        case,
        tuple(holder_of(one, lead) for one, lead in zip(wrapped, named, strict=True)),
        {1: commit_to(Epoch(case, 1), keys)},
        (receipt.row_id, reporter, verifying_key(receipt.signing_seed)),
    )
    begun = replace(
        _begun(core, case, deed, clocks),
        access=access.digest(),
        bands=write_bands(bands or {}),
        recipients=write_recipients(Recipient(lead, rung) for lead, rung in rungs.items()),
    )
    said = Said("talk", entry_content.concern(deed, now))
    clear, entry = append(begun, keys, Author(REPORTER, receipt.signing_seed), said, core.hour())
    behind: list[Row] = []
    if elsewhere is not None:
        for one in elsewhere.said:
            clear, more = append(clear, keys, elsewhere.author, one, core.hour())
            behind.append(more)
    rows = (
        new_case_row(core, clear),
        *access_rows(access, wrapped),
        new_header_row(clear, _desk(keys), _glance(deed, now)),
        entry,
        *behind,
        *(reader_row(clear, lead) for lead in rungs),
        *tell_ladder(clear, rungs_in_order(rungs, on_duty), "new", core.second(), page=deed.page),
        Logged(core.hour(), REPORTER, "sent", case),
    )
    return NewCase(clear, keys, access, rows)


def reads(lead: Lead | None) -> bool:
    """Tell whether concerns are sealed for a lead: in a role that reads, neither shut out nor waiting.

    Args:
        lead: As the roster has it; None for who is not on it.
    """
    return lead is not None and not lead.disabled and lead.role in READING


def _holders(rungs: Mapping[LeadId, int], roster: Roster, reporter: PublicKey) -> list[tuple[WrapKind, PublicKey, str]]:
    held = [(WrapKind.LEAD, roster.leads[lead].public, str(lead)) for lead in rungs]
    held.append((WrapKind.REPORTER, reporter, ""))
    if roster.recovery is not None:
        held.append((WrapKind.RECOVERY, PublicKey(roster.recovery), ""))
    return held


def _wrapped(
    epoch: Epoch, keys: CaseKeys, held: list[tuple[WrapKind, PublicKey, str]]
) -> tuple[tuple[Wrap, ...], tuple[str, ...]]:
    wrapped = wrap_case_keys(epoch, keys, [(kind, public) for kind, public, _ in held])
    return wrapped, tuple(lead for _, _, lead in held)


def _desk(keys: CaseKeys) -> bytes:
    if keys.desk is None:
        raise ValueError("new keys without a desk key")
    return keys.desk


def _begun(core: StoreCore, case: CaseId, deed: SendConcern, clocks: Clocks) -> ClearRow:
    begun = ClearRow(
        id=case,
        reference="".join(secrets.choice(_LETTERS) for _ in range(_REFERENCE_LETTERS)),
        site=deed.site,
        status="new",
        rank=URGENCIES.index(deed.urgency),
        opened_hour=core.hour(),
        touched_hour=core.hour(),
        due="acknowledge",
        due_at=seconds(clocks.acknowledge_by),
        act_at=seconds(clocks.act_by),
        owner=None,
        epoch=1,
        entries=0,
        own_entries=0,
        last_word=0,
        reporter_read=0,
        head=b"",
        access=b"",
        header_version=1,
        desk_version=1,
        version=1,
    )
    return dated(begun, core.now())


def seconds(at: datetime | None) -> int:
    """Give a due time as it is stored: whole seconds since 1970, or `NEVER` where no clock runs."""
    return NEVER if at is None else int(at.timestamp())


def _glance(deed: SendConcern, now: datetime) -> Glance:
    return Glance(
        register=deed.register,
        language=deed.language,
        door=deed.door,
        sent_at=now,
        categories=deed.categories,
        rules=deed.rules,
        chosen=chosen(deed.answers),
        excluded=deed.excluded,
        withheld=deed.withheld,
        unsure=deed.unsure,
        taken_down=deed.taken_down,
    )


def chosen(answers: tuple[Answered, ...]) -> dict[str, tuple[str, ...]]:
    """Give the ids of chosen options by question: what may stand in a header.

    No words are among them: the header is opened for every row of a queue.
    """
    return {one.step: one.answer.options for one in answers if isinstance(one.answer, Chose)}
