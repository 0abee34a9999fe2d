"""Reads a conversation from TOML text, an organisation's own file laid over ours; every error names file and line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from flows.loading.checks.style_check import check_promises
from flows.loading.checks.validator import check
from flows.loading.conditions import parse
from flows.loading.definition import Definition, Interrupt, Kind, Option, Step
from flows.loading.source_lines import DefinitionError, Where, read
from flows.loading.toml_table import Places, Table, laid_over
from flows.values.ids import Register

_TOP = {"context", "registers", "order", "after", "cap", "enough", "step", "set", "sets", "fact", "interrupt"}
_STEP = {"kind", "text", "also", "title", "options", "when", "skip", "categories", "items", "optional"}
_OPTION = {"id", "label", "when", "more", "ends", "alone"}
_INTERRUPT = {"when", "text", "help", "calm", "pictures"}


def load(
    text: str,
    name: str,
    overlay: str | None = None,
    overlay_name: str = "overlay",
    base: str | None = None,
    *,
    begun: bool = False,
) -> Definition:
    """Return the definition in `text`, called `name`, laid over `base` (`sets.toml`), and `overlay` laid over both.

    `begun` is for the text that an open draft was begun with, perhaps by an older release: what it promises is not
    looked at, since the draft has to go on.

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
    places = Places(tuple(reversed(files)))
    definition = _definition(name, Table(table, Where(f"{name}.toml", 1), places))
    check(definition, places.where)
    if not begun:
        check_promises(definition, places.where)
    return definition


def _definition(name: str, table: Table) -> Definition:
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


def _set_order(table: Table, sets: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    order = table.words("sets")
    if set(order) != set(sets) or len(order) != len(sets):
        raise DefinitionError(table.places.where("sets"), "'sets' names each [set.ID] once, the most dangerous first")
    return order


def _register(word: str, table: Table) -> Register:
    if word not in get_args(Register):
        raise DefinitionError(table.places.where("registers"), f"no register is called '{word}'")
    return cast("Register", word)


def _step(name: str, table: Table) -> Step:
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


def _option(table: Table) -> Option:
    table.only(_OPTION)
    return Option(
        id=table.text("id"),
        label=table.wording("label"),
        when=table.when(),
        more=table.wording("more"),
        ends=table.flag("ends"),
        alone=table.flag("alone"),
    )


def _interrupt(name: str, table: Table) -> Interrupt:
    table.only(_INTERRUPT)
    return Interrupt(
        id=name,
        when=table.when(),
        text=table.wording("text"),
        help=table.flag("help", default=True),
        calm=table.flag("calm"),
        pictures=table.flag("pictures"),
    )
