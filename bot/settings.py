"""The settings of one deployment: from the environment, or from `hark.toml` in the data directory; the former wins."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast, get_args
from urllib.parse import urlsplit

from yarl import URL

from bot.log_lines import Format
from bot.mail import MailServer, read_mail
from bot.reading import SettingsError, Table
from bot.site_settings import SiteSettings, practice_site, read_country, read_site
from flows.known import SiteId

__all__ = ["NAMES", "Settings", "SettingsError", "Webhook", "load"]

#: Every setting of the environment; in `hark.toml` it is called the same in small letters, without `HARK_`.
NAMES: Final = (
    "HARK_DATA_DIR", "HARK_DATABASE_URL", "HARK_KEY_FILE", "HARK_TOKEN", "HARK_API_URL", "HARK_WEBHOOK_URL",
    "HARK_WEBHOOK_SECRET", "HARK_WEB_HOST", "HARK_WEB_PORT", "HARK_PUBLIC_URL", "HARK_COUNTRY", "HARK_LOG_LEVEL",
    "HARK_LOG_FORMAT", "HARK_METRICS_PORT", "HARK_SMTP_URL", "HARK_SMTP_FROM", "HARK_SMTP_PASSWORD",
)  # fmt: skip
#: What the settings file is called.
FILE: Final = "hark.toml"
TELEGRAM: Final = "https://api.telegram.org"
_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
_FORMATS: Final[tuple[Format, ...]] = get_args(Format)
_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_IN_FILE: Final = frozenset(name.removeprefix("HARK_").lower() for name in NAMES[1:]) | {"home", "site"}


@dataclass(frozen=True)
class Webhook:
    """Where Telegram brings updates, and the secret that it must send along."""

    url: str
    secret: str = field(repr=False)


@dataclass(frozen=True)
class Settings:
    """All settings, checked. Secrets are left out of its text.

    `token` is None where the web chat is the only door; `web_host` is empty where there is none. `sites` has one
    site at least, and `home` is the one that a plain `/start` means. `public_url` is empty, or has no slash at its end.
    """

    data_dir: Path
    database_url: str = field(repr=False)
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
    sites: Mapping[SiteId, SiteSettings]
    home: SiteId

    @property
    def keys_dir(self) -> Path:
        """Where the key file lies, and beside it the day keys."""
        return self.key_file.parent


def load(environ: Mapping[str, str]) -> Settings:
    """The settings of this environment, and of the file in its data directory where there is one. Creates nothing.

    Raises:
        SettingsError: the first setting that cannot be used, by name; nothing is opened or written.
    """
    directory = Path(environ.get("HARK_DATA_DIR") or "data").expanduser()
    file = Table(FILE, _file(directory / FILE))
    file.only(_IN_FILE)
    return _Source(environ, file, directory).settings()


def _file(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except NotADirectoryError:
        raise SettingsError("HARK_DATA_DIR", "a folder, or a place where one can be made") from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line \d+, column \d+", str(error))
        raise SettingsError(FILE, f"is not TOML ({place[0] if place else 'at its end'})") from None
    except (OSError, UnicodeDecodeError):
        raise SettingsError(FILE, "must be a file in UTF-8 that this user can read") from None


@dataclass(frozen=True, repr=False)
class _Source:
    """Where a setting is looked up: the environment first, then the file."""

    environ: Mapping[str, str]
    file: Table
    directory: Path

    def get(self, name: str, default: str = "") -> str:
        """The setting as text. An empty variable counts as given, since an empty host means something."""
        if name in self.environ:
            return self.environ[name].strip()
        value = self.file.data.get(name.removeprefix("HARK_").lower(), default)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise SettingsError(name, "a text or a number")
        return str(value).strip()

    def settings(self) -> Settings:
        country = read_country("HARK_COUNTRY", self.get("HARK_COUNTRY", "GB"))
        sites = self.sites(country)
        token, host = self.token(), self.get("HARK_WEB_HOST", "127.0.0.1")
        if token is None and not host:
            raise SettingsError("HARK_WEB_HOST", "may be empty only where HARK_TOKEN is set: no door would be open")
        return Settings(
            data_dir=self.directory,
            database_url=self.database_url(),
            key_file=Path(self.get("HARK_KEY_FILE") or self.directory / "keys" / "server.key").expanduser(),
            token=token,
            api_url=self.url("HARK_API_URL", TELEGRAM),
            webhook=self.webhook(),
            web_host=host,
            web_port=self.port("HARK_WEB_PORT", "8080"),
            public_url=self.url("HARK_PUBLIC_URL", ""),
            country=country,
            log_level=self.level(),
            log_format=self.log_format(),
            metrics_port=self.port("HARK_METRICS_PORT") if self.get("HARK_METRICS_PORT") else None,
            mail=read_mail(self.get),
            sites=sites,
            home=self.home(sites),
        )

    def database_url(self) -> str:
        default = f"sqlite+aiosqlite:///{self.directory / 'hark.db'}"
        url = self.get("HARK_DATABASE_URL") or default
        if not url.startswith("sqlite+aiosqlite:///"):
            raise SettingsError("HARK_DATABASE_URL", "starts with sqlite+aiosqlite:///; PostgreSQL is for later")
        return url

    def token(self) -> str | None:
        token = self.get("HARK_TOKEN")
        if token and not re.fullmatch(r"\d{1,20}:[A-Za-z0-9_-]+", token):
            raise SettingsError("HARK_TOKEN", "the bot's token as @BotFather gave it: digits, a colon, letters")
        return token or None

    def url(self, name: str, default: str) -> str:
        url = self.get(name) or default
        if url and not (re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", url) and _has_host(url)):
            raise SettingsError(
                name, "an address that starts with https:// or http://, without a question mark or name"
            )
        return url.rstrip("/")

    def webhook(self) -> Webhook | None:
        url, secret = self.url("HARK_WEBHOOK_URL", ""), self.get("HARK_WEBHOOK_SECRET")
        if not url:
            return None
        if not url.startswith("https://") and urlsplit(url).hostname not in _HERE:
            raise SettingsError("HARK_WEBHOOK_URL", "an address that starts with https://, or is on this machine")
        if not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", secret):
            raise SettingsError("HARK_WEBHOOK_SECRET", "is needed with HARK_WEBHOOK_URL: 16 to 256 of A-Z a-z 0-9 _ -")
        if not self.get("HARK_WEB_HOST", "127.0.0.1"):
            raise SettingsError("HARK_WEB_HOST", "is needed with HARK_WEBHOOK_URL, which comes in by the same port")
        return Webhook(url, secret)

    def port(self, name: str, default: str = "") -> int:
        text = self.get(name, default)
        if not re.fullmatch(r"\d{1,5}", text) or int(text) > 65535:
            raise SettingsError(name, "a number from 0 to 65535; 0 lets the system choose")
        return int(text)

    def level(self) -> str:
        level = (self.get("HARK_LOG_LEVEL") or "INFO").upper()
        if level not in _LEVELS:
            raise SettingsError("HARK_LOG_LEVEL", f"one of {', '.join(_LEVELS)}")
        return level

    def log_format(self) -> Format:
        wanted = (self.get("HARK_LOG_FORMAT") or "auto").lower()
        for known in _FORMATS:
            if wanted == known:
                return known
        raise SettingsError("HARK_LOG_FORMAT", f"one of {', '.join(_FORMATS)}")

    def sites(self, country: str) -> Mapping[SiteId, SiteSettings]:
        tables = self.file.data.get("site", {})
        if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
            raise SettingsError("[site]", "a table for each site, such as [site.oak]")
        read = (
            read_site(name, Table(f"[site.{name}]", cast("dict[str, object]", table)), country)
            for name, table in tables.items()
        )
        return {site.id: site for site in read} or {site.id: site for site in (practice_site(country),)}

    def home(self, sites: Mapping[SiteId, SiteSettings]) -> SiteId:
        home = SiteId(self.file.text("home") or next(iter(sites)))
        if home not in sites:
            raise SettingsError("home", "the id of one of the sites")
        return home


def _has_host(url: str) -> bool:
    try:
        return bool(URL(url).raw_host)
    except ValueError:  # a port beyond the last one, or a name that no name server can know
        return False
