"""Fingerprints are what people compare: the same keys always give the same digits, and other keys others."""

from __future__ import annotations

from storage.sealing.keys.lead_keys import fingerprint
from storage.sealing.primitives.xwing import public_key

WRAPPING, VERIFYING = public_key(b"w" * 32), b"v" * 32


def test_digits_that_were_once_read_out_stay_the_same() -> None:
    assert fingerprint(WRAPPING, VERIFYING) == "93522 94323 65730 37792 26169 41665 49738 10609"
    assert fingerprint(WRAPPING) == "21348 31314 83735 75114 58990 32615 44441 37176"


def test_every_key_of_a_lead_counts() -> None:
    other = fingerprint(public_key(b"x" * 32), VERIFYING)
    assert len({fingerprint(WRAPPING, VERIFYING), fingerprint(WRAPPING), fingerprint(WRAPPING, b"x" * 32), other}) == 4
