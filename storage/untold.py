"""Cases that nobody has acknowledged and of which nobody is to be told: back on the ladder.

Sending writes both in one turn, so this happens only where rows of the outbox were taken away or put off beyond reason:
those of a lead who was shut out, or by somebody who can write to the database. Nothing waits unseen for that.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Final

from sqlalchemy import bindparam, func, literal_column, select

from flows.known import LeadId, SiteId
from flows.ladder import ordered
from storage.cases.clear import Clear, read_clear
from storage.deeds.notify import tell_ladder
from storage.ground import Ground, all_rows
from storage.ladder import CLIMBING
from storage.people.roster import Rosters
from storage.refusals import Conflict, Tampered
from storage.rota import Rotas
from storage.schema.base import NEVER
from storage.schema.cases import cases
from storage.schema.notices import outbox
from storage.talking.reading import read_rungs
from storage.turns import Update

#: A rung waits no longer than this, counted from now or from when its case is due.
_LONGEST: Final = timedelta(days=2)
_DUE = func.max(func.nullif(cases.c.due_at, NEVER), bindparam("now"))
_CLIMBS = select(outbox.c.id).where(
    outbox.c.case_id == cases.c.id,
    outbox.c.kind.in_(CLIMBING),
    outbox.c.not_before <= func.coalesce(_DUE, bindparam("now")) + int(_LONGEST.total_seconds()),
)
_UNTOLD = select(cases).where(cases.c.due == literal_column("'acknowledge'"), ~_CLIMBS.exists()).order_by(cases.c.rank)


async def tell_untold(ground: Ground, rosters: Rosters, rotas: Rotas) -> int:
    """Have every recipient who is not shut out told of such cases, the most urgent first, rung by rung from now on.

    A case that is not genuine is left out: `verify` tells of it.

    Returns:
        How many there were.

    Raises:
        Tampered: The roster is not the one that was kept.
        Unavailable: The database cannot be read or written.
    """
    async with ground.read() as connection:
        rows = await all_rows(connection, _UNTOLD, {"now": ground.second()})
    found = 0
    for row in rows:
        with suppress(Tampered, Conflict):  # not genuine, or somebody has done something meanwhile
            clear = read_clear(ground, row)
            if rungs := await _rungs(ground, rosters, rotas, clear):
                await _put_back(ground, clear, rungs)
                found += 1
    return found


async def _rungs(ground: Ground, rosters: Rosters, rotas: Rotas, clear: Clear) -> dict[LeadId, int]:
    """Those who are there, who is on duty first, and without gaps, so that somebody is told at once."""
    roster = await rosters.read()
    async with ground.read() as connection:
        rungs = await read_rungs(connection, clear.id)
    duty = ordered(roster.there(rungs), await rotas.first_told(SiteId(clear.site), ground.now()))
    steps = {rung: place for place, rung in enumerate(sorted(set(duty.values())))}
    return {lead: steps[rung] for lead, rung in duty.items()}


async def _put_back(ground: Ground, clear: Clear, rungs: dict[LeadId, int]) -> None:
    kind = "new" if clear.status == "new" else "raised"
    same = Update(cases, {"id": clear.id}, {"due": clear.due}, {"version": clear.version})
    await ground.commit(same, *tell_ladder(clear, rungs, kind, ground.second()))
