"""The rota as it is kept: leads' ids by day, in clear under the server's MAC, since it decides who is told first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from flows.duty.rota import Duty, Rota
from flows.values.ids import LeadId, SiteId
from storage.core.core import StoreCore, one_row
from storage.database.schema.sites import rota
from storage.database.turn import Cell, Insert, Logged, Row, Update
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.keys.server_key import ServerKey
from storage.values import Arrival
from storage.values.errors import NotOffered, Tampered


class Rotas:
    """The rotas of all sites."""

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def read(self, site: SiteId) -> Rota | None:
        """Give the rota of a site, or None where nobody has made one.

        Raises:
            Tampered: It is not the one that was kept, or the register is not.
            Unavailable: The database, or the register, cannot be read.
        """
        found = await self._row(site)
        return None if found is None else _parse(found["plan"])

    async def on_duty(self, site: SiteId, at: datetime) -> Duty:
        """Give who is on duty at a site at a moment (aware); nobody where there is no rota.

        Raises:
            Tampered: The rota is not the one that was kept, or the register is not.
            Unavailable: The database, or the register, cannot be read.
        """
        kept = await self.read(site)
        return frozenset() if kept is None else kept.at(at)

    async def first_told(self, site: SiteId, at: datetime) -> Duty:
        """Give who is on duty, or nobody where the rota is not the one that was kept: all recipients are told anyway.

        What is forged is counted and told; it never keeps a concern from being sent.

        Raises:
            Unavailable: The database, or the register, cannot be read.
        """
        try:
            return await self.on_duty(site, at)
        except Tampered:
            return frozenset()

    async def put(self, session: LeadSession, arrival: Arrival, site: SiteId, plan: Rota) -> None:
        """Keep the rota of the lead's own site; who changed it stands in the audit chain.

        Raises:
            NotOffered: It is another site's, or not for the lead's role, or she waits for two others to say yes.
            Conflict: Somebody else changed it at the same moment; nothing changed.
            Unavailable: It cannot be written; or it is kept, and that it is the newest could not be noted.
            SessionOver: The session has ended.
            AlreadySeen: The update was committed before.
            Tampered: The roster is not the one that was kept; or the register is not, and the rota may be kept.
        """
        card = (await self._rosters.read()).card(session.lead.id)
        if self._sessions.require_lead(session, card, "rota").site != site:
            raise NotOffered
        found = await self._kept(site)
        newest = max(self._core.register.floor(rota_name(site)), 0 if found is None else found["version"])
        version, text = newest + 1, _dump(plan)
        mac = self._core.server_key.mac("rota/1", site, version, text)
        values: dict[str, Cell] = {"version": version, "plan": text, "mac": mac}
        row: Row = Insert(rota, {"site": site, **values})
        if found is not None:
            row = Update(rota, {"site": site}, values, {"version": found["version"]})
        logged = Logged(self._core.hour(), session.lead.id, "oncall")
        await self._core.commit(*self._core.marks.seen_rows(arrival), row, logged)
        self._core.register.note_floor(rota_name(site), version)

    async def _row(self, site: SiteId) -> dict[str, Any] | None:
        row = await self._kept(site)
        if row is not None and not is_rota_row(self._core.server_key, row):
            raise self._core.forgeries.record()
        self._core.register.require_floor(rota_name(site), 0 if row is None else row["version"])
        return row

    async def _kept(self, site: SiteId) -> dict[str, Any] | None:
        async with self._core.read(once=True) as connection:
            return await one_row(connection, select(rota).where(rota.c.site == site))


def rota_name(site: str) -> str:
    """Give what the register calls the row of a site."""
    return f"rota {site}"


def is_rota_row(key: ServerKey, row: Mapping[str, Any]) -> bool:
    """Tell whether a row is one that Hark wrote, now or before."""
    return key.made(row["mac"], "rota/1", row["site"], row["version"], row["plan"])


def _dump(plan: Rota) -> str:
    dates = {day.isoformat(): sorted(who) for day, who in sorted(plan.dates.items())}
    return json.dumps({"timezone": plan.timezone, "week": [sorted(who) for who in plan.week], "dates": dates})


def _parse(text: str) -> Rota:
    kept = json.loads(text)
    dates = {date.fromisoformat(day): _duty(who) for day, who in kept["dates"].items()}
    return Rota(kept["timezone"], tuple(_duty(who) for who in kept["week"]), dates)


def _duty(who: list[str]) -> Duty:
    return frozenset(LeadId(lead) for lead in who)
