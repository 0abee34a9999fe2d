"""Reads a conversation from TOML text, an organisation's own file laid over ours; every error names file and line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast, get_args

from flows.check import check
from flows.conditions import ALWAYS, Condition, parse
from flows.definition import Definition, Interrupt, Kind, Option, Saying, Step, Wording
from flows.errors import DefinitionError, Where
from flows.known import Register
from flows.lines import Source, read
from flows.overlay import laid_over

_TOP = {"context", "registers", "order", "after", "cap", "enough", "step", "set", "sets", "fact", "interrupt"}
_STEP = {"kind", "text", "also", "title", "options", "when", "skip", "categories", "items", "optional"}
_OPTION = {"id", "label", "when", "more", "ends"}
_INTERRUPT = {"when", "text", "help"}


def load(
    text: str, name: str, overlay: str | None = None, overlay_name: str = "overlay", base: str | None = None
) -> Definition:
    """The definition in `text`, called `name`, laid over `base` (`sets.toml`), and `overlay` laid over both.

    Raises:
        DefinitionError: naming the file and line of the table that cannot be used.
    """
    files = [read(base, "sets.toml")] if base is not None else []
    files.append(read(text, f"{name}.toml"))
    if overlay is not None:
        files.append(read(overlay, overlay_name))
    table: Mapping[str, object] = {}
    for file in files:
        table = laid_over(table, file.table)
    places = _Places(tuple(reversed(files)))
    definition = _definition(name, _Table(table, Where(f"{name}.toml", 1), places))
    check(definition, places.where)
    return definition


@dataclass(frozen=True)
class _Places:
    """Finds a table in the topmost file that has it, since that is where a patched one went wrong."""

    files: tuple[Source, ...]

    def where(self, path: str) -> Where:
        return next((file.where(path) for file in self.files if path in file.index), self.files[-1].where(path))


@dataclass(frozen=True)
class _Table:
    """A TOML table with its place, read by keys whose kinds are checked."""

    data: Mapping[str, object]
    where: Where
    places: _Places

    def only(self, allowed: set[str]) -> None:
        for key in self.data:
            if key not in allowed:
                raise DefinitionError(self.where, f"unknown key '{key}'")

    def text(self, key: str, default: str = "") -> str:
        return str(self._of(key, str, default))

    def flag(self, key: str, *, default: bool = False) -> bool:
        return bool(self._of(key, bool, default))

    def number(self, key: str, default: int) -> int:
        return cast("int", self._of(key, int, default))

    def words(self, key: str) -> tuple[str, ...]:
        items = cast("list[object]", self._of(key, list, []))
        if not all(isinstance(item, str) for item in items):
            raise DefinitionError(self.where, f"'{key}' takes a list of words")
        return tuple(str(item) for item in items)

    def tables(self, key: str) -> tuple[_Table, ...]:
        items = cast("list[object]", self._of(key, list, []))
        return tuple(self._table(item, key) for item in items)

    def named(self, key: str) -> dict[str, _Table]:
        found = cast("dict[str, object]", self._of(key, dict, {}))
        return {
            name: _Table(self._table(value, key).data, self.places.where(f"{key}.{name}"), self.places)
            for name, value in found.items()
        }

    def when(self, key: str = "when") -> Condition:
        return parse(cast("dict[str, object]", self._of(key, dict, {})), self.where) if key in self.data else ALWAYS

    def wording(self, key: str) -> Wording:
        value = self.data.get(key, [])
        if isinstance(value, str):
            return (Saying(value),)
        return tuple(self._saying(item) for item in self.tables(key))

    def _saying(self, table: _Table) -> Saying:
        table.only({"when", "say"})
        return Saying(table.text("say"), table.when())

    def _table(self, value: object, key: str) -> _Table:
        if not isinstance(value, dict):
            raise DefinitionError(self.where, f"'{key}' takes tables")
        return _Table(value, self.where, self.places)

    def _of(self, key: str, kind: type, default: object) -> object:
        value = self.data.get(key, default)
        if not isinstance(value, kind):
            raise DefinitionError(self.where, f"'{key}' takes a {_KINDS[kind]}")
        return value


_KINDS: Mapping[type, str] = {str: "text", bool: "true or false", int: "number", list: "list", dict: "table"}


def _definition(name: str, table: _Table) -> Definition:
    table.only(_TOP)
    sets = {key: one.words("order") for key, one in table.named("set").items()}
    return Definition(
        name=name,
        context=table.text("context"),
        registers=tuple(_register(word, table) for word in table.words("registers")),
        order=table.words("order"),
        steps={key: _step(key, one) for key, one in table.named("step").items()},
        after=table.words("after"),
        sets={key: sets[key] for key in _set_order(table, sets)},
        cap=table.number("cap", 8),
        facts={key: parse(one.data, one.where) for key, one in table.named("fact").items()},
        interrupts=tuple(_interrupt(key, one) for key, one in table.named("interrupt").items()),
        enough=table.when("enough") if "enough" in table.data else None,
    )


def _set_order(table: _Table, sets: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    order = table.words("sets")
    if set(order) != set(sets) or len(order) != len(sets):
        raise DefinitionError(table.places.where("sets"), "'sets' names each [set.ID] once, the most dangerous first")
    return order


def _register(word: str, table: _Table) -> Register:
    if word not in get_args(Register):
        raise DefinitionError(table.places.where("registers"), f"no register is called '{word}'")
    return cast("Register", word)


def _step(name: str, table: _Table) -> Step:
    table.only(_STEP)
    kind = table.text("kind")
    if kind not in get_args(Kind):
        raise DefinitionError(table.where, f"step '{name}' has no such kind: '{kind}'")
    return Step(
        id=name,
        kind=cast("Kind", kind),
        text=table.wording("text"),
        also=table.wording("also"),
        title=table.text("title"),
        options=tuple(_option(one) for one in table.tables("options")),
        when=table.when(),
        skip=table.flag("skip"),
        categories=table.flag("categories"),
        items=table.words("items"),
        optional=table.flag("optional"),
    )


def _option(table: _Table) -> Option:
    table.only(_OPTION)
    return Option(table.text("id"), table.wording("label"), table.when(), table.wording("more"), table.flag("ends"))


def _interrupt(name: str, table: _Table) -> Interrupt:
    table.only(_INTERRUPT)
    return Interrupt(name, table.when(), table.wording("text"), table.flag("help", default=True))
