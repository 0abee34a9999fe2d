"""The machine: its clock, the data directory and key file, and how the doors are reached."""

from __future__ import annotations

import re
import shutil
import stat
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.checks.finding import Finding, good, look, wrong
from bot.deployment.data_directory.open_store import DAY_KEYS
from bot.deployment.database_address import DatabaseServer
from bot.deployment.settings import FILE, NAMES, TELEGRAM, Settings
from bot.deployment.value_checks import is_on_this_machine
from flows.loading.source_lines import nearest
from storage.database.clock_guard import last_written

#: Before this day Hark was not written, and long after it nobody will run this version.
_WRITTEN: Final = datetime(2026, 11, 1, tzinfo=UTC)
_LAST: Final = _WRITTEN + timedelta(days=365 * 15)
_DO: Final = "set the clock, by NTP if the network has it, then start Hark anew"

#: Below this much free space, in bytes, a busy week might not fit.
_SPACE: Final = 200 * 1024 * 1024
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def look_at_clock(now: datetime, database: Path | DatabaseServer) -> Iterator[Finding]:
    """Yield whether the clock can be right: after this version's date, and after the database was last written.

    Args:
        now: The time to judge (aware).
        database: Its file, or a server, of which nothing is known here. Five minutes of difference are no fault.
    """
    if not _WRITTEN <= now <= _LAST:
        yield wrong("the clock cannot be right", _DO)
        return
    newest = None if isinstance(database, DatabaseServer) else last_written(database)
    if newest is not None and newest > now + timedelta(minutes=5):
        yield wrong("the clock is behind the last change of the database", _DO)
    else:
        yield good("the clock can be right")


def look_at_places(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Yield findings on the data directory, key file and disk, and unknown `HARK_` names in the environment."""
    yield from _names(environ)
    if not settings.data_dir.exists():
        yield look("there is no data directory yet", "it is made at the first start; HARK_DATA_DIR says where")
        return
    yield _directory(settings.data_dir, "the data directory")
    yield from _settings_file(settings.data_dir / FILE)
    yield from _keys(settings)
    yield _space(settings.data_dir)


def _names(environ: Mapping[str, str]) -> Iterator[Finding]:
    for name in sorted(environ):
        if name.startswith("HARK_") and name not in NAMES:
            yield look(f"{name} is no setting of Hark's{nearest(name, NAMES)}", f"the settings are {', '.join(NAMES)}")


def _directory(path: Path, what: str) -> Finding:
    if path.stat().st_mode & _OTHERS:
        return wrong(f"other users can look into {what}", f"chmod 700 {path}")
    return good(f"{what} is closed to other users")


def _settings_file(path: Path) -> Iterator[Finding]:
    if path.exists() and path.stat().st_mode & _OTHERS:
        yield wrong(f"other users can read {FILE}, where a token may stand", f"chmod 600 {path}")


def _keys(settings: Settings) -> Iterator[Finding]:
    database, key = settings.database, settings.key_file
    if not key.exists():
        if not isinstance(database, DatabaseServer) and database.exists():
            yield wrong(
                "there is a database, but not its key file", "put the key file back to where HARK_KEY_FILE says"
            )
        else:
            yield look("there is no key file yet", "it is made at the first start")
        return
    if key.stat().st_mode & _OTHERS:
        yield wrong("other users can read the key file", f"chmod 600 {key}")
    if not isinstance(database, DatabaseServer) and database.resolve().parent == key.resolve().parent:
        yield wrong("the key file lies in the same folder as the database", "set HARK_KEY_FILE to another folder")
    else:
        yield good("the key file is there, apart from the database")
    days = settings.keys_dir / DAY_KEYS
    if days.exists():
        yield _directory(days, "the folder of day keys")


def _space(path: Path) -> Finding:
    if shutil.disk_usage(path).free < _SPACE:
        return wrong("the disk is nearly full", "free at least 200 MB: a full disk turns reporters away")
    return good("there is room on the disk")


def look_at_doors(settings: Settings) -> Iterator[Finding]:
    """Yield which doors would open, and whether traffic through each is encrypted or stays on this machine."""
    yield from _telegram(settings)
    if not settings.web_host:
        yield look(
            "the web chat is shut: nobody without a Telegram account can write",
            "set HARK_WEB_HOST; many children are too young for Telegram's terms",
        )
        return
    yield good("the web chat opens")
    if not settings.public_url:
        yield look(
            "HARK_PUBLIC_URL is not set: links and invites name this machine only", "set it to the address people open"
        )
    elif not settings.public_url.startswith("https://"):
        yield wrong("HARK_PUBLIC_URL does not begin with https://", "put a proxy with a certificate in front")
    if not is_on_this_machine(settings.web_host):
        yield look(
            "the web chat listens on the network without encryption of its own",
            "let only a proxy with a certificate reach it, or set HARK_WEB_HOST=127.0.0.1",
        )


def _telegram(settings: Settings) -> Iterator[Finding]:
    if settings.token is None:
        yield good("no HARK_TOKEN: the web chat is the only door")
        return
    if re.fullmatch(r"\d{6,12}:[A-Za-z0-9_-]{35}", settings.token):
        yield good("HARK_TOKEN has the shape of a token")
    elif settings.api_url == TELEGRAM:
        yield wrong("HARK_TOKEN has not the shape of a token", "copy it again from @BotFather, all of it")
    if not settings.api_url.startswith("https://"):
        yield look("HARK_API_URL is not encrypted", "use such a server on the same machine only")
