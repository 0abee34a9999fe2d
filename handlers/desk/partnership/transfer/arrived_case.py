"""What a file that arrived becomes here: a concern for the readers of this site, and a note of each further entry."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Final, cast, get_args

from flows.cases import routing
from flows.names.matching import is_named
from flows.names.typed_words import TypedWords
from flows.values.deeds import SendConcern
from flows.values.ids import Register, SiteId
from flows.values.situation import Reader
from flows.values.text import Listed, Moment
from handlers.desk.case import words
from handlers.desk.chat.visit import Visit, desk
from storage.cases.entry_content import texts_in, words_in
from storage.desk.partnership.transfer.arriving import ArrivedFile
from storage.values import CaseId, CaseRow, CaseView, Glance
from storage.values.errors import NoReaders

_PARENTS: Final[Register] = "parent"


def concern(found: ArrivedFile, site: SiteId, roster: Sequence[Reader]) -> SendConcern:
    """Give the concern that it begins with: the reporter's own answers, and who reads it here.

    The adult whom it is about there works there: the route is that of any other concern. Who was left out there by the
    same name is left out here too, and whom any of its words name is withheld.

    Raises:
        NoReaders: Nobody remains.
    """
    typed = [TypedWords(name) for name in found.copy.left_out]
    struck = tuple(one.lead for one in roster if any(is_named(name, one.name) for name in typed))
    written = [text for one in found.entries if one.action for text in one.action.detail.values()]
    said = [text for one in found.opened for text in texts_in(one.content)]
    unsure = bool(found.opened[0].content.get("unsure"))
    route = routing.readers(roster, "", struck, unsure=unsure, words=(*written, *said))
    if not route.rungs or route.named:
        raise NoReaders
    first = found.opened[0].content
    return SendConcern(
        site=site,
        register=_register(first.get("register")),
        language=str(first.get("language", "en")),
        door="web",
        answers=found.entries[0].answers,
        rungs=route.rungs,
        excluded=route.excluded,
        withheld=route.withheld,
        urgency=found.copy.urgency,
        rules=words_in(first, "rules"),
        categories=tuple(dict.fromkeys(code for one in found.entries for code in one.categories)),
        unsure=unsure,
    )


def notes(visit: Visit, found: ArrivedFile) -> tuple[str, ...]:
    """Give what stands behind the concern, as notes: where it comes from, then each entry as it reads there."""
    say, copy = visit.translator.say, found.copy
    begun = found.entries[0]
    head = [
        say(desk("Handed over by {school}, where it is {reference}.", school=copy.school, reference=copy.reference)),
        say(desk("It was sent there {time}.", time=Moment(begun.at))),
        say(desk("What follows was written there; the names are of people there.")),
    ]
    if begun.taken_down:
        head.append(say(desk("It was taken down there by {name}.", name=begun.taken_down)))
    if copy.left_out:
        head.append(say(desk("Left out there: {names}.", names=Listed(copy.left_out))))
    parts = words.record_parts(_view(found), max(one.number for one in found.entries), visit.reasons, visit.translator)
    behind = sorted((one for one in parts if one.entry != begun.number), key=lambda one: one.entry)
    told = ["\n".join(filter(None, (one.heading, one.words))) for one in behind]
    grouped = groupby(zip(behind, told, strict=True), key=lambda pair: pair[0].entry)
    return ("\n".join(head), *("\n".join(text for _, text in of_one) for _, of_one in grouped))


def _register(told: object) -> Register:
    """Whose words they are; a register that is not known here is treated as a parent's, who is an adult."""
    return cast("Register", told) if told in get_args(Register) else _PARENTS


def _view(found: ArrivedFile) -> CaseView:
    """The case over there as one that is shown here: its entries, by the names of those who wrote them."""
    first = found.opened[0].content
    glance = Glance(_register(first.get("register")), str(first.get("language", "en")), "web", found.entries[0].at)
    row = CaseRow(
        id=CaseId(""),
        reference=found.copy.reference,
        version=0,
        site=SiteId(""),
        status="new",
        urgency=found.copy.urgency,
        due_at=None,
        due=None,
        owner=None,
        unread=False,
        entries=len(found.entries),
        opened_hour=found.entries[0].at,
        glance=glance,
    )
    return CaseView(row, found.entries, found.people, (), reporter_read=False)
