"""Keeps this process's memory out of core dumps and away from other processes of the same user."""

import ctypes
import sys

_PR_SET_DUMPABLE = 4  # prctl(2)


def harden() -> bool:
    """Forbid core dumps and, on Linux, attaching to this process (`PR_SET_DUMPABLE=0`); harmless elsewhere.

    Returns:
        Whether everything took hold; False where the system offers no such thing.
    """
    return all([_forbid_cores(), _forbid_attaching()])


def _forbid_cores() -> bool:
    try:
        import resource  # noqa: PLC0415 - only Unix has it

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        return False
    return True


def _forbid_attaching() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    try:
        return bool(ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)
    except (OSError, AttributeError):
        return False
