"""A TOML table of a definition read by typed keys, and an organisation's own file laid over ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flows.loading.conditions import ALWAYS, Condition, parse
from flows.loading.definition import Saying, Wording
from flows.loading.source_lines import DefinitionError, Source, Where, nearest

_KINDS: Mapping[type, str] = {str: "text", bool: "true or false", int: "number", list: "list", dict: "table"}


@dataclass(frozen=True)
class Places:
    """Finds a table in the topmost file that has it, since that is where a patched one went wrong."""

    files: tuple[Source, ...]

    def where(self, path: str) -> Where:
        """Return the place of the table or key at `path`."""
        return next((file.where(path) for file in self.files if path in file.index), self.files[-1].where(path))


@dataclass(frozen=True)
class Table:
    """A TOML table with its place, read by keys whose kinds are checked."""

    data: Mapping[str, object]
    where: Where
    places: Places

    def only(self, allowed: set[str]) -> None:
        """Refuse any other key than those `allowed`.

        Raises:
            DefinitionError: there is one; the first of the table.
        """
        for key in self.data:
            if key not in allowed:
                raise DefinitionError(self.where, f"unknown key '{key}'{nearest(key, allowed)}")

    def text(self, key: str, default: str = "") -> str:
        """Return a text, or `default` where `key` is missing.

        Raises:
            DefinitionError: the value is no text.
        """
        return str(self._of(key, str, default))

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return true or false, or `default` where `key` is missing.

        Raises:
            DefinitionError: the value is neither.
        """
        return bool(self._of(key, bool, default))

    def number(self, key: str, default: int) -> int:
        """Return a whole number, or `default` where `key` is missing.

        Raises:
            DefinitionError: the value is no whole number.
        """
        return cast("int", self._of(key, int, default))

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of words, empty where `key` is missing.

        Raises:
            DefinitionError: the value is no list, or something in it is no text.
        """
        items = cast("list[object]", self._of(key, list, []))
        if not all(isinstance(item, str) for item in items):
            raise DefinitionError(self.where, f"'{key}' takes a list of words")
        return tuple(str(item) for item in items)

    def tables(self, key: str) -> tuple[Table, ...]:
        """Return a list of tables, empty where `key` is missing.

        Raises:
            DefinitionError: the value is no list, or something in it is no table.
        """
        items = cast("list[object]", self._of(key, list, []))
        return tuple(self._table(item, key) for item in items)

    def named(self, key: str) -> dict[str, Table]:
        """Return the tables `[key.NAME]` by name, each with its own place.

        Raises:
            DefinitionError: the value is no table of tables.
        """
        found = cast("dict[str, object]", self._of(key, dict, {}))
        return {
            name: Table(self._table(value, key).data, self.places.where(f"{key}.{name}"), self.places)
            for name, value in found.items()
        }

    def when(self, key: str = "when") -> Condition:
        """Return a condition, which always holds where none is given.

        Raises:
            DefinitionError: the condition is not of the form that `conditions.py` reads.
        """
        return parse(cast("dict[str, object]", self._of(key, dict, {})), self.where) if key in self.data else ALWAYS

    def wording(self, key: str) -> Wording:
        """Return one text without a condition, or a list of texts each with its own; empty where `key` is missing.

        Raises:
            DefinitionError: the value is neither, or a key of an entry is unknown.
        """
        value = self.data.get(key, [])
        if isinstance(value, str):
            return (Saying(value),)
        return tuple(self._saying(item) for item in self.tables(key))

    def _saying(self, table: Table) -> Saying:
        table.only({"when", "say"})
        return Saying(table.text("say"), table.when())

    def _table(self, value: object, key: str) -> Table:
        if not isinstance(value, dict):
            raise DefinitionError(self.where, f"'{key}' takes tables")
        return Table(value, self.where, self.places)

    def _of(self, key: str, kind: type, default: object) -> object:
        value = self.data.get(key, default)
        if not isinstance(value, kind):
            raise DefinitionError(self.where, f"'{key}' takes a {_KINDS[kind]}")
        return value


def laid_over(ours: Mapping[str, object], theirs: Mapping[str, object]) -> dict[str, object]:
    """Return `ours` with the values of `theirs` in place of its own; neither is changed.

    Tables are merged by key, lists of tables by `id`, in the order of `ours` and then what is new; any other value is
    replaced whole.
    """
    merged = dict(ours)
    for key, value in theirs.items():
        merged[key] = _merged(ours.get(key), value)
    return merged


def _merged(ours: object, theirs: object) -> object:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return laid_over(ours, theirs)
    if isinstance(ours, list) and isinstance(theirs, list) and _have_ids(ours) and _have_ids(theirs):
        return _by_id(ours, theirs)
    return theirs


def _have_ids(items: list[object]) -> bool:
    return all(isinstance(item, dict) and "id" in item for item in items)


def _by_id(ours: list[dict[str, object]], theirs: list[dict[str, object]]) -> list[dict[str, object]]:
    patches = {item["id"]: item for item in theirs}
    patched = [laid_over(item, patches.pop(item["id"], {})) for item in ours]
    return [*patched, *patches.values()]
