"""Reads one case for its reporter, with everything checked that the reporter's keys can check."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.cases.access import Access, open_wrap, read_access
from storage.cases.clear import Clear, read_clear
from storage.cases.entries import REPORTER, Author, Opened, check_chain, open_entry
from storage.ground import Ground, all_rows, one_row
from storage.people.roster import Roster
from storage.refusals import Tampered
from storage.schema.cases import cases, entries, receipts
from storage.sealing.case_keys import CaseKeys
from storage.sealing.errors import CannotOpen, NotGenuine
from storage.sealing.receipt import ReceiptKeys
from storage.sealing.xwing import key_id, public_key
from storage.values import CaseId

_AT_ONCE: Final = 100  # clear rows checked in one go: a few milliseconds


@dataclass(frozen=True, slots=True)
class Found:
    """A case that a receipt leads to: who can open it, and the talk keys of its epochs."""

    access: Access
    keys: dict[int, CaseKeys] = field(repr=False)
    receipt: ReceiptKeys = field(repr=False)

    @property
    def case(self) -> CaseId:
        """The case's id."""
        return self.access.case

    @property
    def author(self) -> Author:
        """Who signs what the reporter says: the receipt's key."""
        return Author(REPORTER, self.receipt.signing_seed)


async def find_case(ground: Ground, receipt: ReceiptKeys) -> Found | None:
    """Find the case of a receipt and open its keys; None where there is none.

    Raises:
        Tampered: There is a row for it, and what belongs to it is not genuine.
    """
    async with ground.read() as connection:
        asked = select(receipts.c.case_id).where(receipts.c.row_id == receipt.row_id)
        case = (await connection.execute(asked)).scalar()
        if case is None:
            return None
        clear = await read_case(ground, connection, CaseId(case))
        own = key_id(public_key(receipt.wrapping_seed))
        held = (await read_access(connection, [CaseId(case)], own)).get(CaseId(case))
    if held is None or held[0].digest() != clear.access or held[0].receipt[0] != receipt.row_id:
        raise ground.forged(clear.id)
    access, wrapped = held
    try:
        keys = {epoch: open_wrap(access, receipt.wrapping_seed, one) for epoch, one in wrapped.items()}
    except CannotOpen:
        raise ground.forged(clear.id) from None
    return Found(access, keys, receipt)


async def read_case(ground: Ground, connection: AsyncConnection, case: CaseId) -> Clear:
    """Read the clear row of a case that exists.

    Raises:
        Tampered: It is gone, or its MAC does not hold.
    """
    row = await one_row(connection, select(cases).where(cases.c.id == case))
    if row is None:
        raise ground.forged(case)
    return read_clear(ground, row)


async def read_cases(ground: Ground, named: Collection[str]) -> dict[str, Clear]:
    """Read the clear rows of cases, slice by slice; those that are gone or not genuine are counted and left out."""
    found: dict[str, Clear] = {}
    ids = sorted(named)
    for begin in range(0, len(ids), _AT_ONCE):
        some = ids[begin : begin + _AT_ONCE]
        async with ground.read() as connection:
            rows = await all_rows(connection, select(cases).where(cases.c.id.in_(some)))
        for row in rows:
            with suppress(Tampered):
                found[row["id"]] = read_clear(ground, row)
        for gone in set(some) - {row["id"] for row in rows}:
            ground.forged(CaseId(gone))
        await asyncio.sleep(0)
    return found


async def read_talk(ground: Ground, found: Found, roster: Roster) -> tuple[Clear, tuple[Opened, ...]]:
    """Read the case as it is now, and open its talk entries, in order.

    Raises:
        Tampered: An entry was changed, added, left out, moved, or is not its author's.
    """
    asked = select(entries).where(entries.c.case_id == found.case).order_by(entries.c.number)
    async with ground.read() as connection:
        clear = await read_case(ground, connection, found.case)
        rows = await all_rows(connection, asked)
    signers = {REPORTER: found.access.receipt[2], **{str(lead.id): lead.verifying for lead in roster.leads.values()}}
    try:
        check_chain(clear, rows)
        opened = [open_entry(row, found.keys, signers) for row in rows]
    except (NotGenuine, CannotOpen):
        raise ground.forged(clear.id) from None
    return clear, tuple(one for one in opened if one is not None)
