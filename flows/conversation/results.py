"""What a step answers with: the next draft, the screens to show, and the deeds to do, which are put together here."""

from __future__ import annotations

from dataclasses import dataclass

from flows.conversation.danger import Danger
from flows.danger.urgency import pages
from flows.drafts.scene import ASIDE, Scene, asked, category_codes
from flows.screens import copy as say
from flows.screens.readers import route
from flows.screens.review import labels
from flows.values.deeds import AddAnswer, Answered, Deed, SendConcern
from flows.values.draft import Answer, Draft
from flows.values.screen import Screen
from flows.values.text import Text


@dataclass(frozen=True)
class StepResult:
    """The outcome of one step.

    `draft` is None once there is nothing left to keep. `said` is spoken in order, after the deeds are stored; the last
    screen is the one that waits for an answer.
    """

    draft: Draft | None
    said: tuple[Screen, ...]
    deeds: tuple[Deed, ...] = ()


@dataclass(frozen=True)
class Reduction:
    """The draft after an input (None: nothing is kept), sentences to say first, and what was given.

    `screen` stands instead of the question on the cursor. `given` is the answer that was completed, by question: what
    is appended to a case that is sent already. `message` is free text for such a case, or text that is
    only looked at. `send` asks to send.
    """

    draft: Draft | None
    kind: tuple[Text, ...] = ()
    screen: Screen | None = None
    given: tuple[str, Answer] | None = None
    message: str | None = None
    send: bool = False


def concern(after: Scene, danger: Danger) -> SendConcern:
    """The draft as it stands, for every rung of its ladder; its route must hold a reader.

    Answers that are off the path are left out, but what they raised is in `danger`. Words that answered nothing come
    last.
    """
    draft, way = after.draft, route(after)
    steps = [step for step in asked(after) if step.kind != "notice" and step.id in draft.answers]
    aside = (Answered(ASIDE, say.ASIDE, draft.answers[ASIDE]),) if ASIDE in draft.answers else ()
    return SendConcern(
        site=draft.site,
        register=draft.register or "12_17",
        language=draft.language,
        door=after.situation.door,
        answers=(*(as_shown(after, step.id, draft.answers[step.id]) for step in steps), *aside),
        rungs=way.rungs,
        excluded=way.excluded,
        withheld=way.withheld,
        urgency=danger.urgency,
        rules=tuple(sorted(danger.raised)),
        categories=_categories(after),
        page=pages(danger.raised, after.flows.rules),
        unsure=draft.unsure,
    )


def added(after: Scene, step: str, answer: Answer, danger: Danger) -> AddAnswer:
    """One answer given after sending, with what it raised."""
    page = pages(danger.new, after.flows.rules)
    return AddAnswer(as_shown(after, step, answer), danger.risen, danger.new, _categories(after), page)


def as_shown(here: Scene, step: str, answer: Answer) -> Answered:
    """A question as this person saw it, and the answer."""
    return Answered(step, here.say(here.definition.steps[step].text), answer, labels(here, step, answer))


def _categories(here: Scene) -> tuple[str, ...]:
    return category_codes(here.definition, here.draft)
