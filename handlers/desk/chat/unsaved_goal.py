"""A goal that is being put together, in memory only, until its day is said."""

from __future__ import annotations

from dataclasses import dataclass

from storage.values import LeadCard


@dataclass(frozen=True, repr=False)
class UnsavedGoal:
    """Where it stands: what is wanted, how it is measured, and whose it is; what is None or empty is asked for next."""

    what: str = ""
    measure: str = ""
    owner: LeadCard | None = None
