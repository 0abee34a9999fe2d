"""Rows of before 0.2 get what binds them, once: when a database is opened first beside a key file without a register.

A migration has no key, so it is done here. That it was done stands in the register, beside the key file, so nobody who
writes the database can have it done again for rows that he made up. What does not verify as it was is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import select

from flows.values.ids import LeadId
from storage.cases.access import Access, read_access
from storage.cases.rows.case_row import NAMES, SINCE_RETENTION, columns, copied_row, queue_rows, read_cases
from storage.cases.rows.clear_row import ClearRow
from storage.core.core import StoreCore, all_rows
from storage.core.integrity import Recipient, mac_of, write_recipients
from storage.database.schema.cases import cases, handovers, readers
from storage.database.schema.leads import leads
from storage.database.schema.notices import outbox, pagers, reached
from storage.database.turn import Row, Update, UpdateAll
from storage.leads.pager_rows import pager_columns, reached_columns
from storage.leads.sign_in.unlock_records import state_columns
from storage.values import CaseId
from storage.values.errors import Conflict

#: The schema from which on every row is bound.
BOUND_SINCE: Final = "0012"
_AT_ONCE: Final = 200  # cases that are done in one go
#: What the register calls it that notices were bound as a whole.
_NOTICES: Final = "notices bound"
_SINCE_BANDS: Final = ("recipients", "offered", *SINCE_RETENTION)


async def bind_old(core: StoreCore) -> None:
    """Bind what is not bound yet, unless that was done before; killed in the middle, it is done at the next start.

    Raises:
        Tampered: The register is not the one that was written.
        Unavailable: The database, or the register, cannot be read or written.
    """
    if core.register.read().bound:
        return
    after = ""
    while rows := await _page(core, after):
        after = rows[-1]["id"]
        for changed in await _of_cases(core, rows):
            with suppress(Conflict):
                await core.commit(*changed)
    async with core.read() as connection:
        rest = await all_rows(connection, select(outbox).where(outbox.c.mac.is_(None), outbox.c.case_id.is_(None)))
        states = await all_rows(connection, select(leads).where(leads.c.state_mac.is_(None)))
        others = await all_rows(connection, select(pagers).where(pagers.c.mac.is_(None)))
    own: list[Row] = [_bound_notice(core, one) for one in rest]
    for row in states:
        state = state_columns(core, row["id"], row["totp_step"], row["chat"], row["unlocked_day"], row["places"])
        own.append(UpdateAll(leads, {"id": row["id"]}, state))
    for row in others:
        cells = pager_columns(core, row["lead_id"], {**row, "version": 1})
        own.append(UpdateAll(pagers, {"lead_id": row["lead_id"]}, cells))
    if own:
        await core.commit(*own)
    core.register.change(lambda old: replace(old, bound=True))


async def copy_old(core: StoreCore) -> None:
    """Replace queue rows that are of no version of their case (of before schema 0014); none of their values is used.

    Raises:
        Unavailable: The database cannot be read or written.
    """
    old = select(readers.c.case_id).where(readers.c.version == 0).distinct()
    async with core.read() as connection:
        named = (await connection.execute(old)).scalars().all()
    for begin in range(0, len(named), _AT_ONCE):
        for clear in (await read_cases(core, named[begin : begin + _AT_ONCE])).values():
            same = Update(cases, {"id": clear.id}, {"version": clear.version}, {"version": clear.version})
            with suppress(Conflict):
                rows = (copied_row(clear, lead, cells) for lead, cells in queue_rows(clear).items())
                await core.commit(same, *rows)


async def bind_notices(core: StoreCore) -> None:
    """Bind the whole of notices of before schema 0019, of which only addressee, case and kind were bound; once.

    So it does with what was noted of the ways to leads, which nothing bound.

    Raises:
        Tampered: The register is not the one that was written.
        Unavailable: The database, or the register, cannot be read or written.
    """
    if _NOTICES in core.register.read().last_runs:
        return
    async with core.read() as connection:
        old = await all_rows(connection, select(outbox).where(outbox.c.version == 0))
        ways = await all_rows(connection, select(reached).where(reached.c.version == 0))
    for begin in range(0, len(old), _AT_ONCE):
        some = [row for row in old[begin : begin + _AT_ONCE] if _was_bound(core, row)]
        await core.commit(*(_bound_notice(core, row) for row in some))
    await core.commit(*(_bound_way(core, row) for row in ways))
    hour = core.hour()
    core.register.change(lambda noted: replace(noted, last_runs={**noted.last_runs, _NOTICES: hour}))


def _was_bound(core: StoreCore, row: Mapping[str, Any]) -> bool:
    return core.server_key.made(
        row["mac"], "notice/1", *(row[name] for name in ("lead_id", "return_id", "case_id", "kind"))
    )


def _bound_notice(core: StoreCore, row: Mapping[str, Any]) -> Row:
    mac = mac_of(core.server_key, outbox, {**row, "version": 1})
    return UpdateAll(outbox, {"id": row["id"]}, {"version": 1, "mac": mac})


def _bound_way(core: StoreCore, row: Mapping[str, Any]) -> Row:
    lead, channel = row["lead_id"], row["channel"]
    cells = reached_columns(core.server_key, lead, channel, {**row, "version": 1})
    return UpdateAll(reached, {"lead_id": lead, "channel": channel}, cells)


async def _page(core: StoreCore, after: str) -> list[dict[str, Any]]:
    asked = select(cases).where(cases.c.id > after).order_by(cases.c.id).limit(_AT_ONCE)
    async with core.read() as connection:
        return await all_rows(connection, asked)


async def _of_cases(core: StoreCore, rows: list[dict[str, Any]]) -> list[tuple[Row, ...]]:
    ids = [CaseId(row["id"]) for row in rows]
    async with core.read() as connection:
        access = await read_access(connection, ids)
        queues = await all_rows(connection, select(readers).where(readers.c.case_id.in_(ids)))
        told = await all_rows(connection, select(outbox).where(outbox.c.case_id.in_(ids)))
        offers = await all_rows(connection, select(handovers).where(handovers.c.case_id.in_(ids)))
    found = []
    for row in rows:
        of = {
            name: [one for one in every if one["case_id"] == row["id"]]
            for name, every in (("queues", queues), ("told", told), ("offers", offers))
        }
        if row["id"] in access and (clear := _old_clear(core, row)) and access[row["id"]][0].digest() == clear.access:
            found.append(tuple(_bound(core, clear, access[row["id"]][0], of)))
    return found


def _old_clear(core: StoreCore, row: Mapping[str, Any]) -> ClearRow | None:
    """Read a clear row of before; its MAC covered the bands only where there were any."""
    clear = ClearRow(**{name: row[name] for name in NAMES})
    label, left = ("case/2", _SINCE_BANDS) if clear.bands else ("case/1", (*_SINCE_BANDS, "bands"))
    genuine = core.server_key.made(row["mac"], label, *(row[name] for name in NAMES if name not in left))
    return clear if genuine else None


def _bound(core: StoreCore, clear: ClearRow, access: Access, of: Mapping[str, list[dict[str, Any]]]) -> Iterator[Row]:
    opens = access.leads(clear.epoch)
    mine = {row["lead_id"]: row for row in of["queues"]}
    recipients = (_recipient(clear, lead, mine.get(lead)) for lead in opens)
    [offered] = [row["taker"] for row in of["offers"] if _is_offer(core, row)] or [None]
    after = replace(clear, recipients=write_recipients(recipients), offered=offered)
    yield Update(cases, {"id": clear.id}, columns(core, after), {"version": clear.version})
    for lead, cells in queue_rows(after).items():
        if lead in mine:
            yield copied_row(after, lead, cells)
    for row in of["told"]:
        if row["lead_id"] is None or row["lead_id"] in opens:
            yield _bound_notice(core, row)


def _recipient(clear: ClearRow, lead: str, row: Mapping[str, Any] | None) -> Recipient:
    """Give where a recipient stood. What was marked as unread stays unread."""
    if row is None:
        return Recipient(LeadId(lead), 0)
    most = clear.last_word - 1 if row["unread"] else clear.entries
    return Recipient(LeadId(lead), row["rung"], min(row["read_to"], most))


def _is_offer(core: StoreCore, row: Mapping[str, Any]) -> bool:
    return core.server_key.made(row["mac"], "handover/1", row["case_id"], row["giver"], row["taker"])
