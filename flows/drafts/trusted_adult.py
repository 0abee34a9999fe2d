"""The adult to find: never somebody whom the reporter left out, or whom it may be about, or a colleague of theirs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from flows.cases.routing import readers
from flows.drafts.scene import adult_answer, words
from flows.names.matching import is_same_name, names
from flows.values.draft import Chose, Draft
from flows.values.ids import LeadId
from flows.values.situation import Situation


def findable(situation: Situation, draft: Draft) -> Situation:
    """Return `situation` as it is for `draft`: without the site's contact where that may be the person it is about.

    Where it may be about an adult of the site (`about_staff`), the contact is named only as one of those who read it:
    anybody else may be the friend of whom it is about. It errs on the side of naming nobody: "an adult you trust" is
    still said.
    """
    written = names_adult(situation, *words(draft))
    situation = replace(situation, about_staff=written or about_staff(draft))
    contact = situation.site.contact
    if contact is None:
        return situation
    struck = [reader.name for reader in situation.roster if reader.lead in draft.struck]
    doubtful = draft.doubted or len(struck) < len(draft.struck)  # somebody was left out who is on no roster any more
    doubtful = doubtful or written or any(names(contact.name, name) for name in struck)
    doubtful = doubtful or (situation.about_staff and not is_recipient(situation, _reading(situation, draft)))
    return without_adult(situation) if doubtful else situation


def about_staff(draft: Draft) -> bool:
    """Return whether it may be about an adult of the site: the person said so, is not sure, or left somebody out."""
    said = adult_answer(draft)
    meant = isinstance(said, Chose) and not {"yes", "not_sure"}.isdisjoint(said.options)
    return meant or draft.unsure or bool(draft.struck)


def _reading(situation: Situation, draft: Draft) -> tuple[LeadId, ...]:
    said = adult_answer(draft)
    adult = said.options[0] if isinstance(said, Chose) else ""
    way = readers(situation.roster, adult, draft.struck, unsure=draft.unsure, words=words(draft))
    return tuple(reader.lead for reader in way.readers)


def names_adult(situation: Situation, *texts: str) -> bool:
    """Return whether one of `texts` names the site's contact."""
    contact = situation.site.contact
    return contact is not None and any(names(text, contact.name) for text in texts)


def is_recipient(situation: Situation, recipients: Collection[LeadId]) -> bool:
    """Return whether the site's contact bears the name of one of `recipients`, as far as these are on the roster.

    Unlike `names_adult` it errs against a match: whose name only resembles a recipient's may be whom the reporter left
    out.
    """
    contact = situation.site.contact
    chosen = (reader.name for reader in situation.roster if reader.lead in recipients)
    return contact is not None and any(is_same_name(contact.name, name) for name in chosen)


def without_adult(situation: Situation) -> Situation:
    """Return `situation` without the site's contact, so that no adult is named as the one to find."""
    return replace(situation, site=replace(situation.site, contact=None))
