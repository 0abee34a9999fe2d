"""Replying: words for the reporter, free or ready-made. A reply is a first action, so the clocks stop."""

from __future__ import annotations

from datetime import datetime

from storage.cases import contents
from storage.cases.clear import stop_clock
from storage.cases.entries import Said
from storage.deeds.acknowledge import read_by_a_human
from storage.deeds.acted import Acted
from storage.deeds.notify import stop_ladder, tell_reporter
from storage.desk.loading import Loaded
from storage.refusals import NotOffered


def reply(loaded: Loaded, text: str, ready: str | None, return_id: str | None, now: datetime) -> Acted:
    """Answer the reporter.

    Args:
        loaded: The case.
        text: The lead's own words, or nothing.
        ready: The id of a ready reply, or None.
        return_id: The return address to notify, if one is kept.
        now: The time.

    Raises:
        NotOffered: There are neither words nor a ready reply.
    """
    if not text.strip() and ready is None:
        raise NotOffered
    clear = stop_clock(read_by_a_human(loaded.clear))
    told = (tell_reporter(clear, return_id, int(now.timestamp())),) if return_id else ()
    said = (Said("talk", contents.reply(text, ready, now)),)
    return Acted(clear, loaded.glance, "reply", said, (*stop_ladder(clear), *told))
