"""Checkpoints of the audit log, signed by a key of their own, and the seal of one that a lead is shown."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import select

from storage.core.audit.kept_tree import Head, KeptTree
from storage.core.core import StoreCore
from storage.database.schema.sites import audit
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.transparency.checkpoint import Checkpoint
from storage.sealing.transparency.signed_note import SignerKey

_ORIGIN: Final = "hark/"
_FIRST: Final = select(audit.c.hour).order_by(audit.c.number).limit(1)
_DIGITS: Final = 16
#: Rows that an unlock takes up at most: where there are more, the minute's round is faster than the person.
_MOST: Final = 2_000


def signer(key: ServerKey) -> SignerKey:
    """Give the Ed25519 key that signs checkpoints, derived from the server's; its name is the origin of the log.

    The name tells nothing of who runs it. Another server key is another log.
    """
    return SignerKey(f"{_ORIGIN}{key.subkey('audit origin').hex()[:_DIGITS]}", key.subkey("audit checkpoint"))


def checkpoint_of(key: ServerKey, head: Head) -> Checkpoint:
    """Give the checkpoint of a tree."""
    return Checkpoint(signer(key).name, head.tree.size, head.tree.root())


class AuditLog:
    """The log of this store, as it is handed out."""

    def __init__(self, core: StoreCore) -> None:
        self._core = core
        self.tree = KeptTree(core)

    async def checkpoint(self) -> str:
        """Give a signed checkpoint of the log as it is now, without names or content (c2sp.org/tlog-checkpoint).

        Raises:
            Unavailable: The database, or the tree beside the key file, cannot be read or written.
        """
        head, _ = await self.tree.grow()
        return checkpoint_of(self._core.server_key, head).sign(signer(self._core.server_key))

    async def began(self) -> datetime | None:
        """Give the hour of the first row, which is that of the deployment (aware, UTC); None where there is none.

        Raises:
            Unavailable: The database cannot be read.
        """
        async with self._core.read(once=True) as connection:
            hour = (await connection.execute(_FIRST)).scalar()
        return None if hour is None else datetime.fromtimestamp(hour, UTC)

    async def seal(self) -> str | None:
        """Give the seal of the log as it is now, or None where taking up what came would keep a lead waiting.

        It tells nothing of the log but that something has changed, so it is given once a session, after its unlock,
        which is a row itself: whoever is excluded from a case learns nothing by it.

        Raises:
            Unavailable: The database, or the tree beside the key file, cannot be read or written.
        """
        head, ends = await self.tree.grow(_MOST)
        return checkpoint_of(self._core.server_key, head).seal() if ends else None
