"""A recovery identity split over sheets of paper, of which some are needed together: words as SLIP-39 defines them.

Fewer sheets than are needed tell nothing of the key (SLIP-0039, "Shamir's Secret-Sharing for Mnemonic Codes"). The
secret that is split is the identity's seed itself, so any tool for SLIP-39 gives its 32 bytes back without Hark.
"""

from __future__ import annotations

from bip39_slip39.mnemonic import WORDLISTS
from bip39_slip39.slip39 import Recovery, mnemonics_from_master_secret

#: Words on the sheet of a 32-byte seed.
SHEET_WORDS = 33
#: As many sheets as the format has room for.
MOST_SHEETS = 16
_ENOUGH = 4  # letters by which each word of the list is known
_STRETCHED = 1  # the exponent of SLIP-39's own key derivation, which guards a passphrase; there is none here


class UnfitSheetError(ValueError):
    """What was typed is no such sheet, or does not go with the others; the message holds nothing of it."""


def split_seed(seed: bytes, needed: int, sheets: int) -> tuple[str, ...]:
    """Split a seed of 32 bytes over `sheets` sheets, of which any `needed` give it back.

    Returns:
        The words of each sheet, 33 with a space between; secret, each for one holder.

    Raises:
        ValueError: The seed is not 32 bytes long, or it is not 2 ≤ needed ≤ sheets ≤ 16.
    """
    if len(seed) != 32 or not 2 <= needed <= sheets <= MOST_SHEETS:
        raise ValueError("a seed of 32 bytes over 2 to 16 sheets, of which two or more are needed")
    [words] = mnemonics_from_master_secret(seed, [(needed, sheets)], iteration_exponent=_STRETCHED)
    return tuple(words)


def whole_words(typed: str, first: int = 1) -> tuple[str, ...]:
    """Give the words of the list that were typed; case does not matter, and four letters of a word are enough.

    Args:
        typed: A line of them.
        first: The place of the first one on its sheet, from 1, for the message.

    Raises:
        UnfitSheetError: One is not on the list; its place is told.
    """
    known = {word[:_ENOUGH]: word for word in WORDLISTS.wordlist("slip39")}
    found = []
    for place, word in enumerate(typed.lower().split(), first):
        whole = known.get(word[:_ENOUGH], "")
        if not whole or not whole.startswith(word):
            raise UnfitSheetError(f"word {place} is not on the list of words")
        found.append(whole)
    return tuple(found)


class Sheets:
    """The sheets of one key, as they are typed one after the other."""

    def __init__(self) -> None:
        """Begin with none."""
        self._recovery = Recovery(max_iteration_exponent=_STRETCHED)

    @property
    def missing(self) -> int:
        """How many more are needed; 1 while none was typed, since the first one tells it."""
        return sum(needed - given for given, needed in self._recovery.groups.values()) if self._recovery.shares else 1

    def add(self, words: str) -> None:
        """Take the words of one more sheet.

        Raises:
            UnfitSheetError: There is a slip in it, it is of another key, or it was typed before. Those of before stay.
        """
        try:
            self._recovery.add_mnemonic(words)
        except ValueError as error:
            foreign = "not a share of this set" in str(error) or "already" in str(error)  # the library has no kinds
            raise UnfitSheetError(
                "that sheet is of another key, or was typed already" if foreign else "there is a slip in that sheet"
            ) from None

    def seed(self) -> bytes:
        """Give the seed, 32 bytes, once no sheet is missing.

        Raises:
            UnfitSheetError: They do not belong together, or one is missing.
        """
        try:
            return self._recovery.master_secret()
        except ValueError:
            raise UnfitSheetError("those sheets do not belong together") from None
