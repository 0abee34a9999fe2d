"""Opens a case for a lead: every entry, in order, with its author proved; and who read it when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, Final, Literal, cast

from sqlalchemy import BindParameter, bindparam, exists, null, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.cases import exclusion
from storage.cases import entry_content
from storage.cases.entries import Opened
from storage.cases.loaded import Loaded
from storage.cases.people.ties import is_tied
from storage.core.core import StoreCore, all_rows
from storage.database.schema.cases import entries
from storage.database.schema.notices import return_addresses
from storage.database.schema.shares import share_answers
from storage.database.schema.sites import audit
from storage.deeds.readers.admit import admissible
from storage.deeds.readers.exclude import circle
from storage.deeds.readers.lift import liftable
from storage.deeds.sharing.round_table import of_partners
from storage.desk.queue.header_refresh import open_entries
from storage.desk.queue.queue import at_second, case_row
from storage.leads.roster.roster import Roster
from storage.values import CaseView, Read

#: What the audit calls a case that was opened with the recovery identity.
RECOVERED: Final = "recovered"
_READS = 100  # of the latest that are shown


@dataclass(frozen=True, slots=True)
class Raw:
    """What was read of a case, before its entries are opened."""

    loaded: Loaded
    roster: Roster
    entries: list[dict[str, Any]]
    reads: list[dict[str, Any]]
    unheard: bool
    answered: bool = False  # by partners, which is not yet taken into the case


async def read_raw(connection: AsyncConnection, loaded: Loaded, roster: Roster) -> Raw:
    """Read what is left of a case that was loaded, so that its entries can be opened.

    Args:
        connection: The one by which the case was loaded, so that all is of one state of the database.
        loaded: The case.
        roster: As it was read by the same connection.
    """
    rows = await all_rows(connection, _SAID_AND_SEEN, {"id": loaded.clear.id})
    said = sorted((row for row in rows if row["link"] is None), key=itemgetter("number"))
    seen = sorted((row for row in rows if row["link"] is not None), key=itemgetter("link"))
    unheard, answered = (any(row[name] for row in said) for name in ("unheard", "answered"))
    return Raw(loaded, roster, said, seen, unheard, answered)


# Made once: to put a statement together takes longer than SQLite takes to answer it, and an `IN` is put together each
# time. And one statement, not two: to a server each takes a way there and back, longer than it looks for either.
_CASE: Final[BindParameter[str]] = bindparam("id")
_REFUSED = select(return_addresses.c.refused).where(return_addresses.c.case_id == _CASE).scalar_subquery()
_ANSWERED = exists().where(share_answers.c.case_id == _CASE)
_SAID = select(*entries.c, _REFUSED.label("unheard"), _ANSWERED.label("answered"), null().label("link")).where(
    entries.c.case_id == _CASE
)
_SEEN = (
    select(audit)
    .where(audit.c.case_id == _CASE, or_(*(audit.c.action == action for action in ("read", "copy", RECOVERED))))
    .order_by(audit.c.number.desc())
    .limit(_READS)
    .subquery()
)
#: What a reading has of the columns of an entry, and the number of its link in the audit chain.
_READ = {"kind": _SEEN.c.action, "author": _SEEN.c.lead_id, "hour": _SEEN.c.hour, "link": _SEEN.c.number}
_SAID_AND_SEEN = union_all(
    _SAID,
    select(*(_READ.get(name, null()).label(name) for name in _SAID.selected_columns.keys())),  # noqa: SIM118
)


def open_raw(core: StoreCore, raw: Raw) -> tuple[Opened, ...]:
    """Open all entries.

    Raises:
        Tampered: One was changed, added, left out, moved, or is not its author's.
    """
    return open_entries(core, raw.loaded, raw.roster, raw.entries)


def case_view(raw: Raw, opened: tuple[Opened, ...]) -> CaseView:
    """Give the case as handlers show it.

    What is said of two cases at once is not among its entries, and does not count: it would tell of the other case.
    Of who read it the latest 100 are shown, the newest last; reads by leads who are not on the roster any more are left
    out, those by the recovery identity are not.
    """
    clear, roster = raw.loaded.clear, raw.roster
    shown = tuple(one for one in opened if not is_tied(one.content))
    here = circle(raw.loaded, roster, opened)
    replies = [one.number for one in opened if one.content["kind"] == "reply"]
    recipients = (roster.card(lead) for lead in sorted(raw.loaded.access.leads(clear.epoch)))
    return CaseView(
        row=replace(case_row(raw.loaded, roster), entries=shown[-1].number if shown else 0),
        entries=tuple(entry_content.entry(one, roster.card(one.author)) for one in shown),
        recipients=tuple(card for card in recipients if card is not None),
        reads=tuple(read for row in raw.reads if (read := _read(row, roster))),
        reporter_read=bool(replies) and clear.reporter_read >= replies[-1],
        unheard=raw.unheard,
        admissible=tuple(lead.card for lead in admissible(raw.loaded, roster)),
        liftable=tuple(lead.card for lead in liftable(raw.loaded, roster)),
        read_to={lead: one.read_to for lead, one in clear.named.items()},
        without={lead: exclusion.without(here, {lead}) for lead in clear.named},
        called_up=exclusion.called_up(here),
        of_partners=of_partners(opened, roster),
    )


def _read(row: dict[str, Any], roster: Roster) -> Read | None:
    card, what = roster.card(row["author"]), cast("Literal['read', 'copy', 'recovered']", row["kind"])
    return None if card is None and what != RECOVERED else Read(card, at_second(row["hour"]), what)
