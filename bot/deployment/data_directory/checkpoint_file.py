"""The file to which checkpoints of the audit log are appended, for whoever keeps it elsewhere."""

from __future__ import annotations

import os
from pathlib import Path


def append_note(path: Path, note: str) -> None:
    """Append a note with a blank line before it, on disk when this returns; what is in the file stays as it is.

    It is one write, so that two writers do not mix. Where it is cut off, as on a full disk, the file ends as before.

    Raises:
        OSError: It cannot be written; the file holds what it held.
    """
    content = f"\n{note}".encode()
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        before = os.fstat(handle).st_size
        if os.write(handle, content) != len(content):
            os.ftruncate(handle, before)
            raise OSError(28, "No space left on device", str(path))
        os.fsync(handle)
    finally:
        os.close(handle)
