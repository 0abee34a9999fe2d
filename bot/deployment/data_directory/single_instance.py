"""One Hark for one data directory, one database and one token: locks that die with their owner.

Those of files are the system's; that of a database server is a session lock there. `hark invite` and the like run
beside a Hark; what replaces its data does not. Of a second one on another machine with the same token and another
database, or with the token in another container, only the Bot API's own 409 tells.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from bot.deployment.data_directory.open_store import make_folder
from bot.deployment.database_address import URL, DatabaseServer
from bot.deployment.settings import Settings
from bot.deployment.value_checks import SettingsError
from storage.database.engines import engine_for
from storage.values.errors import DatabaseInUse, UnfitDatabase

#: In the data directory; it holds nothing.
NAME: Final = "running.lock"
#: Where every user's programs of this machine meet. The service has a /tmp of its own, and may write to the first.
SHARED: Final = (Path("/run/lock"), Path(tempfile.gettempdir()))

_SAME: Final = "another Hark runs on this database"
_STOP: Final = "stop it first"


class InUse(SettingsError):  # noqa: N818 - says what is
    """Another Hark has it; nothing was begun."""


@contextmanager
def held(settings: Settings) -> Iterator[None]:
    """Hold everything that only one Hark may use, until the block ends or the process does.

    Raises:
        InUse: Another process holds one of them.
        SettingsError: The data directory, or the database's, cannot be made.
        OSError: A lock file cannot be made.
    """
    with ExitStack() as stack:
        make_folder(settings.data_dir, "HARK_DATA_DIR")
        stack.enter_context(_locked(settings.data_dir / NAME, "HARK_DATA_DIR", "another Hark runs on this data"))
        stack.enter_context(held_file(settings.database))
        if settings.token is not None:
            stack.enter_context(_locked(_shared(settings.token), "HARK_TOKEN", "another Hark runs with this token"))
        yield


@contextmanager
def held_file(database: Path | DatabaseServer) -> Iterator[None]:
    """Hold the lock beside a database file until the block ends or the process does; a server's is another one.

    Raises:
        InUse: Another process holds it.
        SettingsError: The folder of the file cannot be made.
        OSError: The lock file cannot be made.
    """
    if isinstance(database, DatabaseServer):
        yield
        return
    with _locked(_of_file(database), URL, _SAME):
        yield


@asynccontextmanager
async def held_on_server(settings: Settings) -> AsyncIterator[asyncio.Event]:
    """Hold the lock of the database's server until the block ends, besides what `held` holds; a file has none.

    Gives an event that is set once another Hark has taken the lock while the connection was broken: it is time to end.

    Raises:
        InUse: Another process holds it.
        SettingsError: Something between Hark and the server breaks its locks.
        Unavailable: The server does not answer.
    """
    lost = asyncio.Event()
    if not isinstance(settings.database, DatabaseServer):
        yield lost
        return
    lock = engine_for(settings.database.url).session_lock()
    try:
        await lock.acquire()
    except DatabaseInUse:
        raise InUse(URL, f"{_SAME}; {_STOP}") from None
    except UnfitDatabase as unfit:
        raise SettingsError(URL, unfit.sentence) from None
    watching = asyncio.create_task(lock.watch(lost.set))
    try:
        yield lost
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        await lock.release()


@contextmanager
def _locked(path: Path, name: str, why: str) -> Iterator[None]:
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except PermissionError:
        if not path.exists():
            raise
        # It is another user's, and so another Hark's.
        raise InUse(name, f"{why}; {_STOP}") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise InUse(name, f"{why}; {_STOP}") from None
    finally:
        os.close(handle)


def _of_file(database: Path) -> Path:
    """Beside the file itself, whatever other names lead there."""
    real = database.resolve()
    make_folder(real.parent, URL)
    return real.with_name(f"{real.name}.lock")


def _shared(token: str) -> Path:
    """A file where programs meet; the token is not read in its name: 128 bits of a hash."""
    folder = next((one for one in SHARED if os.access(one, os.W_OK)), SHARED[-1])
    return folder / f"hark-token-{sha256(token.encode()).hexdigest()[:32]}.lock"
