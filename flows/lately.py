"""Whether anybody who reads has opened the desk lately: if not, reporters are told that it may take longer.

It goes by unlocks alone. What becomes of a case never shows there, or whoever it is about could see that there is one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from flows.help_screen import emergency, helplines
from flows.ids import LeadId
from flows.known import Known, Reader
from flows.sentences import SLOW, SLOW_SEND
from flows.texts import Text

#: A weekend with days off around it is not yet worth a warning.
LATELY: Final = timedelta(days=7)


def nobody_lately(roster: Sequence[Reader], unlocked: Mapping[LeadId, date | None], today: date) -> bool:
    """Whether of those who read nobody has unlocked for a week; false where nobody reads at all."""
    days = [unlocked.get(reader.lead) for reader in roster]
    return bool(days) and all(day is None or today - day >= LATELY for day in days)


def banner(known: Known) -> tuple[Text, ...]:
    """What is said at the beginning and before sending while that is so, with where help is now."""
    if not known.slow or known.site.practice:
        return ()
    return (SLOW, SLOW_SEND, *helplines(known), emergency(known))
