"""Everything that definition files say, assembled once: conversations, categories, risk rules, crisis phrases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flows.categories import Categories, read_categories
from flows.crisis import Phrases, read_phrases
from flows.definition import Definition
from flows.errors import DefinitionError, Where
from flows.known import Register
from flows.load import load
from flows.urgency import Rule, read_rules

#: The conversations, by the name of their file.
CONVERSATIONS: Final = ("child", "parent", "staff", "feedback")

#: Those that ask the follow-up sets.
_WITH_SETS: Final = frozenset({"child", "parent", "staff"})


@dataclass(frozen=True)
class Flows:
    """What every step is read by."""

    definitions: Mapping[str, Definition]
    categories: Categories
    rules: tuple[Rule, ...]
    phrases: Phrases

    def of_register(self, register: Register) -> Definition:
        """The conversation for `register`.

        Raises:
            KeyError: no definition is meant for it.
        """
        for definition in self.definitions.values():
            if register in definition.registers:
                return definition
        raise KeyError(register)


def assemble(texts: Mapping[str, str], overlays: Mapping[str, str] | None = None) -> Flows:
    """Read all of `texts`: path below `flows/definitions/` (`child.toml`, `crisis/en.toml`) → text.

    `overlays` are an organisation's own files, by the same paths, laid over ours.

    Raises:
        DefinitionError: a file cannot be used, with file and line.
        KeyError: a file that is needed is not there.
    """
    over = overlays or {}
    names = {name: f"{name}.toml" for name in CONVERSATIONS}
    flows = Flows(
        definitions={
            name: load(texts[path], name, over.get(path), f"overlay/{path}", _base(name, texts))
            for name, path in names.items()
        },
        categories=read_categories(texts["categories.toml"], over.get("categories.toml"), "overlay/categories.toml"),
        rules=read_rules(texts["rules.toml"], over.get("rules.toml"), "overlay/rules.toml"),
        phrases=Phrases(
            phrase for path in sorted(texts) if path.startswith("crisis/") for phrase in read_phrases(texts[path], path)
        ),
    )
    _every_set_is_there(flows)
    return flows


def _every_set_is_there(flows: Flows) -> None:
    asked = flows.categories.sets_of((*flows.categories.codes, *flows.categories.group_ids()))
    for name in _WITH_SETS:
        missing = asked - flows.definitions[name].sets.keys()
        if missing:
            where = Where("categories.toml", 0)
            raise DefinitionError(where, f"[set.{min(missing)}] is asked for and not in '{name}'")


def _base(name: str, texts: Mapping[str, str]) -> str | None:
    return texts["sets.toml"] if name in _WITH_SETS else None
