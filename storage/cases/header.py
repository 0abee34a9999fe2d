"""The header of a case: what the queue shows of it, one versioned row under the desk key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from storage.cases.clear import Clear
from storage.schema.cases import headers
from storage.sealing.box import Place, open_text, seal_text
from storage.sealing.errors import CannotOpen
from storage.turns import Insert, Row, Update
from storage.values import Glance
from storage.wording import as_json


def new_header_row(clear: Clear, desk_key: bytes, glance: Glance) -> Row:
    """Give the row of a new case's header."""
    return Insert(headers, {"case_id": clear.id, **_columns(clear, desk_key, glance)})


def header_row(clear: Clear, desk_key: bytes, glance: Glance) -> Row:
    """Give the row that replaces a header; `clear` counts the new version already."""
    return Update(headers, {"case_id": clear.id}, _columns(clear, desk_key, glance))


def open_header(clear: Clear, desk_key: bytes, row: Mapping[str, Any]) -> Glance:
    """Open the header of a case.

    Raises:
        CannotOpen: It is not the version that the clear row tells, or was changed.
    """
    if (row["version"], row["epoch"]) != (clear.header_version, clear.epoch):
        raise CannotOpen
    return _read(open_text(desk_key, _place(clear), row["sealed"]))


def _columns(clear: Clear, desk_key: bytes, glance: Glance) -> dict[str, Any]:
    sealed = seal_text(desk_key, _place(clear), _write(glance))
    return {"version": clear.header_version, "epoch": clear.epoch, "sealed": sealed}


def _place(clear: Clear) -> Place:
    return Place("headers", clear.id, clear.epoch, "header", clear.header_version)


def _write(glance: Glance) -> str:
    return as_json({**asdict(glance), "sent_at": glance.sent_at.isoformat()})


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
        vouched=kept.get("vouched", {}),
        label=kept["label"],
    )
