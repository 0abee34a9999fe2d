"""What partners answered is taken into the case, by the first recipient who opens it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, cast

from storage.cases import entry_content
from storage.cases.answers_json import Object
from storage.cases.entries import Said
from storage.cases.entry_content import details_of
from storage.database.schema.shares import share_answers
from storage.database.turn import Delete
from storage.deeds.deed import Acted, Deed, DeedContext
from storage.values.errors import NotOffered
from storage.values.shares import ShareId


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer of a partner, opened and with her signature proved: what she said, as JSON, and its row's key."""

    share: ShareId
    number: int
    partner: str
    said: str = field(repr=False)
    signature: bytes = field(repr=False)
    mac: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class TakeAnswers(Deed):
    """Take what partners answered into the case, signed by the recipient who opens it; her own signature stands in it.

    `rule` is that of reading: whoever opens the case does it, unasked.
    """

    rule: ClassVar[str] = "read"
    reads_words: ClassVar[bool] = True
    answers: tuple[Taken, ...]

    def apply(self, context: DeedContext) -> Acted:
        """Take them in; each row goes, so that it is in the case once.

        Raises:
            NotOffered: There is nothing to take in, or one of them is in the case already.
        """
        told = details_of(context.opened, entry_content.SHARE_ANSWER)
        held = {(ShareId(one["share"]), int(one["number"])) for one in told}
        if not self.answers or any((one.share, one.number) in held for one in self.answers):
            raise NotOffered
        clear = context.loaded.clear
        version = clear.desk_version + 1
        said = tuple(Said("desk", _taken_in(one, version, context.now)) for one in self.answers)
        rows = tuple(
            Delete(share_answers, {"share_id": one.share, "number": one.number}, {"mac": one.mac})
            for one in self.answers
        )
        return Acted(clear, context.loaded.glance, entry_content.SHARE_ANSWER, said, rows)


def _taken_in(one: Taken, version: int, now: datetime) -> Object:
    told = cast("dict[str, str]", json.loads(one.said))
    detail = {
        "share": one.share,
        "to": one.partner,
        "number": str(one.number),
        "answer": told["answer"],
        "because": told["because"],
        "at": told["at"],
        "signed": one.said,
        "signature": one.signature.hex(),
        **{name: told[name] for name in ("next", "by", "upto", "of") if told.get(name)},
    }
    return entry_content.shared_answer(detail, told["text"], version, now)
