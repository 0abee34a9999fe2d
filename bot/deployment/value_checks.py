"""Reads settings out of plain values, each checked; hosts in one form; errors never say what was there."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, cast
from urllib.parse import SplitResult, urlsplit

from flows.loading.source_lines import Where, nearest

_NAME: Final = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?")
#: A host and its port, as they stand in an address.
_HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:]+)(?::[0-9]+)?")
#: What has no place in an address, or would be taken out of it without a word.
_ODD: Final = re.compile(r"[\s\x00-\x20\x7f<>\"\\^`{|}#?]")


def read_host(text: str) -> str | None:
    """Return the name or IP address of a host, without brackets; None if it is neither.

    A name with letters outside ASCII is returned as name servers know it (IDNA 2003, RFC 3490). A name has at most 253
    characters and 63 a label (RFC 1035).
    """
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    if _ODD.search(bare):
        return None
    try:
        return str(ip_address(bare))
    except ValueError:
        pass
    try:
        name = text.encode("idna").decode("ascii").lower()
    except UnicodeError:  # a label that is empty, or too long
        return None
    return name if _NAME.fullmatch(name) else None


def is_on_this_machine(host: str | None) -> bool:
    """Return whether `host` is `localhost` or a loopback address, so that what goes to it stays on this machine.

    Other names are not looked up: what a name server says may change.
    """
    if host == "localhost":
        return True
    try:
        return host is not None and ip_address(host).is_loopback
    except ValueError:
        return False


def split_url(text: str, schemes: Collection[str]) -> SplitResult | None:
    """Split an address of one of `schemes`; None if it has another scheme, no host, or a port out of range.

    Neither a query nor a fragment is allowed. The port, where there is one, is 1 to 65535. Source: RFC 3986.
    """
    if _ODD.search(text):
        return None
    try:
        found = urlsplit(text)
        port = found.port
    except ValueError:
        return None
    host = _HOST.fullmatch(found.netloc.rpartition("@")[2])
    if found.scheme not in schemes or host is None or read_host(host[1]) is None or port == 0:
        return None
    return found


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
        """Refuse keys that are no settings, so that a misspelt one is noticed.

        Raises:
            SettingsError: a key is not in `forms`; the first one in the order of the file.
        """
        for key in self.data:
            if key not in self.forms:
                known = ", ".join(sorted(self.forms))
                raise SettingsError(self.at(key), f"is not a setting{nearest(key, self.forms)}; allowed are {known}")

    def at(self, key: str) -> str:
        """Return how `key` of this table is named to the operator, such as `[site.oak] hours`."""
        return f"{self.name} {key}".strip()

    def unfit(self, key: str) -> SettingsError:
        """Return the error to raise where the value of `key` is not of its form."""
        return SettingsError(self.at(key), self.forms[key])

    def text(self, key: str, default: str = "") -> str:
        """Return a text without white space around it.

        Raises:
            SettingsError: the value is no text.
        """
        value = self.data.get(key, default)
        if not isinstance(value, str):
            raise self.unfit(key)
        return value.strip()

    def flag(self, key: str, *, default: bool) -> bool:
        """Return a yes or no.

        Raises:
            SettingsError: the value is neither `true` nor `false`.
        """
        value = self.data.get(key, default)
        if not isinstance(value, bool):
            raise self.unfit(key)
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, empty where `key` is missing.

        Raises:
            SettingsError: the value is no list, or something in it is no text.
        """
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.unfit(key)
        return tuple(cast("list[str]", value))

    def table(self, key: str, forms: Mapping[str, str]) -> Table:
        """Return the table below `key`, empty where it is missing; `forms` are those of its keys.

        Raises:
            SettingsError: the value is no table.
        """
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.unfit(key)
        return Table(self.at(key), cast("dict[str, object]", value), forms)

    def tables(self, key: str, forms: Mapping[str, str]) -> tuple[Table, ...]:
        """Return the list of tables at `key`, empty where it is missing; each is named by its number, from 1.

        Raises:
            SettingsError: the value is no list, or something in it is no table.
        """
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.unfit(key)
        return tuple(
            Table(f"{self.at(key)} {number}", item, forms)
            for number, item in enumerate(cast("list[dict[str, object]]", value), start=1)
        )
