"""A case as one lead may see it, once all that can be checked of it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.cases.roles import Relation
from storage.cases.access import Access
from storage.cases.rows.clear_row import ClearRow
from storage.sealing.keys.case_keys import CaseKeys
from storage.values import Glance


@dataclass(frozen=True, slots=True)
class Loaded:
    """A case and its opened header; `epochs` are the keys of those that the lead may open.

    `relation` is what the lead is to it; whoever reads by another key than a lead's is nothing to it.
    """

    clear: ClearRow
    access: Access
    glance: Glance
    epochs: Mapping[int, CaseKeys] = field(repr=False)
    read_to: int
    relation: Relation = "none"

    @property
    def unread(self) -> bool:
        """Whether the reporter has said something that this lead was not shown."""
        return self.read_to < self.clear.last_word

    @property
    def keys(self) -> CaseKeys:
        """The keys of the present epoch."""
        return self.epochs[self.clear.epoch]

    @property
    def desk_key(self) -> bytes:
        """The desk key of the present epoch, 32 bytes.

        Raises:
            ValueError: the wrap held the talk key alone, as a reporter's does; a lead's always has both.
        """
        if self.keys.desk is None:
            raise ValueError("a lead's keys without a desk key")
        return self.keys.desk
