"""Who can open a case: the wraps of each epoch, the commitments to its keys, and the reporter's public keys.

Their digest stands in the case's clear row, so nobody can add, take away or exchange any of them unnoticed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.schema.cases import epochs, receipts, wraps
from storage.sealing.canonical import canonical
from storage.sealing.case_keys import Commitments, Wrap, WrapKind
from storage.turns import Insert, Row
from storage.values import CaseId


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
    """Everything that decides who opens a case; `receipt` is row id, wrapping key and verifying key."""

    case: CaseId
    holders: tuple[Holder, ...]
    commitments: Mapping[int, Commitments]
    receipt: tuple[bytes, bytes, bytes] = field(repr=False)

    def digest(self) -> bytes:
        """Give the 32 bytes that stand in the clear row."""
        wrapped = [(one.epoch, one.kind, one.lead, one.key_id, one.digest) for one in sorted(self.holders)]
        committed = [(epoch, both.talk, both.desk) for epoch, both in sorted(self.commitments.items())]
        return hashlib.sha256(canonical("hark/access/1", self.case, wrapped, committed, self.receipt)).digest()

    def leads(self, epoch: int) -> frozenset[str]:
        """Give the ids of the leads who hold the keys of an epoch."""
        return frozenset(one.lead for one in self.holders if one.epoch == epoch and one.kind == WrapKind.LEAD)


def holder_of(wrapped: Wrap, lead: str) -> Holder:
    """Describe a wrap."""
    return Holder(wrapped.epoch.number, wrapped.kind.value, lead, wrapped.key_id, blob_digest(wrapped.blob))


def blob_digest(blob: bytes) -> bytes:
    """Give the SHA-256 of a wrap's content."""
    return hashlib.sha256(blob).digest()


def access_rows(access: Access, wrapped: Sequence[Wrap]) -> tuple[Row, ...]:
    """Give the rows of a new case; `wrapped` are the wraps of `access.holders`, in the same order."""
    blobs = zip(access.holders, wrapped, strict=True)
    row_id, wrapping, verifying = access.receipt
    return (
        *(
            Insert(epochs, {"case_id": access.case, "epoch": epoch, "talk": both.talk, "desk": both.desk})
            for epoch, both in access.commitments.items()
        ),
        *(_wrap_row(access.case, holder, one.blob) for holder, one in blobs),
        Insert(receipts, {"row_id": row_id, "case_id": access.case, "wrapping": wrapping, "verifying": verifying}),
    )


def _wrap_row(case: CaseId, holder: Holder, blob: bytes) -> Row:
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


async def read_access(connection: AsyncConnection, ids: Sequence[CaseId]) -> dict[CaseId, Access]:
    """Read who can open each of some cases; a case without a receipt row is left out."""
    held = await _grouped(
        connection, select(wraps.c.case_id, *(wraps.c[name] for name in _HOLDER)).where(wraps.c.case_id.in_(ids))
    )
    committed = await _grouped(connection, select(epochs).where(epochs.c.case_id.in_(ids)))
    receipt = await _grouped(connection, select(receipts).where(receipts.c.case_id.in_(ids)))
    return {
        case: Access(
            case,
            tuple(Holder(row.epoch, row.kind, row.holder, row.key_id, row.digest) for row in held[case]),
            {row.epoch: Commitments(row.talk, row.desk) for row in committed[case]},
            (receipt[case][0].row_id, receipt[case][0].wrapping, receipt[case][0].verifying),
        )
        for case in ids
        if receipt[case]
    }


_HOLDER = ("epoch", "kind", "holder", "key_id", "digest")


async def _grouped(connection: AsyncConnection, asked: Any) -> defaultdict[CaseId, list[Any]]:
    grouped: defaultdict[CaseId, list[Any]] = defaultdict(list)
    for row in (await connection.execute(asked)).all():
        grouped[CaseId(row.case_id)].append(row)
    return grouped
