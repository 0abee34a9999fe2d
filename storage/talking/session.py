"""A talk session: a reporter's keys to one case, in memory, ended by idleness or by leaving."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from flows.draft import Draft
from flows.ids import Door, Register, SiteId
from storage.talking.reading import Found
from storage.values import Address, Status


@dataclass
class TalkSession:
    """What handlers hold of an open talk.

    `status` is as it was when last read, and so is `notified`: whether an address for notices is kept. `draft` is the
    handlers' to hang here; it lives in memory only.
    """

    address: Address
    site: SiteId
    register: Register
    language: str
    door: Door
    status: Status
    found: Found = field(repr=False)
    touched: datetime
    draft: Draft | None = None
    notified: bool = False
