"""What a concern can be about: categories in six groups, with labels by register, urgency, advice and follow-up sets.

All of it is data (`definitions/categories.toml`, after section 1 of the domain). Groups can be chosen in the place of
categories, which is all that under-12s are offered: so a group has a label, an urgency and sets of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, cast, get_args

from flows.loading.source_lines import DefinitionError, Where, read
from flows.loading.toml_table import Places, Table, laid_over
from flows.values.ids import Register, Urgency
from flows.values.text import Text

#: With whom a lead is advised to share: the safeguarding lead, the head, whoever keeps the buildings, a person outside
#: the site, or the local officer for allegations as well.
Advice: TypeAlias = Literal["DSL", "HEAD", "SITE", "INDEPENDENT", "DSL+LADO"]

#: What the id of a group begins with where it stands beside the codes of categories.
GROUP: Final = "g."

_REGISTERS: Final[tuple[Register, ...]] = get_args(Register)
_CONTEXTS: Final[Mapping[Register, str]] = {
    "under_12": "child",
    "12_17": "child",
    "parent": "parent",
    "staff": "staff",
}
_LABELS: Final[set[str]] = set(_REGISTERS)
_KEYS: Final = _LABELS | {"only", "urgency", "advice", "no_parent_contact", "files", "asks"}
_GROUP_KEYS: Final = _LABELS | {"urgency", "asks", "holds"}


@dataclass(frozen=True)
class Category:
    """One category or group. `labels` are msgids by register; `holds` are the codes in a group.

    Without `files` nobody is asked for a file, and none is fetched; a group is as the strictest of what it holds.
    """

    code: str
    labels: Mapping[Register, str]
    registers: frozenset[Register]
    urgency: Urgency
    asks: frozenset[str]
    advice: Advice = "DSL"
    no_parent_contact: bool = False
    files: bool = True
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Categories:
    """All categories by code, and the groups (`g.NAME`) that hold each of them once, in the order of the file."""

    groups: Mapping[str, Category]
    codes: Mapping[str, Category]
    _group_of: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        inside = {code: group.code for group in self.groups.values() for code in group.holds}
        object.__setattr__(self, "_group_of", inside)

    def group_ids(self) -> tuple[str, ...]:
        """Return the ids of the groups, in the order they are shown."""
        return tuple(self.groups)

    def codes_in(self, group: str, register: Register) -> tuple[str, ...]:
        """Return the codes of `group` that `register` is offered.

        Raises:
            KeyError: there is no such group.
        """
        return tuple(code for code in self.groups[group].holds if register in self.codes[code].registers)

    def groups_of(self, codes: Iterable[str]) -> frozenset[str]:
        """Return the groups that hold `codes`; a group among them, or an unknown code, is in none.

        A code of an older definition is unknown, and raises nothing: cases hold their codes for good.
        """
        return frozenset(self._group_of[code] for code in codes if code in self._group_of)

    def sets_of(self, codes: Iterable[str]) -> frozenset[str]:
        """Return the follow-up sets that `codes`, groups among them, ask for."""
        return frozenset(asked for one in self._situation(codes) for asked in one.asks)

    def urgencies_of(self, codes: Iterable[str]) -> frozenset[Urgency]:
        """Return the base urgencies of `codes`, groups among them; empty if nothing was chosen.

        The highest one counts.
        """
        return frozenset(one.urgency for one in self._situation(codes))

    def no_parent_contact(self, codes: Iterable[str]) -> bool:
        """Return whether nothing may go to parents or family until a lead clears it (domain, section 1)."""
        return any(one.no_parent_contact for one in self._situation(codes))

    def may_have_files(self, codes: Iterable[str]) -> bool:
        """Return whether a file may come with all of `codes`; never with none, or with one that is not known here."""
        found = [self.codes.get(code) or self.groups.get(code) for code in codes]
        return bool(found) and all(one is not None and one.files for one in self._parts(found))

    def _parts(self, found: Iterable[Category | None]) -> Iterator[Category | None]:
        for one in found:
            yield one
            yield from (self.codes[code] for code in one.holds) if one is not None else ()

    def advice(self, codes: Iterable[str]) -> tuple[Advice, ...]:
        """Return with whom the lead is advised to share, each once, in the order of `codes`."""
        return tuple(dict.fromkeys(one.advice for one in self._situation(codes)))

    def label(self, code: str, register: Register) -> Text:
        """Return the label of a category or group for `register`.

        A code of an older definition is returned as it is.
        """
        one = self.codes.get(code) or self.groups.get(code)
        context = _CONTEXTS[register]
        return Text("{code}", context, {"code": code}) if one is None else Text(one.labels[register], context)

    def _situation(self, codes: Iterable[str]) -> tuple[Category, ...]:
        found = (self.codes.get(code) or self.groups.get(code) for code in codes)
        return tuple(one for one in found if one is not None)


def read_categories(text: str, overlay: str | None = None, overlay_name: str = "overlay") -> Categories:
    """Read `categories.toml`, an organisation's own file laid over it.

    Raises:
        DefinitionError: a table has an unknown key or no label, or a category is not in exactly one group.
    """
    files = (read(text, "categories.toml"), *((read(overlay, overlay_name),) if overlay is not None else ()))
    data = files[0].table if len(files) == 1 else laid_over(files[0].table, files[1].table)
    table = Table(data, Where("categories.toml", 1), Places(tuple(reversed(files))))
    table.only({"group", "category"})
    codes = {name: _category(name, one, _KEYS) for name, one in table.named("category").items()}
    groups = {f"{GROUP}{name}": _category(f"{GROUP}{name}", one, _GROUP_KEYS) for name, one in _groups(table)}
    _each_is_held_once(codes, groups, table.where)
    return Categories(groups, codes)


def _groups(table: Table) -> Iterable[tuple[str, Table]]:
    return table.named("group").items()


def _category(code: str, table: Table, keys: set[str]) -> Category:
    table.only(keys)
    only = table.words("only") or _REGISTERS
    return Category(
        code=code,
        labels=_labels(table),
        registers=frozenset(cast("Register", _one_of(word, _REGISTERS, table)) for word in only),
        urgency=cast("Urgency", _one_of(table.text("urgency"), get_args(Urgency), table)),
        asks=frozenset(table.words("asks")),
        advice=cast("Advice", _one_of(table.text("advice", "DSL"), get_args(Advice), table)),
        no_parent_contact=table.flag("no_parent_contact"),
        files=table.flag("files", default=True),
        holds=table.words("holds"),
    )


def _labels(table: Table) -> dict[Register, str]:
    own = {register: table.text(register) for register in _REGISTERS}
    order = list(_REGISTERS)
    labels = {}
    for place, register in enumerate(order):
        near = (*reversed(order[: place + 1]), *order[place + 1 :])
        label = next((own[one] for one in near if own[one]), "")
        if not label:
            raise DefinitionError(table.where, "there is no label")
        labels[register] = label
    return labels


def _one_of(word: str, words: Iterable[str], table: Table) -> str:
    if word not in words:
        raise DefinitionError(table.where, f"'{word}' is none of {', '.join(words)}")
    return word


def _each_is_held_once(codes: Mapping[str, Category], groups: Mapping[str, Category], where: Where) -> None:
    held = [code for group in groups.values() for code in group.holds]
    for code in codes:
        if held.count(code) != 1:
            raise DefinitionError(where, f"category '{code}' has to be in one group")
    for code in held:
        if code not in codes:
            raise DefinitionError(where, f"a group holds '{code}', which is no category")
