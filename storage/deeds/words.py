"""Words in a case: notes and replies of leads; what a reporter adds in a talk session, which may only raise it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar

from flows.values.deeds import AddAnswer, AddFile, Addition, AddMessage, Urgency
from flows.values.ids import LeadId
from storage.cases import entry_content
from storage.cases.answers_json import Object
from storage.cases.entries import REPORTER, Author, Said, append
from storage.cases.rows.case_row import change_rows
from storage.cases.rows.clear_row import ClearRow, dated, stop_clock
from storage.cases.rows.file_rows import keep_file
from storage.core.core import StoreCore
from storage.database.turn import Logged, Row
from storage.deeds.deed import Acted, Deed, DeedContext
from storage.deeds.ownership import read_by_a_human
from storage.deeds.readers.withhold import Withheld
from storage.deeds.send_concern import seconds
from storage.notices.enqueue import stop_ladder, tell_ladder, tell_message, tell_one, tell_reporter
from storage.sealing.keys.case_keys import CaseKeys
from storage.values import URGENCIES, Clocks
from storage.values.errors import NotOffered


@dataclass(frozen=True, slots=True)
class AddNote(Deed):
    """Add a note for the other recipients; it stops no clock."""

    rule: ClassVar[str] = "note"
    text: str = field(repr=False)

    def apply(self, context: DeedContext) -> Acted:
        """Add it.

        Raises:
            NotOffered: It is empty.
        """
        if not self.text.strip():
            raise NotOffered
        said = Said("desk", entry_content.note(self.text, context.now))
        return Acted(context.loaded.clear, context.loaded.glance, "note", (said,))


@dataclass(frozen=True, slots=True)
class SendReply(Deed):
    """Answer the reporter in the lead's own words or by the id of a ready reply; a notice goes to a return address."""

    rule: ClassVar[str] = "reply"
    needs_return_id: ClassVar[bool] = True
    text: str = field(default="", repr=False)
    ready: str | None = None

    def apply(self, context: DeedContext) -> Acted:
        """Send it; both clocks stop.

        Raises:
            NotOffered: There are neither words nor a ready reply.
        """
        if not self.text.strip() and self.ready is None:
            raise NotOffered
        clear = stop_clock(read_by_a_human(context.loaded.clear))
        to = context.return_id
        told = (tell_reporter(clear, to, context.second),) if to else ()
        said = (Said("talk", entry_content.reply(self.text, self.ready, context.now)),)
        glance = context.loaded.glance
        glance = replace(glance, answered=glance.answered or context.now)
        return Acted(clear, glance, "reply", said, (*stop_ladder(clear), *told))


@dataclass(frozen=True, slots=True)
class Added:
    """What came of it: the rows, and the new urgency if it rose."""

    rows: tuple[Row, ...]
    raised: Urgency | None


def add_words(
    core: StoreCore,
    clear: ClearRow,
    keys: CaseKeys,
    author: Author,
    deeds: Sequence[Addition],
    *,
    clocks: Clocks | None,
    rungs: Mapping[LeadId, int],
    withheld: Withheld | None = None,
) -> Added:
    """Seal one entry a deed and raise the urgency if a deed says so; a closed case is reopened.

    Where a recipient is withheld, all of it is sealed in the epoch that begins without that lead; the others are told,
    and a case that the lead had has to be acknowledged again.

    Args:
        core: For the server's key and the clock.
        clear: The case as it is.
        keys: The reporter's keys of its epoch.
        author: The reporter.
        deeds: In the order they were given.
        clocks: For the urgency as it is then; used where they raise it, page, or reopen the case.
        rungs: The recipients by rung, who are told.
        withheld: The case without those whom these words name; None where they name nobody.
    """
    after, keys = (withheld.clear, withheld.keys) if withheld else (clear, keys)
    rows: list[Row] = []
    for deed in deeds:
        told, own = _written(clear.id, deed, core.now())
        after, entry = append(after, keys, author, Said("talk", told), core.hour())
        rows += (entry, *own, Logged(core.hour(), REPORTER, "told", clear.id))
    for said in withheld.said if withheld else ():
        after, entry = append(after, keys, author, said, core.hour())
        rows.append(entry)
    if withheld:
        rows += (*withheld.rows, Logged(core.hour(), REPORTER, "withhold", clear.id))
    rank = min([clear.rank, *(URGENCIES.index(deed.urgency) for deed in deeds if deed.urgency)])
    raised = URGENCIES[rank] if rank < clear.rank else None
    if raised:
        after = replace(after, rank=rank)
    calling = clear.is_open and clear.due == "acknowledge"  # then further words call nobody anew: nobody could answer
    page = any(deed.page for deed in deeds if not calling or (isinstance(deed, AddAnswer) and clear.rank))
    anew = raised or page or not clear.is_open or (withheld and (withheld.anew or clear.owner != after.owner))
    if anew:
        after = dated(_anew(after, clocks), core.now())
    rows += change_rows(core, clear, after)
    if anew:  # somebody has to acknowledge it again, so it climbs like a new one; who has it is told with the first
        first = {lead: min(rungs.values()) for lead in rungs if lead == after.owner}
        notices = tell_ladder(after, {**rungs, **first}, "raised", core.second(), page=page)
    elif withheld:
        notices = tuple(tell_one(after, lead, "message", core.second()) for lead in rungs)
    # Answers to the questions after sending come one by one: a notice for each would drown the others.
    elif any(isinstance(deed, AddFile | AddMessage) for deed in deeds):
        notices = tell_message(after, rungs, core.second())
    else:
        notices = ()
    return Added((*rows, *notices), raised)


def _written(case: str, deed: Addition, at: datetime) -> tuple[Object, tuple[Row, ...]]:
    """Give what an entry says of what was added, and the rows beside it."""
    if isinstance(deed, AddFile):
        kept = keep_file(case, deed, at)
        return kept.content, kept.rows
    return entry_content.added(deed, at), ()


def _anew(clear: ClearRow, clocks: Clocks | None) -> ClearRow:
    """Start the clocks again: a rise is announced like a new case."""
    due = seconds(clocks.acknowledge_by if clocks else None)
    runs = clear.due == "acknowledge" and clear.due_at < due
    return replace(
        clear,
        status=clear.status if clear.is_open else "reopened",
        due="acknowledge",
        due_at=clear.due_at if runs else due,
        act_at=min(clear.act_at, seconds(clocks.act_by if clocks else None)),
        desk_version=clear.desk_version + 1,
    )
