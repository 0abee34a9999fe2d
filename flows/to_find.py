"""The adult to find: never somebody whom the reporter left out, or whose name stands in the words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from flows.draft import Draft, Wrote
from flows.known import Known, LeadId
from flows.naming import is_same_name, names


def findable(known: Known, draft: Draft) -> Known:
    """`known` as it is for `draft`: without the site's contact where that may be the person it is about.

    It errs on the side of naming nobody: "an adult you trust" is still said.
    """
    contact = known.site.contact
    if contact is None:
        return known
    struck = [reader.name for reader in known.roster if reader.lead in draft.struck]
    wrote = (text for answer in draft.answers.values() if isinstance(answer, Wrote) for text in answer.words)
    doubtful = draft.doubted or len(struck) < len(draft.struck)  # somebody was left out who is on no roster any more
    doubtful = doubtful or any(names(contact.name, name) for name in struck) or names_adult(known, *wrote)
    return without_adult(known) if doubtful else known


def names_adult(known: Known, *texts: str) -> bool:
    """Whether one of `texts` names the site's contact."""
    contact = known.site.contact
    return contact is not None and any(names(text, contact.name) for text in texts)


def is_recipient(known: Known, recipients: Collection[LeadId]) -> bool:
    """Whether the site's contact bears the name of one of `recipients`, as far as these are on the roster.

    Unlike `names_adult` it errs against a match: whose name only resembles a recipient's may be whom the reporter left
    out.
    """
    contact = known.site.contact
    chosen = (reader.name for reader in known.roster if reader.lead in recipients)
    return contact is not None and any(is_same_name(contact.name, name) for name in chosen)


def without_adult(known: Known) -> Known:
    """`known` with nobody to find by name."""
    return replace(known, site=replace(known.site, contact=None))
