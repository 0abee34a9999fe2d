"""This deployment's transfer key: a file beside the key file, its seed wrapped for the leads who read."""

from __future__ import annotations

import base64
import binascii
import json
import os
from pathlib import Path
from typing import Final

from storage.core.core import StoreCore
from storage.deeds.send_concern import reads
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.sealing.keys.private_files import replace_private
from storage.sealing.keys.transfer_key import SealedSeed, TransferKey, open_seed, read_transfer_key, seal_seed
from storage.sealing.primitives.errors import CannotOpen
from storage.sealing.primitives.xwing import KeyId
from storage.values.errors import NoTransferKey, Unavailable

#: What it is called, beside the key file.
FILE: Final = "transfer-key.json"
_SEED_BYTES: Final = 32


class OwnTransferKey:
    """Makes and reads it. What stands in the file tells nobody anything: whoever changes it makes it open nothing."""

    def __init__(self, core: StoreCore, rosters: Rosters) -> None:
        self._core = core
        self._rosters = rosters

    def read(self) -> TransferKey | None:
        """Give the public half; None where none was made, or the file is not ours.

        Raises:
            Unavailable: It cannot be read.
        """
        sealed = self._sealed()
        return sealed.key if sealed else None

    async def make(self) -> TransferKey:
        """Make a new one, for every lead who reads now; what was sealed to one of before opens no more.

        Raises:
            NoTransferKey: Nobody reads yet, so nobody could open what comes; nothing changed.
            Tampered: The roster is not the one that was kept.
            Unavailable: It cannot be written; the one of before stands.
        """
        roster = await self._rosters.read()
        leads = [lead.public for lead in roster.leads.values() if reads(lead)]
        if not leads:
            raise NoTransferKey
        sealed = seal_seed(os.urandom(_SEED_BYTES), leads)
        wraps = {named.hex(): base64.b64encode(wrap).decode() for named, wrap in sealed.wraps.items()}
        try:
            replace_private(self._path, f"{json.dumps({'key': sealed.key.text, 'wraps': wraps})}\n".encode())
        except OSError:
            raise Unavailable from None
        return sealed.key

    def seed(self, session: LeadSession) -> bytes:
        """Open its seed with the keys of an open session.

        Raises:
            NoTransferKey: There is none, or it was made before this lead read.
            Unavailable: It cannot be read.
        """
        sealed = self._sealed()
        try:
            if sealed is None:
                raise NoTransferKey
            return open_seed(sealed, session.private_keys)
        except CannotOpen:
            raise NoTransferKey from None

    @property
    def _path(self) -> Path:
        return self._core.checkpoint.with_name(FILE)

    def _sealed(self) -> SealedSeed | None:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            wraps = {KeyId(bytes.fromhex(named)): base64.b64decode(wrap) for named, wrap in kept["wraps"].items()}
            return SealedSeed(read_transfer_key(kept["key"]), wraps)
        except FileNotFoundError:
            return None
        except OSError:
            raise Unavailable from None
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
            return None
