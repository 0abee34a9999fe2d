"""Changing the urgency by hand: a lead may raise and lower it; the clock that runs follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.deeds import Urgency
from storage.cases.clear import stop_clock
from storage.deeds.acted import Acted, did
from storage.deeds.notify import time_anew
from storage.deeds.send_concern import seconds
from storage.desk.loading import Loaded
from storage.turns import Row
from storage.values import URGENCIES, Clocks


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
    return Acted(clear, loaded.glance, "urgency", (did(clear, "urgency", detail, now),), rows)
