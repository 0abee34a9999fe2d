"""Reads a receipt however it was typed, joined or pasted, and finds one where none was asked for (decision 16)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from storage.sealing.receipts.receipt import SHORTEST_TEXT, WORDS, Receipt, Slip, SlipKind, from_places
from storage.sealing.receipts.words import (
    LONGEST,
    SHORTEST,
    every_word,
    fold,
    likeliest_language,
    nearest,
    places_of,
    split_words,
)

#: Letters of a text, or of one word, that are looked into: those of a receipt, twice over, and more.
MOST = 200
#: How many long words of a text are looked into, and how many ways to part letters are followed at one place.
_LONG_WORDS, _WAYS = 2, 16

#: A text this short is looked through as a whole, in a longer one marks of three letters part the words.
_BRIEF = 600
#: What may be within a word without parting it: accents that stand apart, and signs that are not seen.
_WITHIN = "\u0300-\u036f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe0e\ufe0f\ufeff"
_LETTERS = re.compile(rf"(?:[^\W\d_][{_WITHIN}]*)+")
#: For the first look at a long text: scripts that have letters of a list, or letters that look like them.
_LIKELY = re.compile(
    "[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0370-\u03ff\u0400-\u052f"
    f"\u1e00-\u1eff\uff21-\uff5a\U0001d400-\U0001d7cb{_WITHIN}]{{{SHORTEST},}}"
)
#: What may stand between the words and counts or joins them, of three letters or more; in no list.
_MARKS = frozenset(["iii", "vii", "viii", "word", "words", "and", "then"])
#: What may stand around a receipt and says nothing of its own; all else is somebody's words.
_FILLERS = _MARKS | frozenset(
    fold(
        "the these those this that here are was were for from with code receipt key keys back come coming "
        "return start new please thanks thank you hello hey okay sorry again number numbers below following "
        "palabra palabras las los son estas estos esta este aqui mis para volver por favor gracias hola codigo clave "
        "كلمة كلمات كلماتي الكلمات هذه هذا هي شكرا مرحبا من فضلك رمز الرمز للعودة"
    ).split()
)


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
    """Tell whether a word has at least 24 letters, as eight of the shortest words of a list have.

    Only such a word is worth parting into words of a list.
    """
    return len(word) >= SHORTEST_TEXT


def find_joined(words: Sequence[Word]) -> Iterator[tuple[int, int, Receipt]]:
    """Find receipts whose words are joined or parted oddly.

    A text of at most 200 letters is looked at as one run of letters; of a longer one, the first two words of 24 to 200
    letters. So the work does not grow with what was typed.

    Yields:
        Where each begins and ends in the text, and the receipt, from left to right; none overlap.
    """
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


@dataclass(frozen=True, slots=True)
class Found:
    """A receipt within a text.

    Attributes:
        receipt: The first one.
        rest: The text without its receipts; empty if what is left says nothing.
    """

    receipt: Receipt
    rest: str = field(default="", repr=False)


def read_receipt(text: str) -> Receipt | Slip:
    """Read words that were asked for, as a person typed or pasted them, in whatever list's language.

    Case, diacritics, letters of other scripts that look the same, what stands between, before and after the words, and
    whether they are joined or written twice do not matter. Nothing is looked up in the database.

    Returns:
        The receipt, or what is amiss with the words (decision 16).
    """
    words = split_words(text)
    read = _read(words) if len(words) == WORDS else None
    if isinstance(read, Receipt) or (read is not None and read.kind is SlipKind.CHECK):
        return read  # all are words of a list: to part their letters otherwise would only hide the slip
    found = find_receipt(text)
    if found is not None:
        return found.receipt
    if read is not None:
        return read
    own = _own(words) or words
    return _read(own) if len(own) == WORDS else Slip(SlipKind.COUNT, count=len(own))


def find_receipt(text: str) -> Found | None:
    """Find a receipt in a text that was not asked for one; None for all other texts.

    Eight words of a list in a row are rare in what people write, and of such the check lets 1 in 256 pass.
    """
    if len(text) <= _BRIEF:
        return _found(text)
    long: list[str] = _LIKELY.findall(text)
    joined = may_hold_joined(max(long, key=len, default=""))
    return _found(text) if joined or next(_runs(long), None) is not None else None


def find_slip(text: str) -> Slip | None:
    """Tell what is amiss where a whole text is a receipt but for one slip: a word wrong, missing or too many.

    That is seven to nine words, besides those that say nothing, of which at most one is in no list; or eight whose
    check fails. Whoever holds such a text nearly holds the receipt. None for all other texts, and for a receipt.
    """
    if len(text) > _BRIEF:
        return None
    words = _own(split_words(text))
    known = places_of(likeliest_language(words))
    if abs(len(words) - WORDS) > 1 or sum(word not in known for word in words) > 1:
        return None
    read = read_receipt(text)
    return read if isinstance(read, Slip) else None


def _found(text: str) -> Found | None:
    every = [Word(one.start(), one.end(), fold(one.group())) for one in _LETTERS.finditer(text)]
    counted = [word for word in every if len(word.letters) >= SHORTEST and word.letters not in _MARKS]
    spans = [(counted[at].start, counted[at + WORDS - 1].end, read) for at, read in _runs([w.letters for w in counted])]
    spans = spans or list(find_joined(every))
    if not spans:
        return None
    edges = [0, *(edge for start, end, _ in spans for edge in (start, end)), len(text)]
    rest = " ".join(text[start:end].strip() for start, end in list(pairwise(edges))[::2]).strip()
    return Found(spans[0][2], rest if _says(rest) else "")


def _runs(words: Sequence[str]) -> Iterator[tuple[int, Receipt]]:
    """Find where eight words in a row are a receipt; looks at one word in eight where there is none."""
    done, at = 0, WORDS - 1
    while at < len(words):
        language = _list_of(words[at])
        if language is None:
            at += WORDS
            continue
        first, last = at, at + 1
        while first > done and _list_of(words[first - 1]) == language:
            first -= 1
        while last < len(words) and _list_of(words[last]) == language:
            last += 1
        yield from _read_run(words, first, last, language)
        done, at = last, last + WORDS - 1


def _read_run(words: Sequence[str], first: int, last: int, language: str) -> Iterator[tuple[int, Receipt]]:
    places = [places_of(language)[fold(word)] for word in words[first:last]]
    at = 0
    while at + WORDS <= len(places):
        read = from_places(places[at : at + WORDS], language)
        if isinstance(read, Receipt):
            yield first + at, read
        at += WORDS if isinstance(read, Receipt) else 1


def _read(words: Sequence[str]) -> Receipt | Slip:
    language = likeliest_language(list(words))
    places = []
    for position, word in enumerate(words, start=1):
        place = places_of(language).get(word)
        if place is None:
            return Slip(SlipKind.UNKNOWN, position=position, near=nearest(word, language))
        places.append(place)
    return from_places(places, language)


def _own(words: Sequence[str]) -> list[str]:
    """Give the folded words that may be a receipt's: no short ones, no fillers; of a list's own, none around eight."""
    own = [word for word in words if word in every_word() or (len(word) >= SHORTEST and word not in _FILLERS)]
    for edge in (-1, 0):
        while len(own) > WORDS and own[edge] in _FILLERS:
            del own[edge]
    return own


def _says(rest: str) -> bool:
    """Tell whether words are left that somebody may have meant to say."""
    return any(not (word in _FILLERS or (word.isascii() and len(word) < SHORTEST)) for word in split_words(rest))


def _list_of(word: str) -> str | None:
    known = every_word().get(fold(word))
    return known[0] if known else None
