"""The curtain before an idle desk: the lead's seed, sealed in memory under a short PIN."""

import os

from storage.sealing.primitives.argon2 import Cost, stretch
from storage.sealing.primitives.box import Place, open_into_buffer, seal
from storage.sealing.primitives.derive import wipe
from storage.sealing.primitives.errors import CannotOpen, FullyLocked, WrongFactor

MISSES_ALLOWED = 3  # wrong PINs of one curtain
# OWASP Password Storage Cheat Sheet, Argon2id; the pepper does the rest.
_PIN_COST = Cost(memory_kib=19 * 1024, passes=2)
_PLACE = Place("curtain", None, "", "seed", 1)
_DIGIT_RUNS = "01234567890 09876543210"


def is_fit_pin(pin: str) -> bool:
    """Tell whether a PIN will do: 4 to 8 ASCII digits, not all the same, no run such as 1234 or 4321."""
    digits = pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8
    return digits and len(set(pin)) > 1 and pin not in _DIGIT_RUNS


class Curtain:
    """Holds one lead's seed until the PIN is given, or three wrong ones were.

    The pepper lives in this object only: neither the database nor a key file helps against a curtain, and it ends
    with the process. A short PIN does not withstand somebody who reads this process's memory.
    """

    __slots__ = ("_misses", "_pepper", "_salt", "_sealed")

    def __init__(self, seed: bytearray, pin: str) -> None:
        """Draw the curtain and wipe the seed. Blocking (about 50 ms): call it in a thread.

        Args:
            seed: The lead's seed; the buffer holds zeros afterwards.
            pin: 4 to 8 digits; `is_fit_pin` judges it first.

        Raises:
            ValueError: The PIN is unfit (a bug); the seed is untouched.
        """
        if not is_fit_pin(pin):
            raise ValueError("unfit PIN")
        self._pepper = bytearray(os.urandom(32))
        self._salt = os.urandom(16)
        self._misses = 0
        key = self._key(pin)
        self._sealed = seal(key, _PLACE, seed)
        wipe(key)
        wipe(seed)

    @property
    def misses_left(self) -> int:
        """How many wrong PINs are still allowed; 0 means fully locked."""
        return MISSES_ALLOWED - self._misses

    def lift(self, pin: str) -> bytearray:
        """Return the seed, once; afterwards the curtain is empty. Blocking like drawing it (Argon2id).

        Raises:
            WrongFactor: The PIN is wrong; `misses_left` tells how many are left.
            FullyLocked: That was the third miss, or the curtain is empty: only passphrase and TOTP help now.
        """
        if self.misses_left <= 0:
            raise FullyLocked
        # Counted before the slow part, so that guesses made at once in several threads are all counted.
        self._misses += 1
        key = self._key(pin)
        try:
            seed = open_into_buffer(key, _PLACE, self._sealed)
        except CannotOpen:
            self._miss()
        finally:
            wipe(key)
        self.lock()
        return seed

    def lock(self) -> None:
        """Lock fully: the seed is gone from memory, and `lift` raises `FullyLocked` from now on.

        The pepper is overwritten and the sealed seed forgotten; harmless the second time.
        """
        self._misses = MISSES_ALLOWED
        wipe(self._pepper)
        self._sealed = b""

    def _miss(self) -> None:
        if self.misses_left <= 0:
            self.lock()
            raise FullyLocked from None
        raise WrongFactor from None

    def _key(self, pin: str) -> bytearray:
        return stretch(pin.encode(), self._salt, _PIN_COST, pepper=bytes(self._pepper))
