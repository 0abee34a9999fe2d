"""How long records are kept, read from `definitions/retention.toml`; what follows for a case: `cases/retention`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias, cast, get_args

from flows.loading.conditions import ALWAYS, Condition
from flows.loading.source_lines import DefinitionError, Where, read
from flows.loading.toml_table import Places, Table, laid_over

#: What the file is called.
FILE: Final = "retention.toml"
#: What the years of a kind are counted from; see the head of the file.
Basis: TypeAlias = Literal["birth", "closing", "pension", "employment"]
#: "V": read at the source that is named. "M": remembered, and unverified.
Grade: TypeAlias = Literal["V", "M"]

_KIND: Final = {"label", "when", "because", "from", "years", "least", "law", "source", "grade"}
_OTHER: Final = {"label", "lasts", "source", "grade"}
#: No record is kept for fewer or for more years by a number in the file.
LEAST_YEARS: Final = 1
MOST_YEARS: Final = 150


@dataclass(frozen=True)
class RecordKind:
    """One kind of record. `years` are 0 where `basis` is `employment`; `least` are years after the closing."""

    name: str
    label: str
    because: str
    basis: Basis
    years: int
    least: int
    law: str
    source: str
    grade: Grade
    when: Condition = ALWAYS


@dataclass(frozen=True)
class OtherKind:
    """What is no case, and how long it lasts, in words."""

    name: str
    label: str
    lasts: str
    source: str
    grade: Grade


@dataclass(frozen=True)
class RetentionRules:
    """All kinds, in the order of the file; the first holds of every case."""

    kinds: tuple[RecordKind, ...]
    others: tuple[OtherKind, ...]

    def with_years(self, years: Mapping[str, int]) -> RetentionRules:
        """Return the rules of a site that has numbers of its own, by the name of a kind; unknown names are left out."""
        kinds = (replace(one, years=years[one.name]) if one.name in years else one for one in self.kinds)
        return replace(self, kinds=tuple(kinds))


def read_retention(text: str, overlay: str | None = None, overlay_name: str = "overlay") -> RetentionRules:
    """Read `retention.toml`, an organisation's own file laid over it.

    Raises:
        DefinitionError: a key, basis or grade is unknown, words are missing, a number is out of bounds, or no kind
            holds of every case.
    """
    files = (read(text, FILE), *((read(overlay, overlay_name),) if overlay is not None else ()))
    data = files[0].table if len(files) == 1 else laid_over(files[0].table, files[1].table)
    table = Table(data, Where(FILE, 1), Places(tuple(reversed(files))))
    table.only({"kind", "other"})
    kinds = tuple(_kind(name, one) for name, one in table.named("kind").items())
    if not any(kind.when == ALWAYS for kind in kinds):
        raise DefinitionError(table.where, "no kind holds of every case: one has to be without 'when'")
    return RetentionRules(kinds, tuple(_other(name, one) for name, one in table.named("other").items()))


def _kind(name: str, table: Table) -> RecordKind:
    table.only(_KIND)
    basis = cast("Basis", _one_of(table, "from", get_args(Basis)))
    return RecordKind(
        name=name,
        label=_words(table, "label"),
        because=_words(table, "because"),
        basis=basis,
        years=0 if basis == "employment" else _years(table, "years", LEAST_YEARS),
        least=_years(table, "least", 0),
        law=_words(table, "law"),
        source=_words(table, "source"),
        grade=cast("Grade", _one_of(table, "grade", get_args(Grade))),
        when=table.when(),
    )


def _other(name: str, table: Table) -> OtherKind:
    table.only(_OTHER)
    grade = cast("Grade", _one_of(table, "grade", get_args(Grade)))
    return OtherKind(name, _words(table, "label"), _words(table, "lasts"), _words(table, "source"), grade)


def _words(table: Table, key: str) -> str:
    found = table.text(key).strip()
    if not found:
        raise DefinitionError(table.where, f"'{key}' is missing")
    return found


def _years(table: Table, key: str, least: int) -> int:
    found = table.number(key, 0)
    if not least <= found <= MOST_YEARS or isinstance(table.data.get(key), bool):
        raise DefinitionError(table.where, f"'{key}' takes {least} to {MOST_YEARS}")
    return found


def _one_of(table: Table, key: str, words: tuple[str, ...]) -> str:
    found = table.text(key)
    if found not in words:
        raise DefinitionError(table.where, f"'{key}' takes one of {', '.join(words)}")
    return found
