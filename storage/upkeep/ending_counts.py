"""How many closed cases have their time over when, by site, for whoever runs Hark; the caller rounds."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import func, literal_column, select

from flows.values.ids import SiteId
from storage.cases.retention import GOING, retention_of
from storage.cases.rows.case_row import read_clear
from storage.core.core import StoreCore, all_rows
from storage.database.schema.base import NEVER
from storage.database.schema.cases import cases
from storage.values.errors import Tampered

_AT_ONCE: Final = 200  # clear rows that are checked in one go: some milliseconds
_OVER: Final = ("closed", "merged", "transferred")
#: The condition of the index; a number that is bound is none to SQLite.
_DATED: Final = cases.c.keep_until < literal_column(str(NEVER))


@dataclass(frozen=True)
class Endings:
    """Counts of closed cases: by site and month, and of each site those without a date; `held` is over all sites.

    A case that is held is counted in its month too.
    """

    dated: Counter[tuple[SiteId, date]] = field(default_factory=Counter)
    undated: Mapping[SiteId, int] = field(default_factory=dict)
    held: int = 0


async def count_endings(core: StoreCore) -> Endings:
    """Count them in slices, during which others read and write; what is not genuine is counted as a forgery alone.

    Those without a date are counted by the database, and are not proved.

    Raises:
        Unavailable: The database cannot be read.
    """
    dated, held, after = Counter[tuple[SiteId, date]](), 0, ""
    while True:
        page = select(cases).where(_DATED, cases.c.id > after).order_by(cases.c.id).limit(_AT_ONCE)
        async with core.read() as connection:
            rows = await all_rows(connection, page)
        if not rows:
            break
        after = rows[-1]["id"]
        for row in rows:
            with suppress(Tampered):
                clear = read_clear(core, row)
                kept = retention_of(clear)
                if not clear.is_open and kept.until > GOING:
                    dated[SiteId(clear.site), datetime.fromtimestamp(kept.until, UTC).date()] += 1
                    held += kept.held
        await asyncio.sleep(0)
    undated = select(cases.c.site, func.count()).where(cases.c.keep_until == NEVER, cases.c.status.in_(_OVER))
    async with core.read() as connection:
        found = (await connection.execute(undated.group_by(cases.c.site))).all()
    return Endings(dated, {SiteId(site): count for site, count in found}, held)
