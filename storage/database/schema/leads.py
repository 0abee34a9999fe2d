"""Leads, invites, the roster's version and MAC, and what belongs to the deployment as a whole."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Table, text

from storage.database.schema.base import Bytes, Number, Small, Words, metadata

#: One row: which leads there are is MACed as one list with `version`, which also stands beside the key file. `waiting`
#: is what waits for two leads (`storage/leads/roster/pending_approvals.py`).
roster = Table(
    "roster",
    metadata,
    Column("id", Small, CheckConstraint("id = 1", name="single"), primary_key=True, autoincrement=False),
    Column("version", Small, nullable=False),
    Column("recovery", Bytes, nullable=True),
    Column("mac", Bytes, nullable=False),
    Column("waiting", Words, nullable=False, server_default=text("''")),
    sqlite_strict=True,
)

#: Under the roster's MAC, except `totp_step`, `chat` and `places` (sealed) and `unlocked_day`, which change with every
#: unlock and are under `state_mac`; the newest step stands in the register. `disabled`: 0 is in, 1 shut out, 2 waits
#: for two leads. `former_verifying` are the keys that she signed with before (32 bytes each); `former_seed` is there
#: while her keys are renewed, sealed under the new ones; `spare_codes` are for a lost phone (`sign_in/spare_codes.py`);
#: `agreement` is what a partner is here by (`roster/agreements.py`).
leads = Table(
    "leads",
    metadata,
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("name_key", Words, nullable=False, unique=True),
    Column("title", Words, nullable=False),
    Column("role", Words, nullable=False),
    Column("site", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("disabled", Small, nullable=False),
    Column("wrapping", Bytes, nullable=False),
    Column("verifying", Bytes, nullable=False),
    Column("seed_version", Small, nullable=False),
    Column("seed", Bytes, nullable=False),
    Column("totp", Bytes, nullable=False),
    Column("totp_step", Number, nullable=False),
    Column("chat", Bytes, nullable=True),
    Column("unlocked_day", Words, nullable=True),
    Column("places", Bytes, nullable=True),
    Column("state_mac", Bytes, nullable=True),
    Column("former_verifying", Bytes, nullable=True),
    Column("former_seed", Bytes, nullable=True),
    Column("spare_codes", Bytes, nullable=True),
    Column("agreement", Words, nullable=True),
    sqlite_strict=True,
)

#: A lead's passkeys as one list, sealed under a server subkey with lead and version; the newest version stands in the
#: register. A lead who never had one has no row; who has none any more has an empty list.
passkeys = Table(
    "passkeys",
    metadata,
    Column("lead_id", Words, primary_key=True),
    Column("version", Small, nullable=False),
    Column("sealed", Bytes, nullable=False),
    sqlite_strict=True,
)

#: Invites by the MAC of their code; used once, then gone. `lead_id` is given where the name is on the roster already,
#: `agreement` where a new partner is to join by it.
invites = Table(
    "invites",
    metadata,
    Column("code", Bytes, primary_key=True),
    Column("lead_id", Words, nullable=True),
    Column("name", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("role", Words, nullable=False),
    Column("site", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("expires_at", Number, nullable=False),
    Column("mac", Bytes, nullable=False),
    Column("agreement", Words, nullable=True),
    sqlite_strict=True,
)

#: By who gives: past cases that are being given to `taker`; an ended row stays, emptied, since its newest version
#: stands in the register. `scope` is `all` or `open`, of cases sent since `since` (seconds since 1970); it goes on
#: behind the case `after`. `sealed` is the reason, for who gives. `mac` covers the row (`storage/core/integrity.py`).
grants = Table(
    "grants",
    metadata,
    Column("lead_id", Words, primary_key=True),
    Column("taker", Words, nullable=False),
    Column("scope", Words, nullable=False),
    Column("since", Number, nullable=False),
    Column("after", Words, nullable=False),
    Column("granted", Number, nullable=False),
    Column("sealed", Bytes, nullable=False),
    Column("version", Number, nullable=False),
    Column("mac", Bytes, nullable=False),
    sqlite_strict=True,
)

#: A lead's index of the people in her cases, sealed under her own key: 64 KiB a row, made again from the cases where it
#: is gone (`storage/cases/people/name_index.py`). `segment` are the first bits of the ids of the cases in it.
name_segments = Table(
    "name_segments",
    metadata,
    Column("lead_id", Words, primary_key=True),
    Column("segment", Words, primary_key=True),
    Column("sealed", Bytes, nullable=False),
    Column("mac", Bytes, nullable=False),
    sqlite_strict=True,
)

#: One row: the salt of every receipt.
deployment = Table(
    "deployment",
    metadata,
    Column("id", Small, CheckConstraint("id = 1", name="single"), primary_key=True, autoincrement=False),
    Column("receipt_salt", Bytes, nullable=False),
    Column("mac", Bytes, nullable=False),
    sqlite_strict=True,
)
