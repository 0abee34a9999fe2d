"""Reads HARK_DATABASE_URL and HARK_DATABASE_PASSWORD_FILE: a file of SQLite, or a database of a PostgreSQL server.

What the server itself must be like is told by `storage/database/engines/postgresql_fitness.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from bot.deployment.value_checks import SettingsError, is_on_this_machine, read_host

URL: Final = "HARK_DATABASE_URL"
PASSWORD_FILE: Final = "HARK_DATABASE_PASSWORD_FILE"  # noqa: S105 - the name of a setting
_SQLITE: Final = "sqlite+aiosqlite:///"
#: What each of the two settings may be.
FORMS: Final[Mapping[str, str]] = {
    URL: (
        f"the path of a file behind {_SQLITE}, with %3F for a question mark and %25 for %; "
        "or postgresql+asyncpg://USER@HOST/DATABASE, or postgresql+asyncpg://USER@/DATABASE?host=FOLDER for a socket"
    ),
    PASSWORD_FILE: "the path of a file whose first line is the password of the database's user",
}
_SCHEMES: Final = ("postgresql+asyncpg", "postgresql")
_QUERY: Final = frozenset({"host", "sslmode", "sslrootcert"})
_VERIFIED: Final = "verify-full"
_TLS: Final = (
    "needs ?sslmode=verify-full where the server is not on this machine: only then is it sure which server answers "
    "(with &sslrootcert=FILE for an authority of your own)"
)
_ON_THE_LINE: Final = (
    "may not hold a password, since every user of the machine can read it there: put it into HARK_DATABASE_URL or "
    "HARK_DATABASE_PASSWORD_FILE of the same database, or into ~/.pgpass"
)
_WHERE: Final = "names a file that cannot be read in sslrootcert"
_TWICE: Final = "may not stand beside a password in HARK_DATABASE_URL, and is for a database server only"


@dataclass(frozen=True)
class DatabaseServer:
    """A database of a server; `url` holds the password, where one is given, and is told to nobody."""

    url: str = field(repr=False)


def read_server(text: str, password_file: str) -> DatabaseServer | None:
    """Read the address of a database of a server; None where `text` is not of one.

    Without a password in either, the driver looks into the file that PGPASSFILE names, or `~/.pgpass`, as libpq does.

    Raises:
        SettingsError: what is wrong with it, or with the file of the password; neither's content is in it.
    """
    if not text.startswith(tuple(f"{scheme}:" for scheme in _SCHEMES)):
        if password_file:
            raise SettingsError(PASSWORD_FILE, _TWICE)
        return None
    found, port, query = _split(text)
    host, folder = found.hostname or "", query.get("host", "")
    if bool(host) == bool(folder) or (folder and not Path(folder).is_absolute()):
        raise _unfit()
    if host and read_host(host) is None:
        raise _unfit()
    _check_tls(query, local=bool(folder) or is_on_this_machine(host))
    password = unquote(found.password) if found.password is not None else None
    if password_file:
        password = _password(password_file, given=password is not None)
    user = quote(unquote(found.username or ""), safe="")
    login = user if password is None else f"{user}:{quote(password, safe='')}"
    at = f"[{host}]" if ":" in host else host
    address = f"{login}@{at}{f':{port}' if port else ''}{found.path}"
    return DatabaseServer(f"postgresql+asyncpg://{address}{f'?{urlencode(query)}' if query else ''}")


def read_argument(name: str, text: str, configured: Path | DatabaseServer) -> Path | DatabaseServer:
    """Read a database that is named on the command line: as HARK_DATABASE_URL, or by the path of its file.

    Args:
        name: Of the argument, for errors.
        text: Holds no password, since every user of the machine can read it.
        configured: The database of the settings, whose password serves here too where it is the same one.

    Raises:
        SettingsError: it is none, or holds a password; what stands there is not in it.
    """
    if "://" not in text:
        return Path(text).expanduser()
    try:
        server = read_server(text, "")
        if server is None:
            return Path(read_file(text))
    except SettingsError as error:
        raise SettingsError(name, error.allowed) from None
    if urlsplit(server.url).password is not None:
        raise SettingsError(name, _ON_THE_LINE)
    if isinstance(configured, DatabaseServer) and _without_password(configured.url) == server.url:
        return configured
    return server


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    user, _, at = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user.partition(':')[0]}@{at}").geturl()


def read_file(text: str) -> str:
    """Return the path in the URL of an SQLite file.

    Raises:
        SettingsError: it is none.
    """
    path = unquote(text.removeprefix(_SQLITE))
    if not text.startswith(_SQLITE) or "?" in text or path.endswith("/"):
        raise _unfit()
    return path


def _split(text: str) -> tuple[SplitResult, int | None, dict[str, str]]:
    try:
        found = urlsplit(text)
        port = found.port
        pairs = parse_qsl(found.query, keep_blank_values=True, strict_parsing=True) if found.query else []
    except ValueError:
        raise _unfit() from None
    query = dict(pairs)
    whole = found.username and found.path.count("/") == 1 and len(found.path) > 1 and not found.fragment
    if not whole or not _QUERY.issuperset(query) or len(query) < len(pairs) or port == 0:
        raise _unfit()
    return found, port, query


def _check_tls(query: Mapping[str, str], *, local: bool) -> None:
    mode = query.get("sslmode")
    if mode != _VERIFIED and not (local and mode in {None, "disable"}):
        raise SettingsError(URL, _TLS)
    roots = query.get("sslrootcert")
    if roots is None:
        return
    if mode != _VERIFIED:
        raise SettingsError(URL, _TLS)
    try:
        Path(roots).read_bytes()
    except (OSError, ValueError):
        raise SettingsError(URL, _WHERE) from None


def _password(file: str, *, given: bool) -> str:
    if given:
        raise SettingsError(PASSWORD_FILE, _TWICE)
    try:
        first, _, _ = Path(file).expanduser().read_text("utf-8").partition("\n")
    except (OSError, ValueError, RuntimeError):
        raise SettingsError(PASSWORD_FILE, FORMS[PASSWORD_FILE]) from None
    if not first.strip():
        raise SettingsError(PASSWORD_FILE, FORMS[PASSWORD_FILE])
    return first.rstrip("\r")


def _unfit() -> SettingsError:
    return SettingsError(URL, FORMS[URL])
