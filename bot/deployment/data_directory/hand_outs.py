"""When a checkpoint of the audit log was last handed out by hand: noted beside the key file, under its MAC."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Final

from storage.sealing.keys.private_files import replace_private
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.errors import NotGenuine

#: Beside the key file.
FILE: Final = "checkpoint-handed-out.json"
_LABEL: Final = "handed out/1"


def note_hand_out(keys_dir: Path, server_key: ServerKey, at: datetime) -> None:
    """Note that a checkpoint was handed out; an earlier note goes.

    Args:
        keys_dir: Where the key file lies.
        server_key: The one that signs checkpoints.
        at: When (aware).

    Raises:
        OSError: It cannot be written; the earlier note stands.
    """
    text = json.dumps({"at": at.isoformat(), "mac": server_key.mac(_LABEL, at.isoformat()).hex()}, indent=2)
    replace_private(keys_dir / FILE, f"{text}\n".encode())


def last_hand_out(keys_dir: Path, server_key: ServerKey) -> datetime | None:
    """Return when one was last handed out by hand (aware); None if never, or if the note of it is not ours."""
    try:
        told = json.loads((keys_dir / FILE).read_text(encoding="utf-8"))
        server_key.verify(bytes.fromhex(told["mac"]), _LABEL, told["at"])
        return datetime.fromisoformat(told["at"])
    except (OSError, ValueError, KeyError, TypeError, NotGenuine):
        return None
