"""Why a case is as urgent as it is, and what it is about: risk rules and categories in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flows.bundle import Flows
from flows.texts import Text
from flows.urgency import explain


@dataclass(frozen=True, repr=False)
class Reasons:
    """Puts ids of rules and codes of categories into words, by the definitions of today."""

    flows: Flows

    def because(self, rules: Iterable[str]) -> tuple[Text, ...]:
        """The risk rules that held, in words."""
        return tuple(explain(rule, self.flows.rules) for rule in dict.fromkeys(rules))

    def about(self, codes: Iterable[str]) -> tuple[Text, ...]:
        """The categories as staff call them."""
        return tuple(self.flows.categories.label(code, "staff") for code in dict.fromkeys(codes))
