"""How a command that cannot go on tells the operator: one sentence on standard error, and no traceback."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Final

from bot.deployment.value_checks import SettingsError
from flows.loading.source_lines import DefinitionError
from storage.sealing.primitives.errors import KeyFileUnusable
from storage.values.errors import Damaged, NotOffered, Refusal, Tampered, Unavailable

#: The exit code of a command that could not begin.
UNUSABLE: Final = 2

_DATABASE: Final = "the database cannot be opened: look at HARK_DATABASE_URL, the free space and who may write there"
_TAMPERED: Final = (
    "the database does not belong to the key file, or is older than it was: "
    "put back the database and the keys directory of the same time"
)
_DAMAGED: Final = (
    "the database file is damaged, so Hark does not start: keep a copy of the data directory, "
    "look at the disk, then restore a backup with hark restore --replace"
)
_REFUSED: Final = (
    "that is not possible: a name is needed, and a role that Hark knows; partners are invited by leads, with /partners"
)


class ErrorReport:
    """The block that `reporting_errors` begins."""

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> bool:
        """Print an error that the operator can act on, and end it; let every other one through."""
        match error:
            case SettingsError() | DefinitionError() | KeyFileUnusable():
                tell(str(error))
            case Refusal():
                tell(_sentence(error))
            case OSError():
                tell(_system(error))
            case _:
                return False
        return True


def reporting_errors() -> ErrorReport:
    """Return a block in which errors that the operator can act on are printed and end the block; others go through.

    What follows the block is reached only by a command that could not go on, if the block ends in a `return`.
    """
    return ErrorReport()


def tell(sentence: str) -> None:
    """Print one line on standard error, beginning with the program's name.

    Args:
        sentence: One of ours, without content, ids or secrets.
    """
    sys.stderr.write(f"hark: {sentence}\n")


def _sentence(error: Refusal) -> str:
    known = {Unavailable: _DATABASE, Damaged: _DAMAGED, Tampered: _TAMPERED, NotOffered: _REFUSED}
    return known.get(type(error), str(error))


def _system(error: OSError) -> str:
    name = f": {error.filename}" if isinstance(error.filename, str) else ""
    return f"{error.strerror or type(error).__name__}{name}"
