"""Reads settings out of plain values: each is checked, and what is wrong is named without saying what was there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flows.errors import Where, nearest


class SettingsError(Exception):
    """A setting that cannot be used. The operator can act on it; its value is never in the text.

    `variable` is the environment variable or the table and key of `hark.toml`; `allowed` says what may stand there;
    `where` is the line of the file that it stands in, if it does.
    """

    def __init__(self, variable: str, allowed: str, where: Where | None = None) -> None:
        super().__init__(f"{where}: {variable}: {allowed}" if where else f"{variable}: {allowed}")
        self.variable = variable
        self.allowed = allowed


@dataclass(frozen=True, repr=False)
class Table:
    """A table of `hark.toml` with its name (`[site.oak]`); every read of it checks the kind of the value.

    `forms` says of each key that is read what may stand there, for the operator.
    """

    name: str
    data: Mapping[str, object]
    forms: Mapping[str, str]

    def only_known(self) -> None:
        """Raise `SettingsError` for a key that nobody reads: a slip of the pen must not pass unnoticed."""
        for key in self.data:
            if key not in self.forms:
                known = ", ".join(sorted(self.forms))
                raise SettingsError(self.at(key), f"is not a setting{nearest(key, self.forms)}; allowed are {known}")

    def at(self, key: str) -> str:
        """How `key` of this table is named to the operator."""
        return f"{self.name} {key}".strip()

    def unfit(self, key: str) -> SettingsError:
        """The error to raise where the value of `key` is not of its form."""
        return SettingsError(self.at(key), self.forms[key])

    def text(self, key: str, default: str = "") -> str:
        """A text, without white space around it."""
        value = self.data.get(key, default)
        if not isinstance(value, str):
            raise self.unfit(key)
        return value.strip()

    def flag(self, key: str, *, default: bool) -> bool:
        """A yes or no."""
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self.unfit(key)
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where it is not given."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.unfit(key)
        return tuple(cast("list[str]", value))

    def table(self, key: str, forms: Mapping[str, str]) -> Table:
        """The table below `key`; empty where it is not given."""
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.unfit(key)
        return Table(self.at(key), cast("dict[str, object]", value), forms)

    def tables(self, key: str, forms: Mapping[str, str]) -> tuple[Table, ...]:
        """The list of tables at `key`; empty where it is not given."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.unfit(key)
        return tuple(
            Table(f"{self.at(key)} {number}", item, forms)
            for number, item in enumerate(cast("list[dict[str, object]]", value), start=1)
        )
