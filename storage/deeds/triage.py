"""Setting a case's urgency by hand, and its label."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.values.deeds import Urgency
from storage.cases.case_row import stop_clock
from storage.database.turn import Row
from storage.deeds.deed import Acted, deed_of
from storage.deeds.loading import Loaded
from storage.deeds.send_concern import seconds
from storage.notices.enqueue import time_anew
from storage.values import URGENCIES, Clocks
from storage.values.errors import NotOffered

_LONGEST = 60  # characters


def set_urgency(loaded: Loaded, urgency: Urgency, clocks: Clocks | None, reason: str, now: datetime) -> Acted:
    """Set the urgency; `clocks` are those of the new one, and only one that still runs is set anew.

    Where it is only to be looked at again, it gets the day of the new urgency. While nobody has acknowledged it, the
    ladder climbs as fast as the new urgency asks for.
    """
    clear = replace(loaded.clear, rank=URGENCIES.index(urgency))
    if clear.due == "review":
        clear = stop_clock(clear)
    if clocks is not None and clear.due == "acknowledge":
        clear = replace(clear, due_at=seconds(clocks.acknowledge_by), act_at=seconds(clocks.act_by))
    elif clocks is not None and clear.due == "act":
        clear = replace(clear, due_at=seconds(clocks.act_by))
    rows: tuple[Row, ...] = ()
    if clear.due == "acknowledge":
        risen, leads = clear.rank < loaded.clear.rank, len(loaded.access.leads(clear.epoch))
        rows = time_anew(clear, leads, int(now.timestamp()), risen=risen)
    detail = {"from": URGENCIES[loaded.clear.rank], "to": urgency, "reason": reason}
    return Acted(clear, loaded.glance, "urgency", (deed_of(clear, "urgency", detail, now),), rows)


def set_label(loaded: Loaded, label: str, now: datetime) -> Acted:
    """Set the label, or take it away with an empty one.

    Raises:
        NotOffered: It is longer than 60 characters.
    """
    shown = " ".join(label.split())
    if len(shown) > _LONGEST:
        raise NotOffered
    said = (deed_of(loaded.clear, "label", {"label": shown}, now),)
    return Acted(loaded.clear, replace(loaded.glance, label=shown), "label", said)
