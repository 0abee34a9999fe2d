"""Takes sites live in a test at once, as two people would have: what that takes is shown in its own tests."""

from __future__ import annotations

from collections.abc import Iterable

from flows.known import SiteId
from flows.live import Carries, Standing
from storage.store import Store


async def take_live(store: Store, sites: Iterable[SiteId], telegram: Carries = "desk") -> None:
    """Keep that these sites are live."""
    row, _ = store.live.row(Standing(frozenset(sites), telegram))
    await store._ground.commit(row)
    await store.live.begin()
