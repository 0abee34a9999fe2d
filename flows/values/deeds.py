"""What a step wants done. `storage` has one module for each, which turns it into rows; nothing here does anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from flows.values.draft import Answer
from flows.values.ids import Door, LeadId, Register, SiteId, Urgency
from flows.values.text import Text

__all__ = ["AddAnswer", "AddFile", "AddMessage", "Addition", "Answered", "Deed", "Media", "SendConcern", "Urgency"]

#: What a file is: a photo whose pixels were copied, or one that stays as it came.
Media: TypeAlias = Literal["photo", "pdf", "voice"]


@dataclass(frozen=True)
class Answered:
    """A question as it was shown, and what was answered; `labels` are the chosen options as they were shown."""

    step: str
    question: Text
    answer: Answer
    labels: tuple[Text, ...] = ()


@dataclass(frozen=True)
class SendConcern:
    """Seal the draft for `rungs` and make it a case.

    `rungs` are all readers, grouped by rung of the ladder, first to be notified first; never empty and never holding
    a struck person. `withheld` are readers whose name the free text seems to hold: sealed for nobody until checked.
    `rules` are the ids of the risk rules that held, and `categories` the codes of `domain.md` known so far. `page` has
    the rungs told as fast as of something immediate, whatever the urgency. `unsure`: whether somebody of the readers
    may be the one it is about, as "not sure" on their screen says. `taken_down` is the name of the lead who wrote it
    down for whoever said it; empty where that person wrote.
    """

    site: SiteId
    register: Register
    language: str
    door: Door
    answers: tuple[Answered, ...]
    rungs: tuple[tuple[LeadId, ...], ...]
    excluded: tuple[LeadId, ...]
    withheld: tuple[LeadId, ...]
    urgency: Urgency
    rules: tuple[str, ...]
    categories: tuple[str, ...] = ()
    page: bool = False
    unsure: bool = False
    taken_down: str = ""


@dataclass(frozen=True)
class AddAnswer:
    """Append one answer given after sending; `urgency` is the case's new one if `rules` raise it, never a lower one.

    With `page` the rungs are told anew, as fast as of something immediate, also where the urgency stays.
    """

    answered: Answered
    urgency: Urgency | None
    rules: tuple[str, ...]
    categories: tuple[str, ...] = ()
    page: bool = False


@dataclass(frozen=True)
class AddMessage:
    """Append a reporter's message in a talk session, with the rules that its words fired; `page` as in `AddAnswer`.

    Words of danger always page, and tell the least urgency of the case, whatever it was and whoever has taken it up.
    """

    text: str
    urgency: Urgency | None
    rules: tuple[str, ...]
    page: bool = False


@dataclass(frozen=True)
class AddFile:
    """Append a file that a reporter sent after it was asked for; it raises and pages nothing, as no words would.

    `content` is a JPEG of copied pixels, a PDF or a voice message, at most 10 MiB; `blur` a JPEG that shows of a photo
    no more than where it is light and dark, and is empty for the others.
    """

    media: Media
    content: bytes = field(repr=False)
    blur: bytes = field(default=b"", repr=False)
    urgency: Urgency | None = None
    rules: tuple[str, ...] = ()
    page: bool = False


#: What is added to a concern that was sent.
Addition: TypeAlias = AddAnswer | AddFile | AddMessage
Deed: TypeAlias = SendConcern | AddAnswer | AddMessage
