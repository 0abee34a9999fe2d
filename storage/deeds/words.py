"""Words on a case: notes for the other recipients, replies for the reporter."""

from __future__ import annotations

from datetime import datetime

from storage.cases import entry_content
from storage.cases.case_row import stop_clock
from storage.cases.entries import Said
from storage.deeds.deed import Acted
from storage.deeds.loading import Loaded
from storage.deeds.ownership import read_by_a_human
from storage.notices.enqueue import stop_ladder, tell_reporter
from storage.values.errors import NotOffered


def note(loaded: Loaded, text: str, now: datetime) -> Acted:
    """Add a note; it stops no clock.

    Raises:
        NotOffered: It is empty.
    """
    if not text.strip():
        raise NotOffered
    return Acted(loaded.clear, loaded.glance, "note", (Said("desk", entry_content.note(text, now)),))


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
    said = (Said("talk", entry_content.reply(text, ready, now)),)
    return Acted(clear, loaded.glance, "reply", said, (*stop_ladder(clear), *told))
