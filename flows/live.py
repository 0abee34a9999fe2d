"""What stands about going live: which sites are, what Telegram carries, and what waits for a second person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from flows.known import LeadId, Role, SiteId

#: `desk`: leads read and answer on Telegram too; `pager`: it only tells them, and the desk is on the web page.
Carries: TypeAlias = Literal["desk", "pager"]

#: Who may ask for it, and confirm it.
DECIDING: Final[frozenset[Role]] = frozenset({"lead", "head", "manager", "admin"})
#: How long a second person has.
WITHIN: Final = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """One person wants a site live (or back in practice) and Telegram to carry this; `at` is aware, UTC."""

    site: SiteId
    live: bool
    telegram: Carries
    by: LeadId
    at: datetime


@dataclass(frozen=True)
class Standing:
    """What is decided now, and what waits for a second person."""

    sites: frozenset[SiteId] = frozenset()
    telegram: Carries = "desk"
    asked: Asked | None = None

    def waiting(self, site: SiteId, now: datetime) -> Asked | None:
        """Give what waits to be confirmed for a site, unless its time is over."""
        asked = self.asked
        if asked is None or asked.site != site or not asked.at <= now < asked.at + WITHIN:
            return None
        return asked


def confirmed(standing: Standing, asked: Asked) -> Standing:
    """Give the standing after a second person has confirmed."""
    sites = standing.sites | {asked.site} if asked.live else standing.sites - {asked.site}
    return replace(standing, sites=sites, telegram=asked.telegram, asked=None)
