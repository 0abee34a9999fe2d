"""The settings of one deployment: from the environment, or from `hark.toml` in the data directory; the former wins."""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast, get_args
from urllib.parse import urlsplit

from yarl import URL

from bot.deployment import database_address
from bot.deployment.database_address import DatabaseServer, read_file, read_server
from bot.deployment.definition_files import FILE, name_in_file, read_settings_file, with_line
from bot.deployment.logs import Format
from bot.deployment.mail import FROM_FORM, URL_FORM, MailServer, read_mail
from bot.deployment.sites import SiteSettings, practice_site, read_country, read_site
from bot.deployment.value_checks import SettingsError, Table, is_on_this_machine, read_host, split_url
from flows.values.email_address import is_mail_address
from flows.values.ids import SiteId

__all__ = ["FILE", "NAMES", "Settings", "SettingsError", "Webhook", "load"]

_PORT: Final = "a number from 0 to 65535; 0 lets the system choose"
_URL: Final = "an address that starts with https:// or http://, without a question mark or name"
_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
_FORMATS: Final[tuple[Format, ...]] = get_args(Format)
#: What each setting of the environment may be. In `hark.toml` it is called the same in small letters, without `HARK_`.
_FORMS: Final[Mapping[str, str]] = {
    "HARK_DATA_DIR": "the path of a folder",
    **database_address.FORMS,
    "HARK_KEY_FILE": "the path of a file",
    "HARK_TOKEN": "the bot's token as @BotFather gave it: digits, a colon, letters",
    "HARK_API_URL": _URL,
    "HARK_WEBHOOK_URL": _URL,
    "HARK_WEBHOOK_SECRET": "is needed with HARK_WEBHOOK_URL: 16 to 256 of A-Z a-z 0-9 _ -",
    "HARK_WEB_HOST": "the name or IP address of this machine, without a port, such as 127.0.0.1 or ::1",
    "HARK_WEB_PORT": _PORT,
    "HARK_PUBLIC_URL": _URL,
    "HARK_COUNTRY": "a country as two letters of ISO 3166, such as GB",
    "HARK_LOG_LEVEL": f"one of {', '.join(_LEVELS)}",
    "HARK_LOG_FORMAT": f"one of {', '.join(_FORMATS)}",
    "HARK_METRICS_PORT": _PORT,
    "HARK_SMTP_URL": URL_FORM,
    "HARK_SMTP_FROM": FROM_FORM,
    "HARK_SMTP_PASSWORD": "the password for the mail server, in quotes",
    "HARK_CHECKPOINT_FILE": "the path of a file",
    "HARK_CHECKPOINT_MAIL": "one e-mail address, and a mail server in HARK_SMTP_URL",
}
NAMES: Final = tuple(_FORMS)
TELEGRAM: Final = "https://api.telegram.org"
_IN_FILE: Final[Mapping[str, str]] = {
    **{name_in_file(name): form for name, form in _FORMS.items() if name != "HARK_DATA_DIR"},
    "home": "the id of one of the sites",
    "site": "a table for each site, such as [site.oak]",
}


@dataclass(frozen=True)
class Webhook:
    """Where Telegram brings updates, and the secret that it must send along."""

    url: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """All settings, checked. Secrets are left out of its text.

    `token` is None where the web chat is the only door; `web_host` is empty where there is none. `sites` has one
    site at least, and `home` is the one that a plain `/start` means. `public_url` is empty, or has a slash at its end.
    `checkpoint_mail` is empty where checkpoints go to nobody.
    """

    data_dir: Path
    database: Path | DatabaseServer = field(repr=False)
    key_file: Path
    token: str | None = field(repr=False)
    api_url: str
    webhook: Webhook | None
    web_host: str
    web_port: int
    public_url: str
    country: str
    log_level: str
    log_format: Format
    metrics_port: int | None
    mail: MailServer | None
    checkpoint_file: Path | None
    checkpoint_mail: str
    sites: Mapping[SiteId, SiteSettings]
    home: SiteId

    @property
    def keys_dir(self) -> Path:
        """Where the key file lies, and beside it the day keys."""
        return self.key_file.parent


def load(environ: Mapping[str, str]) -> Settings:
    """Return the settings from `environ` and from the file in the data directory, if there is one. Creates nothing.

    Raises:
        SettingsError: the first setting that cannot be used, by name; nothing is opened or written.
    """
    directory = _path("HARK_DATA_DIR", environ.get("HARK_DATA_DIR") or "data")
    source = read_settings_file(directory)
    try:
        file = Table("", source.table, _IN_FILE)
        file.only_known()
        return _Source(environ, file, directory).settings()
    except SettingsError as error:
        if error.variable in environ:
            raise
        raise with_line(error, source) from None


def _path(name: str, text: str) -> Path:
    """The path of the setting `name`, `~` being somebody's home; the empty path is none."""
    if not text or "\0" in text:
        raise SettingsError(name, _FORMS[name])
    try:
        path = Path(text).expanduser()
        path.lstat()
    except RuntimeError:
        raise SettingsError(name, f"{_FORMS[name]}; ~ stands here for the home of a user who has none") from None
    except OSError as error:
        if error.errno in {errno.ENAMETOOLONG, errno.ELOOP}:
            raise SettingsError(name, _FORMS[name]) from None
    return path


def _file(name: str, text: str) -> Path:
    """The path of the setting `name`, which is no folder's."""
    path = _path(name, text)
    with suppress(OSError):  # who cannot look there is told when it is opened
        if path.is_dir():
            raise SettingsError(name, _FORMS[name])
    return path


@dataclass(frozen=True, repr=False)
class _Source:
    """Where a setting is looked up: the environment first, then the file."""

    environ: Mapping[str, str]
    file: Table
    directory: Path

    def get(self, name: str, default: str = "") -> str:
        """Return the setting as text. An empty variable counts as given, since an empty host means something."""
        if name in self.environ:
            return self.environ[name].strip()
        value = self.file.data.get(name_in_file(name), default)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise SettingsError(name, _FORMS[name])
        return str(value).strip()

    def settings(self) -> Settings:
        country = read_country("HARK_COUNTRY", self.get("HARK_COUNTRY", "GB"))
        sites, mail = self.sites(country), read_mail(self.get)
        token, host = self.token(), self.host()
        if token is None and not host:
            raise SettingsError("HARK_WEB_HOST", "may be empty only where HARK_TOKEN is set: no door would be open")
        return Settings(
            data_dir=self.directory,
            database=self.database(),
            key_file=self.key_file(),
            token=token,
            api_url=self.url("HARK_API_URL", TELEGRAM),
            webhook=self.webhook(),
            web_host=host,
            web_port=self.port("HARK_WEB_PORT", "8080"),
            public_url=f"{public}/" if (public := self.url("HARK_PUBLIC_URL", "")) else "",
            country=country,
            log_level=self.level(),
            log_format=self.log_format(),
            metrics_port=self.port("HARK_METRICS_PORT") if self.get("HARK_METRICS_PORT") else None,
            mail=mail,
            checkpoint_file=self.checkpoint_file(),
            checkpoint_mail=self.checkpoint_mail(mail),
            sites=sites,
            home=self.home(sites),
        )

    def database(self) -> Path | DatabaseServer:
        url = self.get(database_address.URL)
        server = read_server(url, self.get(database_address.PASSWORD_FILE))
        if server is not None:
            return server
        return _file(database_address.URL, read_file(url)) if url else self.directory / "hark.db"

    def key_file(self) -> Path:
        given = self.get("HARK_KEY_FILE")
        return _file("HARK_KEY_FILE", given) if given else self.directory / "keys" / "server.key"

    def checkpoint_file(self) -> Path | None:
        given = self.get("HARK_CHECKPOINT_FILE")
        return _file("HARK_CHECKPOINT_FILE", given) if given else None

    def checkpoint_mail(self, mail: MailServer | None) -> str:
        given = self.get("HARK_CHECKPOINT_MAIL")
        if given and (mail is None or not is_mail_address(given)):
            raise SettingsError("HARK_CHECKPOINT_MAIL", _FORMS["HARK_CHECKPOINT_MAIL"])
        return given

    def token(self) -> str | None:
        token = self.get("HARK_TOKEN")
        if token and not re.fullmatch(r"[0-9]{1,20}:[A-Za-z0-9_-]+", token):
            raise SettingsError("HARK_TOKEN", _FORMS["HARK_TOKEN"])
        return token or None

    def host(self) -> str:
        given = self.get("HARK_WEB_HOST", "127.0.0.1")
        host = read_host(given) if given else ""
        if host is None:
            raise SettingsError("HARK_WEB_HOST", _FORMS["HARK_WEB_HOST"])
        return host

    def url(self, name: str, default: str) -> str:
        url = self.get(name) or default
        found = split_url(url, {"https", "http"})
        if url and (found is None or "@" in found.netloc or not _has_host(url)):
            raise SettingsError(name, _FORMS[name])
        return found.geturl().rstrip("/") if found else ""

    def webhook(self) -> Webhook | None:
        url, secret = self.url("HARK_WEBHOOK_URL", ""), self.get("HARK_WEBHOOK_SECRET")
        if not url:
            return None
        if not url.startswith("https://") and not is_on_this_machine(urlsplit(url).hostname):
            raise SettingsError("HARK_WEBHOOK_URL", "an address that starts with https://, or is on this machine")
        if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret):
            raise SettingsError("HARK_WEBHOOK_SECRET", _FORMS["HARK_WEBHOOK_SECRET"])
        if not self.get("HARK_WEB_HOST", "127.0.0.1"):
            raise SettingsError("HARK_WEB_HOST", "is needed with HARK_WEBHOOK_URL, which comes in by the same port")
        return Webhook(url, secret)

    def port(self, name: str, default: str = "") -> int:
        text = self.get(name, default)
        if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
            raise SettingsError(name, _FORMS[name])
        return int(text)

    def level(self) -> str:
        level = (self.get("HARK_LOG_LEVEL") or "INFO").upper()
        if level not in _LEVELS:
            raise SettingsError("HARK_LOG_LEVEL", _FORMS["HARK_LOG_LEVEL"])
        return level

    def log_format(self) -> Format:
        wanted = (self.get("HARK_LOG_FORMAT") or "auto").lower()
        for known in _FORMATS:
            if wanted == known:
                return known
        raise SettingsError("HARK_LOG_FORMAT", _FORMS["HARK_LOG_FORMAT"])

    def sites(self, country: str) -> Mapping[SiteId, SiteSettings]:
        tables = self.file.data.get("site", {})
        if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
            raise SettingsError("[site]", _IN_FILE["site"])
        read = (read_site(name, cast("dict[str, object]", table), country) for name, table in tables.items())
        return {site.id: site for site in read} or {site.id: site for site in (practice_site(country),)}

    def home(self, sites: Mapping[SiteId, SiteSettings]) -> SiteId:
        home = SiteId(self.file.text("home") or next(iter(sites)))
        if home not in sites:
            raise self.file.unfit("home")
        return home


def _has_host(url: str) -> bool:
    try:
        return bool(URL(url).raw_host)
    except ValueError:  # a port beyond the last one, or a name that no name server can know
        return False
