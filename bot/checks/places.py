"""The data directory, the key file and the settings file: whether they are there, and who else can read them."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bot.checks.finding import Finding, good, look, wrong
from bot.keeping import DAY_KEYS
from bot.settings import FILE, NAMES, Settings
from flows.errors import nearest

#: Below this much free space, in bytes, a busy week might not fit.
_SPACE: Final = 200 * 1024 * 1024
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def look_at_places(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Everything that lies on the disk, and names in the environment that nobody reads."""
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
        if database.exists():
            yield wrong(
                "there is a database, but not its key file", "put the key file back to where HARK_KEY_FILE says"
            )
        else:
            yield look("there is no key file yet", "it is made at the first start")
        return
    if key.stat().st_mode & _OTHERS:
        yield wrong("other users can read the key file", f"chmod 600 {key}")
    if database.resolve().parent == key.resolve().parent:
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
