"""Moving a case through its statuses, closing it with an outcome, and reopening it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar, Final

from flows.cases.triage import closing, needs_second
from storage.cases.entries import Said
from storage.cases.return_address import removed_return_address
from storage.cases.rows.clear_row import stop_clock
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of, is_second, proposed, without_proposals
from storage.deeds.leaving.retention import closed_until, month_of
from storage.deeds.ownership import lapsed, read_by_a_human
from storage.deeds.record.actions import without_any_action
from storage.deeds.send_concern import seconds
from storage.notices.enqueue import stop_ladder
from storage.values import Clocks, Status
from storage.values.errors import NotOffered, Stale

_NONE: Final[Mapping[str, str]] = MappingProxyType({})
#: With these a human has acted, not only read.
_ACTED = frozenset({"action", "monitoring", "awaiting_info", "referred", "transferred", "merged"})


@dataclass(frozen=True, slots=True)
class SetStatus(Deed):
    """Set the status; any move is a human's, so the first clock stops, and with an action the second.

    A case that is over by it is kept until `until` (the beginning of a month, aware; None: nobody knows).
    """

    rule: ClassVar[str] = "status"
    status: Status
    note: str = field(default="", repr=False)
    until: datetime | None = None

    def apply(self, context: DeedContext) -> Acted:
        """Set it.

        Raises:
            NotOffered: The case is, or would be, closed, reopened or new: those have deeds of their own.
            Stale: It would be over, and the reporter has said something that this lead has not opened yet.
        """
        loaded, status = context.loaded, self.status
        if status in {"new", "closed", "reopened"} or not loaded.clear.is_open:
            raise NotOffered
        clear = replace(read_by_a_human(loaded.clear), status=status)
        if not clear.is_open and loaded.unread:
            raise Stale
        if status in _ACTED:
            clear = stop_clock(clear)
        detail = {"from": loaded.clear.status, "to": status, "note": self.note}
        said, stopped = (deed_of(clear, "status", detail, context.now),), stop_ladder(clear)
        if clear.is_open:
            return Acted(clear, loaded.glance, "status", said, stopped)
        clear, glance = without_any_action(closed_until(replace(clear, offered=None), self.until), loaded.glance)
        return Acted(clear, without_proposals(glance), "status", said, (lapsed(clear), *stopped))


@dataclass(frozen=True, slots=True)
class CloseCase(Deed):
    """Close a case with an outcome, by its code, and a reason in words.

    Whatever was still to be done in it is left; the reason has to say why.
    An outcome that takes two is noted as proposed until another recipient closes it the same way within a day, each
    with a fresh code; the case stays open.
    `until` is when its time is over (the beginning of a month, aware; None: nobody knows), and `kind` the kind of
    record that says so.
    """

    rule: ClassVar[str] = "close"
    needs_return_id: ClassVar[bool] = True
    outcome: str
    reason: str = field(repr=False)
    until: datetime | None = None
    kind: str = ""

    @property
    def name(self) -> str:
        """Another one for an outcome that takes two."""
        return closing(self.outcome) if needs_second(self.outcome) else self.rule

    def apply(self, context: DeedContext) -> Acted:
        """Close it, or note the first word; the return address, if one is kept, is destroyed.

        Raises:
            Unavailable: The ledger cannot be written.
            NotOffered: It is closed, or no reason is given.
            Stale: The reporter has said something that this lead has not opened yet: nothing unread is ever closed.
        """
        loaded = context.loaded
        if not loaded.clear.is_open or not self.outcome or not self.reason.strip():
            raise NotOffered
        if loaded.unread:
            raise Stale
        if needs_second(self.outcome) and not is_second(context, closing(self.outcome)):
            glance, told = proposed(context, closing(self.outcome))
            return Acted(loaded.clear, glance, "propose", (self._said(context, "propose"),), told)
        closed = closed_until(replace(stop_clock(loaded.clear), status="closed", offered=None), self.until)
        clear, glance = without_any_action(closed, loaded.glance)
        glance = replace(glance, closed=context.now, outcome=self.outcome)
        removed = removed_return_address(context.core, clear.id, context.return_id)
        rows = (lapsed(clear), *stop_ladder(clear), *removed)
        kept = {"until": month_of(self.until), "kind": self.kind} if self.kind else {}
        return Acted(clear, without_proposals(glance), "close", (self._said(context, "close", kept),), rows)

    def _said(self, context: DeedContext, what: str, kept: Mapping[str, str] = _NONE) -> Said:
        detail = {"outcome": self.outcome, "reason": self.reason, **kept}
        return deed_of(context.loaded.clear, what, detail, context.now)


@dataclass(frozen=True, slots=True)
class ReopenCase(Deed):
    """Reopen a closed case; whoever does it has read it, so the clock for an action runs."""

    rule: ClassVar[str] = "reopen"
    reason: str = field(default="", repr=False)
    clocks: Clocks | None = None

    def apply(self, context: DeedContext) -> Acted:
        """Reopen it.

        Raises:
            NotOffered: It is open.
        """
        loaded, clocks = context.loaded, self.clocks
        if loaded.clear.is_open:
            raise NotOffered
        due = seconds(clocks.act_by if clocks else None)
        clear = replace(loaded.clear, status="reopened", due="act" if clocks and clocks.act_by else None, due_at=due)
        said = (deed_of(clear, "reopen", {"reason": self.reason}, context.now),)
        return Acted(clear, without_proposals(loaded.glance), "reopen", said)
