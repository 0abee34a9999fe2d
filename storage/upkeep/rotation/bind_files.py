"""Brings what stands beside the key file under another server key; each file is replaced whole, and safe to repeat.

The roster's version, the end of the audit chain, day keys and keys of return addresses are under no other key.
"""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.core.audit.audit_log import signer
from storage.core.audit.kept_tree import read_tree, tree_beside, write_tree
from storage.core.audit.key_changes import changes_beside, keep_key_change, write_key_change
from storage.core.audit.log_rows import leaf_of, rows_after
from storage.core.destruction_ledger import LEDGER, read_ledger, write_ledger
from storage.core.register import Register, register_beside
from storage.core.tab_key import keep_tab_key
from storage.database.schema.sites import audit
from storage.desk.oversight.recovery.recovery_uses import uses_anew
from storage.notices.kept_notices import bind_kept_notices, notices_beside
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.errors import NotGenuine
from storage.sealing.transparency.merkle_tree import CompactRange, hash_leaf
from storage.upkeep.rotation.bind_rows import SERVER_KEY
from storage.upkeep.rotation.cores import Cores, Place
from storage.values.errors import Tampered, Unavailable, Unfit

_AT_ONCE = 2_000  # rows of the log that are read in one go
_LEDGER = "the ledger of what was destroyed, beside the key file, was changed or is another server's: look into that"


def refuse_unfit_files(place: Place, key: ServerKey) -> None:
    """Return quietly if register and ledger are genuine: what is not can be brought under no other key.

    Raises:
        Tampered: The register is not what was written.
        Unfit: The ledger is not.
        Unavailable: One of them cannot be read.
    """
    Register(register_beside(place.checkpoint), key).read()
    try:
        read_ledger(place.checkpoint.with_name(LEDGER), key)
    except NotGenuine:
        raise Unfit(_LEDGER) from None
    except OSError:
        raise Unavailable from None


async def bind_files(cores: Cores, place: Place, connection: AsyncConnection) -> None:
    """Bring register, ledger, tree and kept notices under the new key, and note that, and what, changed.

    Raises:
        Tampered: The register is under neither key.
        Unfit: The ledger is.
        Unavailable: A file cannot be read or written, or the database not be read; what was done is done.
    """
    old, new = (core.server_key for core in cores)
    try:
        _register(place, old, new)
        _ledger(place, old, new)
        _tree(place, old, new)
        bind_kept_notices(notices_beside(place.checkpoint), old, new)
        tree, hour = await _log(connection)
        note = write_key_change(signer(old), signer(new), tree, hour)
        keep_key_change(changes_beside(place.checkpoint), note)
        keep_tab_key(place.checkpoint, old, new, hour)
    except OSError:
        raise Unavailable from None


def _register(place: Place, old: ServerKey, new: ServerKey) -> None:
    path = register_beside(place.checkpoint)
    if not path.exists():
        return
    try:
        noted = Register(path, old).read()
    except Tampered:
        Register(path, new).read()
    else:
        Register(path, new).write(uses_anew(old, new, noted))


def _ledger(place: Place, old: ServerKey, new: ServerKey) -> None:
    path = place.checkpoint.with_name(LEDGER)
    if not path.exists():
        return
    try:
        lines = read_ledger(path, old)
    except NotGenuine:
        refuse_unfit_files(place, new)
    else:
        write_ledger(path, new, lines)


def _tree(place: Place, old: ServerKey, new: ServerKey) -> None:
    """One that is not genuine stays as it is: that is found at the next check, as before."""
    path = tree_beside(place.checkpoint)
    try:
        head = read_tree(path, old)
    except NotGenuine:
        return
    if path.exists():
        write_tree(path, new, head)


async def _log(connection: AsyncConnection) -> tuple[CompactRange, int]:
    """Give the tree of the log up to the row that says that the key changed, and the hour of that row."""
    asked = select(func.max(audit.c.number)).where(audit.c.action == SERVER_KEY)
    last = int((await connection.execute(asked)).scalar() or 0)
    tree, hour = CompactRange(), 0
    while tree.size < last:
        rows = await rows_after(connection, tree.size, min(_AT_ONCE, last - tree.size))
        if not rows:
            break
        for row in rows:
            tree, hour = tree.append(hash_leaf(leaf_of(row))), row["hour"]
    return tree, hour
