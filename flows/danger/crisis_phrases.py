"""Words that call for help now: phrases of several languages, looked for in what a person wrote.

It may only raise or ask: a phrase of high certainty shows the help screen and gets the concern read the same day, one
of low certainty makes the conversation ask. Negation does not suppress ("I don't want to die" is worth a question).
The phrases are data, one versioned file a language (`definitions/crisis/`), each with class, certainty and reviewer.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import blake2s
from itertools import accumulate
from typing import Final, Literal, TypeAlias, cast, get_args

from flows.loading.source_lines import DefinitionError, Source, nearest, read
from flows.values.bounds import Bounded
from flows.values.normalise import words_of

Certainty: TypeAlias = Literal["high", "low"]
PhraseClass: TypeAlias = Literal[
    "suicide",
    "self_harm",
    "overdose",
    "medical",
    "weapon",
    "danger",
    "abuse",
    "violence",
    "sexual",
    "missing",
    "sextortion",
    "grooming",
    "hopelessness",
]

#: Classes that have a card of their own in every conversation, an interrupt of the same name, instead of the alarm.
WITH_CARD: Final[frozenset[PhraseClass]] = frozenset({"sextortion", "grooming", "hopelessness"})

#: What a file says of phrases that nobody who practises safeguarding in that language has read.
UNREVIEWED: Final = "unreviewed"

_TOP: Final = {"language", "version", "reviewer", *get_args(PhraseClass)}
_REMEMBERED: Final = 2_048  # texts; of each only a digest and what was found in it
_GAP_WORDS: Final = 3
_GAP: Final = rf"(?:\S+ ){{0,{_GAP_WORDS}}}"
_TRIES: Final = 24  # places where a phrase may stand that are looked at one by one; of more, the whole text is


@dataclass(frozen=True)
class Phrase:
    """One phrase, ready to be looked for.

    `text` is as its file writes it: words, `a|b` for either, `*` for any ending, `~` for up to three words. Every
    text that holds the phrase has one of `words` as a word, or one of `stems` anywhere: a cheap first look. At most so
    many words of the phrase stand `before` that one, and so many from it on (`after`). It has one of each of `needs`.
    """

    id: str
    language: str
    version: str
    phrase_class: PhraseClass
    certainty: Certainty
    reviewer: str
    text: str
    words: frozenset[str] = field(repr=False)
    stems: tuple[str, ...] = field(repr=False)
    needs: tuple[frozenset[str], ...] = field(repr=False)
    before: int = field(repr=False)
    after: int = field(repr=False)
    regex: str = field(repr=False, compare=False)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a line of words is searched for; made when first needed, since most phrases never are."""
        return re.compile(self.regex)

    @cached_property
    def hit(self) -> Hit:
        """What is known of a text that holds the phrase."""
        return Hit(self.phrase_class, self.certainty, self.id)

    def stands_in(self, line: str, spaces: Sequence[int], places: Sequence[int]) -> bool:
        """Return whether `line` (from `words_of`) holds the phrase around one of the words at `places`.

        `places` are numbers of words in `line`, from 0; `spaces` the offsets of all its spaces, the one before each
        word and the last.
        """
        search, before, after = self.pattern.search, self.before, self.after
        if len(places) > _TRIES:
            return search(line) is not None
        for at in places:
            last = at + after
            end = spaces[last] + 1 if last < len(spaces) else len(line)
            if search(line, spaces[at - before] if at > before else 0, end):
                return True
        return False


@dataclass(frozen=True)
class Hit:
    """A phrase that was found: what it is about and how certain that is. It holds nothing of what was written."""

    phrase_class: PhraseClass
    certainty: Certainty
    id: str


class Phrases(tuple[Phrase, ...]):  # noqa: SLOT001 - a tuple of any length takes no slots
    """Phrases to look for together; which of them a text may hold is found by its words, however many there are."""

    def __init__(self, _: Iterable[Phrase]) -> None:
        """Take phrases in the order in which they are told."""
        self._by_word: defaultdict[str, list[Phrase]] = defaultdict(list)
        self._by_stem: defaultdict[str, list[Phrase]] = defaultdict(list)
        for phrase in self:
            for word in phrase.words:
                self._by_word[word].append(phrase)
            for stem in phrase.stems:
                self._by_stem[stem].append(phrase)
        self._looked: Bounded[bytes, tuple[Hit, ...]] = Bounded(_REMEMBERED)

    def once(self, text: str, find: Callable[[], tuple[Hit, ...]]) -> tuple[Hit, ...]:
        """Return what `find` gives for `text`, from memory if it was asked before: drafts are searched each turn."""
        mark = blake2s(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        found = self._looked.get(mark)
        if found is None:
            found = find()
            self._looked.put(mark, found)
        return found

    def held_by(self, line: str) -> Iterator[Phrase]:
        """Yield every phrase that `line` (from `words_of`) holds; some of them twice."""
        words = line.split()
        there = frozenset(words)
        sought = {
            word: [phrase for phrase in self._by_word[word] if not any(map(there.isdisjoint, phrase.needs))]
            for word in self._by_word.keys() & there
        }
        spaces = [end + place for place, end in enumerate(accumulate(map(len, words), initial=0))]
        places: defaultdict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(words):
            if word in sought:
                places[word].append(place)
        for word, phrases in sought.items():
            yield from (phrase for phrase in phrases if phrase.stands_in(line, spaces, places[word]))
        for stem, phrases in self._by_stem.items():
            if stem in line:
                found = [bisect_right(spaces, match.start()) - 1 for match in re.finditer(re.escape(stem), line)]
                yield from (phrase for phrase in phrases if phrase.stands_in(line, spaces, found))


def look(text: str, phrases: Phrases) -> tuple[Hit, ...]:
    """Return the phrases that `text` holds, high certainty first, then by id, each once; in all languages together.

    Negation is not looked at. It takes time in proportion to the text, and none for a text among the latest 2,048, of
    which nothing is kept but a digest of 16 bytes (RFC 7693).
    """
    return phrases.once(text, lambda: _find(text, phrases))


def _find(text: str, phrases: Phrases) -> tuple[Hit, ...]:
    line = f" {words_of(text)} "
    found = {(phrase.certainty, phrase.id): phrase.hit for phrase in phrases.held_by(line)}
    return tuple(found[key] for key in sorted(found))


def read_phrases(text: str, path: str) -> tuple[Phrase, ...]:
    """Read the phrases of one language's file.

    Raises:
        DefinitionError: there is no language, version or reviewer, or a class, a certainty or a phrase is not fit.
    """
    source = read(text, path)
    for key in source.table:
        if key not in _TOP:
            raise DefinitionError(source.where(key), f"unknown key '{key}'{nearest(key, _TOP)}")
    head = {key: _word(source, key) for key in ("language", "version", "reviewer")}
    return tuple(
        _phrase(source, head, cast("PhraseClass", name), certainty, entry)
        for name in get_args(PhraseClass)
        for certainty, entry in _entries(source, name)
    )


def _word(source: Source, key: str) -> str:
    word = source.table.get(key)
    if not isinstance(word, str) or not word:
        raise DefinitionError(source.where(key), f"'{key}' has to be given")
    return word


def _entries(source: Source, name: str) -> Iterator[tuple[Certainty, object]]:
    table = source.table.get(name, {})
    if not isinstance(table, dict):
        raise DefinitionError(source.where(name), f"'{name}' takes lists of phrases")
    for certainty, entries in table.items():
        if certainty not in get_args(Certainty) or not isinstance(entries, list):
            raise DefinitionError(source.where(name), f"'{name}' takes lists of phrases, high and low")
        yield from ((cast("Certainty", certainty), entry) for entry in entries)


def _phrase(source: Source, head: Mapping[str, str], name: PhraseClass, certainty: Certainty, entry: object) -> Phrase:
    say, reviewer = (entry.get("say"), entry.get("reviewer")) if isinstance(entry, dict) else (entry, head["reviewer"])
    if not isinstance(say, str) or not isinstance(reviewer, str):
        raise DefinitionError(source.where(name), "a phrase is a text, or a table with 'say' and 'reviewer'")
    affixes = _AFFIXES.get(head["language"], _NO_AFFIXES)
    parts = [_either(part) for part in say.split()]
    if not any(part for part in parts):
        raise DefinitionError(source.where(name), f"a phrase of '{name}' has no words")
    anchor = _anchor(parts)
    stems = frozenset(word for word in parts[anchor] if "*" in word or " " in word)
    anchors = affixes.forms(word for word in parts[anchor] if word not in stems)
    mark = blake2s(say.encode(), digest_size=4).hexdigest()
    return Phrase(
        id=f"{head['language']}.{name}.{mark}",
        language=head["language"],
        version=head["version"],
        phrase_class=name,
        certainty=certainty,
        reviewer=reviewer,
        text=say,
        words=anchors,
        stems=tuple(sorted(word.removesuffix("*") for word in stems)),
        needs=tuple(affixes.forms(part) for at, part in enumerate(parts) if at != anchor and _is_of_words(part)),
        before=_most_words(parts[:anchor]),
        after=_most_words(parts[anchor:]),
        regex=" " + "".join(_regex(part, affixes) for part in parts),
    )


@dataclass(frozen=True)
class _Affixes:
    """What a language writes onto a word without a space: "and they hit her" is one word in Arabic.

    `before` goes onto any word, `behind` onto one of four letters or more that ends in none of `closed`.
    """

    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()

    def forms(self, words: Iterable[str]) -> frozenset[str]:
        """Give every way in which a text may write one of `words`."""
        return frozenset(
            before + word + behind for word in words for before in ("", *self.before) for behind in self._behind(word)
        )

    def regex(self, word: str) -> str:
        """Give a pattern for every way of writing `word`, which may end in `*` for any ending."""
        stem = word.removesuffix("*")
        before = f"(?:{'|'.join(self.before)})?" if self.before else ""
        behind = r"\S*" if stem != word else f"(?:{'|'.join(self._behind(word))})"
        return before + re.escape(stem) + behind

    def _behind(self, word: str) -> tuple[str, ...]:
        takes = self.behind and len(word) >= _FULL and not word.endswith(self.closed)
        return ("", *self.behind) if takes else ("",)


_FULL: Final = 4  # letters of a word that a pronoun may be written onto
_NO_AFFIXES: Final = _Affixes()
#: Arabic conjunctions, and pronouns of whom something is done to or whose it is; letters as `normalise` folds them.
_AFFIXES: Final = {
    "ar": _Affixes(
        before=("\u0648", "\u0641"),
        behind=("\u0647\u0627", "\u0647", "\u0647\u0645", "\u0646\u064a", "\u0646\u0627", "\u0643", "\u0643\u0645"),
        closed=("\u064a", "\u0647", "\u0627", "\u0643", "\u0645"),
    )
}


@lru_cache(_REMEMBERED)  # many stand in several phrases
def _either(part: str) -> tuple[str, ...]:
    """The words that `part` stands for, as they are compared; none for a gap, whose sign is no word."""
    words = (words_of(word.removesuffix("*")) + ("*" if word.endswith("*") else "") for word in part.split("|"))
    return tuple(word for word in words if word.removesuffix("*"))


def _anchor(parts: list[tuple[str, ...]]) -> int:
    """The part that is least likely to stand in a text by chance: the one whose shortest word is longest."""
    return max(range(len(parts)), key=lambda at: min(map(len, parts[at]), default=0))


def _is_of_words(part: tuple[str, ...]) -> bool:
    """Whether `part` is no gap, and each of its choices one whole word."""
    return bool(part) and not any("*" in word or " " in word for word in part)


def _most_words(parts: list[tuple[str, ...]]) -> int:
    return sum(max((len(word.split()) for word in part), default=_GAP_WORDS) for part in parts)


def _regex(part: tuple[str, ...], affixes: _Affixes) -> str:
    return f"(?:{'|'.join(map(affixes.regex, part))}) " if part else _GAP
