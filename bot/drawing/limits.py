"""What the child may take at most, and what it may not do: whatever it is given, it ends, and changes nothing.

The limits are those of the system (`setrlimit`). Starting programs, opening sockets and writing files is refused from
within besides, which is no wall against code that somebody smuggles in, and stops what a library does unasked. The
walls are the systemd unit's (`deploy/hark.service`), in which this process is.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import Final

#: Bytes of address space: a photo of 12 megapixels takes 250 MB of it, charts and papers some 300 MB.
MEMORY: Final = 512 * 1024 * 1024
#: Seconds of processor time.
SECONDS: Final = 5
_FILES: Final = 32
_REFUSED: Final = (
    *("subprocess.", "socket.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "os.kill"),
    *("os.mkdir", "os.remove", "os.rename", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown"),
)
_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


def shut_in() -> None:
    """Set the limits for the rest of this process; to be called before anything is read or imported.

    Raises:
        ValueError: The system takes none of them (a limit below it stands already, which is kept where it is lower).
    """
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (least, least))
    sys.addaudithook(_refuse)


def _refuse(event: str, given: tuple[object, ...]) -> None:
    if event.startswith(_REFUSED) or (event == "open" and _writes(given)):
        raise PermissionError


def _writes(given: tuple[object, ...]) -> bool:
    flags = given[2] if len(given) > 2 else 0
    return isinstance(flags, int) and bool(flags & _WRITING)
