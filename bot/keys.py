"""The key files of a deployment: beside the database, never in it, made at the first start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from storage.sealing.day_keys import DayKeys
from storage.sealing.server_key import ServerKey, create_server_key, load_server_key


@dataclass(frozen=True)
class Keys:
    """What the store needs from outside the database.

    `checkpoint` is a file that holds the roster's version, so that an older roster put back into the database is noticed.
    """

    server: ServerKey
    days: DayKeys
    checkpoint: Path


def open_keys(key_file: Path) -> Keys:
    """Read the server key, or make it where there is none; day keys and the checkpoint stand beside it.

    Raises:
        KeyFileUnusable: the file is damaged or others can read it.
        OSError: it could not be written.
    """
    key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    server = load_server_key(key_file) if key_file.exists() else create_server_key(key_file)
    return Keys(server, DayKeys(key_file.parent / "days"), key_file.parent / "roster.version")
