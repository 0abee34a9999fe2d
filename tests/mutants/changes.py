"""The small faults that are put into a module, one at a time: a comparison turned, a name left out of a table.

Only what a module does is changed. Left alone are annotations, docstrings, decorators (how a value is declared), the
first argument of `cast`, and the sentences of errors.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

_Swap: TypeAlias = "dict[type[ast.AST], type[ast.AST]]"

_COMPARED: Final[_Swap] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_COMPUTED: Final[_Swap] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
}
_JOINED: Final[_Swap] = {ast.And: ast.Or, ast.Or: ast.And}
_ENDED: Final[_Swap] = {ast.Break: ast.Continue, ast.Continue: ast.Break}
#: Fields that say what something is, not what it does.
_DECLARED: Final = frozenset({"annotation", "returns", "decorator_list", "type_comment", "ctx"})
_MARK: Final = "XX"
_SHOWN: Final = 70  # letters of a change


@dataclass(frozen=True, slots=True)
class Change:
    """One fault: `lines` are those of the statement that it is in, and `put` puts it into the tree that was read."""

    lines: range
    before: str
    after: str
    put: Callable[[], None]

    @property
    def shown(self) -> str:
        """It in one line."""
        return f"{self.lines.start}: {_cut(self.before)} -> {_cut(self.after)}"


def changes(tree: ast.Module) -> list[Change]:
    """Give every fault that can be put into a module, in the order of its lines."""
    return list(_in_block(tree.body))


def _in_block(block: list[ast.stmt]) -> Iterator[Change]:
    for place, statement in enumerate(block):
        if _is_docstring(statement) or _declares_type(statement):
            continue
        for new in _statements(statement):
            yield _change(statement, statement, new, lambda new=new, place=place: block.__setitem__(place, new))
        yield from _below(statement, statement)


def _below(node: ast.AST, statement: ast.stmt) -> Iterator[Change]:
    if isinstance(node, ast.Raise):
        return  # the sentence of an error
    for name, value in ast.iter_fields(node):
        if name in _DECLARED:
            continue
        if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            yield from _in_block(value)
        elif isinstance(value, list):
            for place, one in enumerate(value):
                if isinstance(one, ast.AST) and not _is_left_alone(node, name, place):
                    yield from _of(one, statement, lambda new, at=place, of=value: of.__setitem__(at, new))
        elif isinstance(value, ast.AST):
            yield from _of(value, statement, lambda new, name=name: setattr(node, name, new))


def _of(node: ast.AST, statement: ast.stmt, put: Callable[[ast.AST], None]) -> Iterator[Change]:
    if isinstance(node, ast.expr):
        for new in _expressions(node):
            yield _change(statement, node, new, lambda new=new: put(new))
    yield from _without_parts(node, statement)
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in {"dict", "list"}:
        return  # a type
    yield from _below(node, statement)


def _statements(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Give what may stand in the place of a whole statement."""
    if isinstance(statement, ast.Raise) or (isinstance(statement, ast.Expr) and not _is_docstring(statement)):
        yield ast.Pass()
    if isinstance(statement, ast.Return) and not (
        statement.value is None
        or (isinstance(statement.value, ast.Constant) and statement.value.value in {None, False})
    ):
        yield ast.Return(ast.Constant(None))
    if (other := _ENDED.get(type(statement))) is not None:
        yield cast("ast.stmt", other())
    if isinstance(statement, ast.AugAssign) and (sign := _COMPUTED.get(type(statement.op))) is not None:
        yield ast.AugAssign(statement.target, cast("ast.operator", sign()), statement.value)
    if isinstance(statement, ast.If | ast.While) and not isinstance(statement.test, ast.Compare | ast.BoolOp):
        turned = ast.UnaryOp(ast.Not(), statement.test)
        yield type(statement)(turned, statement.body, statement.orelse)


def _expressions(node: ast.expr) -> Iterator[ast.expr]:
    """Give what may stand in the place of an expression."""
    match node:
        case ast.Compare():
            for place, one in enumerate(node.ops):
                if (sign := _COMPARED.get(type(one))) is not None:
                    signs = [*node.ops[:place], cast("ast.cmpop", sign()), *node.ops[place + 1 :]]
                    yield ast.Compare(node.left, signs, node.comparators)
        case ast.BoolOp():
            yield ast.BoolOp(cast("ast.boolop", _JOINED[type(node.op)]()), node.values)
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.BinOp() if type(node.op) in _COMPUTED:
            yield ast.BinOp(node.left, cast("ast.operator", _COMPUTED[type(node.op)]()), node.right)
        case ast.IfExp():
            yield ast.IfExp(node.test, node.orelse, node.body)
        case ast.Constant():
            yield from _constants(node.value)
        case _:
            return


def _constants(value: object) -> Iterator[ast.Constant]:
    match value:
        case bool():
            yield ast.Constant(not value)
        case int() | float():
            yield ast.Constant(value + 1)
        case str():
            yield ast.Constant(_MARK + value)
        case bytes():
            yield ast.Constant(_MARK.encode() + value)
        case _:
            return


def _without_parts(node: ast.AST, statement: ast.stmt) -> Iterator[Change]:
    """Leave out one member of a table, one named argument, or the condition of a comprehension."""
    parts: list[tuple[ast.AST, str]] = []
    match node:
        case ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()) | ast.Set():
            parts = [(node, "elts")]
        case ast.Call():
            parts = [(node, "keywords")]
        case ast.comprehension():
            parts = [(node, "ifs")]
        case ast.Dict():
            yield from _without_keys(node, statement)
        case _:
            return
    for owner, name in parts:
        every = getattr(owner, name)
        for place, one in enumerate(every):
            left = every[:place] + every[place + 1 :]
            yield Change(
                _lines(statement, one),
                ast.unparse(one),
                "left out",
                lambda owner=owner, name=name, left=left: setattr(owner, name, left),
            )


def _without_keys(node: ast.Dict, statement: ast.stmt) -> Iterator[Change]:
    for place, value in enumerate(node.values):
        key = node.keys[place]

        def put(place: int = place) -> None:
            node.keys = node.keys[:place] + node.keys[place + 1 :]
            node.values = node.values[:place] + node.values[place + 1 :]

        yield Change(_lines(statement, value), ast.unparse(key or value), "left out", put)


def _change(statement: ast.stmt, old: ast.AST, new: ast.AST, put: Callable[[], None]) -> Change:
    shown = ast.unparse(ast.fix_missing_locations(new)).partition("\n")[0]
    return Change(_lines(statement, old), ast.unparse(old).partition("\n")[0], shown, put)


def _lines(statement: ast.stmt, node: ast.AST) -> range:
    """From the first line of a statement to the last of a part of it; of what holds others, its first lines alone."""
    first = getattr(node, "lineno", statement.lineno)
    if node is statement and hasattr(statement, "body"):
        return range(first, first + 1)
    return range(min(first, statement.lineno), (getattr(node, "end_lineno", None) or first) + 1)


def _is_left_alone(node: ast.AST, name: str, place: int) -> bool:
    """Whether it is the type that `cast` is told."""
    return isinstance(node, ast.Call) and name == "args" and place == 0 and ast.unparse(node.func) == "cast"


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _declares_type(statement: ast.stmt) -> bool:
    """Whether a statement is for the type checker, or the sentence of an error, which nobody acts on."""
    if isinstance(statement, ast.AnnAssign):
        return "TypeAlias" in ast.unparse(statement.annotation)
    return isinstance(statement, ast.Assign) and (
        ast.unparse(statement.targets[0]) in {"sentence", "__slots__"}
        or (isinstance(statement.value, ast.Call) and ast.unparse(statement.value.func) in {"TypeVar", "NewType"})
    )


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
