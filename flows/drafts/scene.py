"""A draft together with all it is read by: its definition, the world, what follows from its words, and its path.

The path is which questions are asked, in which order: it is recomputed from the answers every time and never stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Final

from flows.danger.crisis_phrases import Hit, look
from flows.drafts.rulebook import Flows
from flows.loading.checks.validator import SETS
from flows.loading.conditions import Answers, Condition, Facts, holds, with_named
from flows.loading.definition import Definition, Option, Step, Wording
from flows.values.draft import Answer, Chose, Draft, Skipped, Wrote
from flows.values.ids import Register
from flows.values.promises import begins_in_words, holding
from flows.values.situation import Situation
from flows.values.text import Moment, Text, Value

#: The answer under which words are kept that were written beside a question and hold a crisis phrase.
ASIDE = "aside"

#: The questions whose answer says whether an adult here is meant, by conversation.
ADULT_QUESTIONS = ("C14", "P8", "SC")


@dataclass(frozen=True)
class Scene:
    """What one step sees; `facts` hold the world, the categories, the crisis phrases and the named facts."""

    flows: Flows
    definition: Definition
    draft: Draft
    situation: Situation
    facts: Facts
    hits: tuple[Hit, ...]

    def holds(self, condition: Condition) -> bool:
        """Return whether `condition` holds here."""
        return holds(condition, self.draft.answers, self.facts)

    def say(self, choices: Wording, **arguments: Value) -> Text:
        """Return the wording that holds, with the site's names in it; an empty message id where none does."""
        return self.text(wording(choices, self.draft.answers, self.facts), **arguments)

    def every(self, choices: Wording) -> tuple[Text, ...]:
        """Return every wording that holds."""
        return tuple(self.text(choice.say) for choice in choices if self.holds(choice.when))

    def text(self, msgid: str, **arguments: Value) -> Text:
        """Return `msgid` in this conversation's context with those of the arguments that it names."""
        if "{" not in msgid:
            return Text(msgid, self.definition.context)
        values = {**_site_arguments(self.situation, self.draft), **arguments}
        used = {name: value for name, value in values.items() if f"{{{name}}}" in msgid}
        return Text(msgid, self.definition.context, used)

    def label(self, option: Option) -> Text:
        """Return the option's label as it is shown."""
        return self.say(option.label)

    def options(self, step: Step) -> tuple[Option, ...]:
        """Return the options of `step` that can be chosen now."""
        return tuple(option for option in step.options if self.holds(option.when))

    def category_label(self, code: str) -> Text:
        """Return the label of a category or group (`g.NAME`) for this register."""
        return self.flows.categories.label(code, self.draft.register or "12_17")

    def with_draft(self, draft: Draft) -> Scene:
        """Return the same world with another draft."""
        if _seen_of(draft) == _seen_of(self.draft):
            return replace(self, draft=draft)
        same = words(draft) == words(self.draft)
        return _scene(self.flows, draft, self.situation, self.hits if same else _hits(self.flows, draft))


def wording(choices: Wording, answers: Answers, facts: Facts) -> str:
    """The first wording that holds, or an empty string where none does."""
    return next((choice.say for choice in choices if holds(choice.when, answers, facts)), "")


def scene(flows: Flows, draft: Draft, situation: Situation) -> Scene:
    """Return a draft with everything that follows from it; the draft's definition must be one of `flows`."""
    return _scene(flows, draft, situation, _hits(flows, draft))


def words(draft: Draft) -> tuple[str, ...]:
    """Return every text that the person wrote, on the path or off it, one item a message."""
    return tuple(text for answer in draft.answers.values() if isinstance(answer, Wrote) for text in answer.words)


def answered(draft: Draft, step: str, answer: Chose | Wrote | Skipped) -> Draft:
    """Return `draft` with `answer` to `step`, given in this sitting."""
    return replace(draft, answers={**draft.answers, step: answer}, hidden=draft.hidden - {step})


def _scene(flows: Flows, draft: Draft, situation: Situation, hits: tuple[Hit, ...]) -> Scene:
    definition = flows.definitions[draft.definition]
    facts = with_named(definition.facts, draft.answers, _facts(flows, definition, draft, situation, hits))
    return Scene(flows, definition, draft, situation, facts, hits)


def _seen_of(draft: Draft) -> tuple[object, ...]:
    """All of a draft that facts and hits follow from."""
    return draft.definition, draft.register, draft.answers, draft.sent and not draft.cursor


def _hits(flows: Flows, draft: Draft) -> tuple[Hit, ...]:
    return tuple(hit for text in words(draft) for hit in look(text, flows.phrases))


def _facts(
    flows: Flows, definition: Definition, draft: Draft, situation: Situation, hits: tuple[Hit, ...]
) -> dict[str, frozenset[str]]:
    held = holding(situation)
    return {
        **facts_told(flows, draft.register or "12_17", category_codes(definition, draft), draft.answers, hits),
        "door": frozenset({situation.door}),
        "cover": frozenset({"open" if situation.cover.open_now else "closed"}),
        "opens": frozenset({"known" if "opens" in held else "unknown"}),
        "read_today": frozenset({"yes" if "today" in held else "no"}),
        "practice": frozenset({"yes" if situation.site.practice else "no"}),
        "over": frozenset({"true"} if draft.sent and not draft.cursor else ()),
    }


def facts_told(
    flows: Flows, register: Register, codes: Collection[str], answers: Answers, hits: Collection[Hit]
) -> dict[str, frozenset[str]]:
    """Return the facts that follow from the register, category `codes`, `answers` and crisis phrases (`hits`)."""
    adult = next((answers[step] for step in ADULT_QUESTIONS if step in answers), None)
    chosen = _of_categories(flows, codes) if codes else _NOTHING_CHOSEN
    return {
        **chosen,
        "register": frozenset({register}),
        "set": chosen["set"] | _adult_set(adult),
        "phrase": frozenset(hit.phrase_class for hit in hits if hit.certainty == "high"),
        "phrase_low": frozenset(hit.phrase_class for hit in hits if hit.certainty == "low"),
        "adult": frozenset(adult.options) if isinstance(adult, Chose) else frozenset({"skipped"} if adult else ()),
    }


#: What follows from categories before one is chosen.
_NOTHING_CHOSEN: Final[Facts] = dict.fromkeys(("category", "group", "urgency", "set"), frozenset())


def _of_categories(flows: Flows, codes: Collection[str]) -> dict[str, frozenset[str]]:
    return {
        "category": frozenset(code for code in codes if not code.startswith("g.")),
        "group": frozenset(code for code in codes if code.startswith("g.")) | flows.categories.groups_of(codes),
        "urgency": frozenset[str](flows.categories.urgencies_of(codes)),
        "set": flows.categories.sets_of(codes),
    }


def adult_answer(draft: Draft) -> Answer | None:
    """Return the answer that says whether an adult here is meant, or None where that was not asked yet."""
    return next((draft.answers[step] for step in ADULT_QUESTIONS if step in draft.answers), None)


def _adult_set(adult: Answer | None) -> frozenset[str]:
    """The questions about an adult are asked of everybody who says that it is about one, whatever they choose later."""
    return frozenset({"a"}) if adult == Chose(("yes",)) else frozenset()


def category_codes(definition: Definition, draft: Draft) -> tuple[str, ...]:
    """Return the category codes (or, for under-12s, the groups) chosen so far."""
    return tuple(
        code
        for step in definition.steps.values()
        if step.categories and isinstance(answer := draft.answers.get(step.id), Chose)
        for code in answer.options
    )


def _site_arguments(situation: Situation, draft: Draft) -> dict[str, Value]:
    arguments: dict[str, Value] = {
        "site": situation.site.name,
        "emergency": situation.site.emergency,
        "now": Moment(situation.now),
    }
    if situation.cover.opens_at:
        at = situation.cover.opens_at
        arguments["opens"] = Moment(at) if draft.register == "staff" else begins_in_words(at, situation)
    if draft.sent_at:
        arguments["sent_at"] = Moment(draft.sent_at)
    return arguments


def asked(scene: Scene) -> tuple[Step, ...]:
    """Return the questions of this conversation for the present answers: those up to sending, or those after it.

    Once enough is known, only those that were answered already are left, and before sending what cannot be skipped.
    """
    sent = scene.draft.sent
    path = _those_that_hold(scene, tuple(_expanded(scene, scene.definition.after if sent else scene.definition.order)))
    if scene.draft.enough or (scene.definition.enough is not None and scene.holds(scene.definition.enough)):
        return tuple(step for step in path if step.id in scene.draft.answers or not (sent or step.skip))
    return path


def following(scene: Scene) -> str:
    """Return the first question without an answer, or an empty string if there is none.

    A record has no answer of its own: the cursor comes back to it after each of its items.
    """
    return next((step.id for step in asked(scene) if step.id not in scene.draft.answers), "")


def before(scene: Scene) -> str | None:
    """Return the question before the cursor, the record that the cursor is an item of, or None at the first one."""
    path = [step.id for step in asked(scene)]
    cursor = scene.draft.cursor
    if cursor not in path:
        return record_of(scene, cursor)
    place = path.index(cursor)
    return path[place - 1] if place else None


def record_of(scene: Scene, step: str) -> str | None:
    """Return the record that lists `step`, or None."""
    return next((one.id for one in asked(scene) if step in items_of(scene, one)), None)


def items_of(scene: Scene, record: Step) -> tuple[str, ...]:
    """Return the items of a record that are asked for as things stand, the follow-up sets where they belong.

    Together the sets give no more questions than the definition's `cap`, the most dangerous first.
    """
    entries = tuple(one for item in record.items for one in (_sets(scene) if item == SETS else (item,)))
    return tuple(step.id for step in _those_that_hold(scene, entries))


def reachable(scene: Scene, step: str) -> bool:
    """Return whether `step` can be the cursor now."""
    return step in (one.id for one in asked(scene)) or record_of(scene, step) is not None


def place(scene: Scene) -> tuple[int, int]:
    """Return the number of the present question before sending, from 1, and about how many there are.

    The register and the receipt count too.
    """
    cursor, path = scene.draft.cursor, [step.id for step in asked(scene)]
    return (path.index(cursor) if cursor in path else 0) + 2, len(path) + 2


def _those_that_hold(scene: Scene, names: tuple[str, ...]) -> tuple[Step, ...]:
    steps = (scene.definition.steps[name] for name in names)
    return tuple(step for step in steps if scene.holds(step.when))


def _expanded(scene: Scene, names: tuple[str, ...]) -> Iterator[str]:
    for entry in names:
        yield from _sets(scene) if entry == SETS else (entry,)


def _sets(scene: Scene) -> tuple[str, ...]:
    wanted = scene.facts.get("set", frozenset())
    union = dict.fromkeys(
        step for name, asked_for in scene.definition.sets.items() if name in wanted for step in asked_for
    )
    holding = _those_that_hold(scene, tuple(union))
    return tuple(step.id for step in holding[: scene.definition.cap])
