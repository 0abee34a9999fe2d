"""Which ways to a lead outside the page work: Telegram that took a notice, or another pager that was confirmed."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from sqlalchemy import select

from flows.known import LeadId
from storage.ground import Ground
from storage.people.roster import Rosters
from storage.schema.channels import pagers, reached
from storage.turns import Insert, Row, UpdateAll

Channel: TypeAlias = Literal["telegram", "web", "email"]
#: A closed page gets no push: the web chat never counts.
_OUTSIDE: Final = frozenset({"telegram", "email"})


class Channels:
    """What was tried, and what came of it: when, by lead and channel, and nothing of what was told."""

    def __init__(self, ground: Ground, rosters: Rosters) -> None:
        self._ground = ground
        self._rosters = rosters

    async def tried(self, lead: LeadId, channel: Channel, *, taken: bool) -> None:
        """Note that a notice was taken, or refused for good (Telegram's 403: the lead has blocked the bot)."""
        now = self._ground.second()
        key = {"lead_id": str(lead), "channel": channel}
        new: Row = Insert(reached, {**key, "taken_at": 0, "refused_at": 0}, quiet=True)
        await self._ground.commit(new)
        await self._ground.commit(UpdateAll(reached, key, {"taken_at" if taken else "refused_at": now}))

    async def reachable(self) -> frozenset[LeadId]:
        """Give the leads who have a tested channel outside the page that was not refused since."""
        lately = select(reached.c.lead_id).where(
            reached.c.channel.in_(_OUTSIDE), reached.c.taken_at > 0, reached.c.taken_at >= reached.c.refused_at
        )
        confirmed = select(pagers.c.lead_id).where(pagers.c.confirmed_at > 0)
        async with self._ground.read() as connection:
            found = {*(await connection.execute(lately)).scalars(), *(await connection.execute(confirmed)).scalars()}
        roster = await self._rosters.read()
        cards = (roster.card(lead) for lead in found)
        return frozenset(card.id for card in cards if card is not None and not card.disabled)
