"""The desks' machine with a hand that writes the database between turns: found, or harmless; and no concern unread.

Whatever it wrote is taken back after it was judged, so that the run goes on from what was kept.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from storage.leads.sign_in.session import LeadSession
from storage.values.errors import Refusal
from tests.faults.machine import Desks
from tests.forged_rows import changed, copied
from tests.raw_database import Rows, read_tables, write_tables

#: The tables that hold something of cases, of who is told, and of who may act.
_WRITTEN = (
    *("audit", "cases", "entries", "epochs", "headers", "readers", "receipts", "wraps"),
    *("leads", "outbox", "seen", "sources", "unspoken"),
)
TABLES = st.sets(st.sampled_from(_WRITTEN), min_size=1, max_size=3)
RESTARTED = st.sampled_from([False, False, True])


class Hands(Desks):
    """Everything that the desks do, and somebody who can write the database, not the folder of the key file."""

    #: Over all runs: how often the hand wrote, and how often that was noticed.
    written: ClassVar[int] = 0
    noticed: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.earlier: list[Rows] = []

    @precondition(lambda self: self.model.cases)
    @rule(tables=TABLES, restarted=RESTARTED, data=st.data())
    def rows_are_taken_away(self, tables: set[str], restarted: bool, data: st.DataObject) -> None:  # noqa: FBT001 - drawn
        self._write(tables, data.draw(st.sampled_from(["delete one", "delete all"])), data, restarted=restarted)

    @precondition(lambda self: self.model.cases)
    @rule(tables=TABLES, restarted=RESTARTED, data=st.data())
    def rows_are_changed(self, tables: set[str], restarted: bool, data: st.DataObject) -> None:  # noqa: FBT001 - drawn
        self._write(tables, data.draw(st.sampled_from(["change one", "change all"])), data, restarted=restarted)

    @precondition(lambda self: self.model.cases)
    @rule(tables=TABLES, restarted=RESTARTED, data=st.data())
    def a_row_is_doubled(self, tables: set[str], restarted: bool, data: st.DataObject) -> None:  # noqa: FBT001 - drawn
        self._write(tables, "double", data, restarted=restarted)

    @precondition(lambda self: self.earlier)
    @rule(tables=TABLES, restarted=RESTARTED, data=st.data())
    def tables_are_put_back(self, tables: set[str], restarted: bool, data: st.DataObject) -> None:  # noqa: FBT001 - drawn
        self._write(tables, "put back", data, restarted=restarted)

    def _write(self, tables: set[str], deed: str, data: st.DataObject, *, restarted: bool) -> None:
        """While Hark runs, or between two runs."""
        if restarted:
            self.run(self.store.close())
        url = self.school.url
        before = self.run(read_tables(url))
        self.earlier.append(before)
        after = {table: self._written(before[table], table, deed, data) for table in sorted(tables)}
        wrote = self.run(write_tables(url, after))
        type(self).injected += wrote
        type(self).written += wrote
        started = self._starts() if restarted else True
        if started:
            self._judge()
            assert self.run(write_tables(url, before))
        else:  # refused: what was kept is put back, as from a backup
            type(self).noticed += 1
            assert self.run(write_tables(url, before))
            self.run(self.school.open())

    def _starts(self) -> bool:
        try:
            self.run(self.school.open())
        except Refusal:
            return False
        return True

    def _judge(self) -> None:
        """It is noticed within a minute or by the check of the start, and then told; or all is as the model has it."""
        store, before = self.store, self.store.tampered
        for look in (store.recheck.look, store.watch.verify):
            with suppress(Refusal):
                self.run(look())
        for session in self.sessions.values():
            if store.leads.sessions.at(session.address) is session:
                self.run(self._looks(session))
        if store.tampered == before:
            self.every_lead_sees_her_cases_once_as_they_stand_and_no_other()
        unread = [case for case in self.model.cases.values() if case.status in {"new", "reopened"}]
        if store.tampered > before:
            type(self).noticed += 1
            self.school.later(minutes=2)
            self.run(store.fault_alerts.tell())
            assert "tampered" in {alert.kind for alert in self.run(store.alerts.standing())}
        else:
            told = {row["case_id"] for row in self.run(read_tables(self.school.url))["outbox"] if row["lead_id"]}
            assert {case.id for case in unread} <= told

    async def _looks(self, session: LeadSession) -> None:
        for which in ("open", "closed"):
            await self.store.desk.queues.page(session, which, limit=50)

    def _written(self, rows: list[dict[str, Any]], table: str, deed: str, data: st.DataObject) -> list[dict[str, Any]]:
        if deed == "put back":
            return data.draw(st.sampled_from(self.earlier))[table]
        if deed == "delete all" or not rows:
            return []
        one = data.draw(st.integers(0, len(rows) - 1))
        rest = [row for place, row in enumerate(rows) if place != one]
        if deed == "delete one":
            return rest
        if deed == "double":
            return [*rows, copied(table, rows[one])]
        column = data.draw(st.sampled_from(sorted(rows[one])))
        return changed(table, rows, column) if deed == "change all" else [*rest, *changed(table, [rows[one]], column)]
