"""Going live as it is kept: one row under the server's MAC, each step of it in the audit chain.

A copy is held in memory, since every first screen asks; one process writes it. Its newest version stands in the
register. Somebody who can write the database can take the row away or put an earlier one back, which puts every site
back in practice at the next start, and is noticed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select

from flows.cases.approvals import is_second
from flows.cases.golive import WITHIN, Carries, GoLiveRequest, GoLiveStanding, confirmed, waits
from flows.cases.roles import is_for
from flows.values.ids import LeadId, SiteId
from storage.core.core import StoreCore, one_row
from storage.database.schema.notices import outbox
from storage.database.schema.sites import live
from storage.database.turn import Cell, Insert, Logged, Row, Update
from storage.leads.roster.roster import Lead
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.keys.server_key import ServerKey
from storage.values import Arrival
from storage.values.errors import NotOffered, Tampered

#: What the register calls the row.
LIVE: Final = "live"


class GoLiveState:
    """What the leads have decided, for all sites; `standing` is that, for reading."""

    def __init__(self, core: StoreCore, sessions: Sessions, rosters: Rosters) -> None:
        self._core = core
        self._sessions = sessions
        self._rosters = rosters
        self._version = 0
        self._kept: int | None = None
        self.standing = GoLiveStanding()

    async def begin(self) -> None:
        """Read what is kept. What is not genuine counts as nothing, so that every site is in practice.

        Raises:
            Tampered: The register is not the one that was written.
            Unavailable: The database, or the register, cannot be read.
        """
        async with self._core.read() as connection:
            row = await one_row(connection, select(live))
        genuine = self._is_newest(row)
        self._kept = None if row is None else row["version"]
        self._version = max(self._kept or 0, self._core.register.floor(LIVE))
        if row is not None and genuine:
            self.standing = _parse(row["standing"])

    def _is_newest(self, row: Mapping[str, Any] | None) -> bool:
        """Tell whether the row, or that there is none, is what was kept last; what is not is counted."""
        if row is not None and not is_live_row(self._core.server_key, row):
            self._core.forgeries.record()
            return False
        try:
            self._core.register.require_floor(LIVE, 0 if row is None else row["version"])
        except Tampered:
            return False
        return True

    def telegram(self, *sites: SiteId) -> Carries:
        """Give what Telegram carries in a chat of leads of these sites: a pager as soon as one of them chose that.

        Without sites, as in a chat that is nobody's yet, every live site counts.
        """
        return self.standing.carries(sites)

    def waiting(self, site: SiteId) -> GoLiveRequest | None:
        """Give what waits for a second person at a site; None also where its time is up."""
        return self.standing.waiting(site, self._core.now())

    async def ask(self, session: LeadSession, arrival: Arrival, *, live: bool, telegram: Carries) -> None:
        """Ask for a change at the lead's own site; whoever else may decide there is told.

        It replaces what somebody asked for before, and takes effect only once somebody else confirms it (decision 12).

        Raises:
            NotOffered: Not for this role.
            SessionOver: The session has ended.
            Tampered: The roster, or the register, is not the one that was kept.
            AlreadySeen: The update was committed before.
            Conflict: Another process changed it at the same moment; nothing changed.
            Unavailable: It cannot be written; or it is, and that it is the newest could not be noted.
        """
        await self._require(session)
        lead = session.lead
        asked = GoLiveRequest(lead.site, live, telegram, lead.id, self._core.now())
        await self._keep(
            session, arrival, waits(self.standing, asked), f"asked_{_name(asked)}", *await self._notices(session)
        )

    async def confirm(self, session: LeadSession, arrival: Arrival, asked: GoLiveRequest) -> None:
        """Confirm what somebody else has asked for, as it was shown.

        Raises:
            NotOffered: Nothing like it waits, or the lead asked for it; or one of the two may not decide (any more).
            SessionOver: The session has ended.
            Tampered: The roster, or the register, is not the one that was kept.
            AlreadySeen: The update was committed before.
            Conflict: Another process changed it at the same moment; nothing changed.
            Unavailable: It cannot be written; or it is, and that it is the newest could not be noted.
        """
        await self._require(session)
        first, by, among = asked.proposal, session.lead.id, {one.id for one in await self._deciding(session)}
        second = is_second(first, by, first.state, self._core.now(), among=among, within=WITHIN)
        if self.waiting(session.lead.site) != asked or not second:
            raise NotOffered
        await self._keep(session, arrival, confirmed(self.standing, asked), _name(asked))

    async def _require(self, session: LeadSession) -> None:
        self._sessions.require_lead(session, (await self._rosters.read()).card(session.lead.id), "golive")

    async def _keep(
        self, session: LeadSession, arrival: Arrival, standing: GoLiveStanding, action: str, *also: Row
    ) -> None:
        logged = Logged(self._core.hour(), session.lead.id, action)
        row, version = self.row(standing)
        await self._core.commit(*self._core.marks.seen_rows(arrival), row, logged, *also)
        self._core.register.note_floor(LIVE, version)
        self._version, self._kept, self.standing = version, version, standing

    def row(self, standing: GoLiveStanding) -> tuple[Row, int]:
        """Give the row that keeps a standing, and its version.

        The caller commits it; it is a conflict where another process has kept another version since this one has read
        it.
        """
        version, text = self._version + 1, _dump(standing)
        values: dict[str, Cell] = {"version": version, "standing": text}
        values["mac"] = self._core.server_key.mac("live/1", version, text)
        if self._kept is None:
            return Insert(live, {"id": 1, **values}), version
        return Update(live, {"id": 1}, values, {"version": self._kept}), version

    async def _notices(self, session: LeadSession) -> list[Row]:
        rest: dict[str, Cell] = {"return_id": None, "case_id": None, "kind": "golive", "rank": 3, "rung": 0}
        now = self._core.second()
        return [
            Insert(outbox, {"lead_id": one.id, **rest, "not_before": now})
            for one in await self._deciding(session)
            if one.id != session.lead.id
        ]

    async def _deciding(self, session: LeadSession) -> list[Lead]:
        found = (await self._rosters.read()).leads.values()
        here = (one for one in found if one.site == session.lead.site and is_for(one.card.role, "golive"))
        return [one for one in here if not one.disabled]


def is_live_row(key: ServerKey, row: Mapping[str, Any]) -> bool:
    """Tell whether a row is one that Hark wrote, now or before."""
    return key.made(row["mac"], "live/1", row["version"], row["standing"])


def _name(asked: GoLiveRequest) -> str:
    return f"live_{asked.telegram}" if asked.live else "practice"


def _dump(standing: GoLiveStanding) -> str:
    asked = [{**vars(one), "at": one.at.isoformat()} for _, one in sorted(standing.asked.items())]
    return json.dumps({"sites": sorted(standing.sites), "telegram": dict(standing.telegram), "asked": asked})


def _parse(text: str) -> GoLiveStanding:
    """Read what `_dump` gave, or the form before it.

    That had one choice of what Telegram carries, which is that of every site that was live, and one request at most.
    """
    kept = json.loads(text)
    sites = frozenset(SiteId(one) for one in kept["sites"])
    telegram, asked = kept["telegram"], kept["asked"]
    if isinstance(telegram, str):
        telegram, asked = dict.fromkeys(sites, telegram), [] if asked is None else [asked]
    return GoLiveStanding(sites, telegram, {one.site: one for one in map(_asked, asked)})


def _asked(kept: Mapping[str, Any]) -> GoLiveRequest:
    at = datetime.fromisoformat(kept["at"]).astimezone(UTC)
    return GoLiveRequest(SiteId(kept["site"]), kept["live"], kept["telegram"], LeadId(kept["by"]), at)
