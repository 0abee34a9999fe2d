"""Exchanging the receipt of what a lead took down: whoever said it gets words that nobody else has seen.

The wraps of the earlier receipt go, so that its words find and open nothing. Its verifying key stays beside the new
one, since the concern is signed with it (decision 32).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from storage.cases import entry_content
from storage.cases.access import Access, holder_of, wrap_row
from storage.cases.entries import REPORTER, Author, Said, append
from storage.cases.rows.case_row import change_rows
from storage.cases.rows.clear_row import ClearRow
from storage.core.core import StoreCore
from storage.database.schema.cases import receipts, wraps
from storage.database.turn import Cell, Delete, Logged, Row, Update
from storage.sealing.keys.case_keys import CaseKeys, Epoch, wrap_talk_key
from storage.sealing.primitives.signing import verifying_key
from storage.sealing.primitives.xwing import PublicKey, key_id, public_key
from storage.sealing.receipts.receipt import ReceiptKeys

_VERIFYING = 32  # bytes of an Ed25519 public key


@dataclass(frozen=True, slots=True)
class Renewed:
    """Who opens the case once the rows are committed, and the rows."""

    access: Access
    rows: tuple[Row, ...] = field(repr=False)


def renew_receipt(
    core: StoreCore,
    clear: ClearRow,
    access: Access,
    epochs: Mapping[int, CaseKeys],
    receipt: ReceiptKeys,
    answer: str,
) -> Renewed:
    """Wrap the talk keys for a new receipt instead of the one there is, and say what was answered. 0.2 ms an epoch.

    Args:
        core: For the server's key and the clock.
        clear: The case as it is.
        access: Who opens it now.
        epochs: The talk keys of all epochs that the earlier receipt opens.
        receipt: What the new one derives to.
        answer: Whether it is what was said: `yes` or `not_quite`.

    Raises:
        KeyError: A key is missing (a bug).
    """
    before, theirs = key_id(PublicKey(access.receipt[1])), public_key(receipt.wrapping_seed)
    rows: list[Row] = []
    holders = list(access.holders)
    for old in access.holders:
        if old.lead or old.key_id != before:
            continue
        talk, commitments = epochs[old.epoch].talk, access.commitments[old.epoch]
        one = wrap_talk_key(Epoch(access.case, old.epoch), talk, commitments, theirs)
        new = holder_of(one, "")
        holders[holders.index(old)] = new
        key: dict[str, Cell] = {"case_id": access.case, "epoch": old.epoch, "key_id": old.key_id}
        rows += (Delete(wraps, key), wrap_row(access.case, new, one.blob))
    verifying = verifying_key(receipt.signing_seed) + access.receipt[2][:_VERIFYING]
    after = replace(access, holders=tuple(holders), receipt=(receipt.row_id, theirs, verifying))
    said = Said("talk", entry_content.confirmed(answer, after.digest(), core.now()))
    author = Author(REPORTER, receipt.signing_seed)
    renewed, entry = append(replace(clear, access=after.digest()), epochs[clear.epoch], author, said, core.hour())
    cells: dict[str, Cell] = {"row_id": receipt.row_id, "wrapping": theirs, "verifying": verifying}
    rows += (
        Update(receipts, {"case_id": access.case}, cells, {"row_id": access.receipt[0]}),
        entry,
        *change_rows(core, clear, renewed),
        Logged(core.hour(), REPORTER, entry_content.CONFIRMED, clear.id),
    )
    return Renewed(after, tuple(rows))
