"""The key by which tabs of the web chat prove themselves, and for two days after a change of the server key the former.

Nobody who writes just then loses what was begun: a tab's proof is good on the day it was made and on the next. The
former key lies sealed beside the key file, and serves for proofs of days up to that of the change only.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from storage.sealing.keys.private_files import replace_private
from storage.sealing.keys.server_key import ServerKey
from storage.sealing.primitives.box import Place, open_box, seal
from storage.sealing.primitives.errors import CannotOpen

#: How long the former one is kept; a proof is good for two days.
_STAYS: Final = timedelta(days=2)
_BEGINNING: Final = date(1970, 1, 1)
_PURPOSE: Final = "former web chat sessions"
_PLACE: Final = Place("files", None, "tabs", "former", 0)


def tab_key(key: ServerKey) -> bytes:
    """Give the key of now."""
    return key.subkey("web chat sessions")


def keep_tab_key(checkpoint: Path, old: ServerKey, new: ServerKey, second: int) -> None:
    """Keep the former key beside the key file, for proofs up to the day of `second` (since 1970).

    Raises:
        OSError: It cannot be written; nothing changed.
    """
    day = datetime.fromtimestamp(second, UTC).date()
    content = json.dumps({"day": day.isoformat(), "key": tab_key(old).hex()}).encode()
    replace_private(_beside(checkpoint), seal(new.subkey(_PURPOSE), _PLACE, content))


def former_tab_key(checkpoint: Path, key: ServerKey, now: datetime) -> tuple[bytes, int] | None:
    """Give the former key and the last day of its proofs (since 1970), or None; one that is over is removed.

    Raises:
        OSError: It cannot be read, or not be removed.
    """
    path = _beside(checkpoint)
    try:
        kept = json.loads(open_box(key.subkey(_PURPOSE), _PLACE, path.read_bytes()))
    except (FileNotFoundError, CannotOpen):
        return None
    day = date.fromisoformat(kept["day"])
    if now.astimezone(UTC).date() - day >= _STAYS:
        path.unlink()
        return None
    return bytes.fromhex(kept["key"]), (day - _BEGINNING).days


def _beside(checkpoint: Path) -> Path:
    return checkpoint.with_name(f"{checkpoint.name}.tabs")
