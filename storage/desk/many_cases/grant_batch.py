"""Seals a batch of past cases for a colleague: opened, looked through for the colleague's name, and signed.

No input or output, so that a thread does it while others have their turns.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

from flows.values.ids import LeadId
from storage.cases.access import Access, open_wrap
from storage.cases.entries import Author, append
from storage.cases.loaded import Loaded
from storage.cases.rows.case_row import change_rows
from storage.cases.rows.clear_row import dated
from storage.core.core import StoreCore
from storage.database.turn import Logged, Row
from storage.deeds.deed import DeedContext
from storage.deeds.loading import Proved
from storage.deeds.readers.admit import is_for_two
from storage.deeds.readers.grant import give, is_grantable
from storage.desk.queue.header_refresh import open_entries
from storage.leads.roster.roster import Lead, Roster
from storage.sealing.keys.case_keys import CaseKeys, Wrap
from storage.sealing.primitives.xwing import KeyId, PrivateKey
from storage.values.errors import Tampered

#: Seconds for which the thread that seals lets others run after each case.
_BREATH: Final = 0.0005


@dataclass(frozen=True, slots=True)
class Given:
    """The rows of one case that was given, and who read it before."""

    rows: tuple[Row, ...] = field(repr=False)
    others: frozenset[LeadId]


@dataclass(frozen=True, slots=True)
class Giving:
    """What is needed to seal a batch, also in a thread."""

    core: StoreCore
    roster: Roster
    to: Lead
    by: Author
    keys: Mapping[KeyId, PrivateKey] = field(repr=False)
    reason: str = field(repr=False)

    def seal(self, proved: Sequence[Proved], said: Mapping[str, Sequence[dict[str, Any]]]) -> list[Given]:
        """Open each case, and seal those that are for the colleague; what is not genuine is counted and left out."""
        found = []
        for one in proved:
            with suppress(Tampered):
                loaded = one.opened(self.core, LeadId(self.by.id), self._opened)
                opened = open_entries(self.core, loaded, self.roster, said.get(one.clear.id, ()))
                if not is_for_two(loaded) and is_grantable(loaded, self.roster, self.to, opened):
                    found.append(self._given(loaded))
            time.sleep(_BREATH)
        return found

    def _opened(self, access: Access, own: Wrap) -> CaseKeys:
        return open_wrap(access, self.keys[own.key_id], own)

    def _given(self, loaded: Loaded) -> Given:
        context = DeedContext(self.core, loaded, self.roster, LeadId(self.by.id), self.core.now(), None)
        acted = give(context, self.to, self.reason)
        hour, clear = self.core.hour(), acted.clear
        rows: list[Row] = [*acted.rows, Logged(hour, self.by.id, acted.what, clear.id)]
        for said in acted.said:
            clear, entry = append(clear, loaded.keys, self.by, said, hour)
            rows.append(entry)
        clear = dated(replace(clear, desk_version=clear.desk_version + 1), self.core.now())
        others = frozenset(LeadId(one) for one in loaded.access.leads(loaded.clear.epoch))
        return Given((*rows, *change_rows(self.core, loaded.clear, clear)), others)
