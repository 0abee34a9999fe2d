"""Who can open a case: the wraps of each epoch, the commitments to its keys, and the reporter's public keys.

Their digest stands in the case's clear row, so nobody can add, take away or exchange any of them unnoticed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.core.core import all_rows
from storage.database.schema.cases import epochs, readers, receipts, wraps
from storage.database.turn import Cell, Insert, Row, UpdateAll
from storage.sealing.keys.case_keys import CaseKeys, Commitments, Epoch, Wrap, WrapKind, unwrap_case_keys
from storage.sealing.primitives.derive import canonical
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.xwing import KeyId, PrivateKey
from storage.values import CaseId

# One statement, since each costs three hops between threads; the content of other leads' wraps stays where it is.
_ACCESS = (
    select(
        *(wraps.c[name] for name in ("case_id", "epoch", "kind", "holder", "key_id", "digest")),
        case((wraps.c.key_id.in_(bindparam("own", expanding=True)), wraps.c.blob)).label("blob"),
        (func.length(wraps.c.blob) == 0).label("removed"),
        readers.c.lead_id.label("queued"),
        epochs.c.talk,
        epochs.c.desk,
        *(receipts.c[name] for name in ("row_id", "wrapping", "verifying")),
    )
    .join(epochs, (epochs.c.case_id == wraps.c.case_id) & (epochs.c.epoch == wraps.c.epoch))
    .join(receipts, receipts.c.case_id == wraps.c.case_id)
    .outerjoin(readers, (readers.c.case_id == wraps.c.case_id) & (readers.c.lead_id == wraps.c.holder))
    .where(wraps.c.case_id.in_(bindparam("ids", expanding=True)))
)


@dataclass(frozen=True, slots=True, order=True)
class Holder:
    """One wrap without its content: `lead` is a lead's id, or empty."""

    epoch: int
    kind: str
    lead: str
    key_id: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Access:
    """Everything that decides who opens a case.

    `receipt` is row id, wrapping key and verifying keys, the present one first (32 bytes each); `queued` are the leads
    who have it in their queue. `removed` are those holders whose wrap was emptied since its lead was suspended: they
    open nothing, and stay in the digest.
    """

    case: CaseId
    holders: tuple[Holder, ...]
    commitments: Mapping[int, Commitments]
    receipt: tuple[bytes, bytes, bytes] = field(repr=False)
    queued: frozenset[str] = frozenset()
    removed: frozenset[Holder] = frozenset()

    def digest(self) -> bytes:
        """Give the 32 bytes that stand in the clear row.

        SHA-256 over all holders, commitments and the reporter's keys, in a fixed order; `queued` is not among them,
        since queues are bound one by one. The form is frozen: it stands in every case (decision 18).
        """
        wrapped = [(one.epoch, one.kind, one.lead, one.key_id, one.digest) for one in sorted(self.holders)]
        committed = [(epoch, both.talk, both.desk) for epoch, both in sorted(self.commitments.items())]
        return hashlib.sha256(canonical("hark/access/1", self.case, wrapped, committed, self.receipt)).digest()

    def leads(self, epoch: int) -> frozenset[str]:
        """Return the ids of the leads who hold the keys of an epoch."""
        there = (one for one in self.holders if one.epoch == epoch and one.kind == WrapKind.LEAD)
        return frozenset(one.lead for one in there if one not in self.removed)


def holder_of(wrapped: Wrap, lead: str) -> Holder:
    """Describe a wrap.

    Args:
        wrapped: The wrap; of its content only the digest is kept.
        lead: The lead's id, or empty for the reporter and the recovery identity.
    """
    return Holder(wrapped.epoch.number, wrapped.kind.value, lead, wrapped.key_id, blob_digest(wrapped.blob))


def blob_digest(blob: bytes) -> bytes:
    """Give the SHA-256 of a wrap's content."""
    return hashlib.sha256(blob).digest()


def access_rows(access: Access, wrapped: Sequence[Wrap]) -> tuple[Row, ...]:
    """Give the rows of a new case: its epochs, its wraps and its receipt.

    Args:
        access: Who can open it.
        wrapped: The wraps of `access.holders`, in the same order.

    Raises:
        ValueError: There are more of one than of the other (a bug).
    """
    blobs = zip(access.holders, wrapped, strict=True)
    row_id, wrapping, verifying = access.receipt
    return (
        *(
            Insert(epochs, {"case_id": access.case, "epoch": epoch, "talk": both.talk, "desk": both.desk})
            for epoch, both in access.commitments.items()
        ),
        *(wrap_row(access.case, holder, one.blob) for holder, one in blobs),
        Insert(receipts, {"row_id": row_id, "case_id": access.case, "wrapping": wrapping, "verifying": verifying}),
    )


def wrap_row(case: CaseId, holder: Holder, blob: bytes) -> Row:
    """Give the row of one wrap.

    Args:
        case: Whose keys are wrapped.
        holder: As `holder_of` gave it; its digest has to be in the case's access, or the case counts as forged.
        blob: The wrap's content.
    """
    return Insert(
        wraps,
        {
            "case_id": case,
            "epoch": holder.epoch,
            "key_id": holder.key_id,
            "kind": holder.kind,
            "holder": holder.lead,
            "digest": holder.digest,
            "blob": blob,
        },
    )


def refilled_wrap_row(case: CaseId, holder: Holder, blob: bytes) -> Row:
    """Give the row that fills an emptied wrap again, of the same lead and key; see `wrap_row`."""
    key: dict[str, Cell] = {"case_id": case, "epoch": holder.epoch, "key_id": holder.key_id}
    return UpdateAll(wraps, key, {"kind": holder.kind, "holder": holder.lead, "digest": holder.digest, "blob": blob})


async def read_access(
    connection: AsyncConnection, ids: Sequence[CaseId], own: Sequence[bytes] = ()
) -> dict[CaseId, tuple[Access, dict[int, Wrap]]]:
    """Read who can open each of some cases; a case without a receipt or a wrap is left out.

    Args:
        connection: Where from.
        ids: Which cases.
        own: The names of keys: their wraps come with their content, by epoch.
    """
    rows = await read_access_rows(connection, ids, own)
    return {case: access_of(case, of) for case, of in rows.items()}


async def read_access_rows(
    connection: AsyncConnection, ids: Sequence[CaseId], own: Sequence[bytes] = ()
) -> dict[CaseId, list[dict[str, Any]]]:
    """Read like `read_access`, and give for each case the rows that `access_of` takes: they tell all that it gives."""
    rows: defaultdict[CaseId, list[dict[str, Any]]] = defaultdict(list)
    for row in await all_rows(connection, _ACCESS, {"ids": list(ids), "own": list(own)}):
        rows[CaseId(row["case_id"])].append(row)
    return rows


def access_of(case: CaseId, rows: Sequence[dict[str, Any]]) -> tuple[Access, dict[int, Wrap]]:
    """Give who can open a case, and the wraps that came with their content, by epoch; there is at least one row."""
    one = rows[0]
    holders = tuple(Holder(row["epoch"], row["kind"], row["holder"], row["key_id"], row["digest"]) for row in rows)
    access = Access(
        case,
        holders,
        {row["epoch"]: Commitments(row["talk"], row["desk"]) for row in rows},
        (one["row_id"], one["wrapping"], one["verifying"]),
        frozenset(row["queued"] for row in rows if row["queued"] is not None),
        frozenset(holder for holder, row in zip(holders, rows, strict=True) if row["removed"]),
    )
    return access, {row["epoch"]: _wrap(case, row) for row in rows if row["blob"]}


def _wrap(case: CaseId, row: dict[str, Any]) -> Wrap:
    return Wrap(Epoch(case, row["epoch"]), WrapKind(row["kind"]), KeyId(row["key_id"]), row["blob"])


def open_wrap(access: Access, key: bytes | PrivateKey, wrapped: Wrap) -> CaseKeys:
    """Open one's own wrap, if it is one of those that the case was sealed for.

    Raises:
        CannotOpen: It is not, or it does not open.
    """
    epoch, digest = wrapped.epoch.number, blob_digest(wrapped.blob)
    if not any((one.epoch, one.key_id, one.digest) == (epoch, wrapped.key_id, digest) for one in access.holders):
        raise CannotOpen
    return unwrap_case_keys(key, wrapped, access.commitments[epoch])
