"""The first screens: who is writing, in which language, and coming back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import get_args

from flows.drafts.rulebook import Flows
from flows.drafts.trusted_adult import is_recipient, names_adult
from flows.screens import buttons
from flows.screens import copy as say
from flows.screens.buttons import help_button
from flows.screens.help import outside, slow_reply_banner
from flows.values.draft import Answer, Draft
from flows.values.ids import LeadId, Register
from flows.values.screen import Press, Row, Screen
from flows.values.situation import Situation
from flows.values.text import ENDONYMS

_LABELS = {"under_12": say.UNDER_12, "12_17": say.TEENAGER, "parent": say.PARENT, "staff": say.STAFF}


def opening(situation: Situation) -> Screen:
    """The neutral first screen: four registers, then a row of languages; where nobody can read, the way elsewhere.

    It names neither safeguarding nor a concern: somebody may look on. A button leads to the board, if it has an entry.
    """
    practice = (say.PRACTICE,) if situation.site.practice else ()
    if not situation.roster:
        return Screen(
            (*practice, say.NOBODY_HERE, *outside(situation.site.outside, situation)),
            ((Press(say.TRY_AGAIN, buttons.ask("new")),), *_languages_row(situation), (help_button(),)),
        )
    registers = tuple((Press(_LABELS[name], buttons.register(name)),) for name in get_args(Register))
    last = (Press(say.RETURN, buttons.ask("return")), help_button())
    changed = ((Press(say.CHANGED, buttons.ask("changed")),),) if situation.changed else ()
    return Screen(
        (*practice, *slow_reply_banner(situation), say.GREETING, say.WHO),
        (*registers, *_languages_row(situation), last, *changed),
    )


def languages(situation: Situation) -> Screen:
    """Every language of the site, three in a row, each by its own name."""
    buttons = [_language(tag) for tag in situation.site.languages]
    rows = tuple(tuple(buttons[start : start + 3]) for start in range(0, len(buttons), 3))
    return Screen((say.CHOOSE_LANGUAGE,), (*rows, (help_button(),)))


def begin(flows: Flows, register: Register, situation: Situation, name: str | None = None) -> Draft:
    """A new draft at the first question for `register`; `name` is another conversation than its own (`feedback`).

    Raises:
        KeyError: there is no such conversation.
    """
    definition = flows.definitions[name] if name else flows.of_register(register)
    first = (definition.order or definition.after)[0]
    return Draft(
        register=register,
        language=situation.language,
        site=situation.site.id,
        definition=definition.name,
        sitting=situation.now,
        touched=situation.now,
        cursor=first,
        sent=not definition.order,
    )


def reopened(
    flows: Flows,
    register: Register,
    situation: Situation,
    *,
    answers: Mapping[str, Answer] | None = None,
    raised: Iterable[str] = (),
    sent_at: datetime | None = None,
    recipients: Collection[LeadId] = (),
    messages: Iterable[str] = (),
) -> Draft:
    """The draft of somebody who came back by the receipt: sent, nothing shown again, ready for messages.

    `answers` are what the case holds by question, so that nothing is asked twice; `raised` the rules it was raised by.
    The adult to find is named only who is one of its `recipients`, since anybody else may be who was left out, and is
    not named in the `messages` after sending.
    """
    draft = begin(flows, register, situation)
    held = dict(answers or {})
    return replace(
        draft,
        answers=held,
        hidden=frozenset(held),
        raised=frozenset(raised),
        sent=True,
        sent_at=sent_at,
        cursor="",
        doubted=names_adult(situation, *messages) or not is_recipient(situation, recipients),
    )


def _languages_row(situation: Situation) -> tuple[Row, ...]:
    tags = situation.site.languages
    if len(tags) < 2:
        return ()
    if len(tags) > 3:
        return ((*(_language(tag) for tag in tags[:2]), Press(say.LANGUAGES, buttons.ask("languages"))),)
    return (tuple(_language(tag) for tag in tags),)


def _language(tag: str) -> Press:
    return Press(ENDONYMS.get(tag, tag), buttons.language(tag))
