"""Why a case is as urgent as it is, and what it is about: risk rules and categories in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from flows.conversation.explanation import CaseContent, reasons
from flows.danger.urgency import contradicts
from flows.drafts.rulebook import Flows
from flows.values.draft import Answer, Chose, Wrote
from flows.values.text import Text
from storage.values import CaseView, Entry, Glance

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

    def of_header(self, glance: Glance) -> tuple[Text, ...]:
        """What of the risk rules held by the choices alone, which is all that a header has; words are not in it.

        A rule that held by words is left out here and stands on the card, so this may be empty for an urgent case.
        """
        answers: dict[str, Answer] = {step: Chose(options) for step, options in glance.chosen.items()}
        told = CaseContent(glance.register, glance.categories, answers)
        return reasons(glance.rules, told, self.flows, unfound=False)

    def of_case(self, view: CaseView) -> tuple[Text, ...]:
        """Why an opened case is as urgent as it is: what of the risk rules held in it."""
        glance = view.row.glance
        content = CaseContent(glance.register, glance.categories, _answers(view), _texts(view))
        return reasons(glance.rules, content, self.flows)

    def of_entry(self, view: CaseView, entry: Entry) -> tuple[Text, ...]:
        """What of the risk rules came to hold by one entry of a case: of a message, by its words alone."""
        glance = view.row.glance
        if entry.kind == "message":
            return reasons(entry.rules, CaseContent(glance.register, texts=(entry.text,)), self.flows)
        content = CaseContent(glance.register, glance.categories, _answers(view), _texts(view))
        return reasons(entry.rules, content, self.flows)

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
        """The categories as staff call them, each once.

        A code that the definitions of today do not know is shown as it is.
        """
        return tuple(self.flows.categories.label(code, "staff") for code in dict.fromkeys(codes))


def _answers(view: CaseView) -> dict[str, Answer]:
    return {one.step: one.answer for entry in view.entries for one in entry.answers}


def _texts(view: CaseView) -> tuple[str, ...]:
    written = (one.answer.words for entry in view.entries for one in entry.answers if isinstance(one.answer, Wrote))
    said = (entry.text for entry in view.entries if entry.kind == "message")
    return (*(text for words in written for text in words), *said)
