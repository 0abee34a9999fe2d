"""How often one lead is told: a few notices at once, then one for all that came meanwhile. In memory, by lead."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flows.pace import Pace, Spent, hurries, spend

#: For something immediate that is new or has risen: whoever is in danger now waits seconds, even in a flood.
PAGING: Final = Pace(at_once=3, per_second=1 / 30)
#: For all else.
REST: Final = Pace(at_once=3, per_second=1 / 300)


class Telling:
    """What leads were told of late. It loses nothing: what waits is told with the next notice, and counted in it."""

    def __init__(self) -> None:
        self._spent: dict[tuple[str, bool], Spent] = {}

    def may(self, lead: str, now: float, *, paging: bool) -> bool:
        """Whether a notice may go to the lead now."""
        before = self._spent.get((lead, paging))
        if before is not None and now < before.at:  # by a clock that was set back: the wait is counted from now
            self._spent[lead, paging] = replace(before, at=now)
        return not hurries(self._after(lead, now, paging=paging), _pace(paging=paging))

    def told(self, lead: str, now: float, *, paging: bool) -> None:
        """Count a notice that was told."""
        self._spent[lead, paging] = self._after(lead, now, paging=paging)

    def _after(self, lead: str, now: float, *, paging: bool) -> Spent:
        return spend(self._spent.get((lead, paging)), now, _pace(paging=paging))


def _pace(*, paging: bool) -> Pace:
    return PAGING if paging else REST
