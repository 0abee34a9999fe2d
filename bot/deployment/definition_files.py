"""Reads text files that people edit, and names what is amiss with file and line.

They are the definitions, ours and an organisation's own, and `hark.toml` in the data directory.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bot.deployment.value_checks import SettingsError
from flows.drafts.rulebook import OWN
from flows.loading.file_formats import decode
from flows.loading.source_lines import DefinitionError, Source, Where, read

#: Where ours are.
OURS: Final = Path(__file__).resolve().parents[2] / "flows" / "definitions"
#: Where an organisation's own lie, below the data directory.
THEIRS: Final = OWN.rstrip("/")
_KINDS: Final = frozenset({".toml", ".csv"})


def read_text(path: Path, name: str) -> str:
    r"""Give the text of a file, its lines ending in \n; `name` is what it is called towards the operator.

    Raises:
        FileNotFoundError, NotADirectoryError: there is none.
        DefinitionError: it cannot be read, or is no text.
    """
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise
    except OSError as error:
        raise DefinitionError(Where(name, 0), f"cannot be read ({error.strerror or type(error).__name__})") from None
    return decode(data, name)


def read_definitions(folder: Path = OURS) -> Mapping[str, str]:
    """Return all TOML and CSV files below `folder`, by their path from there (`crisis/en.toml`).

    The mapping is empty where there is no folder. Hidden files are left out: some systems put one beside each file.

    Raises:
        DefinitionError: one of them cannot be read, or is no text; names file and line.
    """
    if folder.exists() and not folder.is_dir():
        raise DefinitionError(Where(folder.name, 0), "is a file: a folder is expected")
    names = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*"))}
    return {
        name: _text(path, name if folder == OURS else f"{OWN}{name}")
        for name, path in names.items()
        if path.suffix.lower() in _KINDS and not path.name.startswith(".")
    }


def _text(path: Path, name: str) -> str:
    try:
        return read_text(path, name)
    except FileNotFoundError:
        raise DefinitionError(Where(name, 0), "leads to a file that is not there") from None


#: What the settings file is called.
FILE: Final = "hark.toml"
_PREFIX: Final = "HARK_"


def name_in_file(name: str) -> str:
    """Return the name of an environment setting in the file: in small letters, without `HARK_`."""
    return name.removeprefix(_PREFIX).lower() if name.startswith(_PREFIX) else name


def read_settings_file(directory: Path) -> Source:
    """Give what stands in the file; a file that is not there is an empty one.

    Raises:
        SettingsError: it cannot be read, or is no TOML, with its line; or the directory is none.
    """
    try:
        return read(read_text(directory / FILE, FILE), FILE)
    except FileNotFoundError:
        return Source(FILE, {}, {})
    except NotADirectoryError:
        raise SettingsError("HARK_DATA_DIR", "a folder, or a place where one can be made") from None
    except DefinitionError as error:
        raise SettingsError(f"{error.file}:{error.line}" if error.line else error.file, error.what) from None


def with_line(error: SettingsError, source: Source) -> SettingsError:
    """Return the same error with the line of its setting, where the file has that setting."""
    table, _, keys = name_in_file(error.variable).partition("]")  # "[site.oak] outside 2 name"
    where = source.around(f"{table.lstrip('[')}{keys.replace(' ', '.')}")
    return SettingsError(error.variable, error.allowed, where) if where.line else error
