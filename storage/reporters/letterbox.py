"""What people say of how it was for them: kept on its own, on its way to the box, with nothing that leads to a case.

A turn that keeps an answer touches no row of a case. What it keeps waits, sealed under the key of the day, until
`storage/upkeep/postman.py` puts all that was said on a day into the boxes together.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from flows.measures.box import QUESTIONS, Felt, Occasion, Question, letter
from storage.cases.rows.box_row import HOLDERS, BoxRow, find_box, new_box_row
from storage.core.core import StoreCore, all_rows
from storage.database.schema.measures import box_marks, pending_letters
from storage.database.turn import Insert, Row
from storage.leads.roster.rosters import Rosters
from storage.reporters.session import TalkSession
from storage.reporters.talks import Talks
from storage.sealing.keys.box_keys import mark_of, seal_letter
from storage.sealing.primitives.box import Place, seal_text
from storage.values import Arrival
from storage.values.errors import Conflict, Tampered

_LETTER_BYTES = 1200  # of a sealed one


@dataclass(frozen=True, slots=True)
class Pending:
    """Something on its way to a box.

    `sealed` is a letter, or empty: somebody was asked, or did not want to say. `mark` is by what that is known again.
    """

    id: str
    site: str
    term: str
    mark: bytes = field(repr=False)
    asked: bool
    sealed: bytes = field(default=b"", repr=False)


class Letterbox:
    """Asks and takes answers for the box; one for a store."""

    def __init__(self, core: StoreCore, rosters: Rosters, talks: Talks) -> None:
        self._core = core
        self._rosters = rosters
        self._talks = talks
        #: The marks of what is on its way, once that was read: one process writes the database.
        self._waiting: set[bytes] | None = None

    async def offer(self, talk: TalkSession, occasion: Occasion, term: date) -> bool:
        """Tell whether a question of the box is left for somebody now, and count them as asked, once an occasion.

        Args:
            talk: The open talk.
            occasion: By `flows/measures/box.py`.
            term: The first day of the term.

        Raises:
            SessionOver: The talk has ended.
            Conflict: Others were asked at the same moment, again and again; nobody was counted.
            Tampered: The box, or what is on its way, is not the one that was kept.
            Unavailable: It cannot be read or written; nobody was counted.
        """
        self._talks.require(talk)
        marks = {question: self._mark(talk, occasion, question) for question in ("", *QUESTIONS)}
        known = await self._known(list(marks.values()))
        if all(marks[question] in known for question in QUESTIONS):
            return False
        box = await self._box(talk.site, term)
        if box is None:
            return False
        if marks[""] not in known:
            asked = Pending(uuid4().hex, box.site, box.term, marks[""], asked=True)
            await self._core.commit(self._row(asked))
            self._noted(asked)
        talk.asked = (occasion, term)
        return True

    async def left(self, talk: TalkSession) -> tuple[Question, ...]:
        """Give the questions that were offered in this talk and not answered or passed over on this occasion.

        Raises:
            Tampered: What is on its way is not what was kept.
            Unavailable: It cannot be read.
        """
        if talk.asked is None:
            return ()
        marks = {question: self._mark(talk, talk.asked[0], question) for question in QUESTIONS}
        known = await self._known(list(marks.values()))
        return tuple(question for question in QUESTIONS if marks[question] not in known)

    async def put(self, arrival: Arrival, talk: TalkSession, answers: Sequence[tuple[Question, Felt | None]]) -> bool:
        """Keep answers on their way to the box, in one turn that touches no row of a case.

        What was answered on this occasion before stands: the box could not find the first answer to change it.

        Args:
            arrival: The update that said them.
            talk: The open talk, in which the questions were offered.
            answers: By question; None where it was passed over.

        Returns:
            Whether all of them were kept; false where one was answered before, or nothing was asked.

        Raises:
            SessionOver: The talk has ended; nothing is kept.
            AlreadySeen: The update was committed before.
            Conflict: Others were asked at the same moment, again and again; nothing is kept.
            Tampered: The box, or what is on its way, is not the one that was kept; nothing is kept.
            Unavailable: It cannot be read or written; nothing is kept.
        """
        self._talks.require(talk)
        kept: list[Pending] = []
        if talk.asked is not None and (box := await self._box(talk.site, talk.asked[1])) is not None:
            left = await self.left(talk)
            for question, felt in answers:
                if question in left:
                    mark = self._mark(talk, talk.asked[0], question)
                    said = b"" if felt is None else letter(question, felt, talk.register)
                    sealed = seal_letter(box.public, box.site, box.term, said) if said else b""
                    kept.append(Pending(uuid4().hex, box.site, box.term, mark, asked=False, sealed=sealed))
        await self._core.commit(*self._core.marks.seen_rows(arrival), *map(self._row, kept))
        self._noted(*kept)
        return len(kept) == len(answers)

    async def pending(self) -> tuple[Pending, ...]:
        """Give what is on its way and can be opened; what is not genuine is counted and left out.

        Raises:
            Unavailable: The database cannot be read.
        """
        async with self._core.read() as connection:
            rows = await all_rows(connection, select(pending_letters))
        return tuple(self.opened(rows))

    def opened(self, rows: Sequence[dict[str, Any]]) -> Iterator[Pending]:
        """Open rows of what is on its way; what is not genuine is counted and left out, and so is what has no key."""
        for row in rows:
            with suppress(Tampered):
                text = self._core.day_keys.open(row["day"], _place(row["id"]), row["sealed"])
                if text is not None:
                    yield _read(row["id"], text)

    def forget(self, marks: Sequence[bytes]) -> None:
        """Note that these stand beside the boxes now, and wait no more."""
        if self._waiting is not None:
            self._waiting.difference_update(marks)

    async def _known(self, marks: Sequence[bytes]) -> frozenset[bytes]:
        if self._waiting is None:
            self._waiting = {one.mark for one in await self.pending()}
        asked = select(box_marks.c.mark).where(box_marks.c.mark.in_(marks))
        async with self._core.read(once=True) as connection:
            put_in = frozenset((await connection.execute(asked)).scalars())
        return put_in | self._waiting.intersection(marks)

    def _noted(self, *kept: Pending) -> None:
        if self._waiting is not None:
            self._waiting.update(one.mark for one in kept)

    async def _box(self, site: str, term: date) -> BoxRow | None:
        """Give the box of a term, a new one where there is none; None where nobody could open it.

        It is drawn in a turn of its own, when somebody is asked: never with an answer.
        """
        for _ in range(2):
            async with self._core.read() as connection:
                found = await find_box(self._core, connection, site, term.isoformat())
                roster = await self._rosters.read(connection)
            if found is not None:
                return found
            named = roster.keys_of(site, HOLDERS)
            if not named:
                return None
            box, row = new_box_row(named, site, term.isoformat())
            with suppress(Conflict):  # somebody else was asked at the same moment
                await self._core.commit(row)
                self._core.register.note_floor(box.name, box.version)
                return box
        raise Conflict

    def _mark(self, talk: TalkSession, occasion: Occasion, question: str) -> bytes:
        return mark_of(talk.found.receipt.signing_seed, talk.site, occasion, question)

    def _row(self, one: Pending) -> Row:
        key = self._core.day_keys.today()
        sealed = seal_text(key.box_key(), _place(one.id), _write(one))
        return Insert(pending_letters, {"id": one.id, "day": key.day.isoformat(), "sealed": sealed})


def _place(one: str) -> Place:
    return Place("pending_letters", None, one, "letter", 0)


def _write(one: Pending) -> str:
    """Give what is sealed; as long without a letter as with one."""
    sealed = one.sealed or os.urandom(_LETTER_BYTES)
    told = [one.site, one.term, one.mark.hex(), one.asked, bool(one.sealed), base64.b64encode(sealed).decode()]
    return json.dumps(told)


def _read(one: str, text: str) -> Pending:
    site, term, mark, asked, written, sealed = json.loads(text)
    return Pending(one, site, term, bytes.fromhex(mark), asked, base64.b64decode(sealed) if written else b"")
