"""Why a case is as urgent as it is, and what it is about: risk rules and categories in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from flows.bundle import Flows
from flows.draft import Chose
from flows.texts import Text
from flows.urgency import contradicts, explain

_ADVICE: Final = {
    "HEAD": Text("the head", "desk"),
    "DSL+LADO": Text("the designated officer (LADO), within one working day", "desk"),
    "SITE": Text("the site manager", "desk"),
    "INDEPENDENT": Text("the independent person", "desk"),
}


@dataclass(frozen=True, repr=False)
class Reasons:
    """Puts ids of rules and codes of categories into words, by the definitions of today."""

    flows: Flows

    def because(self, rules: Iterable[str]) -> tuple[Text, ...]:
        """The risk rules that held, in words."""
        return tuple(explain(rule, self.flows.rules) for rule in dict.fromkeys(rules))

    def contradicted(self, rules: Collection[str], chosen: Mapping[str, tuple[str, ...]]) -> bool:
        """Whether they said to be safe, and one of the risk rules that held says not."""
        answers = {step: Chose(options) for step, options in chosen.items()}
        return contradicts(rules, answers, self.flows.rules)

    def not_to_parents(self, codes: Iterable[str]) -> bool:
        """Whether nothing may go to parents or family until a lead has cleared it."""
        return self.flows.categories.no_parent_contact(codes)

    def share_with(self, codes: Iterable[str]) -> tuple[Text, ...]:
        """With whom the categories advise a lead to share it, beside the leads themselves."""
        return tuple(_ADVICE[one] for one in self.flows.categories.advice(codes) if one in _ADVICE)

    def about(self, codes: Iterable[str]) -> tuple[Text, ...]:
        """The categories as staff call them."""
        return tuple(self.flows.categories.label(code, "staff") for code in dict.fromkeys(codes))
