"""Checks return addresses: each opens where it stands, and each that the audit log tells of is there.

Where a reporter asked for a notice, and where one did not arrive, is a row of the log; so neither can be taken away.
Nor can another row stand in the place of one: its key lies beside the key file, and then no row is of that.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import and_, func, select

from storage.cases.return_address import ADDRESS, NO_ADDRESS, UNHEARD, keyed_addresses, open_return_address
from storage.core.core import StoreCore, all_rows
from storage.database.schema.notices import return_addresses
from storage.database.schema.sites import audit
from storage.sealing.keys.address_keys import has_key
from storage.values import CaseId
from storage.values.errors import Tampered

#: What the log tells last of the address of each case; a case that was closed has none.
_LAST: Final = (
    select(audit.c.case_id, func.max(audit.c.number).label("number"))
    .where(audit.c.case_id.is_not(None), audit.c.action.in_((ADDRESS, NO_ADDRESS, UNHEARD, "close", "destroyed")))
    .group_by(audit.c.case_id)
    .subquery()
)
_TOLD: Final = (
    select(audit.c.case_id, audit.c.action)
    .join(_LAST, and_(_LAST.c.case_id == audit.c.case_id, _LAST.c.number == audit.c.number))
    .where(audit.c.action.in_((ADDRESS, UNHEARD)))
)


async def forged_addresses(core: StoreCore) -> int:
    """Give how many are not as they were kept, or are gone; each is counted with its case.

    Raises:
        Unavailable: The database, or a key, cannot be read.
    """
    async with core.read() as connection:
        rows = {row["case_id"]: row for row in await all_rows(connection, select(return_addresses))}
        told = {row["case_id"]: row["action"] for row in await all_rows(connection, _TOLD)}
    forged = sum(not _opens(core, row) for row in rows.values())
    keys = keyed_addresses(core)
    # A key alone, or a row alone, is what a kill or a restore elsewhere leaves; both mean that a row was exchanged.
    left = bool(keys - {row["id"] for row in rows.values()})
    for case, action in told.items():
        row = rows.get(case)
        exchanged = left and row is not None and has_key(row["id"]) and row["id"] not in keys
        if row is None or exchanged or bool(row["refused"]) is not (action == UNHEARD):
            core.forgeries.record(CaseId(case))
            forged += 1
    return forged


def _opens(core: StoreCore, row: dict[str, Any]) -> bool:
    try:
        open_return_address(core, row["id"], row["case_id"], row["sealed"])
    except Tampered:
        return False
    return True
