"""Rehearsing a restore: a backup that was never restored is a hope. What was shown is kept beside the key file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.deployment.data_directory.open_store import CHECKPOINT
from bot.deployment.settings import Settings
from storage.core.audit.key_changes import changes_beside
from storage.core.destruction_ledger import LEDGER
from storage.sealing.keys.private_files import replace_private, write_private
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.errors import NotGenuine
from storage.upkeep.backup.restore_backup import Place, Restored, restore

#: Beside the key file.
FILE: Final = "backup-rehearsed.json"
_LABEL: Final = "rehearsed/1"


async def rehearse(settings: Settings, backup: Path, server_key: ServerKey, now: Callable[[], datetime]) -> Restored:
    """Restore a backup into a folder that is thrown away, and keep when it was done.

    The database and what stands beside the key file stay as they are; the note of it is under the server key's MAC.

    Raises:
        Unfit: The backup does not verify.
        Unavailable: The copy cannot be opened as a store, or is Damaged.
        Tampered: The register that is made beside the copy is not genuine (a bug: nothing is there before).
        OSError: The data directory or the key directory cannot be written.
    """
    with TemporaryDirectory(prefix=".rehearsal-", dir=settings.data_dir) as thrown_away:
        folder = Path(thrown_away)
        for name in (CHECKPOINT, LEDGER, changes_beside(Path(CHECKPOINT)).name):
            if (settings.keys_dir / name).exists():
                write_private(folder / name, (settings.keys_dir / name).read_bytes())
        restored = await restore(backup, Place(folder / "hark.db", folder / CHECKPOINT, server_key), now)
    _write(settings.keys_dir / FILE, restored.manifest.made_at, now(), server_key)
    return restored


def rehearsed(settings: Settings, server_key: ServerKey) -> datetime | None:
    """Return when a backup was last restored as a trial (aware); None if never, or if the note of it is not ours."""
    try:
        told = json.loads((settings.keys_dir / FILE).read_text(encoding="utf-8"))
        at, of = told["rehearsed_at"], told["backup_made_at"]
        server_key.verify(bytes.fromhex(told["mac"]), _LABEL, at, of)
        return datetime.fromisoformat(at)
    except (OSError, ValueError, KeyError, TypeError, NotGenuine):
        return None


def _write(path: Path, of: str, at: datetime, server_key: ServerKey) -> None:
    mac = server_key.mac(_LABEL, at.isoformat(), of).hex()
    text = json.dumps({"rehearsed_at": at.isoformat(), "backup_made_at": of, "mac": mac}, indent=2)
    replace_private(path, f"{text}\n".encode())
