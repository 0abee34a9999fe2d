"""A receipt is read however it was written, told from other texts, and never taken for another."""

import random
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.sealing.receipts.reading import Found, Word, find_joined, find_receipt, find_slip, read_receipt
from storage.sealing.receipts.receipt import SHORTEST_TEXT, Receipt, Slip, SlipKind
from storage.sealing.receipts.words import LANGUAGES, SHORTEST, every_word, words_of
from tests.storage.sealing.ways_of_writing import WAYS

Way = Callable[[list[str]], str]
RECEIPTS = st.builds(Receipt, st.binary(min_size=10, max_size=10), st.sampled_from(LANGUAGES))
STORY = "On Monday he waited behind the gym, took my phone, and said nobody would believe me anyway. "
SPANISH = "El lunes me esperó detrás del gimnasio, me quitó el móvil y dijo que nadie me iba a creer. "
ARABIC = "يوم الاثنين انتظرني خلف الصالة وأخذ هاتفي وقال إن أحدا لن يصدقني أبدا. "


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@given(receipt=RECEIPTS)
def test_every_way_of_writing_is_read_and_found(way: Way, receipt: Receipt) -> None:
    text = way(receipt.words.split())
    assert read_receipt(text) == receipt
    assert find_receipt(text) == Found(receipt)


@given(RECEIPTS, st.integers(0, 7), st.data())
def test_a_changed_receipt_opens_nothing_but_what_its_own_words_say(
    receipt: Receipt, position: int, data: st.DataObject
) -> None:
    words = receipt.words.split()
    words[position] = data.draw(st.sampled_from(words_of(receipt.language)))
    read = read_receipt(" ".join(words))
    assert isinstance(read, Slip) or read.words.split() == words


def test_one_changed_word_is_told_255_times_in_256_in_every_way_of_writing() -> None:
    dice = random.Random(16)
    told = tries = 0
    for way in WAYS.values():
        for _ in range(150):
            receipt = Receipt(dice.randbytes(10), dice.choice(LANGUAGES))
            words = receipt.words.split()
            words[dice.randrange(8)] = dice.choice(words_of(receipt.language))
            read = read_receipt(way(words))
            told += isinstance(read, Slip) or read == receipt
            tries += 1
    assert told / tries > 0.99


@given(RECEIPTS, st.integers(0, 20), st.integers(0, 20))
def test_a_receipt_within_a_story_is_found_and_the_story_is_left(receipt: Receipt, before: int, after: int) -> None:
    found = find_receipt(f"{STORY * before}{receipt.words}. {STORY * after}")
    assert found is not None
    assert found.receipt == receipt
    assert not any(word in found.rest.split() for word in receipt.words.split() if word not in STORY)
    assert found.rest.count("behind the gym") == before + after


@pytest.mark.parametrize("said", ["he hit me", "help", "me pega", "ضربني", "救命"])
def test_what_is_said_beside_a_receipt_is_left(said: str) -> None:
    words = Receipt(bytes(range(10))).words
    for text in (f"{said} {words}", f"my words: {words}\n{said}", f"{said}. {words.title().replace(' ', '')}"):
        found = find_receipt(text)
        assert found is not None
        assert said in found.rest


@pytest.mark.parametrize("text", ["", "help", STORY, STORY * 40, SPANISH * 40, ARABIC * 50, "sunset" * 600, "a" * 4096])
def test_other_texts_hold_none(text: str) -> None:
    assert find_receipt(text) is None
    assert find_slip(text) is None


def test_a_text_of_a_lists_words_holds_one_as_often_as_the_check_lets_it() -> None:
    """The worst text there is; what people write has eight words of a list in a row almost never."""
    dice = random.Random(4)
    found = sum(find_receipt(" ".join(dice.choices(words_of("en"), k=8))) is not None for _ in range(2_000))
    assert found <= 25


def test_one_slip_away_is_told_and_two_are_somebodys_words() -> None:
    words = Receipt(bytes(range(10))).words.split()
    for slip in ([*words[:3], "qwerty", *words[4:]], words[:7], [*words[::-1]], ["My", "words:", *words[1:], "thanks"]):
        assert isinstance(find_slip(" ".join(slip)), Slip), slip
    for other in (words[:6], [*words[:6], "qwerty", "asdfgh"], [*words[:5], "he", "hit", "me", "yesterday", "evening"]):
        assert find_slip(" ".join(other)) is None, other
    assert find_slip(" ".join(words)) is None


def test_where_each_letter_stands_is_known_unless_folding_changed_their_number() -> None:
    assert Word(3, 6, "abc").spots == [(3, 4), (4, 5), (5, 6)]
    assert Word(3, 5, "abc").spots == [(3, 5), (3, 5), (3, 5)]


KNOWN = Receipt(bytes(range(10)))
JOINED = KNOWN.words.replace(" ", "")


def joined(*words: str) -> list[tuple[int, int, str]]:
    """What is found in words that stand one letter apart, as texts."""
    starts = [sum(map(len, words[:at])) + at for at in range(len(words))]
    listed = [Word(start, start + len(word), word) for start, word in zip(starts, words, strict=True)]
    return [(start, end, read.words) for start, end, read in find_joined(listed)]


def test_up_to_200_letters_are_one_run_and_of_more_two_long_words_are_looked_into() -> None:
    half = len(JOINED) // 2
    parted, whole = (JOINED[:half], JOINED[half:]), len(JOINED)
    assert joined("x" * (200 - whole), *parted) == [(201 - whole, 202, KNOWN.words)]
    assert joined("x" * (201 - whole), *parted) == []
    assert joined("x" * 201, JOINED) == [(202, 202 + whole, KNOWN.words)]
    assert joined("x" * 100, "y" * 100, JOINED) == []
    assert joined("x" * 100, "y" * 23, "z" * 100, JOINED) == []
    assert joined("x" * 100, "y" * 23, JOINED, "z" * 100) == [(125, 125 + whole, KNOWN.words)]
    shortest = next(text for text in _shortest_joined() if find_receipt(text) is not None)
    assert len(shortest) == 24
    assert joined("x" * 190, shortest)[0][:2] == (191, 215)
    longest = "x" * (200 - whole) + JOINED
    assert joined(longest, "y") == [(200 - whole, 200, KNOWN.words)]
    assert joined("x" + longest, "y") == []


def test_of_two_that_begin_together_the_longer_one_is_meant() -> None:
    longer = "bassoon smock satsuma wagon range cinnamon driftwood canyon"  # "can" in its place has a check too
    assert isinstance(read_receipt(longer.replace("canyon", "can")), Receipt)
    assert joined(longer.replace(" ", "")) == [(0, 52, longer)]


def test_words_of_a_list_around_a_receipt_are_no_part_of_it() -> None:
    for before, after in (("zebra", ""), ("", "zebra"), ("mummy daddy Monday seven hidden behind kitchen", "")):
        assert find_receipt(f"{before} {KNOWN.words} {after}") == Found(KNOWN, f"{before}{after}")
    assert find_receipt(f"{KNOWN.words} mummy {KNOWN.words}") == Found(KNOWN, "mummy")


def test_eight_runs_of_letters_that_are_parted_oddly_are_read() -> None:
    one, two, *others, last = KNOWN.words.split()
    assert read_receipt(" ".join((one + two, *others, last[:2], last[2:]))) == KNOWN


def test_a_word_of_a_list_that_says_nothing_is_left_out_only_around_eight_others() -> None:
    seven = KNOWN.words.split()[:7]
    assert read_receipt(" ".join(("please", *seven, "qwertz"))) == Slip(SlipKind.UNKNOWN, position=8)
    assert read_receipt(" ".join((*seven, "qwertz", "please"))) == Slip(SlipKind.UNKNOWN, position=8)
    assert read_receipt(" ".join(("please", *seven[1:], "qwertz"))) == Slip(SlipKind.UNKNOWN, position=8)
    assert read_receipt(" ".join(("qwertz", *seven[1:], "please"))) == Slip(SlipKind.UNKNOWN, position=1)


def test_a_slip_is_looked_for_in_600_letters_and_not_in_601() -> None:
    slip = " ".join(["qwertz", *KNOWN.words.split()[1:]])
    assert isinstance(find_slip(slip.ljust(600)), Slip)
    assert find_slip(slip.ljust(601)) is None


def test_a_joined_one_in_a_long_text_is_found_whichever_word_comes_last_in_the_alphabet() -> None:
    found = find_receipt(f"{JOINED} {STORY * 10} zebras")
    assert found is not None
    assert found.receipt == KNOWN
    assert "behind the gym" not in repr(found)


SHORTEST_WORDS = sorted(word for word in every_word() if len(word) <= SHORTEST + 1)


@given(st.lists(st.sampled_from(SHORTEST_WORDS), min_size=6, max_size=9), st.sampled_from(["", " ", ",", "1"]))
def test_an_ascii_text_shorter_than_any_receipt_holds_none_and_nearly_none(words: list[str], part: str) -> None:
    text = part.join(words)[: SHORTEST_TEXT - 1]
    assert text.isascii()
    assert find_receipt(text) is None
    assert find_slip(text) is None


def _shortest_joined() -> Iterator[str]:
    dice = random.Random(8)
    short = [word for word in SHORTEST_WORDS if word in words_of("en") and len(word) == SHORTEST]
    return ("".join(dice.choices(short, k=8)) for _ in range(5_000))


def test_the_shortest_receipt_has_that_many_letters_and_is_found() -> None:
    found = next(text for text in _shortest_joined() if find_receipt(text) is not None)
    assert len(found) == SHORTEST_TEXT


def test_a_slip_is_told_by_its_place_also_in_a_list_with_a_heading() -> None:
    words = Receipt(bytes(10)).words.split()
    words[2] = "umrbella"
    listed = "My words are:\n" + "\n".join(f"{number}. {word}" for number, word in enumerate(words, 1)) + "\nThank you"
    assert read_receipt(listed) == Slip(SlipKind.UNKNOWN, position=3, near="umbrella")


@pytest.mark.parametrize("text", [STORY, SPANISH, ARABIC, "мой папа бил меня сегодня "], ids=["en", "es", "ar", "ru"])
def test_a_long_text_is_looked_through_at_once(text: str) -> None:
    """0.05 to 0.25 ms for 4,096 letters on the machine it was written on; the bound is for noisy ones."""
    long = (text * 80)[:4096]
    assert min(_seconds(long) for _ in range(20)) < 0.002


@pytest.mark.parametrize("piece", [*(" ".join(words_of("en")[:900]),), "sunset ", "sunsetsun", "zebra, ", "ab1 "])
def test_four_times_the_text_takes_about_four_times_as_long(piece: str) -> None:
    short, long = ((piece * 4096)[:length] for length in (4_000, 16_000))
    assert min(_seconds(long) for _ in range(5)) < 10 * min(_seconds(short) for _ in range(5)) + 0.002


def _seconds(text: str) -> float:
    begun = time.process_time()
    find_receipt(text)
    find_slip(text)
    return time.process_time() - begun
