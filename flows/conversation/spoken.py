"""The conversations as somebody else holds them: a lead asks, and takes down the words of whoever sits in front of her.

The questions and their wording are the same. What is about the device in somebody's hand is left out, and all the
questions stand before the readers: there is no way back to this person until the words of the receipt were handed over.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flows.drafts.rulebook import Flows
from flows.drafts.scene import following, scene
from flows.loading.definition import Definition, Step
from flows.screens import welcome
from flows.values.draft import Chose, Draft
from flows.values.ids import Register
from flows.values.situation import Situation

#: Whose words are taken down; whoever works here writes down their own.
REGISTERS: Final[tuple[Register, ...]] = ("under_12", "12_17", "parent")
#: Who could see the device: nobody asks a child at a door.
_DEVICE: Final = "C5"
#: How one can be talked to safely: there is no chat yet.
_CONTACT: Final = frozenset({"C20", "P12"})
#: Options that speak of this chat.
_OF_A_CHAT: Final = {"notice": frozenset({"more"}), "choice": frozenset({"chat"})}


def spoken(flows: Flows) -> Flows:
    """Return flows whose conversations for children and parents are those that are spoken."""
    names = {flows.of_register(register).name for register in REGISTERS}
    changed = {name: _spoken(flows.definitions[name]) for name in names}
    return replace(flows, definitions={**flows.definitions, **changed})


def _spoken(definition: Definition) -> Definition:
    *first, readers = definition.order
    asked = tuple(step for step in first if step != _DEVICE)
    steps = {name: _step(step, first=name in definition.order) for name, step in definition.steps.items()}
    return replace(definition, order=(*asked, *definition.after, readers), after=(), steps=steps)


def _step(step: Step, *, first: bool) -> Step:
    """A question as it is spoken: each of those after the narrative can be passed over."""
    out = _OF_A_CHAT.get(step.kind, frozenset()) if step.kind == "notice" or step.id in _CONTACT else frozenset()
    options = tuple(option for option in step.options if option.id not in out)
    return replace(step, options=options, skip=step.skip or not first)


def begin(flows: Flows, register: Register, situation: Situation, language: str) -> Draft:
    """Return a new draft of what is taken down.

    Args:
        flows: As `spoken` gives them.
        register: One of `REGISTERS`: who is heard.
        situation: The world, at the site of the lead.
        language: Of whoever is heard: the words of the receipt are in it.
    """
    draft = welcome.begin(flows, register, situation)
    # Nobody else's device: what is said of such to a child who holds one is not read out.
    return replace(draft, language=language, answers={_DEVICE: Chose(("no",))})


def may_end(flows: Flows, draft: Draft) -> bool:
    """Whether the questions can end here: all were asked that a concern needs to be sent."""
    definition = flows.definitions[draft.definition]
    needed = (name for name in definition.order if name in definition.steps and not definition.steps[name].skip)
    asked = all(name in draft.answers for name in needed if definition.steps[name].kind != "readers")
    return asked and definition.steps[draft.cursor].kind != "readers" if draft.cursor in definition.steps else asked


def ended(flows: Flows, draft: Draft, situation: Situation) -> Draft:
    """Return `draft` with the questions ended: the readers are next, or what a concern needs before them."""
    enough = replace(draft, enough=True, interrupted=False)
    return replace(enough, cursor=following(scene(flows, enough, situation)))
