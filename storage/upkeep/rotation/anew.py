"""What becomes of one row of each table under another server key: a MAC anew, and what is sealed, sealed anew.

A row that is not genuine under the old key gives None, and stays as it is: it is not genuine under the new one either.
The roster is bound as a whole (`roster_rows.py`), and links of the audit chain one after the other (`bind_rows.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final, TypeAlias

from sqlalchemy import Table

from storage.cases.return_address import return_address_anew
from storage.cases.rows.case_row import columns, read_clear
from storage.core.integrity import BOUND, is_bound, mac_of
from storage.database.schema import metadata
from storage.database.schema.cases import cases, handovers
from storage.database.schema.chats import drafts, spoken
from storage.database.schema.leads import deployment, leads, passkeys
from storage.database.schema.notices import pagers, reached, return_addresses
from storage.database.schema.sites import live, rota
from storage.database.turn import Cell
from storage.leads.pager_rows import is_pager_row, pager_anew
from storage.leads.sign_in.lead_chats import chat_anew
from storage.leads.sign_in.passkeys.passkey_rows import passkeys_anew
from storage.leads.sign_in.unlock_records import is_state_row, open_places, seal_places, state_columns
from storage.reporters.drafts import draft_anew
from storage.reporters.messages.sent_messages import message_anew
from storage.sealing.primitives.errors import CannotOpen
from storage.upkeep.rotation.cores import Cores
from storage.values.errors import Tampered

_Row: TypeAlias = Mapping[str, Any]
#: Gives the columns of a row that change, or None.
Anew: TypeAlias = Callable[[Cores, _Row], Mapping[str, Cell] | None]

#: Further tables of which nothing but a MAC is under the server key: its label, and the columns that it covers.
_MACS: Final[Mapping[Table, tuple[str, tuple[str, ...]]]] = {
    handovers: ("handover/1", ("case_id", "giver", "taker")),
    reached: ("reached/1", ("lead_id", "channel", "taken_at", "refused_at", "version")),
    rota: ("rota/1", ("site", "version", "plan")),
    live: ("live/1", ("version", "standing")),
    deployment: ("deployment/1", ("receipt_salt",)),
}


def _bound(table: Table) -> Anew:
    def anew(cores: Cores, row: _Row) -> Mapping[str, Cell] | None:
        genuine = is_bound(cores.old.server_key, table, row)
        return {"mac": mac_of(cores.new.server_key, table, row)} if genuine else None

    return anew


def _with_mac(table: Table) -> Anew:
    label, names = _MACS[table]

    def anew(cores: Cores, row: _Row) -> Mapping[str, Cell] | None:
        cells = [row[name] for name in names]
        genuine = cores.old.server_key.made(row["mac"], label, *cells)
        return {"mac": cores.new.server_key.mac(label, *cells)} if genuine else None

    return anew


def _case(cores: Cores, row: _Row) -> Mapping[str, Cell] | None:
    with suppress(Tampered):
        return {"mac": columns(cores.new, read_clear(cores.old, row))["mac"]}
    return None


def _state(cores: Cores, row: _Row) -> Mapping[str, Cell] | None:
    """What changes with every unlock. The marks of chats and devices are HMACs of what is kept nowhere: they end."""
    old, new = cores
    if not is_state_row(old.server_key, row):
        return None
    lead, places = row["id"], row["places"]
    if places is not None:
        places = seal_places(new, lead, replace(open_places(old, lead, places), marks=()))
    chat = chat_anew(old.server_key, new.server_key, lead, row["chat"])
    return state_columns(new, lead, row["totp_step"], chat, row["unlocked_day"], places)


def _passkeys(cores: Cores, row: _Row) -> Mapping[str, Cell] | None:
    with suppress(CannotOpen):
        return {"sealed": passkeys_anew(cores.old.server_key, cores.new.server_key, row)}
    return None


def _pager(cores: Cores, row: _Row) -> Mapping[str, Cell] | None:
    if not is_pager_row(cores.old.server_key, row):
        return None
    with suppress(CannotOpen):
        return pager_anew(cores.old.server_key, cores.new.server_key, row)
    return None


def _return_address(cores: Cores, row: _Row) -> Mapping[str, Cell] | None:
    with suppress(Tampered):
        sealed = return_address_anew(*cores, row)
        return None if sealed is None else {"sealed": sealed}
    return None


def _draft(cores: Cores, row: _Row) -> Mapping[str, Cell] | None:
    with suppress(Tampered):
        return draft_anew(*cores, row)
    return None


def _message(cores: Cores, row: _Row) -> Mapping[str, Cell] | None:
    with suppress(Tampered):
        return message_anew(*cores, row)
    return None


#: Every table with something under the server key, but `roster`, `invites` and `audit`.
ANEW: Final[Mapping[Table, Anew]] = {
    **{metadata.tables[name]: _bound(metadata.tables[name]) for name in BOUND},
    **{table: _with_mac(table) for table in _MACS},
    cases: _case,
    leads: _state,
    passkeys: _passkeys,
    pagers: _pager,
    return_addresses: _return_address,
    drafts: _draft,
    spoken: _message,
}
