"""Withholding after sending: whom the reporter names now is kept out, in that same turn, until a recipient has checked.

The server holds no desk key of before, so the header goes on inside the new one (`storage/cases/header.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.cases.exclusion import named_by
from flows.values.deeds import AddAnswer, AddMessage
from flows.values.draft import Wrote
from flows.values.ids import LeadId
from storage.cases import entry_content
from storage.cases.case_row import ClearRow
from storage.cases.entries import Said
from storage.cases.header import sealed_within
from storage.core.core import StoreCore, one_row
from storage.database.schema.cases import headers
from storage.database.turn import Row
from storage.deeds.deed import deed_of
from storage.deeds.exclude import as_reader
from storage.deeds.recipients import Opening, begin_epoch
from storage.deeds.send_concern import reads
from storage.leads.roster.roster import Roster
from storage.sealing.keys.case_keys import CaseKeys


@dataclass(frozen=True, slots=True)
class Withheld:
    """The case in the epoch that begins without whom the words name; `keys` are those of that epoch, desk key and all.

    `said` tells the recipients who it is, and `rows` hold everything of the epoch but the clear row and the queues.
    """

    clear: ClearRow
    keys: CaseKeys = field(repr=False)
    said: tuple[Said, ...]
    rows: tuple[Row, ...] = field(repr=False)


async def withhold(
    core: StoreCore, opening: Opening, roster: Roster, deeds: Iterable[AddAnswer | AddMessage]
) -> Withheld | None:
    """Begin a new epoch without the recipients whom `deeds` name; nothing is written yet.

    It takes time in proportion to the words, and about a millisecond more where they name somebody.

    Args:
        core: For the database and the clock.
        opening: The case as it is, with the talk keys that the reporter's session holds.
        roster: As it was read and verified.
        deeds: What is said now.

    Returns:
        None where the words name no recipient, or nobody else could read the case.

    Raises:
        Tampered: The header is not the version that the clear row tells.
        Unavailable: The database cannot be read.
    """
    named = _named(opening.clear, roster, deeds)
    left = [one for one in opening.clear.named if one not in named and reads(roster.leads.get(one))]
    if not named or not left:
        return None
    async with core.read() as connection:
        header = await _header(core, connection, opening.clear)
    begun = begin_epoch(opening, roster, left, core.second())
    before, keys = opening.clear, begun.epochs[begun.clear.epoch]
    clear = replace(begun.clear, header_version=before.header_version + 1, desk_version=before.desk_version + 1)
    access = {entry_content.ACCESS: clear.access.hex()}
    said = tuple(deed_of(before, "withhold", {"to": lead, **access}, core.now()) for lead in named)
    rows = (*begun.rows, sealed_within(clear, keys.desk or b"", header, named))
    return Withheld(clear, keys, said, rows)


def _named(clear: ClearRow, roster: Roster, deeds: Iterable[AddAnswer | AddMessage]) -> tuple[LeadId, ...]:
    words = [text for deed in deeds for text in _words(deed)]
    found = (roster.leads.get(lead) for lead in clear.named) if words else ()
    return named_by(words, [as_reader(lead) for lead in found if lead is not None])


async def _header(core: StoreCore, connection: AsyncConnection, clear: ClearRow) -> Mapping[str, Any]:
    row = await one_row(connection, select(headers).where(headers.c.case_id == clear.id))
    if row is None or (row["version"], row["epoch"]) != (clear.header_version, clear.epoch):
        raise core.forgeries.record(clear.id)
    return row


def _words(deed: AddAnswer | AddMessage) -> tuple[str, ...]:
    if isinstance(deed, AddMessage):
        return (deed.text,)
    answer = deed.answered.answer
    return answer.words if isinstance(answer, Wrote) else ()
