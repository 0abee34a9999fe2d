"""Where the crisis phrases of a text stand in it as it was written, for whoever may read the words."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import groupby
from typing import Final, TypeAlias

from flows.crisis import Phrases
from flows.crisis_words import words_of

#: A beginning and an end in a text, in characters.
Place: TypeAlias = tuple[int, int]

_SPELT: Final = 4  # single letters in a row that are one word ("k i l l"), as `words_of` joins them
_WORD: Final = re.compile(r"\S+")


def phrase_places(text: str, phrases: Phrases) -> tuple[Place, ...]:
    """The places of every phrase that `text` holds, in order, apart from one another and in whole words.

    What `look` finds only across a trick of typing that is undone over several words may have no place. Takes time in
    proportion to the length of `text`.
    """
    words = list(_joined(_words(text)))
    line = f" {' '.join(word for word, _ in words)} "
    spaces = [at for at, sign in enumerate(line) if sign == " "]
    found = []
    for phrase in dict.fromkeys(phrases.held_by(line)):
        for match in phrase.pattern.finditer(line):
            first, last = bisect_left(spaces, match.start()), bisect_left(spaces, match.end() - 1) - 1
            found.append((words[first][1][0], words[last][1][1]))
    return tuple(_apart(sorted(found)))


def _words(text: str) -> Iterator[tuple[str, Place]]:
    """Every word as it is compared, with its place."""
    for match in _WORD.finditer(text):
        for word in words_of(match[0]).split():
            yield word, match.span()


def _joined(words: Iterator[tuple[str, Place]]) -> Iterator[tuple[str, Place]]:
    """`words` with single letters in a row made one word."""
    for single, run in groupby(words, key=lambda word: len(word[0]) == 1):
        some = list(run)
        if single and len(some) >= _SPELT:
            for word in words_of("".join(word for word, _ in some)).split():
                yield word, (some[0][1][0], some[-1][1][1])
        else:
            yield from some


def _apart(places: list[Place]) -> Iterator[Place]:
    """`places`, which are sorted, with those that touch or overlap made one."""
    end = -1
    start = 0
    for first, last in places:
        if first > end:
            if end >= 0:
                yield start, end
            start = first
        end = max(end, last)
    if end >= 0:
        yield start, end
