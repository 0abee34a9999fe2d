"""Brings a lead's cases over to her new keys, one by one, until nothing is sealed for those of before.

Each case is a turn of its own, so it can end at any point: her session holds both keys until the last one is done. What
a partner answered meanwhile is taken into the case first. A partner's shares are brought over likewise.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy import Select, func, select

from flows.values.ids import LeadId
from storage.core.core import StoreCore, all_rows
from storage.database.schema.cases import readers, wraps
from storage.deeds.readers.rewrap import Rewrap
from storage.desk.partnership.sharing.renewed_shares import RenewedShares
from storage.desk.partnership.together.bring_over import BringingOver
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.factors.own_factors import OwnFactors
from storage.leads.sign_in.session import LeadSession
from storage.values import CaseId
from storage.values.errors import NoSuchCase, NotOffered, Tampered

_AT_ONCE: Final = 200  # cases named at once


class OfDesk(NamedTuple):
    """What a renewal takes of the desk: `Acting.act`, `CaseShares.take_in` and `Boxes.bring_over`."""

    act: Callable[[LeadSession, None, CaseId, None, Rewrap], Awaitable[object]]
    take_in: Callable[[LeadSession, CaseId], Awaitable[bool]]
    bring_boxes: Callable[[LeadSession], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Renewed:
    """How far it is: cases and shares brought over, all of them, and those not genuine, which stay as they are."""

    done: int
    of: int
    forged: int

    @property
    def is_over(self) -> bool:
        """Whether the keys of before are destroyed."""
        return self.done == self.of


class KeyRenewals:
    """Goes on with renewals that `OwnFactors.renew_keys` began."""

    def __init__(self, core: StoreCore, rosters: Rosters, own_factors: OwnFactors, desk: OfDesk) -> None:
        self._core = core
        self._act, self._take_in, self._bring_boxes = desk
        self._own_factors = own_factors
        self._shares = RenewedShares(core, rosters)
        #: Brings over what is sealed for her in no case.
        self._together = BringingOver(core, rosters)

    async def left(self, session: LeadSession) -> int:
        """Tell how many cases and shares are still sealed for the keys of before; 0 where nothing is renewed.

        Raises:
            Unavailable: The database cannot be read.
        """
        former = session.former
        if former is None:
            return 0
        async with self._core.read() as connection:
            counted = _sealed_for(session.lead.id, former).with_only_columns(func.count(readers.c.case_id.distinct()))
            cases = int((await connection.execute(counted)).scalar() or 0)
        return cases + await self._shares.left(session.lead.id, former)

    async def go_on(self, session: LeadSession) -> AsyncIterator[Renewed]:
        """Bring the cases over, then shares, and then destroy the keys of before; yields after each and at the end.

        Those that are not genuine are left as they are and counted; while there are any, the keys of before stay.

        Raises:
            SessionOver: The session has ended; what is done is done.
            Conflict: Others changed a case, or the roster, at the same moment again and again.
            Tampered: The roster is not the one that was kept.
            Unavailable: The database cannot be read or written.
        """
        former = session.former
        if former is None:
            return
        of, done, forged, after = await self.left(session), 0, 0, ""
        while named := await self._named(session.lead.id, former, after):
            for case in named:
                try:
                    await self._take_in(session, case)
                    await self._act(session, None, case, None, Rewrap())
                    done += 1
                except (NoSuchCase, NotOffered, Tampered):
                    forged += 1
                yield Renewed(done, of, forged)
            after = named[-1]
        async for genuine in self._shares.bring_over(session, former):
            done, forged = done + genuine, forged + (not genuine)
            yield Renewed(done, of, forged)
        await self._together.bring(session)
        if not forged:
            await self._bring_boxes(session)
            await self._own_factors.forget_former(session)
            yield Renewed(done, done, 0)

    async def _named(self, lead: LeadId, key: bytes, after: str) -> list[CaseId]:
        next_ones = _sealed_for(lead, key).where(readers.c.case_id > after).order_by(readers.c.case_id).limit(_AT_ONCE)
        async with self._core.read() as connection:
            return [CaseId(row["case_id"]) for row in await all_rows(connection, next_ones)]


def _sealed_for(lead: LeadId, key: bytes) -> Select[tuple[str]]:
    """The lead's cases of which an epoch is sealed for a key; the queue leads to them by its own key."""
    mine = select(readers.c.case_id).join(wraps, wraps.c.case_id == readers.c.case_id)
    return mine.where(readers.c.lead_id == lead, wraps.c.key_id == key).distinct()
