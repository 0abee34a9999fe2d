"""Reads one case for its reporter, with everything checked that the reporter's keys can check."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from storage.cases.access import Access, open_wrap, read_access
from storage.cases.entries import REPORTER, Author, Opened, check_chain, open_in_order
from storage.cases.rows.case_row import read_case
from storage.cases.rows.clear_row import ClearRow
from storage.core.core import StoreCore, all_rows
from storage.database.schema.cases import entries, receipts
from storage.leads.roster.roster import Roster
from storage.sealing.keys.case_keys import CaseKeys
from storage.sealing.primitives.errors import CannotOpen, NotGenuine
from storage.sealing.primitives.xwing import key_id, public_key
from storage.sealing.receipts.receipt import ReceiptKeys
from storage.values import CaseId
from storage.values.errors import NoSuchCase, SessionOver


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


async def find_case(core: StoreCore, receipt: ReceiptKeys) -> Found | None:
    """Find the case of a receipt and open its keys; None where there is none.

    Raises:
        Tampered: There is a row for it, and what belongs to it is not genuine.
        Unavailable: The database cannot be read.
    """
    async with core.read() as connection:
        asked = select(receipts.c.case_id).where(receipts.c.row_id == receipt.row_id)
        case = (await connection.execute(asked)).scalar()
        if case is None:
            return None
        clear = await read_case(core, connection, CaseId(case))
        own = (key_id(public_key(receipt.wrapping_seed)),)
        held = (await read_access(connection, [CaseId(case)], own)).get(CaseId(case))
    if held is None or held[0].digest() != clear.access or held[0].receipt[0] != receipt.row_id:
        raise core.forgeries.record(clear.id)
    access, wrapped = held
    try:
        keys = {epoch: open_wrap(access, receipt.wrapping_seed, one) for epoch, one in wrapped.items()}
    except CannotOpen:
        raise core.forgeries.record(clear.id) from None
    return Found(access, keys, receipt)


async def read_talk(core: StoreCore, found: Found, roster: Roster) -> tuple[ClearRow, tuple[Opened, ...]]:
    """Read the case as it is now, and open its talk entries, in order.

    Raises:
        Tampered: An entry was changed, added, left out, moved, or is not its author's.
        Unavailable: The database cannot be read.
    """
    asked = select(entries).where(entries.c.case_id == found.case).order_by(entries.c.number)
    async with core.read() as connection:
        clear = await read_case(core, connection, found.case)
        rows = await all_rows(connection, asked)
    signers = roster.signers(found.access.receipt[2])
    try:
        check_chain(clear, rows)
        opened = tuple(open_in_order(rows, found.keys, signers))
    except (NotGenuine, CannotOpen):
        raise core.forgeries.record(clear.id) from None
    return clear, opened


async def open_talk(core: StoreCore, found: Found, roster: Roster) -> tuple[Opened, ...]:
    """Open the talk entries of a case, as `read_talk` does, for an open talk.

    Raises:
        SessionOver: The case was destroyed.
        Tampered: An entry was changed, added, left out, moved, or is not its author's.
        Unavailable: The database cannot be read.
    """
    try:
        _, opened = await read_talk(core, found, roster)
    except NoSuchCase:
        raise SessionOver from None
    return opened
