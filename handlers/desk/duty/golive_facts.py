"""What a site lacks before it may go live, read together for `/golive`, the brief and `hark doctor`."""

from __future__ import annotations

from datetime import date

from flows.cases.golive import Facts, Lack, Way, away, broken_routes, lacking, out_of_reach
from flows.duty.hours import Hours
from flows.values.ids import LeadId, SiteId
from storage.store import Store


async def lacks(
    store: Store, site: SiteId, today: date, *, hours: Hours | None, rehearsed: bool, ways: frozenset[Way]
) -> tuple[Lack, ...]:
    """Everything that is missing at a site. `hours`, `rehearsed`, `ways` are what settings and the key folder tell.

    Raises:
        Unavailable, Tampered: as the store does.
    """
    facts = Facts(
        hours=hours,
        rota=await store.rota.read(site),
        roster=await store.leads.readers(site),
        reachable=await store.channels.reachable(),
        away=await _away(store, today),
        recovery=await store.leads.recovery() is not None,
        rehearsed=rehearsed,
        ways=ways,
    )
    return lacking(facts)


async def broken(store: Store, site: SiteId, today: date, ways: frozenset[Way]) -> tuple[Lack, ...]:
    """What came to be missing where nobody is: two who can be told outside the page, and routes that reach somebody.

    Also a restore leaves nobody who can: addresses of pagers are in no backup.

    Raises:
        Unavailable, Tampered: as the store does.
    """
    roster = await store.leads.readers(site)
    reach = out_of_reach(roster, await store.channels.reachable(), ways)
    return (*reach, *broken_routes(roster, await _away(store, today)))


async def _away(store: Store, today: date) -> frozenset[LeadId]:
    unlocked = await store.leads.days()
    return frozenset(lead for lead, day in unlocked.items() if away(day, today))
