"""Reads settings out of plain values: each is checked, and what is wrong is named without saying what was there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast


class SettingsError(Exception):
    """A setting that cannot be used. The operator can act on it; its value is never in the text.

    `variable` is the environment variable or the table and key of `hark.toml`; `allowed` says what may stand there.
    """

    def __init__(self, variable: str, allowed: str) -> None:
        super().__init__(f"{variable}: {allowed}")
        self.variable = variable
        self.allowed = allowed


@dataclass(frozen=True, repr=False)
class Table:
    """A table of `hark.toml` with its name (`[site.oak]`); every read of it checks the kind of the value."""

    name: str
    data: Mapping[str, object]

    def only(self, allowed: frozenset[str]) -> None:
        """Raise `SettingsError` for a key that nobody reads: a slip of the pen must not pass unnoticed."""
        for key in self.data:
            if key not in allowed:
                raise SettingsError(self.at(key), f"is not a setting; allowed are {', '.join(sorted(allowed))}")

    def at(self, key: str) -> str:
        """How `key` of this table is named to the operator."""
        return f"{self.name} {key}"

    def text(self, key: str, default: str = "") -> str:
        """A text, without white space around it."""
        value = self.data.get(key, default)
        if not isinstance(value, str):
            raise SettingsError(self.at(key), 'a text in quotes, such as "Oak School"')
        return value.strip()

    def flag(self, key: str, *, default: bool) -> bool:
        """A yes or no."""
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise SettingsError(self.at(key), "true or false")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where it is not given."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise SettingsError(self.at(key), 'a list of texts, such as ["en", "es"]')
        return tuple(cast("list[str]", value))

    def table(self, key: str) -> Table:
        """The table below `key`; empty where it is not given."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise SettingsError(self.at(key), "a table")
        return Table(self.at(key), cast("dict[str, object]", value))

    def tables(self, key: str) -> tuple[Table, ...]:
        """The list of tables at `key`; empty where it is not given."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise SettingsError(
                self.at(key), 'a list of tables, such as [{ name = "Anna Berg", phone = "01632 960001" }]'
            )
        return tuple(
            Table(f"{self.at(key)} {number}", item)
            for number, item in enumerate(cast("list[dict[str, object]]", value), start=1)
        )
