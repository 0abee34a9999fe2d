"""What a school should hold, as simply as it can be said: cases, who reads them, and what was said in them."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.cases.triage import Status
from storage.values import CaseId


@dataclass
class Case:
    """One concern and what became of it."""

    id: CaseId
    receipt: str
    words: str
    readers: frozenset[str]
    withheld: frozenset[str] = frozenset()
    let_in: list[str] = field(default_factory=list)
    status: Status = "new"
    owner: str | None = None
    said: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.status != "closed"

    def read(self) -> None:
        """A human has read it."""
        if self.status == "new":
            self.status = "acknowledged"

    def heard(self, text: str) -> None:
        """Its reporter said something more."""
        self.said.append(text)
        if not self.is_open:
            self.status = "reopened"

    def admit(self, name: str) -> None:
        """A recipient has checked that the words do not mean this lead."""
        self.readers |= {name}
        self.withheld -= {name}
        self.let_in.append(name)

    def texts(self) -> list[str]:
        """Everything that was said in it, in no order."""
        return sorted([self.words, *self.said, *self.replies, *self.notes])


@dataclass
class Model:
    """All cases, and how many lines the audit has at least."""

    cases: dict[CaseId, Case] = field(default_factory=dict)
    audited: int = 0

    def readable_by(self, lead: str) -> dict[CaseId, Case]:
        return {one: case for one, case in self.cases.items() if lead in case.readers}
