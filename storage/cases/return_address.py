"""Return addresses: kept only if asked for, sealed under the server key, told nothing but that there is news."""

from __future__ import annotations

import json
from typing import Final
from uuid import uuid4

from storage.core.core import StoreCore
from storage.core.destruction_ledger import Tombstone
from storage.database.schema.notices import return_addresses
from storage.database.turn import Delete, Insert, Logged, Row
from storage.sealing.primitives.box import Place, open_box, seal
from storage.sealing.primitives.errors import CannotOpen
from storage.values import Address, CaseId

#: What the audit log calls it that an address is kept, that it is not any more, and that a notice did not arrive.
ADDRESS: Final = "address"
NO_ADDRESS: Final = "no_address"
UNHEARD: Final = "unheard"


def new_return_address(core: StoreCore, case: CaseId, address: Address, language: str) -> tuple[Row, ...]:
    """Give the rows that keep an address for a case, and say so in the audit log.

    Args:
        core: For the server's key, which seals it: Hark has to be able to write there without anybody.
        case: Whose; a case has one address at most.
        address: Door and chat.
        language: In clear, for the notice.
    """
    own = uuid4().hex
    content = json.dumps([address.door, address.chat_id]).encode()
    sealed = seal(core.server_key.address_key(), _place(own, case), content)
    row = Insert(return_addresses, {"id": own, "case_id": case, "language": language, "sealed": sealed})
    return row, Logged(core.hour(), "", ADDRESS, case)


def removed_return_address(core: StoreCore, case: CaseId, own: str | None) -> tuple[Row, ...]:
    """Give the rows that destroy the address of a case, if one is kept; the ledger is told its id, `own`, first.

    Raises:
        Unavailable: The ledger cannot be written.
    """
    gone = Delete(return_addresses, {"case_id": case})
    if own is None:
        return (gone,)
    core.ledger.note(Tombstone("address", own))
    return gone, Logged(core.hour(), "", NO_ADDRESS, case)


def open_return_address(core: StoreCore, own: str, case: str, sealed: bytes) -> Address:
    """Open a kept address.

    Raises:
        Tampered: It was moved to another case, or changed.
    """
    try:
        door, chat_id = json.loads(open_box(core.server_key.address_key(), _place(own, case), sealed))
    except CannotOpen:
        raise core.forgeries.record() from None
    return Address(door, chat_id)


def _place(own: str, case: str) -> Place:
    return Place("return_addresses", case, own, "address", 0)
