"""What is handed out of a record on one person, and what of it is blacked out: by part, or wherever a text stands.

Nothing is guessed: a lead says which parts and which words are about others. Whatever is marked and cannot be cut out
word by word, since it is written with other signs, takes the whole part with it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Final

#: What stands in the place of what is blacked out; always as long, so that it does not tell how long that was.
BLACK: Final = "█████"
#: What stands between the texts of two cases.
BETWEEN: Final = "—" * 40
#: Marked texts of one record, and letters of one of them.
MOST: Final = 100
LONGEST: Final = 200
_KEPT: Final = frozenset("\n")
#: Categories of signs that no file needs: control signs, and those that are seen by nobody or turn the direction.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs"})
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True)
class Part:
    """One part of a record, as a lead sees it: a heading, and the words of whoever wrote them.

    `entry` is the number of the entry that it stands in; `injury` tells that its words answer what injury there is.
    """

    heading: str
    words: str = ""
    entry: int = 0
    injury: bool = False


@dataclass(frozen=True)
class Redaction:
    """Which parts are blacked out, by their number from 1, and which texts wherever they stand.

    `places` are the numbers of the places on an outline that the words about an injury belong to
    (`flows/measures/body.py`), as a lead said.
    """

    parts: frozenset[int] = frozenset()
    marked: tuple[str, ...] = field(default=(), repr=False)
    places: frozenset[int] = frozenset()

    def with_typed(self, text: str) -> Redaction:
        """Return it with what a lead typed: numbers, which go in and out, or a text that is marked or is not any more.

        A text of which nothing can be seen, or beyond what is kept, changes nothing.
        """
        tokens = text.replace(",", " ").split()
        if tokens and all(token.isascii() and token.isdigit() for token in tokens):
            return replace(self, parts=self.parts ^ {int(token) for token in tokens})
        marked = " ".join(seen(text).replace(BLACK[0], " ").split())[:LONGEST]
        if not _folded(marked):
            return self
        if marked in self.marked:
            return replace(self, marked=tuple(one for one in self.marked if one != marked))
        return replace(self, marked=(*self.marked, marked)[:MOST])

    def needed_in(self, first: Iterable[str], parts: Sequence[Part]) -> Redaction:
        """Return it without the texts that stand nowhere in a record: what is about one case is not noted in another.

        Args:
            first: The lines of ours above the record.
            parts: All of its parts; `composed` gives the same of them with what is returned.
        """
        lines = [*first, *(line for one in parts for line in (one.heading, one.words))]
        marked = (one for one in self.marked if any(_cut(line, (one,)) != seen(line) for line in lines))
        return replace(self, marked=tuple(marked))

    def written(self) -> str:
        """Give it as a text that is sealed with the first word."""
        places = [sorted(self.places)] if self.places else []
        return json.dumps([sorted(self.parts), list(self.marked), *places], ensure_ascii=False)


def read_redaction(text: str) -> Redaction:
    """Read what `written` gave.

    Raises:
        ValueError: It is no such text (a bug).
    """
    parts, marked, *places = json.loads(text)
    return Redaction(frozenset(parts), tuple(marked), frozenset(places[0] if places else ()))


def seen(text: str) -> str:
    """Return a text without signs that nobody sees, its line breaks kept."""
    text = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(sign for sign in text if sign in _KEPT or unicodedata.category(sign) not in _UNSEEN)


def redacted(parts: Iterable[Part], redaction: Redaction) -> tuple[Part, ...]:
    """Return the parts as they are handed out; a part that goes as a whole keeps neither heading nor words."""
    return tuple(
        Part(BLACK, entry=one.entry)
        if number in redaction.parts
        else replace(one, heading=_cut(one.heading, redaction.marked), words=_cut(one.words, redaction.marked))
        for number, one in enumerate(parts, 1)
    )


def composed(first: Iterable[str], parts: Iterable[Part], redaction: Redaction) -> str:
    """Return the text that is handed out: lines of ours, cut likewise, and the parts below them."""
    lines = list(first_lines(first, redaction))
    lines += ["\n".join(filter(None, (one.heading, one.words))) for one in redacted(parts, redaction)]
    return "\n\n".join(lines) + "\n"


def first_lines(first: Iterable[str], redaction: Redaction) -> tuple[str, ...]:
    """Return the lines of ours above a record as they are handed out."""
    return tuple(_cut(one, redaction.marked) for one in first)


def together(texts: Iterable[str]) -> str:
    """Return the texts of several cases as the one that is handed out, with a line between them."""
    return f"\n{BETWEEN}\n\n".join(texts)


def digest_of(text: str) -> str:
    """Return 32 hexadecimal digits of the SHA-256 of a text: two people have to mean the same one."""
    return sha256(text.encode()).hexdigest()[:32]


def _cut(text: str, marked: Collection[str]) -> str:
    text = seen(text)
    said = "".join(_without(text, _spans(text, marked)))
    folded = _folded(said)
    return BLACK if any(_folded(one) in folded for one in marked) else said


def _spans(text: str, marked: Collection[str]) -> list[tuple[int, int]]:
    found = []
    for one in marked:
        pattern = r"\s+".join(re.escape(word) for word in one.split())
        found += [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]
    return sorted(found)


def _without(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[str]:
    """The text with what touches or overlaps cut out as one."""
    end = 0
    for start, stop in spans:
        if start >= end:
            yield text[end:start]
            if not end or start > end:
                yield BLACK
        end = max(end, stop)
    yield text[end:]


def _folded(text: str) -> str:
    """The text as a reader takes it: other forms of the same letters, accents and spaces make no difference."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    return _SPACE.sub("", "".join(sign for sign in parted if not unicodedata.combining(sign)))
