"""Words on a case: notes for the other recipients, replies for the reporter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from storage.cases import entry_content
from storage.cases.case_row import stop_clock
from storage.cases.entries import Said
from storage.deeds.deed import Acted, Deed, DeedContext
from storage.deeds.ownership import read_by_a_human
from storage.notices.enqueue import stop_ladder, tell_reporter
from storage.values.errors import NotOffered


@dataclass(frozen=True, slots=True)
class AddNote(Deed):
    """Add a note for the other recipients; it stops no clock."""

    text: str = field(repr=False)

    def apply(self, context: DeedContext) -> Acted:
        """Add it.

        Raises:
            NotOffered: It is empty.
        """
        if not self.text.strip():
            raise NotOffered
        said = Said("desk", entry_content.note(self.text, context.now))
        return Acted(context.loaded.clear, context.loaded.glance, "note", (said,))


@dataclass(frozen=True, slots=True)
class SendReply(Deed):
    """Answer the reporter in the lead's own words or by the id of a ready reply; a notice goes to a return address."""

    needs_return_id: ClassVar[bool] = True
    text: str = field(default="", repr=False)
    ready: str | None = None

    def apply(self, context: DeedContext) -> Acted:
        """Send it; both clocks stop.

        Raises:
            NotOffered: There are neither words nor a ready reply.
        """
        if not self.text.strip() and self.ready is None:
            raise NotOffered
        clear = stop_clock(read_by_a_human(context.loaded.clear))
        to = context.return_id
        told = (tell_reporter(clear, to, context.second),) if to else ()
        said = (Said("talk", entry_content.reply(self.text, self.ready, context.now)),)
        return Acted(clear, context.loaded.glance, "reply", said, (*stop_ladder(clear), *told))
