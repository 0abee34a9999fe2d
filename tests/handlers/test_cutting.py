"""Where texts are cut: between letters as people see them, to the Bot API's measure, and in linear time."""

from __future__ import annotations

import time
from itertools import accumulate

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.webchat.base.protocol import TEXT_CHARS
from bot.webchat.http.person_actions import split_text
from handlers.telegram.text_limits import cut, shortened, units

#: One letter each, as people see it.
LETTERS = {
    "a flag": "🇬🇧",
    "a flag of a country's part": "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "a family": "👨🏽\u200d👩🏿\u200d👧\u200d👦",
    "a skin tone": "👍🏾",
    "a rainbow": "🏳\ufe0f\u200d🌈",
    "a keycap": "1\ufe0f\u20e3",
    "two accents": "e\u0301\u0323",
    "Vietnamese, taken apart": "o\u031b\u0309",
    "Arabic with its vowels": "ر\u0651\u064e",
    "Hebrew with its points": "ש\u05c1\u05b8",
    "Hangul as jamo": "\u1112\u1161\u11ab",
    "a conjunct of Hindi": "क्षि",
    "a conjunct of Bengali": "ক্ষ",
    "a vowel on both sides in Tamil": "கொ",
    "a vowel that stands before in Thai": "กำ",
}
PIECES = [
    *LETTERS.values(),
    "\r\n",
    "a",
    " ",
    "\n",
    "🙂",
    "\u200d",
    "\u0301",
    "🇫",
    "\u2068",
    "\u0600",
    "\u1161",
    "\u094d",
    "क",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text(max_size=200)


def letters(text: str) -> list[str]:
    """The text's clusters as the library alone finds them, without what our pattern adds for speed."""
    found: list[str] = regex.findall(r"\X", text)
    return found


def torn(parts: list[str], full: int, first: int) -> list[str]:
    """The letters inside which a part ends, although they would have fitted."""
    inside = set(accumulate(map(len, parts[:-1])))
    place, found = 0, []
    for letter in letters("".join(parts)):
        if inside & set(range(place + 1, place + len(letter))) and units(letter) <= min(full, first):
            found.append(letter)
        place += len(letter)
    return found


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
@pytest.mark.parametrize("before", range(4))
def test_a_letter_is_whole_wherever_a_text_is_cut(letter: str, before: int) -> None:
    text = "x" * before + letter * 40
    for full in range(units(letter), 3 * units(letter) + 1):
        parts = list(cut(text, full))
        assert "".join(parts) == text
        assert all(units(part) <= full for part in parts)
        assert torn(parts, full, full) == []


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
@pytest.mark.parametrize("before", range(4))
def test_a_label_ends_with_a_whole_letter(letter: str, before: int) -> None:
    for full in range(units(letter) + before + 2, 3 * units(letter) + before + 2):
        text = "x" * before + letter * 40
        kept = shortened(text, full)
        assert units(kept) <= full
        assert kept.endswith("…")
        assert kept[:-1].replace(letter, "") == "x" * before


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
@pytest.mark.parametrize("before", range(3))
def test_what_the_page_sends_arrives_with_its_letters_whole(letter: str, before: int) -> None:
    text = "x" * before + letter * (9000 // units(letter)) + "x"
    parts = split_text(text)
    assert len(parts) == 3
    assert all(units(part) <= TEXT_CHARS for part in parts)
    assert [one for part in parts for one in letters(part)] == letters(text)


@pytest.mark.parametrize(
    ("base", "mark"), [("a", "\u0301"), ("👩", "\u200d👩"), ("\u1112", "\u1161"), ("☺", "\ufe0f"), ("क", "\u094dक")]
)
def test_a_letter_that_no_message_holds_is_cut_all_the_same_and_loses_nothing(base: str, mark: str) -> None:
    text = f"before {base}{mark * 9000} behind"
    parts = list(cut(text, 4096))
    assert "".join(parts) == text
    assert all(0 < units(part) <= 4096 for part in parts)
    assert parts[0] == "before "  # what could stand alone is not drawn into it
    sent = split_text(text)
    assert "".join("".join(sent).split()) == "".join(text.split())
    assert all(0 < units(part) <= TEXT_CHARS for part in sent)
    assert 57 <= units(shortened(text[7:], 60)) <= 60


@given(TEXTS, st.integers(2, 30), st.integers(2, 30))
def test_parts_are_the_text_again_and_none_is_too_long_and_no_letter_is_torn(text: str, full: int, first: int) -> None:
    parts = list(cut(text, full, first))
    assert "".join(parts) == text
    assert all(0 < units(part) <= (full if number else first) for number, part in enumerate(parts))
    assert torn(parts, full, first) == []


@given(TEXTS, st.integers(4, 30))
@example("\u0600 🇬🇧", 4)  # a space that belongs to the sign before it
@example("  👩\u200d👩\u200d👧", 6)
def test_a_shortened_text_is_the_beginning_in_whole_letters(text: str, full: int) -> None:
    short = shortened(text, full)
    assert units(short) <= full
    if short != text:
        kept = short.rstrip("\u2069").removesuffix("…")
        assert text.startswith(kept)
        first = letters(text)[0]
        assert units(first) > full - 2 or [*letters(kept), *letters(text[len(kept) :])] == letters(text)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map("".join))
def test_what_the_page_sends_loses_nothing_but_white_space_at_its_cuts(piece: str) -> None:
    text = piece * (9000 // len(piece))
    parts = split_text(text)
    assert all(part and units(part) <= TEXT_CHARS for part in parts)
    place = 0
    for part in parts:
        at = text.index(part, place)
        assert text[place:at].strip() == ""
        place = at + len(part)
    assert text[place:].strip() == ""


@pytest.mark.parametrize(
    "text",
    ["🇬🇧", "🇬", "\u0600🇬🇧", "\u0301", "👩\u200d", "क\u094d", "\u1112\u1161\u11ab", "a", " ", "👩\u0301\u200d", "🙂a"],
)
def test_the_time_grows_with_the_length_alone(text: str) -> None:
    def seconds(length: int) -> float:
        whole = text * (length // len(text))
        best = 9.0
        for _ in range(3):
            began = time.process_time()
            assert sum(map(len, cut(whole, 3500))) == len(whole)
            split_text(whole)
            shortened(whole, 60)
            best = min(best, time.process_time() - began)
        return best

    assert seconds(64_000) < 20 * seconds(8_000)  # eight times the length; a square would take 64 times as long
