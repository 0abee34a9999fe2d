"""Until when a case is kept: another date, a legal hold, a wish to destroy it, and the two words that destroy it.

What makes it shorter takes two recipients within a day; what makes it longer takes one. See decision 28.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar, Final

from flows.cases.retention import blocks
from storage.cases.retention import GOING, Retention, retention_of, standing, with_retention
from storage.cases.rows.clear_row import ClearRow
from storage.database.schema.base import NEVER
from storage.database.schema.cases import readers, receipts
from storage.database.turn import Delete, Row
from storage.deeds.deed import (
    Acted,
    Deed,
    DeedContext,
    deed_of,
    is_second,
    proposed,
    without_proposals,
    without_proposals_for,
)
from storage.deeds.ownership import lapsed
from storage.notices.enqueue import tell_one
from storage.values.errors import NotOffered, Stale

#: The deed of two by which a case is destroyed, and that by which a hold is lifted.
DELETING: Final = "delete"
LIFTING: Final = "release"
_SHORTENING: Final = "shorten"


def shortening(until: datetime) -> str:
    """Name the deed of keeping a case for a shorter time, among those that take two."""
    return f"{_SHORTENING} {month_of(until)}"


def shortened_to(what: str) -> str | None:
    """Give the month that such a deed names; None for any other deed of two."""
    first, _, month = what.partition(" ")
    return month if first == _SHORTENING else None


def month_of(until: datetime | None) -> str:
    """Give a month as it stands in entries: `2051-02`, or `never` where there is no date."""
    return "never" if until is None else f"{until:%Y-%m}"


def closed_until(clear: ClearRow, until: datetime | None) -> ClearRow:
    """Give a case that is being closed with its date; what was noted of an earlier one is gone, a hold is not."""
    return with_retention(clear, Retention(_second(until), held=retention_of(clear).held))


def _second(until: datetime | None) -> int:
    return NEVER if until is None else int(until.timestamp())


@dataclass(frozen=True, slots=True)
class KeepLonger(Deed):
    """Keep a closed case until the beginning of a later month (aware, UTC; None: until somebody gives a date)."""

    rule: ClassVar[str] = "keep_longer"
    until: datetime | None
    reason: str = field(repr=False)

    def apply(self, context: DeedContext) -> Acted:
        """Set the date; a destruction that was asked for is off.

        Raises:
            NotOffered: The case is open, it is no later date, or there is no reason.
        """
        clear = context.loaded.clear
        if clear.is_open or _second(self.until) <= clear.keep_until or not self.reason.strip():
            raise NotOffered
        return _kept_until(context, self.until, self.reason)


@dataclass(frozen=True, slots=True)
class KeepShorter(Deed):
    """Keep a closed case until the beginning of an earlier month (aware, UTC), which takes two."""

    rule: ClassVar[str] = "shorten"
    until: datetime
    reason: str = field(repr=False)

    def apply(self, context: DeedContext) -> Acted:
        """Set the date, or note the first word for it; a destruction that was asked for is off.

        Raises:
            NotOffered: The case is open, it is no earlier date, or there is no reason.
            Stale: The reporter has said something that this lead has not opened yet.
        """
        loaded, what = context.loaded, shortening(self.until)
        if loaded.clear.is_open or _second(self.until) >= loaded.clear.keep_until or not self.reason.strip():
            raise NotOffered
        if loaded.unread:
            raise Stale
        if not is_second(context, what):
            return _first_word(context, what, "ask_keep", {"until": month_of(self.until), "reason": self.reason})
        return _kept_until(context, self.until, self.reason)


def _kept_until(context: DeedContext, until: datetime | None, reason: str) -> Acted:
    loaded = context.loaded
    clear = with_retention(loaded.clear, Retention(_second(until), held=retention_of(loaded.clear).held))
    said = (deed_of(clear, "keep", {"until": month_of(until), "reason": reason}, context.now),)
    return Acted(clear, without_proposals(loaded.glance), "keep", said)


@dataclass(frozen=True, slots=True)
class Hold(Deed):
    """Put a case under a legal hold: nothing destroys it until two have lifted that. Whatever was asked for is off."""

    rule: ClassVar[str] = "hold_case"
    reason: str = field(repr=False)

    def apply(self, context: DeedContext) -> Acted:
        """Hold it, open or closed.

        Raises:
            NotOffered: It is held already, or there is no reason.
        """
        loaded = context.loaded
        kept = retention_of(loaded.clear)
        if kept.held or not self.reason.strip():
            raise NotOffered
        clear = with_retention(loaded.clear, replace(kept, told=0, early=False, held=True))
        said = (deed_of(clear, "hold", {"reason": self.reason}, context.now),)
        return Acted(clear, without_proposals_for(loaded.glance, DELETING, LIFTING), "hold", said)


@dataclass(frozen=True, slots=True)
class LiftHold(Deed):
    """Lift a legal hold, which takes two."""

    rule: ClassVar[str] = "release"
    reason: str = field(repr=False)

    def apply(self, context: DeedContext) -> Acted:
        """Lift it, or note the first word.

        Raises:
            NotOffered: It is not held, or there is no reason.
        """
        loaded = context.loaded
        kept, detail = retention_of(loaded.clear), {"reason": self.reason}
        if not kept.held or not self.reason.strip():
            raise NotOffered
        if not is_second(context, LIFTING):
            return _first_word(context, LIFTING, "ask_release", detail)
        clear = with_retention(loaded.clear, replace(kept, held=False))
        said = (deed_of(clear, "release", detail, context.now),)
        return Acted(clear, without_proposals_for(loaded.glance, LIFTING), "release", said)


@dataclass(frozen=True, slots=True)
class AskDestruction(Deed):
    """Ask that a closed case is destroyed before its time: its recipients are told, and a week later two may say so."""

    rule: ClassVar[str] = "ask_delete"
    reason: str = field(repr=False)

    def apply(self, context: DeedContext) -> Acted:
        """Ask for it, and tell the others.

        Raises:
            NotOffered: It is open, held, or to be destroyed already; or there is no reason.
            Stale: The reporter has said something that this lead has not opened yet.
        """
        loaded = context.loaded
        kept = retention_of(loaded.clear)
        if loaded.clear.is_open or kept.held or kept.told or not self.reason.strip():
            raise NotOffered
        if loaded.unread:
            raise Stale
        clear = with_retention(loaded.clear, replace(kept, told=context.second, early=True))
        others = sorted(loaded.access.leads(clear.epoch) - {context.by})
        told = tuple(tell_one(clear, lead, "retention", context.second) for lead in others)
        said = (deed_of(clear, "ask_destroy", {"reason": self.reason}, context.now),)
        return Acted(clear, loaded.glance, "ask_destroy", said, told)


@dataclass(frozen=True, slots=True)
class Destroy(Deed):
    """Say that a case whose time is over is to be destroyed, which takes two.

    With the second word nobody reaches it any more, by receipt or in a queue; `storage/upkeep/destroying.py` does the
    rest, also after a kill.
    """

    rule: ClassVar[str] = "delete"
    needs_return_id: ClassVar[bool] = True

    def apply(self, context: DeedContext) -> Acted:
        """Note the first word, or take the case from everybody.

        Raises:
            NotOffered: Something stands against it (`flows/cases/retention.py`), or the clock has just jumped.
            Stale: The reporter has said something that this lead has not opened yet.
        """
        loaded, guard = context.loaded, context.core.clock_guard
        if loaded.unread:
            raise Stale
        if blocks(standing(loaded.clear), context.now) or (guard is not None and not guard.holds()):
            raise NotOffered
        if not is_second(context, DELETING):
            return _first_word(context, DELETING, "agree_destroy", {})
        clear = replace(with_retention(loaded.clear, Retention(GOING)), recipients="", offered=None, owner=None)
        gone: tuple[Row, ...] = tuple(Delete(table, {"case_id": clear.id}) for table in (readers, receipts))
        said = (deed_of(clear, "destroy", {}, context.now),)
        return Acted(clear, loaded.glance, "destroy", said, (*gone, lapsed(clear)))


def _first_word(context: DeedContext, what: str, shown: str, detail: dict[str, str]) -> Acted:
    """Note the first one's word, for the others to complete."""
    loaded = context.loaded
    glance, told = proposed(context, what)
    return Acted(loaded.clear, glance, shown, (deed_of(loaded.clear, shown, detail, context.now),), told)
