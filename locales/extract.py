"""Finds every sentence that Hark can say: `Text(...)` and `promise(...)` in the code, the copy of the conversations."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

#: Calls that make a sentence, and the message context that they give it if they name none.
CALLS: Final = {"Text": "", "promise": "", "desk": "desk"}
#: Where `Text` takes its context, by place.
_CONTEXT_AT: Final = 1


@dataclass(frozen=True)
class Found:
    """A sentence with its place: `path` from the top of the tree."""

    msgid: str
    context: str
    path: str
    plural: str | None = None


def in_code(top: Path, folders: Iterable[str]) -> Iterator[Found]:
    """Every sentence whose message id stands in the code as a literal, file by file.

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
