"""The first screens: who is writing, in which language, and coming back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import get_args

from flows import presses
from flows import sentences as say
from flows.bundle import Flows
from flows.draft import QUIET, Answer, Draft
from flows.endonyms import ENDONYMS
from flows.help_screen import outside
from flows.ids import LeadId, Register
from flows.keys import help_button
from flows.known import Known
from flows.lately import banner
from flows.screens import Press, Row, Screen
from flows.to_find import is_recipient, names_adult

_LABELS = {"under_12": say.UNDER_12, "12_17": say.TEENAGER, "parent": say.PARENT, "staff": say.STAFF}


def opening(known: Known) -> Screen:
    """The neutral first screen: four registers, then a row of languages; where nobody can read, the way elsewhere."""
    practice = (say.PRACTICE,) if known.site.practice else ()
    if not known.roster:
        return Screen(
            (*practice, say.NOBODY_HERE, *outside(known.site.outside, known)),
            ((Press(say.TRY_AGAIN, presses.ask("new")),), *_languages_row(known), (help_button(),)),
        )
    registers = tuple((Press(_LABELS[name], presses.register(name)),) for name in get_args(Register))
    last = (Press(say.RETURN, presses.ask("return")), help_button())
    return Screen((*practice, *banner(known), say.GREETING, say.WHO), (*registers, *_languages_row(known), last))


def languages(known: Known) -> Screen:
    """Every language of the site, three in a row, each by its own name."""
    buttons = [_language(tag) for tag in known.site.languages]
    rows = tuple(tuple(buttons[start : start + 3]) for start in range(0, len(buttons), 3))
    return Screen((say.CHOOSE_LANGUAGE,), (*rows, (help_button(),)))


def begin(flows: Flows, register: Register, known: Known, name: str | None = None) -> Draft:
    """A new draft at the first question for `register`; `name` is another conversation than its own (`feedback`).

    Raises:
        KeyError: there is no such conversation.
    """
    definition = flows.definitions[name] if name else flows.of_register(register)
    first = (definition.order or definition.after)[0]
    return Draft(
        register=register,
        language=known.language,
        site=known.site.id,
        definition=definition.name,
        sitting=known.now,
        touched=known.now,
        cursor=first,
        sent=not definition.order,
    )


def reopened(
    flows: Flows,
    register: Register,
    known: Known,
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
    draft = begin(flows, register, known)
    held = dict(answers or {})
    return replace(
        draft,
        answers=held,
        hidden=frozenset(held),
        raised=frozenset(raised),
        sent=True,
        sent_at=sent_at,
        cursor="",
        doubted=names_adult(known, *messages) or not is_recipient(known, recipients),
    )


def new_sitting(draft: Draft, known: Known) -> Draft:
    """`draft` carried on by whoever holds the device now: nothing answered before is shown again."""
    return replace(draft, hidden=frozenset(draft.answers), sitting=known.now, touched=known.now)


def is_quiet(draft: Draft, known: Known) -> bool:
    """Whether ten minutes went by without a word, so that the neutral screen comes before anything else."""
    return known.now - draft.touched >= QUIET


def _languages_row(known: Known) -> tuple[Row, ...]:
    tags = known.site.languages
    if len(tags) < 2:
        return ()
    if len(tags) > 3:
        return ((*(_language(tag) for tag in tags[:2]), Press(say.LANGUAGES, presses.ask("languages"))),)
    return (tuple(_language(tag) for tag in tags),)


def _language(tag: str) -> Press:
    return Press(ENDONYMS.get(tag, tag), presses.language(tag))
