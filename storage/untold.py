"""Cases that nobody has acknowledged and of which nobody is to be told: back on the ladder.

Sending writes both in one turn, so this happens only where a row of the outbox was taken away: of a lead who was shut
out then, or by somebody who can write to the database. Nothing waits unseen for that.
"""

from __future__ import annotations

from sqlalchemy import literal_column, select

from flows.known import LeadId
from storage.cases.clear import read_clear
from storage.deeds.notify import tell_ladder
from storage.ground import Ground, all_rows
from storage.ladder import CLIMBING
from storage.people.roster import Rosters
from storage.refusals import Tampered
from storage.schema.cases import cases
from storage.schema.notices import outbox
from storage.talking.reading import read_rungs

_CLIMBS = select(outbox.c.id).where(outbox.c.case_id == cases.c.id, outbox.c.kind.in_(CLIMBING))
_UNTOLD = select(cases).where(cases.c.due == literal_column("'acknowledge'"), ~_CLIMBS.exists())


async def tell_untold(ground: Ground, rosters: Rosters) -> int:
    """Have every recipient who is not shut out told of such cases, rung by rung from now on; how many there were.

    A case that is not genuine is left out: `verify` tells of it.

    Raises:
        Tampered: The roster is not the one that was kept.
        Unavailable: The database cannot be read or written.
    """
    async with ground.read() as connection:
        rows = await all_rows(connection, _UNTOLD)
    if not rows:
        return 0
    roster, found = await rosters.read(), 0
    for row in rows:
        try:
            clear = read_clear(ground, row)
        except Tampered:
            continue
        async with ground.read() as connection:
            rungs = await read_rungs(connection, clear.id)
        left = {lead: rung for lead, rung in rungs.items() if (card := roster.card(lead)) and not card.disabled}
        if left:
            kind = "new" if clear.status == "new" else "raised"
            await ground.commit(*tell_ladder(clear, _from_first(left), kind, ground.second()))
            found += 1
    return found


def _from_first(rungs: dict[LeadId, int]) -> dict[LeadId, int]:
    """The same order without gaps, so that somebody is told at once."""
    steps = {rung: place for place, rung in enumerate(sorted(set(rungs.values())))}
    return {lead: steps[rung] for lead, rung in rungs.items()}
