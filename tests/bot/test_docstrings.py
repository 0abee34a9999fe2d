"""Every public function that raises names the error in its docstring, with the word "Raises".

Of any error: what the function raises itself, or through a private function of its module. Of Hark's own errors: also
what comes through it from what it calls (`raised_errors`). A class, or a module, may say it once, with "Every method
raises" or "Every coroutine here raises"; an error may be named by a class that it is one of.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.bot.names_in_code import Code, Function, Key
from tests.bot.raised_errors import errors_of

ROOT = Path(__file__).parents[2]
FOLDERS = ("bot", "handlers", "storage", "flows", "locales")
#: What is not raised all the same, by the function that it would come through, and why.
NEVER: Mapping[Key, frozenset[str]] = {
    # It reads the key that it has just written.
    ("storage.sealing.keys.day_keys", "DayKeys._draw"): frozenset({"CannotOpen"}),
    # It asks for no version of the case, and none of its deeds needs words to be read.
    ("storage.desk.handovers", "Handing._each"): frozenset({"Stale"}),
    # The receipt is Hark's own, and is derived ahead of all guesses.
    ("storage.reporters.talks", "Talks.open_again"): frozenset({"Crowded"}),
    # Days, times and zone were each looked at before, and refused as a setting.
    ("bot.deployment.sites", "_hours"): frozenset({"HoursError"}),
}


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


def body(function: Function) -> Iterator[ast.AST]:
    """Yield every node of a function's body, inner functions and classes left out."""
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield node
            waiting.extend(ast.iter_child_nodes(node))


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


def unnamed(code: Code, never: Mapping[Key, frozenset[str]]) -> Iterator[str]:
    """Yield each public function with each of Hark's own errors that comes through it and that nothing names."""
    for key, errors in sorted(errors_of(code, never).items()):
        if not any(_is_private(part) for part in key[1].split(".")):
            told = named_by(code, key)
            for error in sorted(errors):
                if not any(re.search(rf"\b{name}\b", told) for module, name in code.lineage(error) if module):
                    yield f"{key[0]}:{key[1]} {error[1]}"


def named_by(code: Code, key: Key) -> str:
    """Give what is said of what a function raises: by itself, by its class, and by its module."""
    owner = code.classes.get((key[0], key[1].partition(".")[0]))
    own = ast.get_docstring(code.functions[key]) or ""
    around = (ast.get_docstring(one) or "" for one in (owner, code.modules[key[0]]) if one is not None)
    if key[1].endswith(".__init__") and owner is not None:
        own += ast.get_docstring(owner) or ""
    parts = (re.search(r"\bRaises?\b.*", own, re.DOTALL), *(EVERY.search(one) for one in around))
    return "\n".join(part[0] for part in parts if part is not None)


#: How a class or a module says what each of its functions raises.
EVERY = re.compile(r"\bEvery (?:coroutine|method)\b.*", re.DOTALL)


def modules() -> dict[str, ast.Module]:
    """Return every module of the product by its name."""
    return {path[:-3].replace("/", ".").removesuffix(".__init__"): tree for path, tree in trees().items()}


def test_every_public_function_names_what_comes_through_it() -> None:
    assert list(unnamed(Code(modules()), NEVER)) == []


def test_nothing_is_left_out_that_would_not_come_through() -> None:
    every = errors_of(Code(modules()), {})
    for key, names in NEVER.items():
        assert names <= {error[1] for error in every[key]}, f"{key} does not raise it: take it out of NEVER"


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


THROUGH = {
    "house.errors": """
class Gone(Exception): ...
class Burnt(Gone): ...
class Wet(Exception): ...
LEFT = (Burnt, Wet)
""",
    "house.cellar": """
from contextlib import contextmanager, suppress
from house import errors
from house.errors import Burnt, Gone, Wet
class Cellar:
    def look(self):
        raise Burnt
    @property
    def depth(self) -> int:
        raise Wet
    def lost(self) -> Gone:
        return Gone()
@contextmanager
def pumped():
    try:
        yield
    except Wet:
        pass
class Dry:
    def __enter__(self): ...
    def __exit__(self, kind, error, traceback):
        match error:
            case Wet():
                return True
            case _:
                return False
""",
    "house.hall": """
from house import errors
from house.cellar import Cellar, Dry, pumped
from house.errors import Burnt, Gone, Wet
class Hall:
    def __init__(self, cellar: Cellar):
        self._cellar = cellar
    def through(self):
        self._cellar.look()
    def by_property(self):
        return self._cellar.depth
    def made(self):
        raise self._cellar.lost()
    def caught(self):
        try:
            self._cellar.look()
        except Gone:
            return self._cellar.depth
    def caught_by_tuple(self):
        try:
            self._cellar.look()
        except errors.LEFT:
            return None
    def raised_again(self):
        try:
            self._cellar.look()
        except Burnt:
            raise
        except Exception:
            return None
    def ended(self):
        with pumped():
            self._cellar.depth
        with Dry():
            self._cellar.depth
    def _private(self):
        self._cellar.look()
def made_here():
    Hall(Cellar()).through()
def told():
    \"\"\"Look.

    Raises:
        Gone: It is.
    \"\"\"
    made_here()
""",
}


def test_errors_are_followed_through_calls() -> None:
    code = Code({name: ast.parse(text) for name, text in THROUGH.items()})
    assert [one for one in unnamed(code, {}) if one.startswith("house.hall")] == [
        "house.hall:Hall.by_property Wet",
        "house.hall:Hall.caught Wet",
        "house.hall:Hall.made Gone",
        "house.hall:Hall.raised_again Burnt",
        "house.hall:Hall.through Burnt",
        "house.hall:made_here Burnt",
    ]
    assert "house.hall:made_here Burnt" not in list(
        unnamed(code, {("house.hall", "Hall.through"): frozenset({"Burnt"})})
    )
