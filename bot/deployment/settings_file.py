"""Reads `hark.toml` in the data directory, and tells in which line of it a setting stands."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bot.deployment.definition_files import read_text
from bot.deployment.value_checks import SettingsError
from flows.loading.source_lines import DefinitionError, Source, read

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
