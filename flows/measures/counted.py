"""Which cases are counted in what is told of all together: kept from nobody, and about nobody who works here.

Of any other one a figure could tell the person whom it is about that it exists.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from flows.conversation.explanation import takes_two

#: Categories that are about an adult, or about those who read here.
_ADULTS: Final = frozenset({"adult_external", "system_misuse"})


def is_counted(
    kept_out: Collection[object], chosen: Mapping[str, Collection[str]], categories: Collection[str], *, unsure: bool
) -> bool:
    """Whether a case is counted with all others.

    Args:
        kept_out: Whoever was left out by its reporter, by its words, or by a recipient.
        chosen: Ids of the chosen options by question, as far as they are known.
        categories: Its codes.
        unsure: Whether "not sure" was chosen on the readers screen.
    """
    return not kept_out and not takes_two(chosen, categories, unsure=unsure) and _ADULTS.isdisjoint(categories)
