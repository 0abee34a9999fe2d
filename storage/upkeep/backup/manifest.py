"""The manifest of a backup: what it holds, under a MAC of the server key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.errors import NotGenuine
from storage.values.errors import Unfit

#: What kind of database a backup was made of.
Engine: TypeAlias = Literal["sqlite", "postgresql"]
#: What the files of a backup are called.
DATABASE: Final = "hark.db"
DUMP: Final = "hark.dump"
MANIFEST: Final = "manifest.json"
#: Of a copied file, and of a dump, of which a Hark that made copies only knows nothing.
_FORMATS: Final[Mapping[Engine, str]] = {"sqlite": "hark backup 1", "postgresql": "hark backup 2"}
_FOREIGN: Final = "the backup's manifest does not belong to this server key, or was changed"
_BEFORE: Final = (
    "the backup is of before the server key was changed, or its manifest was changed: it needs the key file of its time"
)
_LABEL: Final = "backup/1"
_MOST: Final = 1_000_000  # bytes of a manifest that are read


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: when it was made (ISO, UTC), schema and roster version, SHA-256 by file, rows by table.

    `engine` is the kind of database that it was made of, which decides how its file is read.
    """

    made_at: str
    schema: str
    roster: int
    files: Mapping[str, str]
    rows: Mapping[str, int]
    engine: Engine = "sqlite"

    @property
    def file(self) -> str:
        """The name of the file that holds the rows."""
        return DATABASE if self.engine == "sqlite" else DUMP

    @property
    def made(self) -> datetime:
        """When the copy was begun (aware)."""
        return datetime.fromisoformat(self.made_at)


def write_manifest(manifest: Manifest, server_key: ServerKey) -> str:
    """Give the text of a manifest: JSON, with the MAC of everything else in it.

    The MAC is over the values in a fixed order, without spaces, so that a program which lays JSON out anew changes
    nothing.
    """
    told = {"format": _FORMATS[manifest.engine], **asdict(manifest)}
    if manifest.engine == "sqlite":
        del told["engine"]  # an older Hark reads it as well
    return json.dumps({**told, "mac": server_key.mac(_LABEL, _signed(told)).hex()}, indent=2) + "\n"


def read_manifest(path: Path, server_key: ServerKey, changed: datetime | None = None) -> Manifest:
    """Read a manifest that `write_manifest` gave; `changed` is when the server key was changed last (aware), if ever.

    Raises:
        Unfit: There is none, it is another server's or of before the key was changed, or somebody changed it.
    """
    told: dict[str, Any] = {}
    try:
        with path.open(encoding="utf-8") as file:
            told = json.loads(file.read(_MOST))
        mac = bytes.fromhex(told.pop("mac"))
        server_key.verify(mac, _LABEL, _signed(told))
    except (OSError, UnicodeDecodeError):
        raise Unfit("there is no whole backup here: it has no manifest that can be read") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, NotGenuine):
        raise Unfit(_BEFORE if changed is not None and _is_before(told, changed) else _FOREIGN) from None
    if told.pop("format") != _FORMATS.get(told.get("engine", "sqlite")):
        raise Unfit("the backup has a form that this Hark does not know: use a newer one")
    return Manifest(**told)


def _is_before(told: Any, changed: datetime) -> bool:
    """Whether a manifest that does not verify says that it is of before a time: only to say what may help."""
    try:
        return datetime.fromisoformat(told["made_at"]) < changed
    except (KeyError, TypeError, ValueError):
        return False


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a file in hexadecimal; it is read in pieces, whatever its size.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _signed(told: Mapping[str, object]) -> str:
    return json.dumps(told, sort_keys=True, separators=(",", ":"))
