"""A store of the bench's own, its leads, and what is sent to them."""

from __future__ import annotations

import base64
import os
import time
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from flows.values.deeds import Answered, SendConcern
from flows.values.draft import Chose, Wrote
from flows.values.ids import LeadId, Role, SiteId
from flows.values.text import Text
from storage.leads.sign_in.session import LeadSession
from storage.sealing.keys.day_keys import DayKeys
from storage.sealing.keys.server_key import ServerKey
from storage.store import Store
from storage.values import URGENCIES, Address, Arrival, Limits
from tests.team import CHEAP, agreed, let_in

SITE = SiteId("bench")
#: The server's key of every store that a bench opens.
KEY: Final = ServerKey(os.urandom(32))
_WORDS = "What happened, in somebody's own words, about as long as people write on a phone. " * 6
_numbers = count(1)


def arrival(chat: int) -> Arrival:
    """A new update of `chat`."""
    return Arrival(Address("web", chat), next(_numbers))


async def open_store(folder: Path, url: str = "") -> Store:
    """A new store in `folder`, or in the database of a URL, with the cheapest of passphrases."""
    return await Store.open(
        url or f"sqlite+aiosqlite:///{folder}/hark.db",
        server_key=KEY,
        day_keys=DayKeys(folder / "days"),
        checkpoint=folder / "roster.version",
        clock=lambda: datetime.now(UTC),
        lead_cost=CHEAP,
        limits=Limits(desk_idle=timedelta(hours=9)),  # to fill a desk may take long
    )


async def join(store: Store, name: str, chat: int, role: Role = "lead") -> LeadSession:
    """A lead, or a partner, who joins and is unlocked."""
    bears = agreed(role, datetime.now(UTC))
    code = (await store.leads.invites.draw(name, role, SITE, agreement=bears)).code
    joining = await store.leads.joining.begin(arrival(chat), code, "seven otters paddle upstream")
    if joining is None:
        raise RuntimeError("the invite was not taken")
    totp = TOTP(base64.b32decode(joining.secret), 6, SHA1(), 30)  # noqa: S303 - RFC 6238
    session = await store.leads.confirm_join(arrival(chat), totp.generate(int(time.time())).decode())
    session.lead = await let_in(store, session.lead.id)
    return session


def concern(rungs: tuple[tuple[LeadId, ...], ...], number: int) -> SendConcern:
    """A concern of usual length; the urgency goes by its number."""
    return SendConcern(
        site=SITE,
        register="12_17",
        language="en",
        door="web",
        answers=(
            Answered("C8", Text("Tell us what is worrying you."), Wrote((_WORDS,))),
            Answered("C4", Text("Are you safe right now?"), Chose(("yes",)), (Text("Yes"),)),
        ),
        rungs=rungs,
        excluded=(),
        withheld=(),
        urgency=URGENCIES[number % len(URGENCIES)],
        rules=(),
        categories=("other",),
    )
