"""What the front sheet of a case asks of its answers: when it happened, and which questions are open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from flows.drafts.scene import Scene, asked, items_of
from flows.loading.definition import Step
from flows.values.deeds import Answered
from flows.values.draft import Answer, Chose, Skipped, Wrote
from flows.values.text import Listed, Text, Value

#: The questions for when it happened, in all conversations.
WHEN: Final = frozenset({"S4", "C11", "s_last", "m_last"})


def happened(answers: Iterable[Answered]) -> tuple[Value, ...]:
    """Return when it happened, as it was answered, each answer in its own words; empty where it was not said."""
    return tuple(said for one in answers if one.step in WHEN for said in _said(one))


def _said(one: Answered) -> tuple[Value, ...]:
    match one.answer:
        case Chose():
            return (Listed(one.labels),)
        case Wrote(words):
            return (" / ".join(words),)
        case Skipped():
            return ()


def open_questions(scene: Scene, answers: Mapping[str, Answer]) -> tuple[Text, ...]:
    """Return the questions to which there is no answer, by their short names, in the order in which they are asked.

    Args:
        scene: The case as its reporter would go on with it: a draft that is sent.
        answers: What was answered; a question that was passed over is open.
    """
    before = (step for name in scene.definition.order if (step := scene.definition.steps[name]).kind != "notice")
    passed = [step for step in before if isinstance(answers.get(step.id), Skipped)]
    due = [step for one in asked(scene) for step in _of(scene, one)]
    missing = [step for step in due if isinstance(answers.get(step.id, Skipped()), Skipped)]
    return tuple(scene.text(step.title) for step in (*passed, *missing) if step.title)


def _of(scene: Scene, step: Step) -> tuple[Step, ...]:
    """A question itself, or the items of a record that leave a gap."""
    if step.kind != "record":
        return () if step.optional else (step,)
    items = (scene.definition.steps[name] for name in items_of(scene, step))
    return tuple(item for item in items if not item.optional)
