"""How many concerns a chat has sent that day, sealed under the day key, and the band that orders the queue."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import select

from flows.values.ids import LeadId
from storage.cases.rows.case_row import change_rows, read_case
from storage.cases.rows.clear_row import read_bands, write_bands
from storage.core.core import StoreCore
from storage.database.schema import chats
from storage.database.turn import Cell, Insert, Row, Update
from storage.sealing.keys.day_keys import DayKey
from storage.sealing.primitives.box import Place, seal_text
from storage.values import Address, CaseId
from storage.values.errors import Conflict, Refusal, Tampered

#: The first number of each band: one, two, three to five, six or more.
STARTS: Final = (1, 2, 3, 6)

_COUNTED = STARTS[-1]  # cases remembered for a lead; more change no band
_TRIES = 3


def band(sent: int) -> int:
    """Return the band, from 1, of a source that has sent so many that day; `sent` is at least 1."""
    return sum(sent >= start for start in STARTS)


@dataclass(frozen=True, slots=True)
class Source:
    """What a chat has sent that day, by recipient. `version` 0: nothing yet."""

    key: DayKey
    mark: bytes
    version: int
    sent: Mapping[LeadId, tuple[CaseId, ...]]

    def bands(self, recipients: Collection[LeadId]) -> dict[LeadId, int]:
        """Give the band of the next concern in the queue of each recipient."""
        return {lead: band(len(self.sent.get(lead, ())) + 1) for lead in recipients}

    def with_(self, case: CaseId, recipients: Collection[LeadId]) -> Source:
        """Give the source after one more; the same object where that changes no band any more.

        Args:
            case: The new case.
            recipients: For whom it is sealed; the counts of others stay, so that nobody learns of a case by a band.
        """
        told = {lead: (*self.sent.get(lead, ()), case) for lead in recipients}
        new = {lead: cases for lead, cases in told.items() if len(cases) <= _COUNTED}
        return replace(self, version=self.version + 1, sent={**self.sent, **new}) if new else self

    def sunk(self, recipients: Collection[LeadId]) -> dict[CaseId, dict[LeadId, int]]:
        """Give the earlier cases that change their band with this one, by recipient.

        At most five cases: beyond the sixth concern of a day no band changes (decision 9).
        """
        changed: dict[CaseId, dict[LeadId, int]] = {}
        for lead, now in self.bands(recipients).items():
            earlier = self.sent.get(lead, ())
            if earlier and len(earlier) < _COUNTED and now != band(len(earlier)):
                for case in earlier:
                    changed.setdefault(case, {})[lead] = now
        return changed


class Sources:
    """Counts what chats send; a row is of use on its day only, and swept after it."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core

    async def read(self, address: Address) -> Source:
        """Give what a chat has sent today.

        Raises:
            Unavailable: The database cannot be read, or there is no day key.
        """
        key = self._core.day_keys.today()
        mark, day = key.mark("source", address.door, address.chat_id), key.day.isoformat()
        async with self._core.read(once=True) as connection:
            row = (await connection.execute(select(chats.sources).where(chats.sources.c.mark == mark))).first()
        if row is None:
            return Source(key, mark, 0, {})
        try:
            text = self._core.day_keys.open(day, _place(mark, row.version), row.sealed)
        except Tampered:  # counted there; somebody with the database can make a source new, and nothing else
            text = None
        told = json.loads(text) if text is not None else {}
        return Source(key, mark, row.version, {LeadId(lead): tuple(map(CaseId, sent)) for lead, sent in told.items()})

    def rows(self, before: Source, after: Source) -> tuple[Row, ...]:
        """Give the rows that keep a source; none where nothing changed.

        The commit raises `Conflict` where the same chat has sent another concern at the same moment.
        """
        if after is before:
            return ()
        sealed = seal_text(after.key.box_key(), _place(after.mark, after.version), json.dumps(after.sent))
        values: dict[str, Cell] = {"day": after.key.day.isoformat(), "version": after.version, "sealed": sealed}
        if before.version:
            return (Update(chats.sources, {"mark": after.mark}, values, {"version": before.version}),)
        return (Insert(chats.sources, {"mark": after.mark, **values}),)

    async def sink(self, before: Source, recipients: Collection[LeadId]) -> None:
        """Give the earlier cases of a source the band that one more case brought them; five cases at most.

        What cannot be written stays as it is: it is order only, and the concern is already kept.
        """
        for case, bands in before.sunk(recipients).items():
            with suppress(Refusal):
                await self._sink(case, bands)

    async def _sink(self, case: CaseId, bands: Mapping[LeadId, int]) -> None:
        for left in reversed(range(_TRIES)):
            async with self._core.read(once=True) as connection:
                clear = await read_case(self._core, connection, case)
            after = replace(clear, bands=write_bands({**read_bands(clear.bands), **bands}))
            try:
                await self._core.commit(*change_rows(self._core, clear, after))
            except Conflict:  # a lead wrote at the same moment
                if not left:
                    raise
            else:
                return


def _place(mark: bytes, version: int) -> Place:
    return Place("sources", None, mark, "sent", version)
