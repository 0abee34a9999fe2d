"""A text as words in which names are looked for, folded once; what stands around a word is read only if it matters."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, TypeAlias

from flows.name_folding import fold
from flows.name_lists import (
    ADDRESSES,
    ADDRESSES_BEHIND,
    ARTICLES,
    CALLED,
    GERMAN_ARTICLES,
    GRAMMAR,
    PARTICLES,
    RUN_IN,
    SAID_ALONE,
    VERBS,
    is_common,
)
from flows.name_spellings import Evidence, collapsed, shortened

_WORD: Final = re.compile(r"[^\W_]+")
_GAP: Final = re.compile(r"[\W_]+")
_APOSTROPHES: Final = re.compile(r"(?<![^\W_])[^\W_]++(?:'[^\W_]++)+")
_STRETCHED: Final = re.compile(r"(\w)\1\1")
_LEET_WORD: Final = re.compile(r"(?=\d*[^\W\d])[^\W_]*\d[^\W_]*")
_LEET: Final = (str.maketrans("0134578", "oleastb"), str.maketrans("0134578", "oieastb"))
_RUN_IN: Final = re.compile(rf"({'|'.join(RUN_IN)})([^\W\d_]{{3,}})")
_SPELT: Final = re.compile(r"(?<!\S)[^\W\d_](?: [^\W\d_]){2,}(?!\S)")
_RUN_ON: Final = re.compile(r"[a-z\u00df-\u00f6\u00f8-\u00ff][A-Z\u00c0-\u00d6\u00d8-\u00de]")
_CAMEL: Final = re.compile(r"(?<=[a-z\u00df-\u00f6\u00f8-\u00ff])(?=[A-Z\u00c0-\u00d6\u00d8-\u00de])")
_Title: TypeAlias = Literal["firm", "said alone", "behind"]
_LONGEST: Final = 24  # letters of a word that is compared letter by letter


@dataclass(frozen=True)
class TypedWords:
    """The words of one text. Making it takes time in proportion to the text; asking for a name hardly any."""

    text: str

    @cached_property
    def folded(self) -> str:
        """The text as names are compared with it."""
        return fold(self.text)

    @cached_property
    def split_up(self) -> TypedWords | None:
        """Words that a capital alone parts ("MrBell"), parted, with two words to each side; None if there are none."""
        text = unicodedata.normalize("NFC", self.text)
        chunks = text.split() if _RUN_ON.search(text) else []
        parted = [chunk if chunk.islower() else _CAMEL.sub(" ", chunk) for chunk in chunks]
        changed = [place for place, chunk in enumerate(chunks) if len(parted[place]) > len(chunk)]
        near = sorted({place for one in changed for place in range(max(one - 2, 0), min(one + 3, len(chunks)))})
        return TypedWords(" ".join(parted[place] for place in near)) if changed else None

    @cached_property
    def words(self) -> list[str]:
        """Every word in order."""
        return _WORD.findall(self.folded)

    @cached_property
    def readings(self) -> dict[str, str]:
        """Every word, and what else a word may be read as, with the word that stands there, or the first of several."""
        found = dict(zip(self.words, self.words, strict=True))
        for chunk in {chunk for chunk in self.folded.split() if "'" in chunk}:
            found |= {chain.replace("'", ""): chain.partition("'")[0] for chain in _APOSTROPHES.findall(chunk)}
        for word in list(found):
            if not word.isalpha() and _LEET_WORD.fullmatch(word):
                found |= {word.translate(table): word for table in _LEET}
            if _STRETCHED.search(word):
                found[collapsed(word)] = word
        return found

    def places(self, reading: str) -> list[int]:
        """The numbers of the words that may be read so."""
        return self._at.get(self.readings.get(reading, ""), [])

    @cached_property
    def run_in(self) -> frozenset[str]:
        """What stands in one word with a form of address before it."""
        found = (_RUN_IN.fullmatch(word) for word in self.readings if word.startswith(RUN_IN))
        return frozenset(match[2] for match in found if match)

    @cached_property
    def spelt(self) -> str:
        """The words that are spelt letter by letter, joined; one space between."""
        letters = " ".join(word if len(word) == 1 else "-" for word in self.words)
        return " ".join(run.replace(" ", "") for run in _SPELT.findall(letters))

    @cached_property
    def slips(self) -> frozenset[str]:
        """The words behind a form of address, each with every letter left out once."""
        if ADDRESSES.isdisjoint(self.readings):
            return frozenset()
        words = {self.words[place] for place in self._titled}
        return frozenset().union(*(shortened(word) for word in words if 4 <= len(word) <= _LONGEST))

    def holds(self, row: tuple[str, ...], place: int) -> bool:
        """Whether `row` stands from the word of that number on."""
        return tuple(self.words[place : place + len(row)]) == row

    def shows(self, need: Evidence, place: int, length: int, own: frozenset[str]) -> bool:
        """Whether what stands around the words from `place` on makes them the name whose words are `own`."""
        if need is Evidence.WORD or self._has_title(place, need):
            return True
        if need <= Evidence.TITLE and self._is_beside(place, length, own):
            return True
        if need is Evidence.CAPITAL and (self._looks_a_name(place) or self._acts(place + length - 1)):
            return self._before(place) not in ARTICLES or self._capital[place]
        if need is Evidence.NO_ARTICLE:
            before = self._before(place)
            return before not in ARTICLES or (before not in GERMAN_ARTICLES and self._looks_a_name(place))
        return need is Evidence.TITLE and self._is_all_a_name

    @cached_property
    def _at(self) -> dict[str, list[int]]:
        places: defaultdict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self.words):
            places[word].append(place)
        return dict(places)

    @cached_property
    def _gaps(self) -> list[str]:
        """What stands behind each word, but the last."""
        gaps = _GAP.findall(self.folded)
        return gaps[1:] if _GAP.match(self.folded) else gaps

    @cached_property
    def _titled(self) -> dict[int, _Title]:
        """The numbers of the words with a form of address beside them, and of which kind it is."""
        titled: dict[int, _Title] = {}
        for place in [place for place, word in enumerate(self.words) if word in ADDRESSES or word in ADDRESSES_BEHIND]:
            word = self.words[place]
            if word in ADDRESSES_BEHIND and place:
                titled.setdefault(place - 1, "behind")
            if word in ADDRESSES:
                titled |= dict.fromkeys(self._addressed(place + 1), "said alone" if word in SAID_ALONE else "firm")
        return titled

    def _addressed(self, place: int) -> Iterator[int]:
        """The number of the word behind a form of address, and of the particles and initials before it."""
        for number in range(place, len(self.words)):
            yield number
            word = self.words[number]
            if word in ADDRESSES or not (word in PARTICLES or len(word) == 1):
                return

    @cached_property
    def _capital(self) -> list[bool]:
        """Of each word, whether it begins with a capital; of none where the words of the text cannot be told so."""
        typed = [word[0].isupper() for word in _WORD.findall(unicodedata.normalize("NFC", self.text))]
        return typed if len(typed) == len(self.words) else [False] * len(self.words)

    @cached_property
    def _is_all_a_name(self) -> bool:
        """Whether the text is no more than two or three words with capitals."""
        return 1 < len(self.words) <= 3 and all(self._capital)

    def _before(self, place: int) -> str:
        return self.words[place - 1] if place else ""

    def _has_title(self, place: int, need: Evidence) -> bool:
        title = self._titled.get(place)
        if title == "behind" and is_common(self.words[place]):
            return self._capital[place]  # "I hope miss can help"
        if title == "said alone" and need is Evidence.NAMED:
            return self._capital[place]
        return title is not None

    def _is_beside(self, place: int, length: int, own: frozenset[str]) -> bool:
        beside = self.words[max(place - 1, 0) : place] + self.words[place + length : place + length + 1]
        words = [word for word in beside if word in own and word != self.words[place]]
        return any(word not in GRAMMAR for word in words) or (bool(words) and self._capital[place])

    def _looks_a_name(self, place: int) -> bool:
        """A capital inside a sentence of small letters, a possessive, what is called so, or nothing else at all."""
        after = self.words[place + 1 : place + 2]
        if len(self.words) <= 2 or self._before(place) in CALLED or after == ["s"]:
            return True
        if not self._capital[place] or self._begins(place):
            return False
        return not self._capital[place - 1] or (bool(after) and not self._capital[place + 1])

    def _begins(self, place: int) -> bool:
        if not place:
            return True
        ended = any(sign in ".!?\n\u2026\u061f" for sign in self._gaps[place - 1])
        return ended and self._before(place) not in ADDRESSES and len(self._before(place)) > 1

    def _acts(self, place: int) -> bool:
        after = "".join(self.words[place + 1 : place + 2])
        return after in VERBS or (len(after) > 4 and after.endswith("ed"))
