"""A lead's deed, what it makes of a case before that is signed, and proposals, where a deed takes two recipients."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar

from flows.cases import approvals
from flows.cases.approvals import Proposal
from flows.cases.roles import time_for
from flows.values.ids import LeadId
from storage.cases import entry_content
from storage.cases.entries import Opened, Said
from storage.cases.header import state_of
from storage.cases.loaded import Loaded
from storage.cases.rows.clear_row import ClearRow
from storage.core.core import StoreCore
from storage.database.turn import Row
from storage.deeds.send_concern import reads
from storage.leads.roster.roster import Roster
from storage.notices.enqueue import tell_one
from storage.sealing.keys.case_keys import CaseKeys
from storage.values import Glance


@dataclass(frozen=True, slots=True)
class Acted:
    """The case as it is to be, its header, what is said, what is logged, and further rows.

    `keys` are those of the epoch that the deed begins; what is said, and the header, are sealed under them.
    """

    clear: ClearRow
    glance: Glance
    what: str
    said: tuple[Said, ...]
    rows: tuple[Row, ...] = field(default=(), repr=False)
    keys: CaseKeys | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class DeedContext:
    """What a deed is applied to, by whom and when.

    Attributes:
        core: For the server's key, and for the ledger of what is destroyed.
        loaded: The case as the lead may see it.
        roster: As it was read and verified together with the case.
        by: Who does it.
        now: When (aware, UTC).
        return_id: The return address that is kept for the case; None without one, or where the deed needs none.
        ladder: The notices of the case that climb, as they were read; none where the deed needs none.
        opened: All entries of the case, where the deed needs them.
    """

    core: StoreCore
    loaded: Loaded
    roster: Roster
    by: LeadId
    now: datetime
    return_id: str | None
    ladder: Sequence[Mapping[str, Any]] = field(default=(), repr=False)
    opened: tuple[Opened, ...] = field(default=(), repr=False)

    @property
    def second(self) -> int:
        """The time in whole seconds, as notices are stored."""
        return int(self.now.timestamp())


class Deed(ABC):
    """What a lead does to one case, as a frozen value.

    All of them are in this folder, so that no caller judges for itself what fits a case and what takes two.
    """

    __slots__ = ()
    #: Whether the return address of the case has to be read: the reporter is told, or it is destroyed.
    needs_return_id: ClassVar[bool] = False
    #: Whether the notices of the case that climb have to be read: their times change.
    needs_ladder: ClassVar[bool] = False
    #: Whether it needs all entries opened, whatever the case.
    reads_words: ClassVar[bool] = False
    #: Its row in `flows/cases/roles.py`: without one nobody may do it.
    rule: ClassVar[str] = ""

    @property
    def name(self) -> str:
        """Its name in `flows/cases/roles.py`, where one kind of deed has several rules."""
        return self.rule

    def needs_words(self, loaded: Loaded, roster: Roster) -> bool:  # noqa: ARG002 - those of some deeds depend on it
        """Tell whether all entries have to be opened, since the deed depends on what stands in them."""
        return self.reads_words

    @abstractmethod
    def apply(self, context: DeedContext) -> Acted:
        """Give what becomes of the case; nothing is written, and it is asked again if the reporter writes meanwhile.

        Raises:
            NotOffered: The deed does not fit the case as it is.
            Stale: It needs the reporter's words to be read, and this lead has not opened the last of them.
            Unavailable: The ledger of what is destroyed cannot be written.
        """


def deed_of(clear: ClearRow, what: str, detail: Mapping[str, str], now: datetime) -> Said:
    """Say in the case, to its recipients, that something was done.

    Args:
        clear: The case as it was shown; the entry names the desk version after it.
        what: The deed's name, which stands in the entry for good.
        detail: What it was done with, by name.
        now: When (aware).
    """
    return Said("desk", entry_content.action(what, detail, clear.desk_version + 1, now))


def is_second(context: DeedContext, what: str) -> bool:
    """Tell whether a deed that another recipient proposed is completed; see `flows/cases/approvals.py`.

    Args:
        context: By whom and when. Both words count only of leads who hold the keys of the present epoch, are in, and
            read.
        what: The deed's name, as it was proposed.
    """
    loaded, leads = context.loaded, context.roster.leads
    among = {LeadId(lead) for lead in loaded.access.leads(loaded.clear.epoch) if reads(leads.get(LeadId(lead)))}
    first, state = loaded.glance.proposed.get(what), state_of(loaded.clear)
    return approvals.is_second(first, context.by, state, context.now, among=among, within=time_for(what))


def proposed(context: DeedContext, what: str) -> tuple[Glance, tuple[Row, ...]]:
    """Give the header with the first word for a deed, and the notices to the other recipients.

    It replaces an earlier word for the same deed. It counts until its time is up, or the reporter says something more
    (`storage/cases/header.py`).
    """
    loaded = context.loaded
    word = Proposal(context.by, context.now, state_of(loaded.clear))
    others = sorted(loaded.access.leads(loaded.clear.epoch) - {context.by})
    told = tuple(tell_one(loaded.clear, lead, "message", context.second) for lead in others)
    return replace(loaded.glance, proposed={**loaded.glance.proposed, what: word}), told


def without_proposals(glance: Glance) -> Glance:
    """Give a header without anybody's first word: the case was closed, or opened again."""
    return replace(glance, proposed={})


def without_proposals_for(glance: Glance, *whats: str) -> Glance:
    """Give a header without the first words for these deeds: they were done, or are called off."""
    return replace(glance, proposed={what: one for what, one in glance.proposed.items() if what not in whats})
