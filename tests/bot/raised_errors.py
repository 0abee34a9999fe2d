"""Which of Hark's own errors a call of each of its functions may raise, as far as the syntax tells.

What `names_in_code` cannot follow, as a callback, raises nothing here. A block that catches an error, or a context
manager that ends it, keeps it in; a handler that raises it again does not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tests.bot.names_in_code import Code, Function, Key, Scope, is_name

_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_EVERY: Key = ("", "Exception")


@dataclass(frozen=True)
class Catch:
    """One handler: what it catches, and whether it raises that again."""

    errors: frozenset[Key]
    again: bool = False


@dataclass(frozen=True)
class Event:
    """An error that a function raises or a function that it calls, within blocks that catch, the innermost first."""

    what: Key
    within: tuple[tuple[Catch, ...], ...] = ()


@dataclass(frozen=True)
class Body:
    """What the statements of one function raise, call and catch."""

    scope: Scope

    @property
    def code(self) -> Code:
        return self.scope.code

    def events(self, nodes: Iterable[ast.AST], within: tuple[tuple[Catch, ...], ...] = ()) -> Iterator[Event]:
        """Yield what the nodes raise and call."""
        for node in nodes:
            match node:
                case ast.Try(body, handlers, orelse, final):
                    yield from self.events(body, (tuple(map(self._catch, handlers)), *within))
                    yield from self.events((*handlers, *orelse, *final), within)
                    continue
                case ast.With(items, body) | ast.AsyncWith(items, body):
                    yield from self.events(items, within)
                    yield from self.events(body, (tuple(self._ended_by(one.context_expr) for one in items), *within))
                    continue
                case ast.Raise(ast.expr() as raised):
                    yield from (Event(one, within) for one in self._raised(raised))
                case ast.Call():
                    called = self.scope.called(node)
                    if called in self.code.classes:
                        called = self.code.method(called, "__init__")
                    yield from [Event(called, within)] if called else []
                case ast.Attribute(of, name) if (held := self.scope.class_of(of)) and _is_property(
                    self.code, held, name
                ):
                    yield Event(self.code.method(held, name) or held, within)
            if not isinstance(node, _INNER):
                yield from self.events(ast.iter_child_nodes(node), within)

    def _raised(self, raised: ast.expr) -> Iterator[Key]:
        """Yield the class that is raised, or that a function which makes errors returns."""
        found = (
            self.code.resolve(self.scope.module, raised.id)
            if isinstance(raised, ast.Name)
            else self.scope.class_of(raised)
        )
        if found in self.code.classes and self.code.is_error(found):
            yield found

    def _catch(self, handler: ast.ExceptHandler) -> Catch:
        again = any(
            isinstance(node, ast.Raise) and (node.exc is None or (handler.name and is_name(node.exc, handler.name)))
            for node in ast.walk(handler)
        )
        return Catch(frozenset(self._caught(handler.type)), again)

    def _caught(self, kind: ast.expr | None) -> Iterator[Key]:
        match kind:
            case None | ast.Name("Exception" | "BaseException"):
                yield _EVERY
            case ast.Tuple(kinds):
                for one in kinds:
                    yield from self._caught(one)
            case ast.Name(name):
                yield from self._named(self.scope.module, name)
            case ast.Attribute(ast.Name(of), name):
                found = self.code.resolve(self.scope.module, of)
                yield from self._named(found[0], name) if found else ()

    def _named(self, module: str, name: str) -> Iterator[Key]:
        """Yield the error of a name, or those in the tuple of errors that it is."""
        yield self.code.resolve(module, name) or ("", name)
        for node in self.code.modules[module].body:
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            if is_name(target, name) and isinstance(node.value, ast.Tuple):
                yield from self.within(module)._caught(node.value)

    def _ended_by(self, manager: ast.expr) -> Catch:
        """Give what a context manager keeps in: `suppress`, one of a generator of ours, or of a class of ours."""
        if not isinstance(manager, ast.Call):
            return Catch(frozenset())
        if is_name(manager.func, "suppress"):
            return Catch(frozenset(one for kind in manager.args for one in self._caught(kind)))
        called, held = self.scope.called(manager), self.scope.class_of(manager)
        if called in self.code.functions:
            there = self.within(called[0])
            around = there._around_yield(self.code.functions[called])
            kept = frozenset(one for catch in around if not catch.again for one in catch.errors)
            return Catch(kept | self._exit(held))
        return Catch(self._exit(held))

    def _around_yield(self, node: ast.AST) -> Iterator[Catch]:
        for one in ast.walk(node):
            if isinstance(one, ast.Try) and any(isinstance(a, ast.Yield) for part in one.body for a in ast.walk(part)):
                yield from map(self._catch, one.handlers)

    def _exit(self, held: Key | None) -> frozenset[Key]:
        """Give the errors that the cases of a `match` in `__exit__` name, besides the one that returns False."""
        leave = self.code.method(held, "__exit__") if held else None
        if leave is None:
            return frozenset()
        named = (node.cls for node in ast.walk(self.code.functions[leave]) if isinstance(node, ast.MatchClass))
        return frozenset(one for kind in named for one in self.within(leave[0])._caught(kind))

    def within(self, module: str) -> Body:
        """Give the same for another module, whose names mean something else."""
        return Body(Scope(self.code, module, None, self.scope.function))


def errors_of(code: Code, never: Mapping[Key, frozenset[str]]) -> dict[Key, frozenset[Key]]:
    """Give the errors of ours that each function may raise; `never` are those that it does not raise all the same."""
    events = {key: tuple(_body(code, key, node).events(node.body)) for key, node in code.functions.items()}
    found: dict[Key, frozenset[Key]] = dict.fromkeys(events, frozenset())
    changed = True
    while changed:
        changed = False
        for key, own in events.items():
            raised = frozenset(error for event in own for error in _escaping(code, event, found))
            raised = frozenset(error for error in raised if error[1] not in never.get(key, ()))
            changed |= raised != found[key]
            found[key] = raised
    return found


def _body(code: Code, key: Key, function: Function) -> Body:
    module, name = key
    own = (module, name.partition(".")[0]) if "." in name else None
    return Body(Scope(code, module, own, function))


def _escaping(code: Code, event: Event, found: Mapping[Key, frozenset[Key]]) -> Iterator[Key]:
    for error in found.get(event.what, (event.what,)):
        kinds = {_EVERY, *code.lineage(error)}
        first = (next((catch for catch in catches if catch.errors & kinds), None) for catches in event.within)
        if error in code.classes and all(catch is None or catch.again for catch in first):
            yield error


def _is_property(code: Code, held: Key, name: str) -> bool:
    found = code.method(held, name)
    decorators = code.functions[found].decorator_list if found else ()
    return any(isinstance(one, ast.Name) and one.id in {"property", "cached_property"} for one in decorators)
