"""What a check has found, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: good: as it should be; look: works, but somebody should know; wrong: must be put right before real use.
Level = Literal["good", "look", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One sentence for the operator, and what to do; never a secret, nothing of any concern."""

    level: Level
    what: str
    do: str = ""


def good(what: str) -> Finding:
    """Return the finding that something is as it should be."""
    return Finding("good", what)


def look(what: str, do: str) -> Finding:
    """Return the finding that the operator should know of something."""
    return Finding("look", what, do)


def wrong(what: str, do: str) -> Finding:
    """Return the finding that something must be put right."""
    return Finding("wrong", what, do)
