"""Takes sites live in a test at once, as two people would have: what that takes is shown in its own tests."""

from __future__ import annotations

from collections.abc import Iterable

from flows.cases.golive import GoLiveStanding
from flows.values.ids import SiteId
from storage.store import Store


async def take_live(store: Store, sites: Iterable[SiteId], pagers: Iterable[SiteId] = ()) -> None:
    """Keep that these sites are live, and that Telegram is a pager for those of `pagers`."""
    row, _ = store.live.row(GoLiveStanding(frozenset(sites), dict.fromkeys(pagers, "pager")))
    await store._core.commit(row)
    await store.live.begin()
