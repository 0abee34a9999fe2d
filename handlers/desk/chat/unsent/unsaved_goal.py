"""A goal, or an entry of the board, that is being put together, in memory only."""

from __future__ import annotations

from dataclasses import dataclass

from storage.values import LeadCard


@dataclass(frozen=True, repr=False)
class UnsavedGoal:
    """Where it stands: what is wanted, how it is measured, and whose it is; what is None or empty is asked for next."""

    what: str = ""
    measure: str = ""
    owner: LeadCard | None = None


@dataclass(frozen=True, repr=False)
class UnsavedEntry:
    """What was said, what was done, and the references of the cases behind it; what is empty is asked for next."""

    said: str = ""
    did: str = ""
    cases: frozenset[str] = frozenset()
