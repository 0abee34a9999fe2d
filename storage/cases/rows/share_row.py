"""The row of a share, and what is sealed in it: bound by a MAC with a version, emptied at the end."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final, cast

from flows.duty.working_days import Reminders
from flows.together.share_table import SaidAtTable
from flows.values.ids import LeadId
from storage.cases.answers_json import Json, as_json
from storage.cases.planned import Planned, read_planned, write_planned
from storage.core.core import StoreCore
from storage.core.destruction_ledger import Tombstone
from storage.core.integrity import is_bound, mac_of
from storage.database.schema.shares import shares
from storage.database.turn import Cell, Insert, Row, Update
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.keys.share_keys import SealedShare
from storage.sealing.primitives.xwing import KeyId
from storage.values import CaseId
from storage.values.shares import ShareContent, SharedPart, ShareId, ShareListed, ShareState

_COLUMNS: Final = (
    *("id", "case_id", "partner", "until", "state", "answers", "key_id", "wrapped", "sealed", "version"),
    *("answer_by", "told", "round_table", "actions", "remind_at"),
)


@dataclass(frozen=True, slots=True)
class ShareRow:
    """All columns of `shares` but the MAC. `until` and `answer_by` are in seconds since 1970."""

    id: ShareId
    case_id: CaseId
    partner: str
    until: int
    state: ShareState
    answers: int
    key_id: KeyId
    wrapped: bytes = field(repr=False)
    sealed: bytes = field(repr=False)
    version: int = 0
    answer_by: int = 0
    told: int = 0
    round_table: bytes | None = field(default=None, repr=False)
    actions: str = ""
    remind_at: int = 0

    @property
    def planned(self) -> tuple[Planned, ...]:
        """What is its partner's to do and open."""
        return read_planned(self.actions)

    @property
    def has_ended(self) -> bool:
        """Whether its key is destroyed."""
        return not self.wrapped

    @property
    def kept(self) -> SealedShare:
        """What its partner's key opens."""
        return SealedShare(self.key_id, self.wrapped, self.sealed)

    @property
    def listed(self) -> ShareListed:
        """The share as it is listed."""
        wanted = datetime.fromtimestamp(self.answer_by, UTC) if self.answer_by else None
        due = min((date.fromordinal(one.due) for one in self.planned), default=None)
        return ShareListed(self.id, datetime.fromtimestamp(self.until, UTC), self.state, wanted, due)


def read_share(core: StoreCore, row: Mapping[str, Any]) -> ShareRow:
    """Give the row of a share, as it was read.

    Raises:
        Tampered: It is not one that Hark wrote.
    """
    if not is_bound(core.server_key, shares, row):
        raise core.forgeries.record(row["case_id"])
    return ShareRow(*(row[name] for name in _COLUMNS))


def new_share_row(share: ShareRow) -> Row:
    """Give the row that keeps a new share; the turn binds it."""
    return Insert(shares, _cells(share))


def changed_share_row(key: ServerKey, before: ShareRow, **changes: Any) -> Row:
    """Give the row that changes columns of a share, as its next version.

    The commit raises `Conflict` where another turn has changed it since.
    """
    cells = _cells(replace(before, version=before.version + 1, **changes))
    values = {**cells, "mac": mac_of(key, shares, cells)}
    return Update(shares, {"id": values.pop("id")}, values, {"version": before.version})


def ended_share_row(core: StoreCore, share: ShareRow, **changes: Any) -> Row:
    """Note beside the key file that a share has ended, and give the row that destroys its key and its content.

    Raises:
        Unavailable: The ledger cannot be written; nothing may be destroyed now.
    """
    core.ledger.note(Tombstone("share", share.id))
    return emptied_share_row(core.server_key, share, **changes)


def emptied_share_row(key: ServerKey, share: ShareRow, **changes: Any) -> Row:
    """Give the row that destroys key and content of a share that the ledger names already."""
    emptied = {"wrapped": b"", "sealed": b"", "round_table": None, **with_planned(())}
    return changed_share_row(key, share, state="ended", **emptied, **changes)


def with_planned(planned: Iterable[Planned]) -> dict[str, str | int]:
    """Give the columns of a share whose partner is to do these, and is told of them."""
    left = tuple(planned)
    return {"actions": write_planned(left), "remind_at": min((one.remind_at for one in left), default=0)}


def new_planned(number: int, partner: str, due: date, reminders: Reminders) -> Planned:
    """Give what a partner is to do by a day, as her share keeps it; `number` is that of what was said when it came."""
    remind_at, late_at = (int(one.timestamp()) for one in (reminders.remind_at, reminders.late_at))
    return Planned(number, partner, due.toordinal(), remind_at, late_at)


def write_content(content: ShareContent) -> str:
    """Give what is sealed for the partner."""
    parts: list[Json] = [[one.heading, one.words] for one in content.parts]
    told = (content.sender, content.partner, content.purpose, content.question, content.until.isoformat())
    wanted = content.answer_by.isoformat() if content.answer_by else ""
    later: list[Json] = [{"answer_by": wanted, "refers": content.refers}] if wanted or content.refers else []
    return as_json([*told, parts, *later])


def read_content(text: str) -> ShareContent:
    """Read what `write_content` gave.

    Raises:
        ValueError: It is no such text (a bug).
    """
    sender, partner, purpose, question, until, parts, *rest = json.loads(text)
    copied = tuple(SharedPart(*one) for one in parts)
    later = rest[0] if rest else {}  # not in those of before there was a clock
    wanted = datetime.fromisoformat(later["answer_by"]) if later.get("answer_by") else None
    said = (sender, partner, purpose, question, datetime.fromisoformat(until))
    return ShareContent(*said, copied, wanted, refers=later.get("refers", False))


def write_table(said: Sequence[SaidAtTable]) -> str:
    """Give what is sealed for the partner of a round table."""
    return as_json([{"by": one.by, "name": one.name, "said": dict(one.said)} for one in said])


def read_table(text: str) -> tuple[SaidAtTable, ...]:
    """Read what `write_table` gave.

    Raises:
        ValueError: It is no such text (a bug).
    """
    return tuple(SaidAtTable(LeadId(one["by"]), one["name"], one["said"]) for one in json.loads(text))


def digest_of(text: str) -> str:
    """Give 32 hexadecimal digits of the SHA-256 of what is sealed, for the case's own entry."""
    return sha256(text.encode()).hexdigest()[:32]


def _cells(share: ShareRow) -> dict[str, Cell]:
    return {name: cast("Cell", getattr(share, name)) for name in _COLUMNS}
