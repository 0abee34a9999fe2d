"""Every public function that raises names the error in its docstring, with the word "Raises".

An error counts where the function raises it itself, or through a private function of its module. What comes through it
from what else it calls is for `test_raised_errors.py`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.bot.names_in_code import Function

ROOT = Path(__file__).parents[2]
FOLDERS = ("bot", "handlers", "storage", "flows", "locales")


def undocumented(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield each public function of a module with each error that it raises and does not name."""
    private = {node.name: node for node in ast.walk(tree) if isinstance(node, Function) and _is_private(node.name)}
    for name, function, docstring in public_functions(tree):
        where = re.search(r"\bRaises?\b", docstring)
        said = docstring[where.start() :] if where else ""
        for error in sorted(raised(function, private)):
            if not re.search(rf"\b{error}\b", said):
                yield name, error


def public_functions(scope: ast.Module | ast.ClassDef, within: str = "") -> Iterator[tuple[str, Function, str]]:
    """Yield the dotted names, nodes and docstrings; `__init__` is described by its class."""
    for node in scope.body:
        if _is_private(getattr(node, "name", "")):
            continue
        if isinstance(node, ast.ClassDef):
            yield from public_functions(node, f"{within}{node.name}.")
        elif isinstance(node, Function):
            described = [node, scope] if node.name == "__init__" else [node]
            yield f"{within}{node.name}", node, "\n".join(ast.get_docstring(one) or "" for one in described)


def raised(function: Function, private: Mapping[str, Function], above: frozenset[str] = frozenset()) -> set[str]:
    """Return the classes of the errors that a call of the function may raise.

    What is re-raised bare does not count, nor what inner functions raise, nor a call of a private function inside a
    `try`, which may catch its error.
    """
    found: set[str] = set()
    caught = {id(inner) for node in body(function) if isinstance(node, ast.Try) for inner in within(node.body)}
    for node in body(function):
        if isinstance(node, ast.Raise) and node.exc is not None:
            found |= classes_of(node.exc, function)
        elif isinstance(node, ast.Call) and id(node) not in caught:
            name = called(node)
            if name in private and name not in above:
                found |= raised(private[name], private, above | {name})
    return found


def called(call: ast.Call) -> str:
    """Return the name of a function of the same module or class that is called, else an empty string."""
    match call.func:
        case ast.Name(name) | ast.Attribute(ast.Name("self" | "cls"), name):
            return name
    return ""


def within(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield every node of the statements."""
    for node in nodes:
        yield from ast.walk(node)


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


@cache
def body(function: Function) -> tuple[ast.AST, ...]:
    """Give every node of a function's body, inner functions and classes left out."""
    waiting: list[ast.AST] = [*function.body]
    found: list[ast.AST] = []
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            found.append(node)
            waiting.extend(ast.iter_child_nodes(node))
    return tuple(found)


def classes_of(raised: ast.expr, function: Function) -> set[str]:
    """Return the classes that a raised expression may be of; functions that make errors count by what they return.

    An error that this cannot trace gives "Raises": the docstring has to speak of it, whatever it is called there.
    """
    called = raised.func if isinstance(raised, ast.Call) else raised
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    if name[:1].isupper():
        return {name}
    caught = {
        node.name: node.type for node in body(function) if isinstance(node, ast.ExceptHandler) and node.name is not None
    }
    if (kind := caught.get(name)) is not None:
        return {one.id for one in ast.walk(kind) if isinstance(one, ast.Name)}
    return makers().get(name, {"Raises"})


@cache
def makers() -> dict[str, set[str]]:
    """Return the functions of the tree by name, with the classes in the annotation of what they return."""
    found: dict[str, set[str]] = {}
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.returns is not None:
                names = {one.id for one in ast.walk(node.returns) if isinstance(one, ast.Name)}
                found.setdefault(node.name, set()).update(names)
    return found


@cache
def trees() -> dict[str, ast.Module]:
    """Return every module of the product by its path."""
    paths = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}


def test_every_public_function_names_what_it_raises() -> None:
    found = {f"{path}:{name} {error}" for path, tree in trees().items() for name, error in undocumented(tree)}
    assert sorted(found) == []


SAMPLE = """
class Box:
    def open(self, key):
        \"\"\"Open it.

        Raises:
            Closed: It cannot be.
        \"\"\"
        if not key:
            self._refuse()
        try:
            self._check()
            return self.turn(key)
        except (Rusty, Bent) as error:
            raise error
        except Torn:
            raise

    def shut(self):
        def inner():
            raise Missing
        return inner

    def _refuse(self):
        raise Missing

    def _check(self):
        raise Closed

class _Hidden:
    def open(self):
        raise Missing
"""


def test_the_look_is_not_blind() -> None:
    assert list(undocumented(ast.parse(SAMPLE))) == [
        ("Box.open", "Bent"),
        ("Box.open", "Missing"),
        ("Box.open", "Rusty"),
    ]
    raising = [
        name for tree in trees().values() for name, function, _ in public_functions(tree) if raised(function, {})
    ]
    assert len(raising) > 100
