"""Withholding after sending: whom the reporter names now is kept out, in that same turn, until a recipient has checked.

The server holds no desk key of before, so the header goes on inside the new one (`storage/cases/header.py`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.cases.exclusion import Circle, called_up, named_by
from flows.conversation.explanation import about_adult
from flows.values.deeds import AddAnswer, Addition, AddMessage
from flows.values.draft import Wrote
from flows.values.ids import LeadId
from storage.cases import entry_content
from storage.cases.entries import REPORTER, Opened, Said
from storage.cases.header import header_row, sealed_within
from storage.cases.rows.clear_row import ClearRow
from storage.core.core import StoreCore, one_row
from storage.database.schema.cases import headers
from storage.database.turn import Row
from storage.deeds.deed import deed_of
from storage.deeds.header_content import made_anew
from storage.deeds.readers.exclude import as_reader, readers_of
from storage.deeds.readers.recipients import Opening, begin_epoch, let_in
from storage.deeds.send_concern import reads
from storage.leads.roster.roster import Roster
from storage.sealing.keys.case_keys import CaseKeys


@dataclass(frozen=True, slots=True)
class Withheld:
    """The case in the epoch that begins without whom the words name; `keys` are those of that epoch, desk key and all.

    `said` tells the recipients who it is, and `rows` hold everything of the epoch but the clear row and the queues.
    `anew`: nobody who read it before does any more, so that it has to be acknowledged again.
    """

    clear: ClearRow
    keys: CaseKeys = field(repr=False)
    said: tuple[Said, ...]
    rows: tuple[Row, ...] = field(repr=False)
    anew: bool = False


async def withhold(
    core: StoreCore,
    opening: Opening,
    roster: Roster,
    deeds: Sequence[Addition],
    talk: Callable[[Roster], Awaitable[tuple[Opened, ...]]],
) -> Withheld | None:
    """Begin a new epoch without the recipients whom `deeds` name; nothing is written yet.

    If nobody else reads the case, the next of the ladder do from now on, and read the talk of before. It takes time in
    proportion to the words, and a few milliseconds more where they name somebody.

    Args:
        core: For the database and the clock.
        opening: The case as it is, with the talk keys that the reporter's session holds.
        roster: As it was read and verified.
        deeds: What is said now.
        talk: Opens the talk, for where nobody else reads the case.

    Returns:
        None where the words name no recipient; or where nobody else at the site could read it, since nothing is ever
        sealed for nobody.

    Raises:
        Tampered: The header is not the version that the clear row tells, or the talk is not genuine.
        Unavailable: The database cannot be read.
    """
    named = _named(opening.clear, roster, deeds)
    if not named:
        return None
    left = [one for one in opening.clear.named if one not in named and reads(roster.leads.get(one))]
    if not left:
        return _handed_up(core, opening, roster, named, _texts(deeds), await talk(roster))
    async with core.read() as connection:
        header = await _header(core, connection, opening.clear)
    begun = _versioned(begin_epoch(opening, roster, left, core.second()), opening.clear)
    keys = begun.epochs[begun.clear.epoch]
    rows = (*begun.rows, sealed_within(begun.clear, keys.desk or b"", header, named))
    return Withheld(begun.clear, keys, _said(core, opening.clear, begun, named), rows)


def _handed_up(
    core: StoreCore,
    opening: Opening,
    roster: Roster,
    named: Sequence[LeadId],
    words: Sequence[str],
    opened: Sequence[Opened],
) -> Withheld | None:
    """Give the case to the next of the ladder, with the talk keys of before, and a header made of the talk."""
    glance = made_anew(opened)
    if glance is None:
        return None
    every = readers_of(roster, opening.clear.site)
    told = (text for one in opened if one.author == REPORTER for text in entry_content.texts_in(one.content))
    withheld = tuple(dict.fromkeys((*named, *named_by([*told, *words], every))))
    left_out, named_too, kept_out = map(roster.same_people, (glance.excluded, withheld, glance.kept_out))
    added = called_up(Circle(every, (), left_out, named_too, kept_out, about_adult(glance.chosen), glance.unsure))
    if not added:
        return None
    begun = begin_epoch(opening, roster, (), core.second())
    for lead in added:
        begun = let_in(begun, roster, lead)
    begun = _versioned(begun, opening.clear)
    keys = begun.epochs[begun.clear.epoch]
    rows = (*begun.rows, header_row(begun.clear, keys.desk or b"", replace(glance, withheld=withheld)))
    return Withheld(begun.clear, keys, _said(core, opening.clear, begun, named), rows, anew=True)


def _versioned(begun: Opening, before: ClearRow) -> Opening:
    header, desk = before.header_version + 1, before.desk_version + 1
    return replace(begun, clear=replace(begun.clear, header_version=header, desk_version=desk))


def _said(core: StoreCore, before: ClearRow, begun: Opening, named: Sequence[LeadId]) -> tuple[Said, ...]:
    access = {entry_content.ACCESS: begun.clear.access.hex()}
    return tuple(deed_of(before, "withhold", {"to": lead, **access}, core.now()) for lead in named)


def _named(clear: ClearRow, roster: Roster, deeds: Sequence[Addition]) -> tuple[LeadId, ...]:
    words = _texts(deeds)
    found = (roster.leads.get(lead) for lead in clear.named) if words else ()
    return named_by(words, [as_reader(lead) for lead in found if lead is not None])


async def _header(core: StoreCore, connection: AsyncConnection, clear: ClearRow) -> Mapping[str, Any]:
    row = await one_row(connection, select(headers).where(headers.c.case_id == clear.id))
    if row is None or (row["version"], row["epoch"]) != (clear.header_version, clear.epoch):
        raise core.forgeries.record(clear.id)
    return row


def _texts(deeds: Iterable[Addition]) -> list[str]:
    found: list[str] = []
    for deed in deeds:
        if isinstance(deed, AddMessage):
            found.append(deed.text)
        elif isinstance(deed, AddAnswer) and isinstance(deed.answered.answer, Wrote):
            found += deed.answered.answer.words
    return found
