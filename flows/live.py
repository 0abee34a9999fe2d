"""What stands about going live, by site: which are, what Telegram carries, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from flows.ids import LeadId, Role, SiteId
from flows.two_people import Proposal, stands

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

    @property
    def proposal(self) -> Proposal:
        """The same, as the rule for deeds of two takes it."""
        return Proposal(self.by, self.at, f"{self.site} {self.live} {self.telegram}")


@dataclass(frozen=True)
class Standing:
    """What is decided now, and what waits for a second person.

    `sites` are live. What Telegram carries at a site is kept also while the site is back in practice.
    """

    sites: frozenset[SiteId] = frozenset()
    telegram: Mapping[SiteId, Carries] = field(default_factory=dict)
    asked: Mapping[SiteId, Asked] = field(default_factory=dict)

    def waiting(self, site: SiteId, now: datetime) -> Asked | None:
        """Give what waits to be confirmed for a site, unless its time is over."""
        asked = self.asked.get(site)
        if asked is None or not stands(asked.proposal, asked.proposal.state, now, WITHIN):
            return None
        return asked

    def carries(self, sites: Collection[SiteId]) -> Carries:
        """Give what Telegram carries in a chat of leads of these sites: a pager as soon as one of them chose that.

        A chat of nobody's, without sites, may come to be anybody's: there every live site counts.
        """
        return "pager" if any(self.telegram.get(site) == "pager" for site in sites or self.sites) else "desk"


def waits(standing: Standing, asked: Asked) -> Standing:
    """Give the standing after one person has asked, in the place of what waited for the same site."""
    return replace(standing, asked={**standing.asked, asked.site: asked})


def confirmed(standing: Standing, asked: Asked) -> Standing:
    """Give the standing after a second person has confirmed; it changes nothing for any other site."""
    sites = standing.sites | {asked.site} if asked.live else standing.sites - {asked.site}
    waiting = {site: one for site, one in standing.asked.items() if site != asked.site}
    return Standing(sites, {**standing.telegram, asked.site: asked.telegram}, waiting)
