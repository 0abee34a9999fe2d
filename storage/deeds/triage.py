"""Setting a case's urgency by hand, and its label."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from flows.values.ids import Urgency
from storage.cases.rows.clear_row import ClearRow, stop_clock
from storage.database.turn import Row
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of
from storage.deeds.send_concern import seconds
from storage.notices.enqueue import time_anew
from storage.values import URGENCIES, Clocks
from storage.values.errors import NotOffered

_LONGEST: Final = 60  # characters


@dataclass(frozen=True, slots=True)
class SetUrgency(Deed):
    """Set the urgency; `clocks` are those of the new one, and only one that still runs is set anew.

    Where it is only to be looked at again, it gets the day of the new urgency. While nobody has acknowledged it, the
    ladder climbs as fast as the new urgency asks for.
    """

    needs_ladder: ClassVar[bool] = True
    rule: ClassVar[str] = "urgency"
    urgency: Urgency
    clocks: Clocks | None = None
    reason: str = field(default="", repr=False)

    def apply(self, context: DeedContext) -> Acted:
        """Set it; any urgency fits any case, also a lower one: that is a human's to say.

        The row of the ladder is set anew while nobody has acknowledged the case.
        """
        loaded = context.loaded
        clear = self._timed(replace(loaded.clear, rank=URGENCIES.index(self.urgency)))
        rows: tuple[Row, ...] = ()
        if clear.due == "acknowledge":
            risen = clear.rank < loaded.clear.rank
            rows = time_anew(context.core.server_key, clear, context.ladder, context.second, risen=risen)
        detail = {"from": URGENCIES[loaded.clear.rank], "to": self.urgency, "reason": self.reason}
        return Acted(clear, loaded.glance, "urgency", (deed_of(clear, "urgency", detail, context.now),), rows)

    def _timed(self, clear: ClearRow) -> ClearRow:
        if clear.due == "review":
            return stop_clock(clear)
        if self.clocks is not None and clear.due == "acknowledge":
            return replace(clear, due_at=seconds(self.clocks.acknowledge_by), act_at=seconds(self.clocks.act_by))
        if self.clocks is not None and clear.due == "act":
            return replace(clear, due_at=seconds(self.clocks.act_by))
        return clear


@dataclass(frozen=True, slots=True)
class SetLabel(Deed):
    """Set the label, at most 60 characters, or take it away with an empty one."""

    rule: ClassVar[str] = "label"
    label: str = field(repr=False)

    def apply(self, context: DeedContext) -> Acted:
        """Set it.

        Raises:
            NotOffered: It is longer than 60 characters.
        """
        shown, loaded = " ".join(self.label.split()), context.loaded
        if len(shown) > _LONGEST:
            raise NotOffered
        said = (deed_of(loaded.clear, "label", {"label": shown}, context.now),)
        return Acted(loaded.clear, replace(loaded.glance, label=shown), "label", said)
