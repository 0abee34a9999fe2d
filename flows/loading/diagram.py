"""Draws a conversation as it is defined: a page with a Mermaid flowchart and a table of the questions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from flows.loading.checks.validator import SETS, sequence
from flows.loading.conditions import Among, Condition, Every, Some
from flows.loading.definition import Definition, Saying, Step, Wording

_SHAPES = {"notice": ("[", "]"), "choice": ("{", "}"), "several": ("{{", "}}"), "words": ("[/", "/]")}


def draw(definition: Definition) -> str:
    """Return a Markdown page: the flowchart up to the receipt and after it, then every question with its options.

    The chart is in Mermaid. The same definition gives the same page, which a test compares with `docs/conversations/`.
    """
    return "\n".join(
        (
            f"# Conversation: {definition.name}",
            "",
            "Drawn by `hark flow draw` from the definition; do not edit. A dotted line leads to a question that is",
            "asked only if its condition holds. Help now is one tap away from every question and is not drawn.",
            "",
            "```mermaid",
            "flowchart TD",
            *_chart(definition),
            "```",
            "",
            "| id | question | answers | asked if |",
            "|-|-|-|-|",
            *(_row(definition.steps[name], _sets_of(definition, name)) for name in sequence(definition)),
            *_interrupts(definition),
            "",
        )
    )


def in_words(condition: Condition) -> str:
    """Return a condition as a reader of the page takes it: `C4 = no or not_sure`."""
    match condition:
        case Among(name, values):
            return name if values == {"true"} else f"{name} = {' or '.join(sorted(values))}"
        case Every(parts):
            return " and ".join(in_words(part) for part in parts)
        case Some(parts):
            return f"({' or '.join(in_words(part) for part in parts)})"
    return f"not ({in_words(condition.part)})"


def _chart(definition: Definition) -> Iterator[str]:
    path = ("who", *definition.order, *(("receipt",) if definition.order else ()), *definition.after, "talk")
    yield '    who(["who is writing"])'
    yield '    receipt(["the receipt"])' if definition.order else "    %% asked once the case is answered"
    yield '    talk(["writing more"])'
    if SETS in (*definition.after, *(item for step in definition.steps.values() for item in step.items)):
        yield f'    sets[["follow-up sets: {", ".join(definition.sets)}"]]'
    for name in path:
        if name in definition.steps:
            yield f"    {_node(definition.steps[name])}"
    for one, other in pairwise(path):
        step = definition.steps.get(other)
        condition = in_words(step.when) if step else ""
        yield f'    {one} -. "{condition}" .-> {other}' if condition else f"    {one} --> {other}"
    for step in definition.steps.values():
        for item in step.items:
            yield f"    {step.id} <--> {item}"


def _node(step: Step) -> str:
    left, right = _SHAPES.get(step.kind, ("[[", "]]"))
    return f'{step.id}{left}"{step.id}: {step.title or step.id}"{right}'


def _sets_of(definition: Definition, name: str) -> str:
    sets = [one for one, asked in definition.sets.items() if name in asked]
    return f"set = {' or '.join(sets)}" if sets else ""


def _row(step: Step, sets: str) -> str:
    options = " / ".join(_first(option.label) for option in step.options)
    answers = options or {"words": "free text", "readers": "Send", "record": "items"}.get(step.kind, "categories")
    text = _cell((*step.text, *step.also))
    asked_if = " and ".join(one for one in (sets, in_words(step.when)) if one)
    return f"| {step.id} | {text} | {answers} | {asked_if} |".replace("  ", " ")


def _interrupts(definition: Definition) -> Iterator[str]:
    if not definition.interrupts:
        return
    yield ""
    yield "| comes between, once | if | says |"
    yield "|-|-|-|"
    for one in definition.interrupts:
        kind = ("who listens" if one.calm else "the help screen") if one.help else "a card"
        said = _cell(one.text)
        yield f"| {one.id}: {kind} | {in_words(one.when)} | {said} |".replace("  ", " ")


def _first(label: Wording) -> str:
    return label[-1].say


def _cell(sayings: Iterable[Saying]) -> str:
    """What may be said, in one cell of a table."""
    return "<br>".join(saying.say for saying in sayings).replace("\n\n", "<br>")
