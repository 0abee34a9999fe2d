"""How many have to check a name in the words before its bearer may read: pure, and the same for every lead."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from flows.ids import LeadId
from flows.scene import ADULT_QUESTIONS

_MAYBE = frozenset({"yes", "not_sure"})
_CONDUCT = "staff_conduct."


def takes_two(chosen: Mapping[str, Collection[str]], categories: Collection[str], *, unsure: bool) -> bool:
    """Whether two recipients have to say that it is not about somebody whom the words name.

    It is so where it is about an adult who works here, or may be: then the name may well be the subject's.

    Args:
        chosen: Ids of the chosen options by question, as far as they are known.
        categories: Their codes.
        unsure: Whether "not sure" was chosen on the readers screen.
    """
    adult = any(_MAYBE.intersection(chosen.get(step, ())) for step in ADULT_QUESTIONS)
    return unsure or adult or any(code.startswith(_CONDUCT) for code in categories)


def admitting(lead: LeadId) -> str:
    """Name the deed of letting a lead in, among those that take two."""
    return f"admit {lead}"
