"""Rows of threads: how many there are, who takes part, and a writing as it is opened and proved."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, Literal, NewType, TypeAlias

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from flows.together.goals import Written
from flows.values.ids import READING, LeadId, SiteId
from storage.core.core import all_rows
from storage.core.integrity import is_bound
from storage.database.schema.together import thread_writings, threads
from storage.leads.roster.roster import Lead, Roster
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.keys.thread_keys import open_writing
from storage.sealing.primitives.errors import NotGenuine
from storage.sealing.primitives.signing import verify
from storage.values.errors import NotOffered

ThreadId = NewType("ThreadId", str)
#: What is written together, one after the other: of a goal, or of what is to stand on the board.
ThreadKind: TypeAlias = Literal["goal", "board"]
#: The label of an author's signature.
SIGNED: Final = "thread/1"
#: What names a partner who takes part, in what is written.
_NAMING: Final = ("owner", "who")
#: What names one who does not any more.
_TAKEN_OUT: Final = "gone"


def threads_name(site: str) -> str:
    """Give what the register calls how many writings there are at a site."""
    return f"threads {site}"


async def count_writings(key: ServerKey, connection: AsyncConnection) -> Mapping[str, int]:
    """Give how many genuine writings the genuine threads of each site have, by what the register calls that."""
    heads = await all_rows(connection, select(threads))
    sites = {one["id"]: one["site"] for one in heads if is_bound(key, threads, one)}
    said = await all_rows(connection, select(thread_writings))
    return Counter(
        threads_name(sites[row["thread_id"]])
        for row in said
        if row["thread_id"] in sites and is_bound(key, thread_writings, row)
    )


def members_of(roster: Roster, site: SiteId, guests: frozenset[LeadId]) -> dict[LeadId, Lead]:
    """Give who takes part and is in: all leads of the site, and the partners who are named."""
    here = (one for one in roster.leads.values() if one.site == site and not one.disabled)
    return {one.id: one for one in here if one.role in READING or (one.role == "partner" and one.id in guests)}


def named_in(said: Iterable[Mapping[str, Any]]) -> frozenset[LeadId]:
    """Give everybody whom writings, in order, name as owner or as invited, and whom none has taken out since.

    Partners among them take part.
    """
    named: set[LeadId] = set()
    for one in said:
        named.update(LeadId(one[name]) for name in _NAMING if name in one)
        named.discard(LeadId(one.get(_TAKEN_OUT, "")))
    return frozenset(named)


def read_writing(roster: Roster, key: bytes, row: Mapping[str, Any]) -> Written:
    """Open a writing, with its author's signature proved.

    Raises:
        CannotOpen: It does not open by this key, at its place.
        NotGenuine: Nobody of the roster has signed it so.
    """
    thread, number, author = row["thread_id"], row["number"], row["author"]
    text = open_writing(key, thread, number, row["sealed"])
    for public in roster.signers(b"").get(author, ()):
        with suppress(NotGenuine):
            verify(public, row["signature"], SIGNED, thread, number, text)
            said = json.loads(text)
            return Written(number, LeadId(author), datetime.fromisoformat(said["at"]), said)
    raise NotGenuine


def require(written: bool) -> None:  # noqa: FBT001 - what `Threads.add` gave
    """Return quietly if something was written.

    Raises:
        NotOffered: It was not: there is no such thread for her, or it may not be as it stands.
    """
    if not written:
        raise NotOffered
