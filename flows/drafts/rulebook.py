"""Everything that definition files say, assembled once: conversations, categories, risk rules, crisis phrases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from flows.danger.crisis_phrases import Phrases, read_phrases
from flows.danger.urgency import Rule, read_rules
from flows.loading.categories import Categories, read_categories
from flows.loading.checks.validator import WORLD, words_for
from flows.loading.conditions import comparisons
from flows.loading.definition import Definition
from flows.loading.helplines import FILE as HELPLINES
from flows.loading.helplines import check_helplines
from flows.loading.loader import load
from flows.loading.retention import FILE as RETENTION
from flows.loading.retention import RetentionRules, read_retention
from flows.loading.source_lines import DefinitionError, Where, nearest
from flows.values.ids import Register

#: The conversations, by the name of their file.
CONVERSATIONS: Final = ("child", "parent", "staff", "feedback")

#: Those that ask the follow-up sets.
_WITH_SETS: Final = frozenset({"child", "parent", "staff"})

#: The files that an organisation may have of its own, beside crisis phrases.
_FILES: Final = (*(f"{name}.toml" for name in CONVERSATIONS), "categories.toml", "rules.toml", RETENTION, HELPLINES)
_CRISIS: Final = "crisis/"
#: How an organisation's own files are told apart from ours of the same name: by where they lie in the data directory.
OWN: Final = "definitions/"

#: What a risk rule may look at beside answers.
_RULE_FACTS: Final = WORLD | {"words", "certainty"}


@dataclass(frozen=True)
class Flows:
    """What every step is read by."""

    definitions: Mapping[str, Definition]
    categories: Categories
    rules: tuple[Rule, ...]
    phrases: Phrases
    retention: RetentionRules

    def of_register(self, register: Register) -> Definition:
        """Return the conversation for whoever writes.

        Raises:
            KeyError: No definition is meant for it.
        """
        for definition in self.definitions.values():
            if register in definition.registers:
                return definition
        raise KeyError(register)


def assemble(texts: Mapping[str, str], overlays: Mapping[str, str] | None = None) -> Flows:
    """Read all of `texts`: path below `flows/definitions/` (`child.toml`, `crisis/en.toml`) → text.

    `overlays` are an organisation's own files, by the same paths, laid over ours; its crisis phrases stand beside ours.

    Raises:
        DefinitionError: a file cannot be used, helplines among them, with file and line.
        KeyError: a file that is needed is not there.
    """
    over = overlays or {}
    _every_overlay_is_one(over)
    names = {name: f"{name}.toml" for name in CONVERSATIONS}
    flows = Flows(
        definitions={
            name: load(texts[path], name, over.get(path), _own(path), _base(name, texts))
            for name, path in names.items()
        },
        categories=read_categories(texts["categories.toml"], over.get("categories.toml"), _own("categories.toml")),
        rules=read_rules(texts["rules.toml"], over.get("rules.toml"), _own("rules.toml")),
        phrases=Phrases(
            phrase
            for where, files in (("", texts), (OWN, over))
            for path in sorted(files)
            if path.startswith(_CRISIS)
            for phrase in read_phrases(files[path], f"{where}{path}")
        ),
        retention=read_retention(texts[RETENTION], over.get(RETENTION), _own(RETENTION)),
    )
    _every_set_is_there(flows)
    _every_rule_can_hold(flows)
    if (helplines := {**texts, **over}.get(HELPLINES)) is not None:
        check_helplines(helplines)
    return flows


def _every_set_is_there(flows: Flows) -> None:
    asked = flows.categories.sets_of((*flows.categories.codes, *flows.categories.group_ids()))
    for name in _WITH_SETS:
        missing = asked - flows.definitions[name].sets.keys()
        if missing:
            where = Where("categories.toml", 0)
            raise DefinitionError(where, f"[set.{min(missing)}] is asked for and not in '{name}'")


def _every_overlay_is_one(over: Mapping[str, str]) -> None:
    for path in over:
        if path not in _FILES and not path.startswith(_CRISIS):
            raise DefinitionError(
                Where(_own(path), 0),
                f"is laid over nothing; your own may be {', '.join(_FILES)}, {_CRISIS}*.toml{nearest(path, _FILES)}",
            )


def _own(path: str) -> str:
    return f"{OWN}{path}"


def _every_rule_can_hold(flows: Flows) -> None:
    """No rule waits for a question that nobody is asked, or for an answer that cannot be given."""
    steps = [step for definition in flows.definitions.values() for step in definition.steps.values()]
    for rule in flows.rules:
        for one in (found for level in rule.levels for found in comparisons(level.when)):
            asked = [words_for(step) for step in steps if step.id == one.name]
            if not asked and one.name not in _RULE_FACTS:
                raise DefinitionError(rule.where, f"rule '{rule.id}' looks at '{one.name}', which is unknown")
            for word in sorted(one.values.difference(*asked)) if asked and all(asked) else ():
                raise DefinitionError(rule.where, f"rule '{rule.id}' looks for '{word}', no answer to '{one.name}'")


def _base(name: str, texts: Mapping[str, str]) -> str | None:
    return texts["sets.toml"] if name in _WITH_SETS else None
