"""Finds a receipt whose words were written without anything between them, or parted in the wrong places."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storage.sealing.receipt import WORDS, Receipt, from_places
from storage.sealing.receipt_words import LONGEST, SHORTEST, every_word

#: Letters of a text, or of one word, that are looked into: those of a receipt, twice over, and more.
MOST = 200
#: How many long words of a text are looked into, and how many ways to part letters are followed at one place.
_LONG_WORDS, _WAYS = 2, 16


@dataclass(frozen=True, slots=True)
class Word:
    """Letters that stand together: where in the text, and folded."""

    start: int
    end: int
    letters: str

    @property
    def spots(self) -> list[tuple[int, int]]:
        """Where each folded letter stands in the text; the whole word where folding made it longer or shorter."""
        if len(self.letters) != self.end - self.start:
            return [(self.start, self.end)] * len(self.letters)
        return [(at, at + 1) for at in range(self.start, self.end)]


def may_hold_joined(word: str) -> bool:
    """Tell whether a word is as long as eight of a list."""
    return len(word) >= WORDS * SHORTEST


def find_joined(words: Sequence[Word]) -> Iterator[tuple[int, int, Receipt]]:
    """Find receipts in all letters of a short text, or in very long words; gives start, end and receipt of each."""
    return (found for part in _parts(words) for found in _parted(part))


def _parts(words: Sequence[Word]) -> list[Sequence[Word]]:
    if sum(len(word.letters) for word in words) <= MOST:
        return [words]
    long = [word for word in words if may_hold_joined(word.letters) and len(word.letters) <= MOST]
    return [[word] for word in long[:_LONG_WORDS]]


def _parted(words: Sequence[Word]) -> Iterator[tuple[int, int, Receipt]]:
    """Find receipts in the letters of `words`, whatever parts these; gives start, end and receipt of each."""
    spots = [spot for word in words for spot in word.spots]
    free = 0
    ways = _ways("".join(word.letters for word in words))
    # The longest of those that begin first: a part of the last word may be a word too.
    for start, end, read in sorted(ways, key=lambda way: (way[0], -way[1])):
        if start >= free:
            yield spots[start][0], spots[end - 1][1], read
            free = end


def _ways(letters: str) -> Iterator[tuple[int, int, Receipt]]:
    """Part `letters` into eight words of a list whose check holds, wherever that can be done."""
    every = every_word()
    reached: list[list[tuple[int, str, tuple[int, ...]]]] = [[] for _ in range(len(letters) + 1)]
    for at in range(len(letters)):
        for length in range(SHORTEST, min(LONGEST, len(letters) - at) + 1):
            known = every.get(letters[at : at + length])
            if known is None:
                continue
            language, place = known
            for start, spoken, places in (*reached[at][:_WAYS], (at, language, ())):
                if spoken != language:
                    continue
                if len(places) < WORDS - 1:
                    reached[at + length].append((start, language, (*places, place)))
                elif isinstance(read := from_places((*places, place), language), Receipt):
                    yield start, at + length, read
