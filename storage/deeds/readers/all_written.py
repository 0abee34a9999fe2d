"""All that anybody wrote in a case, looked through for names before anybody else is let in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, cast

from flows.cases.decisions import PARTS
from flows.cases.exclusion import named_by
from flows.values.draft import Wrote
from flows.values.ids import LeadId
from flows.values.situation import Reader
from storage.cases import entry_content
from storage.cases.entries import Opened
from storage.cases.loaded import Loaded

#: Particulars of an action in which a lead's own words stand.
_WORDED: Final = (
    *("reason", "note", "label", "name", "action", "purpose", "question", "why", "next", "taker", "reference"),
    *PARTS,
)


def all_written(loaded: Loaded, opened: Sequence[Opened]) -> Iterator[str]:
    """Give everything that anybody wrote in a case: the reporter first, since a name most likely stands there."""
    for one in opened:
        yield from written_in(one)
    yield loaded.glance.label


def written_in(one: Opened) -> Iterator[str]:
    """Give everything that somebody wrote in an entry, also a lead's words for what she did; some may be empty."""
    for answered in entry_content.answers_in(one.content):
        if isinstance(answered.answer, Wrote):
            yield from answered.answer.words
    yield cast("str", one.content.get("text", ""))
    detail = cast("dict[str, str]", one.content.get("detail", {}))
    yield from (detail[name] for name in _WORDED if name in detail)


def named_in(loaded: Loaded, opened: Sequence[Opened], readers: Sequence[Reader]) -> tuple[LeadId, ...]:
    """Give those of `readers` whom anything names that anybody wrote. It errs on the side of a match (decision 15)."""
    return named_by([text for text in all_written(loaded, opened) if text], readers)
