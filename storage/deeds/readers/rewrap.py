"""Wrapping anew: a lead whose keys are renewed takes the keys of a case over, and the earlier wraps go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from storage.cases import entry_content
from storage.cases.access import Access, holder_of, wrap_row
from storage.database.schema.cases import wraps
from storage.database.turn import Cell, Delete, Row
from storage.deeds.deed import Acted, Deed, DeedContext, deed_of
from storage.leads.roster.roster import Lead
from storage.sealing.keys.case_keys import CaseKeys, Epoch, Wrap, WrapKind, wrap_case_keys, wrap_talk_key
from storage.values.errors import NotOffered


@dataclass(frozen=True, slots=True)
class Rewrap(Deed):
    """Exchange one's own wraps of a case for such as the keys of now open; everybody else's stay. About 0.2 ms."""

    rule: ClassVar[str] = "rewrap"

    def apply(self, context: DeedContext) -> Acted:
        """Exchange them, in every epoch that the lead opens.

        Raises:
            NotOffered: They are all for the keys of now.
        """
        loaded, lead = context.loaded, context.roster.leads[context.by]
        access, rows = _exchanged(loaded.access, lead, context)
        if not rows:
            raise NotOffered
        clear = replace(loaded.clear, access=access.digest())
        detail = {entry_content.ACCESS: clear.access.hex()}
        return Acted(clear, loaded.glance, "rewrap", (deed_of(clear, "rewrap", detail, context.now),), rows)


def _exchanged(access: Access, lead: Lead, context: DeedContext) -> tuple[Access, tuple[Row, ...]]:
    rows: list[Row] = []
    holders = list(access.holders)
    for old in access.holders:
        keys = context.loaded.epochs.get(old.epoch)
        is_hers = old.lead == lead.id and old not in access.removed
        if not is_hers or old.key_id == lead.key_id or keys is None:
            continue
        one = _wrap(access, old.epoch, keys, lead)
        new = holder_of(one, lead.id)
        holders[holders.index(old)] = new
        key: dict[str, Cell] = {"case_id": access.case, "epoch": old.epoch, "key_id": old.key_id}
        rows += (Delete(wraps, key), wrap_row(access.case, new, one.blob))
    return replace(access, holders=tuple(holders)), tuple(rows)


def _wrap(access: Access, number: int, keys: CaseKeys, lead: Lead) -> Wrap:
    """Wrap what she holds of an epoch: the talk key alone where the case was handed up to her (decision 27)."""
    epoch = Epoch(access.case, number)
    if keys.desk is None:
        return wrap_talk_key(epoch, keys.talk, access.commitments[number], lead.public)
    [one] = wrap_case_keys(epoch, keys, [(WrapKind.LEAD, lead.public)])
    return one
