"""A text as words in which names are looked for, folded once; what stands around a word is read only if it matters."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from typing import Final, Literal, TypeAlias

from flows.names.folding import fold, split_words
from flows.names.lists import (
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
from flows.names.spellings import Evidence, collapsed, shortened

_GAP: Final = re.compile(r"[\W_]+")
_APOSTROPHES: Final = re.compile(r"(?<![^\W_])[^\W_]++(?:'[^\W_]++)+")
_LEET_WORD: Final = re.compile(r"(?=\d*[^\W\d])[^\W_]*\d[^\W_]*")
_LEET: Final = (str.maketrans("0134578", "oleastb"), str.maketrans("0134578", "oieastb"))
# Looked for in words with a space before and behind each: what begins at a space is found without a try at each letter.
_RUN_IN: Final = re.compile(rf" (?:{'|'.join(RUN_IN)})([^\W\d_]{{3,}})(?= )")
_QUOTED: Final = re.compile(r" [^ ']*+'[^ ]*")
_SPELT: Final = re.compile(r" [^\W\d_](?: [^\W\d_]){2,}(?= )")
_STRETCHED: Final = re.compile(r" ([^ ]*?([^ ])\2\2[^ ]*)")
_RUN_ON: Final = re.compile("[A-Z\u00c0-\u00d6\u00d8-\u00de](?<=[a-z\u00df-\u00f6\u00f8-\u00ff].)")  # capitals are few
_NEAR: Final = 3  # words of what a capital parts: the one at the capital, and two
_Title: TypeAlias = Literal["firm", "said alone", "behind"]
_TITLES: Final = ADDRESSES | ADDRESSES_BEHIND
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
        ends = [match.start() for match in _RUN_ON.finditer(text)]
        if not ends:
            return None
        first, *between, last = (text[start:end].split() for start, end in pairwise([0, *ends, len(text)]))
        near = (part if len(part) <= 2 * _NEAR else part[:_NEAR] + part[-_NEAR:] for part in between)
        return TypedWords(" ".join(chain(first[-_NEAR:], *near, last[:_NEAR])))

    @cached_property
    def words(self) -> list[str]:
        """Every word in order."""
        return split_words(self.folded)

    @cached_property
    def readings(self) -> dict[str, str]:
        """Every word, and what else a word may be read as, with the word that stands there, or the first of several."""
        found = {word: word for word in self._at}
        for chunk in set(_QUOTED.findall(f" {self.folded}")):
            found |= {chain.replace("'", ""): chain.partition("'")[0] for chain in _APOSTROPHES.findall(chunk)}
        stretched = {collapsed(match[1]): match[1] for match in _STRETCHED.finditer(_line(found))}
        for word in [word for word in found if not word.isalpha() and _LEET_WORD.fullmatch(word)]:
            found |= {word.translate(table): word for table in _LEET}
        return found | stretched

    def places(self, reading: str) -> list[int]:
        """Return the numbers, from 0, of the words that may be read as `reading`."""
        return self._at.get(self.readings.get(reading, ""), [])

    @cached_property
    def run_in(self) -> frozenset[str]:
        """What stands in one word with a form of address before it."""
        return frozenset(_RUN_IN.findall(_line(self.readings)))

    @cached_property
    def spelt(self) -> str:
        """The words that are spelt letter by letter, joined; one space between."""
        return " ".join(run.replace(" ", "") for run in _SPELT.findall(_line(self.words)))

    @cached_property
    def slips(self) -> frozenset[str]:
        """The words behind a form of address, each with every letter left out once."""
        if ADDRESSES.isdisjoint(self.readings):
            return frozenset()
        words = {self.words[place] for place in self._titled}
        return frozenset().union(*(shortened(word) for word in words if 4 <= len(word) <= _LONGEST))

    def holds(self, row: tuple[str, ...], place: int) -> bool:
        """Return whether the words of `row` stand one after the other from word `place` on."""
        return tuple(self.words[place : place + len(row)]) == row

    def shows(self, need: Evidence, place: int, length: int, own: frozenset[str]) -> bool:
        """Return whether the surroundings of `length` words from `place` on are the evidence that `need` asks for.

        `own` are all words of the name.
        """
        if need is Evidence.WORD or self._has_title(place, need):
            return True
        if need <= Evidence.TITLE and self._is_beside(place, length, own):
            return True
        if need is Evidence.CAPITAL and (self._looks_a_name(place) or self._acts(place + length - 1)):
            return self._before(place) not in ARTICLES or self._has_capital(place)
        if need is Evidence.NO_ARTICLE:
            before = self._before(place)
            return before not in ARTICLES or (before not in GERMAN_ARTICLES and self._looks_a_name(place))
        return need is Evidence.TITLE and self._is_all_a_name

    def may_be_called(self, place: int) -> bool:
        """Return whether a word of grammar, or a month, may be a given name there ("Will", "May").

        It may by a capital wherever it stands, by a verb or an `s` with its apostrophe behind it, or in a text of one
        or two words; in a script without capitals by standing there letter for letter. In doubt it may.
        """
        if not self._typed or len(self.words) <= 2 or self.words[place + 1 : place + 2] == ["s"]:
            return True
        typed = self._typed[place]
        exact = typed.upper() == typed.lower() and typed == self.words[place]
        return exact or typed[0].isupper() or self._acts(place)

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
        for place in sorted(chain.from_iterable(map(self.places, _TITLES & self._at.keys()))):
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
    def _typed(self) -> list[str]:
        """Every word as it was typed; none where the words of the text cannot be told so."""
        typed = split_words(unicodedata.normalize("NFC", self.text))
        return typed if len(typed) == len(self.words) else []

    def _has_capital(self, place: int) -> bool:
        return bool(self._typed) and self._typed[place][0].isupper()

    @cached_property
    def _is_all_a_name(self) -> bool:
        """Whether the text is no more than two or three words with capitals."""
        return 1 < len(self.words) <= 3 and all(map(self._has_capital, range(len(self.words))))

    def _before(self, place: int) -> str:
        return self.words[place - 1] if place else ""

    def _has_title(self, place: int, need: Evidence) -> bool:
        title = self._titled.get(place)
        if title == "behind" and is_common(self.words[place]):
            return self._has_capital(place)  # "I hope miss can help"
        if title == "said alone" and need is Evidence.NAMED:
            return self._has_capital(place)
        return title is not None

    def _is_beside(self, place: int, length: int, own: frozenset[str]) -> bool:
        beside = self.words[max(place - 1, 0) : place] + self.words[place + length : place + length + 1]
        words = [word for word in beside if word in own and word != self.words[place]]
        return any(word not in GRAMMAR for word in words) or (bool(words) and self._has_capital(place))

    def _looks_a_name(self, place: int) -> bool:
        """A capital inside a sentence of small letters, a possessive, what is called so, or nothing else at all."""
        after = self.words[place + 1 : place + 2]
        if len(self.words) <= 2 or self._before(place) in CALLED or after == ["s"]:
            return True
        if not self._has_capital(place) or self._begins(place):
            return False
        return not self._has_capital(place - 1) or (bool(after) and not self._has_capital(place + 1))

    def _begins(self, place: int) -> bool:
        if not place:
            return True
        ended = any(sign in ".!?\n\u2026\u061f" for sign in self._gaps[place - 1])
        return ended and self._before(place) not in ADDRESSES and len(self._before(place)) > 1

    def _acts(self, place: int) -> bool:
        after = "".join(self.words[place + 1 : place + 2])
        return after in VERBS or (len(after) > 4 and after.endswith("ed"))


def _line(words: Iterable[str]) -> str:
    return f" {' '.join(words)} "
