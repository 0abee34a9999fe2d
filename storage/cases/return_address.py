"""Return addresses: kept only if asked for, sealed under the server key and one apart, told only that there is news."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final
from uuid import uuid4

from storage.core.core import StoreCore
from storage.core.destruction_ledger import Tombstone
from storage.database.schema.notices import return_addresses
from storage.database.turn import Delete, Insert, Logged, Row
from storage.sealing.keys.address_keys import has_key
from storage.sealing.primitives.box import Place, open_box, seal, seal_anew
from storage.sealing.primitives.derive import expand
from storage.sealing.primitives.errors import CannotOpen, KeyFileUnusable
from storage.values import Address, CaseId
from storage.values.errors import Unavailable

#: What the audit log calls it that an address is kept, that it is not any more, and that a notice did not arrive.
ADDRESS: Final = "address"
NO_ADDRESS: Final = "no_address"
UNHEARD: Final = "unheard"


def new_return_address(core: StoreCore, case: CaseId, address: Address, language: str) -> tuple[Row, ...]:
    """Give the rows that keep an address for a case, and say so in the audit log.

    The key of its own is drawn, on disk when this returns.

    Args:
        core: For the server's key, which seals it too: Hark has to be able to write there without anybody.
        case: Whose; a case has one address at most.
        address: Door and chat.
        language: In clear, for the notice.

    Raises:
        Unavailable: Its key cannot be written.
    """
    own = f"k{uuid4().hex}"
    content = json.dumps([address.door, address.chat_id]).encode()
    with _available(core):
        secret = core.address_keys.draw(own)
    sealed = seal(_key(core, secret), _place(own, case), content)
    row = Insert(return_addresses, {"id": own, "case_id": case, "language": language, "sealed": sealed})
    return row, Logged(core.hour(), "", ADDRESS, case)


def removed_return_address(core: StoreCore, case: CaseId, own: str | None) -> tuple[Row, ...]:
    """Give the rows that remove the address of a case, if one is kept; the ledger is told its id, and its key goes.

    Raises:
        Unavailable: The ledger cannot be written, or the key not be destroyed.
    """
    gone = Delete(return_addresses, {"case_id": case})
    if own is None:
        return (gone,)
    core.ledger.note(Tombstone("address", own))
    destroy_address_key(core, own)
    return gone, Logged(core.hour(), "", NO_ADDRESS, case)


def destroy_address_key(core: StoreCore, own: str) -> None:
    """Destroy the key of an address that the ledger names already; quiet if there is none.

    Raises:
        Unavailable: It cannot be destroyed.
    """
    with _available(core):
        core.address_keys.destroy(own)


def finish_address_keys(core: StoreCore) -> None:
    """Destroy keys of addresses that a kill left half destroyed; safe to repeat.

    Raises:
        Unavailable: One cannot be destroyed.
    """
    with _available(core):
        core.address_keys.finish()


def keyed_addresses(core: StoreCore) -> frozenset[str]:
    """Give the ids of all addresses whose keys are on this machine, also of such as were never committed.

    Raises:
        Unavailable: The directory cannot be read.
    """
    with _available(core):
        return core.address_keys.ids()


def open_return_address(core: StoreCore, own: str, case: str, sealed: bytes) -> Address | None:
    """Open a kept address; None where its key was destroyed, or is not on this machine.

    Raises:
        Tampered: It was moved to another case, or changed.
        Unavailable: Its key cannot be read.
    """
    key: bytes | bytearray = core.server_key.address_key()  # of before each had a key apart
    if has_key(own):
        with _available(core):
            secret = core.address_keys.read(own)
        if secret is None:
            return None
        key = _key(core, secret)
    try:
        door, chat_id = json.loads(open_box(key, _place(own, case), sealed))
    except CannotOpen:
        raise core.forgeries.record() from None
    return Address(door, chat_id)


def return_address_anew(old: StoreCore, new: StoreCore, row: Mapping[str, Any]) -> bytes | None:
    """Give what a row holds, sealed under the server key of `new`; None where nobody can open it any more.

    Raises:
        Tampered: It was moved to another case, or changed.
        Unavailable: Its own key cannot be read.
    """
    own, case = row["id"], row["case_id"]
    secret = None
    if has_key(own):
        with _available(old):
            secret = old.address_keys.read(own)
        if secret is None:
            return None
    before, after = (_key(core, secret) if secret else core.server_key.address_key() for core in (old, new))
    try:
        return seal_anew(bytes(before), bytes(after), _place(own, case), row["sealed"])
    except CannotOpen:
        raise old.forgeries.record() from None


def _key(core: StoreCore, secret: bytes) -> bytearray:
    """Neither the file nor the server key opens it alone."""
    return expand(secret, "hark/address/2", bytes(core.server_key.address_key()))


@contextmanager
def _available(core: StoreCore) -> Iterator[None]:
    try:
        yield
    except (OSError, KeyFileUnusable) as error:
        core.failures.record(error)
        raise Unavailable from None


def _place(own: str, case: str) -> Place:
    return Place("return_addresses", case, own, "address", 0)
