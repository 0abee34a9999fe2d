"""Which ways to a lead outside the page work: Telegram that took a notice, or another pager that was confirmed."""

from __future__ import annotations

from typing import Literal, TypeAlias

from sqlalchemy import select

from flows.ids import LeadId
from storage.ground import Ground
from storage.people.roster import Rosters
from storage.schema.channels import pagers, reached
from storage.turns import Insert, Row, UpdateAll

Channel: TypeAlias = Literal["telegram", "web", "email"]


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
        """Give the leads who have a tested channel outside the page that was not refused since.

        A closed page gets no push: the web chat never counts. An e-mail address counts once its code came back.
        """
        proved = select(pagers.c.lead_id, pagers.c.confirmed_at).where(pagers.c.confirmed_at > 0)
        async with self._ground.read() as connection:
            tried = (await connection.execute(select(reached))).all()
            letters = (await connection.execute(proved)).all()
        found = {row.lead_id for row in tried if row.channel == "telegram" and 0 < row.taken_at >= row.refused_at}
        refused = {
            row.lead_id: row.refused_at for row in tried if row.channel == "email" and row.taken_at < row.refused_at
        }
        found |= {row.lead_id for row in letters if row.confirmed_at >= refused.get(row.lead_id, 0)}
        roster = await self._rosters.read()
        cards = (roster.card(lead) for lead in found)
        return frozenset(card.id for card in cards if card is not None and not card.disabled)
