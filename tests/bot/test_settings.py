"""Settings: where they come from, and that whatever is wrong is named without being quoted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.deployment.definition_files import read_definitions
from bot.deployment.settings import NAMES, Settings, SettingsError, load
from bot.deployment.sites import retention_of
from flows.duty.deadlines import due
from flows.duty.hours import Span
from flows.loading.retention import read_retention
from flows.measures.terms import CALENDAR, read_terms
from flows.values.ids import SiteId
from flows.values.situation import Contact

SITE = """
[site.oak]
name = "Oak School"
"""
WHOLE = """
token = "123456:fromthefile"
web_port = 9000
home = "oak"

[site.ash]
name = "Ash Club"
country = "ie"
timezone = "Europe/Dublin"

[site.oak]
name = "Oak School"
timezone = "Europe/London"
languages = ["en", "es"]
hours = { mon = ["08:30-12:00", "13:00-16:30"], fri = ["9:00-15:00"] }
holidays = ["2026-12-25", "2026-12-28..2026-12-30"]
terms = ["09-01", "01-05", "04-20"]
contact = { name = "Ms Carter", job = "Lead", room = "Room 12", phone = "01632 960001" }
outside = [{ name = "Children's services", phone = "01632 960002" }]
controller = "Oak Trust"
privacy_contact = "privacy@oak.example"
retention = "25 years"
keep = { child_file = 30 }
titles = { lead = "Child protection lead" }
practice = false
files = true
"""


def settings_in(folder: Path, text: str = "", **environ: str) -> Settings:
    (folder / "hark.toml").write_text(text)
    return load({"HARK_DATA_DIR": str(folder), **environ})


def test_without_any_settings_hark_is_a_web_chat_on_this_machine_for_practice(tmp_path: Path) -> None:
    settings = load({"HARK_DATA_DIR": str(tmp_path / "none")})
    assert (settings.token, settings.web_host, settings.web_port) == (None, "127.0.0.1", 8080)
    [site] = settings.sites.values()
    assert site.practice
    assert site.hours is None
    assert settings.home == site.id
    assert settings.key_file.parent != settings.data_dir
    assert not (tmp_path / "none").exists()


def test_the_whole_file_is_read(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, WHOLE)
    assert (settings.token, settings.web_port, settings.home) == ("123456:fromthefile", 9000, "oak")
    oak = settings.sites[settings.home]
    assert oak.hours is not None
    assert oak.hours.weekly == ((Span(510, 720), Span(780, 990)), (), (), (), (Span(540, 900),), (), ())
    assert (oak.hours.timezone, oak.hours.holidays) == ("Europe/London", oak.holidays)
    assert oak.holidays == {date(2026, 12, day) for day in (25, 28, 29, 30)}
    assert oak.terms == read_terms(["09-01", "01-05", "04-20"])
    assert settings.sites[SiteId("ash")].terms == CALENDAR
    assert oak.contact == Contact("Ms Carter", "Lead", "Room 12", "01632 960001")
    assert oak.outside == (Contact("Children's services", phone="01632 960002"),)
    assert (oak.titles["lead"], oak.titles["deputy"]) == ("Child protection lead", "Deputy safeguarding lead")
    assert not oak.practice
    assert (oak.files, settings.sites[SiteId("ash")].files) == (True, False)
    assert oak.keep == {"child_file": 30}
    assert [site.country for site in settings.sites.values()] == ["IE", "GB"]


def test_a_night_is_written_to_midnight_and_on_from_there(tmp_path: Path) -> None:
    nights = 'hours = { fri = ["20:00-24:00"], sat = ["00:00-07:00", "20:00-24:00"], sun = ["00:00-24:00"] }'
    site = f'[site.oak]\nname = "Oak"\ntimezone = "Europe/London"\n{nights}\n'
    hours = settings_in(tmp_path, site).sites[SiteId("oak")].hours
    assert hours is not None
    friday_night = datetime(2026, 11, 27, 23, 55, tzinfo=UTC)
    assert due(hours, "immediate", friday_night).acknowledge_by == friday_night + timedelta(minutes=15)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, WHOLE, HARK_TOKEN="", HARK_WEB_PORT="0")
    assert (settings.token, settings.web_port) == (None, 0)


def test_a_site_in_a_country_with_one_time_zone_needs_none(tmp_path: Path) -> None:
    assert settings_in(tmp_path, SITE).sites["oak"].timezone == "Europe/London"
    with pytest.raises(SettingsError, match=r"\[site.oak\] timezone"):
        settings_in(tmp_path, SITE, HARK_COUNTRY="US")


def test_no_text_of_the_settings_has_a_secret(tmp_path: Path) -> None:
    settings = settings_in(
        tmp_path,
        HARK_TOKEN="123456:verysecret",
        HARK_WEBHOOK_URL="https://hark.example/hook",
        HARK_WEBHOOK_SECRET="alsosecretalsosecret",
        HARK_DATABASE_URL="sqlite+aiosqlite:////dbsecret/hark.db",
    )
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HARK_TOKEN", "canary token"),
        ("HARK_API_URL", "ftp://canary"),
        ("HARK_API_URL", "https://name:canary@host"),
        ("HARK_PUBLIC_URL", "canary"),
        ("HARK_PUBLIC_URL", "https://host/?canary=1"),
        ("HARK_PUBLIC_URL", "https://canary:99999"),
        ("HARK_WEB_PORT", "canary"),
        ("HARK_WEB_PORT", "65536"),
        ("HARK_COUNTRY", "canary"),
        ("HARK_LOG_LEVEL", "canary"),
        ("HARK_LOG_FORMAT", "canary"),
        ("HARK_METRICS_PORT", "canary"),
        ("HARK_DATABASE_URL", "mysql://canary"),
        ("HARK_DATABASE_URL", "postgresql+asyncpg://canary"),
        ("HARK_WEBHOOK_URL", "http://canary"),
        ("HARK_WEB_HOST", ""),
    ],
)
def test_a_bad_value_is_named_and_never_quoted(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as error:
        settings_in(tmp_path, **{name: value})
    assert error.value.variable == name
    assert error.value.allowed
    assert "canary" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HARK_WEB_PORT", "70000"), ("HARK_WEB_PORT", "-1"), ("HARK_WEB_PORT", "80 80"), ("HARK_WEB_PORT", ""),
        ("HARK_METRICS_PORT", "\u0668\u0660"), ("HARK_METRICS_PORT", "1e3"),
        ("HARK_WEB_HOST", "[::1"), ("HARK_WEB_HOST", "127.0.0.1:8080"), ("HARK_WEB_HOST", "http://canary"),
        ("HARK_PUBLIC_URL", "https://[::1"), ("HARK_PUBLIC_URL", "https://canary:99999"), ("HARK_PUBLIC_URL", "https://"),
        ("HARK_API_URL", "https://canary/{token}"), ("HARK_WEBHOOK_URL", "https://[::1"), ("HARK_WEBHOOK_URL", "https://a:b"),
        ("HARK_SMTP_URL", "smtp://[::1"), ("HARK_SMTP_URL", "smtp://user:canary@ss@host"), ("HARK_SMTP_URL", "smtp://a:99999"),
        ("HARK_SMTP_URL", "smtp://a:b"), ("HARK_SMTP_URL", "smpt://canary"), ("HARK_SMTP_URL", "canary.example"),
        ("HARK_SMTP_URL", "smtp://a?canary"), ("HARK_TOKEN", "\u0661\u0662:canary"),
        ("HARK_DATA_DIR", "~canary-nobody/data"), ("HARK_DATA_DIR", "a\0canary"), ("HARK_DATA_DIR", "canary" * 60),
        ("HARK_KEY_FILE", "~canary-nobody/key"), ("HARK_KEY_FILE", "a\0canary"), ("HARK_KEY_FILE", "/"),
        ("HARK_DATABASE_URL", "sqlite+aiosqlite:////srv/canary?mode=ro"), ("HARK_DATABASE_URL", "sqlite+aiosqlite:///"),
        ("HARK_DATABASE_URL", "sqlite+aiosqlite:////srv/canary/"), ("HARK_DATABASE_URL", "sqlite+aiosqlite:////tmp"),
        ("HARK_DATABASE_URL", "sqlite+aiosqlite:///~canary-nobody/h.db"), ("HARK_DATABASE_URL", "/srv/canary.db"),
        ("HARK_CHECKPOINT_FILE", "/"), ("HARK_CHECKPOINT_MAIL", "canary@school.example"),
        ("HARK_DATABASE_URL", "sqlite+aiosqlite:///a%00canary"), ("HARK_LOG_LEVEL", "1"), ("HARK_COUNTRY", "G8"),
    ],
)  # fmt: skip
def test_an_odd_value_is_a_sentence_with_the_settings_name(tmp_path: Path, name: str, value: str) -> None:
    test_a_bad_value_is_named_and_never_quoted(tmp_path, name, value)


@pytest.mark.parametrize("sender", ["hark", "hark@", "Hark <hark@school.example>", "a@b..example", "jürgen@b.example"])
def test_letters_come_from_an_address(tmp_path: Path, sender: str) -> None:
    with pytest.raises(SettingsError, match="HARK_SMTP_FROM: the address that notices come from"):
        settings_in(tmp_path, HARK_SMTP_URL="smtp://mail.example", HARK_SMTP_FROM=sender)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("\ntokne = 'canary'", "hark.toml:2: tokne: is not a setting; is 'token' meant?"),
        ("[site.oak]\nnmae = 'canary'", "hark.toml:2: [site.oak] nmae: is not a setting; is 'name' meant?"),
        ("home = 3", "hark.toml:1: home: the id of one of the sites"),
        ("web_port = true", "hark.toml:1: HARK_WEB_PORT: a number from 0 to 65535"),
        ("\n\nweb_port = 70000", "hark.toml:3: HARK_WEB_PORT: a number from 0 to 65535"),
        ("log_level = []", "hark.toml:1: HARK_LOG_LEVEL: one of DEBUG, INFO"),
        ("smtp_url = 'smtp://a'\nsmtp_from = 'a@b.ex'\nsmtp_password = 1.5", "hark.toml:3: HARK_SMTP_PASSWORD: the"),
        ('key_file = "a\\u0000canary"', "hark.toml:1: HARK_KEY_FILE: the path of a file"),
        (f"{SITE}holidays = '2026-12-25'", "hark.toml:4: [site.oak] holidays: a list of days in quotes, such as"),
        (f"{SITE}holidays = [2026-12-25]", "hark.toml:4: [site.oak] holidays: a list of days in quotes, such as"),
        (f"{SITE}terms = ['9-1']", "hark.toml:4: [site.oak] terms: a list of the first days of terms"),
        (f"{SITE}terms = '09-01'", "hark.toml:4: [site.oak] terms: a list of the first days of terms"),
        (f"{SITE}holidays = ['25.12.2026']", "hark.toml:4: [site.oak] holidays: a list of days in quotes, such as"),
        (f"{SITE}languages = 'en'", "hark.toml:4: [site.oak] languages: a list of language tags"),
        (f"{SITE}hours = 'nine to five'", "hark.toml:4: [site.oak] hours: a table of days"),
        (f"{SITE}hours.mon = '8-9'", "hark.toml:4: [site.oak] hours mon: spans of a day"),
        (f"{SITE}[site.oak.hours]\ntue = [1]", "hark.toml:5: [site.oak] hours tue: spans of a day"),
        (f"{SITE}outside = 'canary'", "hark.toml:4: [site.oak] outside: a list of tables"),
        (f"{SITE}contact = 'canary'", "hark.toml:4: [site.oak] contact: a table, such as"),
        (f"{SITE}contact = {{ name = 1 }}", "hark.toml:4: [site.oak] contact name: a name in quotes"),
        (f"{SITE}[[site.oak.outside]]\nname = 'a'\n[[site.oak.outside]]\nphone = '1'",
         "hark.toml:6: [site.oak] outside 2 name: is needed"),
        (f"{SITE}practice = 'no'", "hark.toml:4: [site.oak] practice: true or false"),
        (f"{SITE}files = 'yes'", "hark.toml:4: [site.oak] files: true or false"),
        (f"{SITE}retention = 25", "hark.toml:4: [site.oak] retention: how long it is kept"),
        (f"{SITE}keep = 25", "hark.toml:4: [site.oak] keep: a table of years by kind of record"),
        (f"{SITE}keep = {{ child_file = 0 }}", "hark.toml:4: [site.oak] keep: a table of years by kind of record"),
        (f"{SITE}keep = {{ child_file = true }}", "hark.toml:4: [site.oak] keep: a table of years by kind of record"),
        (f"{SITE}titles = {{ lead = 1 }}", "hark.toml:4: [site.oak] titles lead: a title in quotes"),
        (f"{SITE}name = 'canary'", "hark.toml:4: not TOML: Cannot overwrite a value"),
        (f"{SITE}[site.oak]", "hark.toml:4: [site.oak] stands here twice, first in line 2"),
        ("[site.Oak]\nname = 'x'", "hark.toml:1: [site.Oak]: a site's id is"),
        ("token = \u201ccanary\u201d", "hark.toml:1: not TOML: Invalid value; it holds a sign that only looks like"),
        ("token =\u00a0'canary'", "hark.toml:1: not TOML: Invalid value; it holds a sign that only looks like"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_file_is_told_with_its_line_and_its_own_form(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingsError) as error:
        settings_in(tmp_path, text)
    assert str(error.value).startswith(told)
    assert "canary" not in str(error.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_file_from_another_program_is_read_the_same(tmp_path: Path, encoding: str, line_end: str) -> None:
    settings_in(tmp_path)
    (tmp_path / "hark.toml").write_bytes(WHOLE.replace(" = ", "\t=\t").replace("\n", line_end).encode(encoding))
    assert load({"HARK_DATA_DIR": str(tmp_path)}) == settings_in(tmp_path, WHOLE)


def test_a_file_that_is_no_text_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "hark.toml").write_bytes('\nhome = "Sch\u00fcle canary"'.encode("cp1252"))
    with pytest.raises(SettingsError, match=r"^hark\.toml:2: is no text in UTF-8") as error:
        load({"HARK_DATA_DIR": str(tmp_path)})
    assert "canary" not in str(error.value)


@pytest.mark.parametrize("target", ["/proc/self/mem", "/"])  # not even root can read them
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, target: str) -> None:
    (tmp_path / "hark.toml").symlink_to(target)
    with pytest.raises(SettingsError, match=r"^hark\.toml: cannot be read"):
        load({"HARK_DATA_DIR": str(tmp_path)})


@pytest.mark.parametrize("secret", ["", "tooshort", "a" * 257, "sixteen letters and spaces"])
def test_a_webhook_without_a_fit_secret_does_not_start(tmp_path: Path, secret: str) -> None:
    with pytest.raises(SettingsError, match="HARK_WEBHOOK_SECRET"):
        settings_in(tmp_path, HARK_WEBHOOK_URL="https://hark.example/hook", HARK_WEBHOOK_SECRET=secret)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('nmae = "canary"', "[site.oak] nmae"),
        ("languages = 'canary'", "[site.oak] languages"),
        ("practice = 'canary'", "[site.oak] practice"),
        ('timezone = "Canary/Islands"', "[site.oak] timezone"),
        ('hours = { mon = ["16:00-08:00"] }', "[site.oak] hours mon"),
        ('hours = { mon = ["08:00-12:00", "11:00-13:00"] }', "[site.oak] hours mon"),
        ('hours = { mon = ["25:00-26:00"] }', "[site.oak] hours mon"),
        ('hours = { mon = ["20:00-24:30"] }', "[site.oak] hours mon"),
        ('hours = { mon = ["24:00-24:00"] }', "[site.oak] hours mon"),
        ('hours = { mon = ["08:00-08:00"] }', "[site.oak] hours mon"),
        ('hours = { mon = ["soon"] }', "[site.oak] hours mon"),
        ('hours = { monday = ["08:00-12:00"] }', "[site.oak] hours monday"),
        ('holidays = ["canary"]', "[site.oak] holidays"),
        ('holidays = ["2026-12-25..2025-12-25"]', "[site.oak] holidays"),
        ('contact = { room = "canary" }', "[site.oak] contact name"),
        ('outside = [{ phone = "canary" }]', "[site.oak] outside 1 name"),
        ('titles = { boss = "canary" }', "[site.oak] titles boss"),
        ('country = "canary"', "[site.oak] country"),
    ],
)
def test_a_bad_line_of_a_site_is_named_and_never_quoted(tmp_path: Path, line: str, named: str) -> None:
    with pytest.raises(SettingsError) as error:
        settings_in(tmp_path, f"{SITE}{line}\n")
    assert error.value.variable == named
    assert "canary" not in str(error.value)


@pytest.mark.parametrize("text", ['token = canary"', 'tokn = "canary"', "site = 3", '[site."Oak School"]\nname="x"'])
def test_a_bad_file_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError) as error:
        settings_in(tmp_path, text)
    assert "canary" not in str(error.value)


def test_a_home_that_is_no_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="home"):
        settings_in(tmp_path, f'home = "elm"\n{SITE}')


def test_a_webhook_needs_the_public_port(tmp_path: Path) -> None:
    hook = {"HARK_WEBHOOK_URL": "https://hark.example/hook", "HARK_WEBHOOK_SECRET": "a" * 16}
    with pytest.raises(SettingsError, match="HARK_WEB_HOST"):
        settings_in(tmp_path, HARK_TOKEN="123456:abc", HARK_WEB_HOST="", **hook)


def test_every_setting_of_the_design_is_known() -> None:
    assert set(NAMES) == {
        "HARK_DATA_DIR", "HARK_DATABASE_URL", "HARK_DATABASE_PASSWORD_FILE", "HARK_KEY_FILE", "HARK_TOKEN",
        "HARK_API_URL", "HARK_WEBHOOK_URL", "HARK_WEBHOOK_SECRET", "HARK_WEB_HOST",
        "HARK_WEB_PORT", "HARK_PUBLIC_URL", "HARK_COUNTRY", "HARK_LOG_LEVEL",
        "HARK_LOG_FORMAT", "HARK_METRICS_PORT", "HARK_SMTP_URL", "HARK_SMTP_FROM", "HARK_SMTP_PASSWORD",
        "HARK_CHECKPOINT_FILE", "HARK_CHECKPOINT_MAIL",
    }  # fmt: skip


def test_a_kind_of_record_that_there_is_not_is_refused_by_name(tmp_path: Path) -> None:
    rules = read_retention(read_definitions()["retention.toml"])
    for name, fits in {"child_file": True, "child_fil": False, "low_level": False}.items():
        [site] = settings_in(tmp_path, f"{SITE}keep = {{ {name} = 30 }}").sites.values()
        if fits:
            assert retention_of(site, rules).kinds[0].years == 30
            continue
        with pytest.raises(SettingsError, match=rf"\[site.oak\] keep {name}: is no kind of record"):
            retention_of(site, rules)
