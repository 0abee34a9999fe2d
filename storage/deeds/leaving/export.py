"""Handing out what is held on one person: the text, as one recipient has blacked it out, once another says the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from storage.deeds.deed import Acted, Deed, DeedContext, deed_of, is_second, proposed
from storage.notices.enqueue import tell_one
from storage.values.errors import NotOffered, Stale

_EXPORTING = "export"


def exporting(digest: str) -> str:
    """Name the deed of handing out a text, among those that take two."""
    return f"{_EXPORTING} {digest}"


def export_meant(what: str) -> str | None:
    """Give the digest of the text that such a deed names; None for any other deed of two."""
    first, _, digest = what.partition(" ")
    return digest if first == _EXPORTING else None


@dataclass(frozen=True, slots=True)
class Export(Deed):
    """Hand out a text of a case, which takes two who mean the same one. The text itself is not kept.

    Attributes:
        purpose: To whom and what for, in words.
        redaction: What is blacked out, as `Redaction.written` gave it.
        upto: The last entry that is in the text.
        digest: Of the text, in hexadecimal digits.
        second: Whether it completes a colleague's word; then it is never the first one.
    """

    rule: ClassVar[str] = "export"
    purpose: str = field(repr=False)
    redaction: str = field(repr=False)
    upto: int
    digest: str
    second: bool = False

    def apply(self, context: DeedContext) -> Acted:
        """Note the first word; or say in the case that it is handed out, and tell the other recipients.

        Raises:
            NotOffered: There is no purpose, or the colleague's word that it completes counts no more.
            Stale: The reporter has said something that this lead has not opened yet.
        """
        loaded, what = context.loaded, exporting(self.digest)
        if not self.purpose.strip():
            raise NotOffered
        if loaded.unread:
            raise Stale
        detail = {
            "reason": self.purpose,
            "redaction": self.redaction,
            "upto": str(self.upto),
            "digest": self.digest,
        }
        if not is_second(context, what):
            if self.second:
                raise NotOffered
            glance, told = proposed(context, what)
            return Acted(
                loaded.clear, glance, "ask_export", (deed_of(loaded.clear, "ask_export", detail, context.now),), told
            )
        others = sorted(loaded.access.leads(loaded.clear.epoch) - {context.by})
        told = tuple(tell_one(loaded.clear, lead, "message", context.second) for lead in others)
        said = (deed_of(loaded.clear, "export", detail, context.now),)
        return Acted(loaded.clear, loaded.glance, "export", said, told)
