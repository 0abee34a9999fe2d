"""With whom a case may be shared, and which of them take two leads: never whom the reporter left out.

Whom the words name, and who lives among families, takes two (decision 37).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from flows.names.matching import is_named
from flows.names.typed_words import TypedWords
from flows.together.partners import takes_two
from storage.cases import entry_content
from storage.cases.entries import Opened
from storage.cases.loaded import Loaded
from storage.deeds.readers.all_written import written_in
from storage.leads.roster.roster import Lead, Roster

#: What the entry of a sharing is called, that of a first word for one, and that of taking it back.
SHARED: Final = "share"
ASKED: Final = "ask_share"
ENDED: Final = "end_share"
#: What an entry calls it that a lead said something at a round table on a share.
AT_TABLE: Final = "share_table"
#: That of a first word for it, where it takes two.
ASKED_AT_TABLE: Final = "ask_share_table"
#: The rule of what is shown to a partner by two.
BY_TWO: Final = "share_two"
#: Entries of what goes between leads and a partner.
_WITH_PARTNERS: Final = frozenset({SHARED, ENDED, ASKED, AT_TABLE, ASKED_AT_TABLE, entry_content.SHARE_ANSWER})


@dataclass(frozen=True, slots=True)
class Offered:
    """A partner with whom a case may be shared; `two`: only by two leads. `named`: since the words name her."""

    lead: Lead
    two: bool
    named: bool


def partners_for(loaded: Loaded, roster: Roster, opened: Sequence[Opened], now: datetime) -> tuple[Offered, ...]:
    """Return the partners to whom something of a case may be shown, by name; never whom the reporter left out.

    What goes between leads and a partner about a share of hers names her without being about her.

    Args:
        loaded: The case.
        roster: As it was read and verified.
        opened: All of its entries; whatever anybody wrote is looked through for a partner's name.
        now: Aware; whose agreement has ended is not offered.
    """
    seen, site = loaded.glance, loaded.clear.site
    shut = roster.same_people({*seen.excluded, *seen.withheld, *seen.kept_out})
    there = [one for one in roster.leads.values() if one.role == "partner" and not one.disabled and one.site == site]
    fitting = [one for one in there if one.id not in shut and not (one.agreed and one.agreed.has_ended(now))]
    written = [(_with_whom(one), TypedWords(text)) for one in opened for text in written_in(one)] if fitting else []
    written.append(("", TypedWords(seen.label)))
    named = {lead.id for lead in fitting if any(to != lead.id and is_named(text, lead.name) for to, text in written)}
    offered = (Offered(one, takes_two(one.agreed, named=one.id in named), one.id in named) for one in fitting)
    return tuple(sorted(offered, key=lambda one: one.lead.name_key))


def _with_whom(one: Opened) -> str:
    """The partner to whom an entry was said, or who said it; empty for every other entry."""
    detail = cast("dict[str, str]", one.content.get("detail", {}))
    return detail["to"] if one.content.get("what") in _WITH_PARTNERS else ""
