"""The header of a case: what the queue shows of it, one versioned row under the desk key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Final

from flows.cases.approvals import Proposal, stands
from flows.values.ids import LeadId
from storage.cases.answers_json import Json, as_json
from storage.cases.case_row import ClearRow
from storage.database.schema.cases import headers
from storage.database.turn import Insert, Row, Update
from storage.sealing.primitives.box import Place, open_text, seal_text
from storage.sealing.primitives.errors import CannotOpen
from storage.values import Glance

_NAMES: Final = tuple(one.name for one in fields(Glance))


def new_header_row(clear: ClearRow, desk_key: bytes, glance: Glance) -> Row:
    """Give the row of a new case's header, sealed under the desk key for version and epoch of the clear row."""
    return Insert(headers, {"case_id": clear.id, **_columns(clear, desk_key, glance)})


def header_row(clear: ClearRow, desk_key: bytes, glance: Glance) -> Row:
    """Give the row that replaces a header; `clear` counts the new version already.

    The update names no expected version: the clear row of the same turn does, so both change or none.
    """
    return Update(headers, {"case_id": clear.id}, _columns(clear, desk_key, glance))


def open_header(clear: ClearRow, desk_key: bytes, row: Mapping[str, Any], now: datetime) -> Glance:
    """Open the header of a case; a proposal in it that does not stand any more is left out.

    Raises:
        CannotOpen: It is not the version that the clear row tells, or was changed.
    """
    if (row["version"], row["epoch"]) != (clear.header_version, clear.epoch):
        raise CannotOpen
    glance = _read(open_text(desk_key, _place(clear), row["sealed"]))
    state = state_of(clear)
    left = {what: one for what, one in glance.proposed.items() if stands(one, state, now)}
    return replace(glance, proposed=left)


def state_of(clear: ClearRow) -> str:
    """Give what a proposal is bound to: the number of the reporter's last word, so a further word lets it lapse."""
    return str(clear.last_word)


def _columns(clear: ClearRow, desk_key: bytes, glance: Glance) -> dict[str, Any]:
    sealed = seal_text(desk_key, _place(clear), _write(glance))
    return {"version": clear.header_version, "epoch": clear.epoch, "sealed": sealed}


def _place(clear: ClearRow) -> Place:
    return Place("headers", clear.id, clear.epoch, "header", clear.header_version)


def _write(glance: Glance) -> str:
    proposed: dict[str, Json] = {what: [one.by, one.at.isoformat(), one.state] for what, one in glance.proposed.items()}
    kept: dict[str, Json] = {name: getattr(glance, name) for name in _NAMES}  # `asdict` would copy every value
    return as_json({**kept, "sent_at": glance.sent_at.isoformat(), "proposed": proposed})


def _read(text: str) -> Glance:
    kept = json.loads(text)
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
        unsure=kept.get("unsure", False),  # those that older headers lack have a default
        # Older headers name who has vouched for whom, and not when or for what state: that counts no more.
        proposed={what: _proposal(*one) for what, one in kept.get("proposed", {}).items()},
        label=kept["label"],
    )


def _proposal(by: str, at: str, state: str) -> Proposal:
    return Proposal(LeadId(by), datetime.fromisoformat(at), state)
