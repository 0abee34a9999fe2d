"""What the names in Hark's code mean, as far as the syntax tells: functions, classes, and of which class a value is.

Followed are what a module has or imports, methods and attributes of `self`, and values that are annotated with a class
of ours or were made by calling one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

#: A module and a name in it; a method's is `Class.method`. Of what is not ours the module is empty.
Key: TypeAlias = tuple[str, str]
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Code:
    """All modules: what is defined in each, what it imports, and of which class the attributes of a class are."""

    modules: Mapping[str, ast.Module]
    functions: dict[Key, Function] = field(default_factory=dict)
    classes: dict[Key, ast.ClassDef] = field(default_factory=dict)
    imports: dict[Key, Key] = field(default_factory=dict)
    attributes: dict[tuple[Key, str], Key] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for module, tree in self.modules.items():
            self._define(module, tree)
        for _ in range(3):  # what one class holds may decide what another one's attribute is
            for key, node in self.classes.items():
                self._note_attributes(key, node)

    def _define(self, module: str, tree: ast.Module) -> None:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for one in node.names:
                    self.imports[module, one.asname or one.name] = (node.module, one.name)
        for node in tree.body:
            if isinstance(node, Function):
                self.functions[module, node.name] = node
            elif isinstance(node, ast.ClassDef):
                self.classes[module, node.name] = node
                own = (one for one in node.body if isinstance(one, Function))
                self.functions.update({(module, f"{node.name}.{one.name}"): one for one in own})

    def _note_attributes(self, key: Key, node: ast.ClassDef) -> None:
        for one in node.body:
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
                self._note(key, one.target.id, self.class_in(key[0], one.annotation))
            elif isinstance(one, Function):
                scope = Scope(self, key[0], key, one)
                for target, value in _assigned(one):
                    if isinstance(target, ast.Attribute) and is_name(target.value, "self"):
                        self._note(key, target.attr, scope.class_of(value))

    def _note(self, key: Key, name: str, found: Key | None) -> None:
        if found is not None:
            self.attributes.setdefault((key, name), found)

    def resolve(self, module: str, name: str) -> Key | None:
        """Give what a name means in a module: a class, a function, or a module (with an empty name)."""
        for _ in range(4):  # packages hand on what their modules have
            if (module, name) in self.classes or (module, name) in self.functions:
                return module, name
            if (module, name) not in self.imports:
                return None
            module, name = self.imports[module, name]
            if f"{module}.{name}" in self.modules:
                return f"{module}.{name}", ""
        return None

    def class_in(self, module: str, annotation: ast.expr | None) -> Key | None:
        """Give the class of ours that an annotation names, also as one of several or behind `Final`."""
        match annotation:
            case ast.Constant(str(text)):
                return self.class_in(module, ast.parse(text, mode="eval").body)
            case ast.Name(name):
                found = self.resolve(module, name)
                return found if found in self.classes else None
            case ast.BinOp(left, _, right):
                return self.class_in(module, left) or self.class_in(module, right)
            case ast.Subscript(ast.Name("Final"), inner):
                return self.class_in(module, inner)
        return None

    def lineage(self, key: Key) -> Iterator[Key]:
        """Yield a class and its bases; those that are not ours have no module."""
        yield key
        for base in self.classes[key].bases if key in self.classes else ():
            if isinstance(base, ast.Name):
                yield from self.lineage(self.resolve(key[0], base.id) or ("", base.id))

    def is_error(self, key: Key) -> bool:
        """Tell whether a class of ours is an error."""
        return any(not module and name.endswith(("Error", "Exception")) for module, name in self.lineage(key))

    def method(self, key: Key, name: str) -> Key | None:
        """Give a method of a class or of its bases."""
        found = ((module, f"{of}.{name}") for module, of in self.lineage(key))
        return next((one for one in found if one in self.functions), None)

    def attribute(self, key: Key, name: str) -> Key | None:
        """Give the class of an attribute or a property."""
        held = next((self.attributes[one, name] for one in self.lineage(key) if (one, name) in self.attributes), None)
        made = None if held else self.method(key, name)
        return self.class_in(made[0], self.functions[made].returns) if made else held


@dataclass
class Scope:
    """One function, and of which class its parameters and variables are."""

    code: Code
    module: str
    own: Key | None
    function: Function
    variables: dict[str, Key] = field(default_factory=dict)

    def __post_init__(self) -> None:
        arguments = self.function.args
        for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
            self._note(one.arg, self.code.class_in(self.module, one.annotation))
        for target, value in _assigned(self.function):
            if isinstance(target, ast.Name):
                self._note(target.id, self.class_of(value))

    def _note(self, name: str, found: Key | None) -> None:
        if found is not None:
            self.variables.setdefault(name, found)

    def class_of(self, value: ast.expr | None) -> Key | None:
        """Give the class of ours that an expression is of."""
        match value:
            case ast.Name("self"):
                return self.own
            case ast.Name(name):
                return self.variables.get(name)
            case ast.Attribute(of, name):
                held = self.class_of(of)
                return self.code.attribute(held, name) if held else None
            case ast.Await(inner):
                return self.class_of(inner)
            case ast.BoolOp(_, parts):
                return next((found for part in parts if (found := self.class_of(part))), None)
            case ast.Call():
                made = self.called(value)
                if made in self.code.functions:
                    return self.code.class_in(made[0], self.code.functions[made].returns)
                return made if made in self.code.classes else None
        return None

    def called(self, call: ast.Call) -> Key | None:
        """Give the function or class of ours that is called."""
        match call.func:
            case ast.Name("cls"):
                return self.own
            case ast.Name(name):
                return self.code.resolve(self.module, name)
            case ast.Attribute(ast.Name("cls"), name) if self.own:
                return self.code.method(self.own, name)
            case ast.Attribute(ast.Name(of), name) if of != "self" and of not in self.variables:
                found = self.code.resolve(self.module, of)
                if found in self.code.classes:
                    return self.code.method(found, name)
                return self.code.resolve(found[0], name) if found and not found[1] else None
            case ast.Attribute(of, name):
                held = self.class_of(of)
                return self.code.method(held, name) if held else None
        return None


@cache
def _assigned(function: Function) -> tuple[tuple[ast.expr, ast.expr], ...]:
    """Give what is assigned to what in a function, one by one, and what `with` gives to what."""
    return tuple(pair for node in ast.walk(function) for pair in _pairs(node))


def _pairs(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    match node:
        case ast.Assign([ast.Tuple(targets)], ast.Tuple(values)):
            yield from zip(targets, values, strict=False)
        case ast.Assign([target], value) | ast.AnnAssign(target, _, ast.expr() as value):
            yield target, value
        case ast.withitem(value, ast.expr() as target):
            yield target, value


def is_name(node: ast.AST | None, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
