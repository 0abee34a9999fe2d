"""What a case's header tells, out of what its reporter told: brought up to date, or made anew. No words are in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from flows.values.ids import Door, LeadId, Register
from storage.cases import entry_content
from storage.cases.entries import REPORTER, Opened
from storage.deeds.send_concern import chosen
from storage.values import Glance


def learnt(glance: Glance, opened: Sequence[Opened]) -> Glance:
    """Give a header with what its reporter told since it was sealed: rules, categories and choices, never words.

    Args:
        glance: The header as it was opened.
        opened: All entries of the case; of those of leads count the first answer, and how it was closed last.
    """
    for one in opened:
        glance = _done(glance, one)
        if one.author == REPORTER:
            rules = dict.fromkeys((*glance.rules, *entry_content.words_in(one.content, "rules")))
            glance = replace(
                glance,
                rules=tuple(rules),
                categories=entry_content.words_in(one.content, "categories") or glance.categories,
                chosen={**glance.chosen, **chosen(entry_content.answers_in(one.content))},
            )
    return glance


def _done(glance: Glance, one: Opened) -> Glance:
    """Note a lead's first answer, and the outcome: headers of older versions do not tell of them."""
    if one.author == REPORTER:
        return glance
    if one.content.get("kind") == "reply":
        return replace(glance, answered=glance.answered or entry_content.moment(one.content))
    if one.content.get("what") == "close":
        detail = cast("dict[str, str]", one.content["detail"])
        return replace(glance, closed=entry_content.moment(one.content), outcome=detail["outcome"])
    return glance


def made_anew(opened: Sequence[Opened]) -> Glance | None:
    """Give a header out of the talk alone, where nobody is left who could open the one that there is.

    Its label and the first words for deeds of two are lost by that.

    Args:
        opened: The entries of the talk, in order; the first is the concern.

    Returns:
        None for a concern of a version that did not write into the talk whom its reporter left out.
    """
    concern = opened[0].content
    left_out = entry_content.left_out(concern)
    if left_out is None:
        return None
    begun = Glance(
        register=cast("Register", concern["register"]),
        language=cast("str", concern["language"]),
        door=cast("Door", concern["door"]),
        sent_at=entry_content.moment(concern),
        excluded=tuple(map(LeadId, left_out)),
        kept_out=entry_content.kept_out(opened),
        unsure=bool(concern.get("unsure")),
        taken_down=entry_content.taken_down(concern),
    )
    return learnt(begun, opened)
