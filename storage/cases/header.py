"""The header of a case: what the queue shows of it, one versioned row under the desk key.

Where an epoch begins without anybody who could open it, it stands inside a new seal: what was sealed before is sealed
again, unread, under the new desk key. So whoever was kept out cannot make one up.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Final

from flows.cases.approvals import Proposal, stands
from flows.cases.roles import time_for
from flows.values.ids import LeadId
from storage.cases.answers_json import Json, as_json
from storage.cases.rows.clear_row import ClearRow
from storage.database.schema.cases import headers
from storage.database.turn import Insert, Row, Update
from storage.sealing.keys.case_keys import CaseKeys
from storage.sealing.primitives.box import Place, open_text, seal_text
from storage.sealing.primitives.errors import CannotOpen
from storage.values import Glance, KeptOut

#: Where a header stands that was sealed before, inside a new one.
_WITHIN: Final = "within"

#: What only some headers have is not in the others: their form is frozen.
_SOME: Final = frozenset({"review", "taken_down", "actions", "answered", "closed", "outcome"})
_ALWAYS: Final = tuple(one.name for one in fields(Glance) if one.name not in _SOME)


def new_header_row(clear: ClearRow, desk_key: bytes, glance: Glance) -> Row:
    """Give the row of a new case's header, sealed under the desk key for version and epoch of the clear row."""
    return Insert(headers, {"case_id": clear.id, **_columns(clear, desk_key, glance)})


def header_row(clear: ClearRow, desk_key: bytes, glance: Glance) -> Row:
    """Give the row that replaces a header; `clear` counts the new version already.

    The update names no expected version: the clear row of the same turn does, so both change or none.
    """
    return Update(headers, {"case_id": clear.id}, _columns(clear, desk_key, glance))


def sealed_within(clear: ClearRow, desk_key: bytes, before: Mapping[str, Any], withheld: Collection[LeadId]) -> Row:
    """Give the row that replaces a header that nobody at hand can open by itself inside a new one.

    Args:
        clear: The case as it is to be; it counts the new version, and the new epoch, already.
        desk_key: Of the new epoch.
        before: The row as it was read.
        withheld: Whom the words name since; they are added when it is opened.
    """
    inner = {
        "epoch": before["epoch"],
        "version": before["version"],
        "sealed": base64.b64encode(before["sealed"]).decode(),
    }
    text = json.dumps({_WITHIN: inner, "withheld": [*withheld]})
    sealed = seal_text(desk_key, _place(clear.id, clear.epoch, clear.header_version), text)
    return Update(headers, {"case_id": clear.id}, _sealed_columns(clear, sealed))


def open_header(clear: ClearRow, keys: Mapping[int, CaseKeys], row: Mapping[str, Any], now: datetime) -> Glance:
    """Open the header of a case; a proposal in it that does not stand any more is left out.

    Args:
        clear: The case.
        keys: Those that the reader holds, by epoch.
        row: The header as it was read.
        now: Aware; by it a proposal stands.

    Raises:
        CannotOpen: It is not the version that the clear row tells, was changed, or holds one inside of an epoch whose
            desk key is not among `keys`.
    """
    if (row["version"], row["epoch"]) != (clear.header_version, clear.epoch):
        raise CannotOpen
    glance = _opened(clear.id, keys, row["epoch"], row["version"], row["sealed"])
    state = state_of(clear)
    if not glance.proposed:
        return glance
    left = {what: one for what, one in glance.proposed.items() if stands(one, state, now, time_for(what))}
    return replace(glance, proposed=left)


def state_of(clear: ClearRow) -> str:
    """Give what a proposal is bound to: the number of the reporter's last word, so a further word lets it lapse."""
    return str(clear.last_word)


def _opened(case: str, keys: Mapping[int, CaseKeys], epoch: int, version: int, sealed: bytes) -> Glance:
    held = keys.get(epoch)
    if held is None or held.desk is None:
        raise CannotOpen
    text = open_text(held.desk, _place(case, epoch, version), sealed)
    kept = json.loads(text)
    inner = kept.get(_WITHIN)
    if inner is None:
        return _read(kept)
    glance = _opened(case, keys, inner["epoch"], inner["version"], base64.b64decode(inner["sealed"]))
    return replace(glance, withheld=tuple(dict.fromkeys((*glance.withheld, *kept["withheld"]))))


def _columns(clear: ClearRow, desk_key: bytes, glance: Glance) -> dict[str, Any]:
    place = _place(clear.id, clear.epoch, clear.header_version)
    return _sealed_columns(clear, seal_text(desk_key, place, _write(glance)))


def _sealed_columns(clear: ClearRow, sealed: bytes) -> dict[str, Any]:
    return {"version": clear.header_version, "epoch": clear.epoch, "sealed": sealed}


def _place(case: str, epoch: int, version: int) -> Place:
    return Place("headers", case, epoch, "header", version)


def _write(glance: Glance) -> str:
    proposed: dict[str, Json] = {what: [one.by, one.at.isoformat(), one.state] for what, one in glance.proposed.items()}
    kept: dict[str, Json] = {name: getattr(glance, name) for name in _ALWAYS}  # `asdict` would copy every value
    out: dict[str, Json] = {lead: [one.by, one.at.isoformat(), one.read_to] for lead, one in glance.kept_out.items()}
    own: dict[str, Json] = {"sent_at": glance.sent_at.isoformat(), "proposed": proposed, "kept_out": out}
    some: dict[str, Json] = {
        "review": glance.review.isoformat() if glance.review else "",
        "taken_down": glance.taken_down,
        "actions": {str(number): text for number, text in glance.actions.items()},
        "answered": glance.answered.isoformat() if glance.answered else "",
        "closed": glance.closed.isoformat() if glance.closed else "",
        "outcome": glance.outcome,
    }
    return as_json({**kept, **own, **{name: value for name, value in some.items() if value}})


def _read(kept: Mapping[str, Any]) -> Glance:
    return Glance(
        register=kept["register"],
        language=kept["language"],
        door=kept["door"],
        sent_at=datetime.fromisoformat(kept["sent_at"]),
        categories=tuple(kept["categories"]),
        rules=tuple(kept["rules"]),
        chosen={step: tuple(options) for step, options in kept["chosen"].items()},
        excluded=tuple(kept["excluded"]),
        withheld=tuple(kept["withheld"]),
        kept_out={LeadId(lead): _kept_out(*one) for lead, one in kept.get("kept_out", {}).items()},
        unsure=kept.get("unsure", False),  # those that older headers lack have a default
        # Older headers name who has vouched for whom, and not when or for what state: that counts no more.
        proposed={what: _proposal(*one) for what, one in kept.get("proposed", {}).items()},
        label=kept["label"],
        actions={int(number): text for number, text in kept.get("actions", {}).items()},
        review=_moment(kept, "review"),
        taken_down=kept.get("taken_down", ""),
        answered=_moment(kept, "answered"),
        closed=_moment(kept, "closed"),
        outcome=kept.get("outcome", ""),
    )


def _moment(kept: Mapping[str, str], name: str) -> datetime | None:
    return datetime.fromisoformat(kept[name]) if name in kept else None


def _kept_out(by: str, at: str, read_to: int) -> KeptOut:
    return KeptOut(LeadId(by), datetime.fromisoformat(at), read_to)


def _proposal(by: str, at: str, state: str) -> Proposal:
    return Proposal(LeadId(by), datetime.fromisoformat(at), state)
