"""Everything that can be said, found in code and definitions, as a gettext template."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, get_args

from babel.messages.catalog import Catalog

from bot.deployment.definition_files import read_definitions
from flows.drafts.rulebook import Flows, assemble
from flows.loading.categories import Categories
from flows.loading.definition import Definition, Wording
from flows.screens import copy
from flows.values import promises
from flows.values.ids import Register
from flows.values.promises import Promise
from flows.values.text import Text

#: Calls that make a sentence, and the message context that they give it if they name none.
CALLS: Final = {"Text": "", "promise": "", "desk": "desk"}
#: Where `Text` takes its context, by place.
_CONTEXT_AT: Final = 1

TOP: Final = Path(__file__).resolve().parent.parent
#: Folders whose code speaks to people.
FOLDERS: Final = ("flows", "handlers")
#: The message context of sentences that only leads read; but for the menu of commands they are in English.
DESK: Final = "desk"
_HEADER: Final = """\
# Everything that Hark says. English is the message id, so a sentence that is reworded makes its translations fuzzy.
# Contexts: none for everybody; child, parent, staff by who is writing; feedback after an answer; reply for the ready
# replies; desk for leads. Made by `make messages`; do not edit."""


@dataclass(frozen=True)
class Found:
    """A sentence with its place: `path` from the top of the tree."""

    msgid: str
    context: str
    path: str
    plural: str | None = None


def in_code(top: Path, folders: Iterable[str]) -> Iterator[Found]:
    """Yield every sentence whose message id stands in the code as a literal, file by file.

    A conditional expression counts as both of its sentences. Ids that are put together at run time are not found, so
    nobody may do that but `flows`, for the definitions.
    """
    for folder in folders:
        for path in sorted((top / folder).rglob("*.py")):
            where = path.relative_to(top).as_posix()
            for node in ast.walk(ast.parse(path.read_text("utf-8"), where)):
                if isinstance(node, ast.Call) and (name := _name(node.func)) in CALLS:
                    yield from _sentences(node, name, where)


def _sentences(call: ast.Call, name: str, where: str) -> Iterator[Found]:
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    message = call.args[0] if call.args else named.get("msgid")
    context, plural = CALLS[name], None
    if name == "Text":
        given = call.args[_CONTEXT_AT] if len(call.args) > _CONTEXT_AT else named.get("context")
        context = next(_literals(given), "") if given is not None else ""
        plural = next(_literals(call.args[3] if len(call.args) > 3 else named.get("plural")), None)
    for msgid in _literals(message):
        if msgid:
            yield Found(msgid, context, where, plural)


def _literals(node: ast.AST | None) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from _literals(body)
            yield from _literals(other)
        case _:
            return


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def template() -> Catalog:
    """Return the template, each sentence once in each of its contexts, in the order in which people meet it.

    Raises:
        DefinitionError: the definitions cannot be read.
    """
    made = Catalog(
        project="Hark",
        version="1",
        copyright_holder="",
        msgid_bugs_address="as SECURITY.md says",
        charset="utf-8",
        header_comment=_HEADER,
        fuzzy=False,
    )
    for found in _everything():
        msgid = (found.msgid, found.plural) if found.plural else found.msgid
        made.add(msgid, context=found.context or None, locations=[(found.path, 0)])
    return made


def _everything() -> Iterator[Found]:
    yield from _definitions(assemble(read_definitions()))
    yield from in_code(TOP, FOLDERS)


def _definitions(flows: Flows) -> Iterator[Found]:
    for text in every_text(flows):
        if text.context:
            yield Found(text.msgid, text.context, f"flows/definitions/{text.context}.toml", text.plural)
    for rule in flows.rules:
        for say in (rule.say, *(level.say for level in rule.levels if level.say)):
            yield Found(say, DESK, "flows/definitions/rules.toml")


def every_text(flows: Flows) -> tuple[Text, ...]:
    """Return each sentence once: those around the questions, then those of every conversation and the categories."""
    said = (text for one in flows.definitions.values() for text in _said_by(one))
    found = (*_around(), *said, *_labels(flows.categories))
    return tuple({(text.context, text.msgid): text for text in found}.values())


def _around() -> Iterator[Text]:
    yield from promises.TEXTS
    for value in vars(copy).values():
        if isinstance(value, Text):
            yield value
        elif isinstance(value, tuple):
            yield from (one.text for one in value if isinstance(one, Promise))


def _said_by(definition: Definition) -> Iterator[Text]:
    for step in definition.steps.values():
        if step.title:
            yield Text(step.title, definition.context)
    for wording in _wordings(definition):
        for saying in wording:
            yield Text(saying.say, definition.context)


def _labels(categories: Categories) -> Iterator[Text]:
    for code in (*categories.group_ids(), *categories.codes):
        for register in get_args(Register):
            yield categories.label(code, register)


def _wordings(definition: Definition) -> Iterator[Wording]:
    for step in definition.steps.values():
        yield step.text
        yield step.also
        for option in step.options:
            yield option.label
            yield option.more
    for interrupt in definition.interrupts:
        yield interrupt.text
