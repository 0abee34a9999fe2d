"""The recovery key over sheets of paper, read by another implementation of SLIP-39 too."""

from __future__ import annotations

from itertools import combinations

import pytest
import shamir_mnemonic

from storage.sealing.age.recovery_sheets import SHEET_WORDS, Sheets, UnfitSheetError, split_seed, whole_words

SEED = bytes(range(32))
#: Vector 19 of SLIP-0039: 256 bits, two of three, under the passphrase "TREZOR"; here for the words alone.
FROZEN = (
    "theory painting academic academic armed sweater year military elder discuss acne wildlife boring employer fused "
    "large satoshi bundle carbon diagnose anatomy hamster leaves tracks paces beyond phantom capital marvel lips brave "
    "detect luck"
)


def seed_of(*words: str) -> bytes:
    sheets = Sheets()
    for one in words:
        sheets.add(one)
    return sheets.seed()


def test_any_of_the_needed_number_give_it_back_and_fewer_do_not() -> None:
    words = split_seed(SEED, 3, 5)
    assert {len(one.split()) for one in words} == {SHEET_WORDS}
    assert {seed_of(*some) for some in combinations(words, 3)} == {SEED}
    for some in combinations(words, 2):
        with pytest.raises(UnfitSheetError):
            seed_of(*some)


def test_the_reference_implementation_reads_our_sheets_and_we_read_its() -> None:
    assert shamir_mnemonic.combine_mnemonics(split_seed(SEED, 2, 3)[1:]) == SEED
    [theirs] = shamir_mnemonic.generate_mnemonics(1, [(2, 3)], SEED)
    assert seed_of(*theirs[:2]) == SEED


def test_a_published_sheet_is_right_and_with_any_word_changed_it_is_not() -> None:
    Sheets().add(FROZEN)
    words = FROZEN.split()
    for place in range(SHEET_WORDS):
        changed = [*words[:place], "zero" if words[place] != "zero" else "yoga", *words[place + 1 :]]
        with pytest.raises(UnfitSheetError, match="a slip in that sheet"):
            Sheets().add(" ".join(changed))


def test_the_sheets_of_two_keys_and_one_sheet_twice_are_told() -> None:
    sheets, mine = Sheets(), split_seed(SEED, 2, 2)
    sheets.add(mine[0])
    for foreign in (split_seed(SEED, 2, 2)[1], mine[0]):
        with pytest.raises(UnfitSheetError, match="of another key, or was typed already"):
            sheets.add(foreign)
    sheets.add(mine[1])
    assert sheets.missing == 0
    assert sheets.seed() == SEED


def test_four_letters_of_a_word_are_enough_and_a_wrong_one_is_told_by_its_place() -> None:
    assert whole_words("THEO paint academic") == ("theory", "painting", "academic")
    for typed in ("theory paintbox", "theory pai", "theory päin"):
        with pytest.raises(UnfitSheetError, match="word 8 is not") as refused:
            whole_words(typed, 7)
        assert "pai" not in str(refused.value)
