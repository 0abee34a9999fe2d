"""Asks for the recovery key at the terminal."""

from __future__ import annotations

import sys
from getpass import getpass

from bot.telling import tell
from storage.sealing.age_keys import read_identity


def ask_for_key() -> bytes | None:
    """The 32 bytes of the identity that is typed, unseen; None, and it is told, where it is none.

    It is never taken from the command line, which every user of the machine can read.
    """
    typed = getpass("Recovery key: ") if sys.stdin.isatty() else sys.stdin.readline()
    try:
        return read_identity(typed.strip())
    except ValueError:
        tell("that is no recovery key, or it has a slip in it: it begins with AGE-SECRET-KEY-PQ-1")
        return None
