"""What a case's header does not tell yet: the rules, categories and choices that its reporter told since. No words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.cases import entry_content
from storage.cases.entries import Opened, check_chain, open_in_order
from storage.cases.loaded import Loaded
from storage.core.core import StoreCore, all_rows
from storage.database.schema.cases import entries
from storage.deeds.header_content import learnt
from storage.leads.roster.roster import Roster
from storage.leads.sign_in.session import LeadSession
from storage.sealing.primitives.derive import canonical
from storage.sealing.primitives.errors import CannotOpen, NotGenuine
from storage.values.errors import Tampered

#: Entries of a case that a queue looks through; all questions after sending are fewer.
_MOST: Final = 60
_SAID = (
    select(entries)
    .where(entries.c.case_id.in_(bindparam("ids", expanding=True)))
    .order_by(entries.c.case_id, entries.c.number)
)


def open_entries(core: StoreCore, loaded: Loaded, roster: Roster, rows: Sequence[dict[str, Any]]) -> tuple[Opened, ...]:
    """Open all entries of a case, `rows` by ascending number, each with its author proved.

    Raises:
        Tampered: One was changed, added, left out, moved, or is not its author's; or the case opens for others than a
            recipient signed last.
    """
    signers = roster.signers(loaded.access.receipt[2])
    try:
        check_chain(loaded.clear, rows)
        every = tuple(open_in_order(rows, loaded.epochs, signers))
    except (NotGenuine, CannotOpen):
        raise core.forgeries.record(loaded.clear.id) from None
    if entry_content.signed_access(every) not in {None, loaded.clear.access.hex()}:
        raise core.forgeries.record(loaded.clear.id)
    return every


async def brought_up(
    core: StoreCore, connection: AsyncConnection, session: LeadSession, roster: Roster, loaded: Sequence[Loaded]
) -> tuple[Loaded, ...]:
    """Give cases for a queue; those with unread words with what these tell, unless they are very many or not genuine.

    Nobody has read anything by that: nothing is logged, and they stay unread.

    Raises:
        SessionOver: The session has ended, perhaps while the words were read; it holds nothing of them.
        Unavailable: The database cannot be read.
    """
    keys = session.open_keys()
    behind = {one.clear.id: one for one in loaded if one.unread and 1 < one.clear.entries <= _MOST}
    new = [one for one in behind.values() if _state(one) not in session.learnt]
    said: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in await all_rows(connection, _SAID, {"ids": [one.clear.id for one in new]}) if new else ():
        said[row["case_id"]].append(row)
    session.require_keys(keys)
    for one in new:
        with suppress(Tampered):  # told when it is opened
            opened = open_entries(core, one, roster, said[one.clear.id])
            session.learnt.put(_state(one), learnt(one.glance, opened))
    return tuple(
        replace(one, glance=session.learnt.get(_state(one)) or one.glance) if one.clear.id in behind else one
        for one in loaded
    )


def _state(loaded: Loaded) -> bytes:
    """What changes with each entry and with each new header."""
    return canonical("learnt", loaded.clear.head, loaded.clear.header_version)
