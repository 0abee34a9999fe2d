"""Files that leads add to a case, and the word that a file should not be there, after which nobody is shown it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final

from flows.danger.files import MOST_BYTES
from flows.values.deeds import AddFile
from storage.cases.entries import Opened, Said
from storage.cases.entry_content import details_of
from storage.cases.rows.file_rows import FILE, keep_file
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of
from storage.values.errors import NotOffered

#: What an entry calls it that a file should not be there.
LOCKED: Final = "lock_file"
#: Files that a case holds at most, whoever sent them.
MOST: Final = 60


@dataclass(frozen=True, slots=True)
class KeepFile(Deed):
    """Add a file for the other recipients; it stops no clock, and its reporter is not told of it."""

    rule: ClassVar[str] = "file"
    reads_words: ClassVar[bool] = True
    file: AddFile = field(repr=False)

    def apply(self, context: DeedContext) -> Acted:
        """Seal it.

        Raises:
            NotOffered: It is empty or too long, or the case holds as many files as it may.
        """
        there = sum(is_file(one) for one in context.opened)
        if not 0 < len(self.file.content) <= MOST_BYTES or there >= MOST:
            raise NotOffered
        kept = keep_file(context.loaded.clear.id, self.file, context.now)
        said = (Said("desk", kept.content),)
        return Acted(context.loaded.clear, context.loaded.glance, FILE, said, kept.rows)


@dataclass(frozen=True, slots=True)
class LockFile(Deed):
    """Say that a file should not be there: nobody is shown it any more, and nothing of it is destroyed.

    It stands in the same stream as the file: who opens the one, now or by a later epoch, opens the other.
    """

    rule: ClassVar[str] = "lock_file"
    reads_words: ClassVar[bool] = True
    number: int

    def apply(self, context: DeedContext) -> Acted:
        """Write that down, signed.

        Raises:
            NotOffered: No file of the case has that number, or it is locked already.
        """
        file = next((one for one in context.opened if one.number == self.number and is_file(one)), None)
        if file is None or self.number in locked(context.opened):
            raise NotOffered
        loaded, detail = context.loaded, {"entry": str(self.number)}
        said = replace(deed_of(loaded.clear, LOCKED, detail, context.now), stream=file.stream)
        return Acted(loaded.clear, loaded.glance, LOCKED, (said,))


def is_file(opened: Opened) -> bool:
    """Tell whether an entry tells of a file."""
    return opened.content["kind"] == FILE


def locked(opened: Iterable[Opened]) -> frozenset[int]:
    """Give the numbers of the entries whose files nobody is shown any more."""
    return frozenset(int(detail["entry"]) for detail in details_of(opened, LOCKED))
