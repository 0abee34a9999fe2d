"""The doctor: each thing that can be wrong is found, with what to do about it, and never with a secret."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from bot.checks.finding import Finding
from bot.checks.host import look_at_clock, look_at_doors, look_at_places
from bot.checks.records import look_at_checkpoints
from bot.checks.sites import look_at_languages, look_at_sites
from bot.commands.doctor import examine, written
from bot.deployment.data_directory.hand_outs import FILE, last_hand_out, note_hand_out
from bot.deployment.data_directory.open_store import now, open_store
from bot.deployment.definition_files import read_definitions
from bot.deployment.settings import Settings, load
from flows.duty.rota import Rota
from flows.values.ids import LeadId, SiteId
from storage.leads.sign_in.session import LeadSession
from storage.sealing.age.age_keys import new_identity_seed
from storage.sealing.keys.server_key import load_server_key
from storage.sealing.primitives.xwing import public_key
from storage.store import Store
from storage.values import Address, Arrival
from tests.live import take_live
from tests.team import set_recovery

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
LIVE = """
[site.oak]
name = "Oak School"
practice = false
"""


def settings_in(folder: Path, text: str = LIVE, **environ: str) -> Settings:
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / "hark.toml").write_text(text)
    (folder / "hark.toml").chmod(0o600)
    return load({"HARK_DATA_DIR": str(folder), **environ})


def tree(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*"))


def levels(findings: list[Finding], words: str) -> list[str]:
    return [finding.level for finding in findings if words in finding.what]


def test_folders_and_files_that_others_can_read_are_wrong(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data")
    settings.keys_dir.mkdir(mode=0o700)
    settings.key_file.write_text("x")
    for path in (settings.data_dir, settings.data_dir / "hark.toml", settings.key_file):
        path.chmod(0o755)
    found = list(look_at_places(settings, {}))
    assert levels(found, "look into the data directory") == ["wrong"]
    assert levels(found, "other users can read hark.toml") == ["wrong"]
    assert levels(found, "other users can read the key file") == ["wrong"]
    assert all("chmod" in finding.do for finding in found if finding.level == "wrong")


def test_a_key_beside_the_database_in_one_folder_is_wrong(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data", HARK_KEY_FILE=str(tmp_path / "data" / "server.key"))
    settings.key_file.touch(mode=0o600)
    assert levels(list(look_at_places(settings, {})), "same folder as the database") == ["wrong"]


def test_a_database_without_its_key_is_wrong(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data")
    (settings.data_dir / "hark.db").touch()
    assert levels(list(look_at_places(settings, {})), "not its key file") == ["wrong"]


def test_a_slip_in_the_name_of_a_variable_is_seen(tmp_path: Path) -> None:
    found = list(look_at_places(settings_in(tmp_path / "data"), {"HARK_TOKN": "42:canary"}))
    assert levels(found, "HARK_TOKN") == ["look"]
    assert "canary" not in written(found)


@pytest.mark.parametrize("now", [datetime(1970, 1, 2, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)])
def test_a_clock_that_cannot_be_right_is_wrong(now: datetime, tmp_path: Path) -> None:
    assert [finding.level for finding in look_at_clock(now, tmp_path / "hark.db")] == ["wrong"]


def test_a_clock_behind_the_database_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "hark.db").touch()
    changed = datetime.fromtimestamp((tmp_path / "hark.db").stat().st_mtime, UTC)
    late, right = changed - timedelta(days=1), changed + timedelta(minutes=1)
    assert [finding.level for finding in look_at_clock(late, tmp_path / "hark.db")] == ["wrong"]
    assert [finding.level for finding in look_at_clock(right, tmp_path / "hark.db")] == ["good"]


def test_a_token_is_judged_by_its_shape_and_never_shown(tmp_path: Path) -> None:
    short = list(look_at_doors(settings_in(tmp_path / "data", HARK_TOKEN="42:canary")))
    right = list(look_at_doors(settings_in(tmp_path / "data", HARK_TOKEN=f"12345678:{'canary7' * 5}")))
    assert levels(short, "HARK_TOKEN") == ["wrong"]
    assert levels(right, "HARK_TOKEN") == ["good"]
    assert "canary" not in written([*short, *right])


def test_a_public_address_without_encryption_is_wrong(tmp_path: Path) -> None:
    found = look_at_doors(settings_in(tmp_path / "data", HARK_PUBLIC_URL="http://hark.example"))
    assert levels(list(found), "HARK_PUBLIC_URL") == ["wrong"]


def test_a_live_site_needs_what_a_practice_site_may_lack(tmp_path: Path) -> None:
    helplines = read_definitions()["helplines.csv"]
    live = list(look_at_sites(settings_in(tmp_path / "data"), helplines, date(2026, 11, 24)))
    practice = settings_in(tmp_path / "data", LIVE.replace("false", "true"))
    trying = list(look_at_sites(practice, helplines, date(2026, 11, 24)))
    for words in ("names no adult", "responsible for the data"):
        assert levels(live, words) == ["wrong"]
        assert levels(trying, words) == ["look"]


def test_helplines_that_nobody_checked_are_told_for_the_countries_in_use_only(tmp_path: Path) -> None:
    text = LIVE + '[site.elm]\nname = "Elm"\ncountry = "CH"\n'
    found = list(look_at_sites(settings_in(tmp_path / "data", text), read_definitions()["helplines.csv"], NOW.date()))
    assert levels(found, "no verified helpline is known for CH") == ["wrong"]
    assert levels(found, "GB Childline")
    assert not levels(found, "IE Childline")


def test_a_language_that_hark_does_not_speak_is_wrong_and_one_nobody_read_over_is_told(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data", LIVE + 'languages = ["en", "es", "tlh"]\n')
    found = list(look_at_languages(settings))
    assert levels(found, "offers tlh") == ["wrong"]
    assert levels(found, "no person has read over the translation into es") == ["look"]


async def test_a_new_deployment_is_told_what_comes_next_and_nothing_is_made(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data")
    before = tree(tmp_path)
    found = await examine(settings, {}, NOW)
    assert levels(found, "nothing is kept yet") == ["look"]
    assert tree(tmp_path) == before


async def test_leads_and_recovery_are_asked_for_until_they_are_there(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data")
    store = await open_store(settings)
    await store.close()
    found = await examine(settings, {}, NOW)
    assert levels(found, "oak: Nobody has joined who reads concerns") == ["wrong"]
    assert levels(found, "oak: There is no recovery key") == ["wrong"]
    store = await open_store(settings)
    await set_recovery(store, public_key(new_identity_seed()))
    await store.close()
    assert levels(await examine(settings, {}, NOW), "the recovery key was never tried") == ["look"]


async def test_a_database_that_does_not_belong_to_the_key_is_wrong(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data")
    await (await open_store(settings)).close()
    other = settings_in(tmp_path / "other")
    await (await open_store(other)).close()
    settings.key_file.write_bytes(other.key_file.read_bytes())
    found = await examine(settings, {}, NOW)
    assert levels(found, "what is kept cannot be opened") == ["wrong"]


async def test_a_definition_of_ones_own_that_is_bad_is_found(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data")
    (settings.data_dir / "definitions").mkdir()
    (settings.data_dir / "definitions" / "parent.toml").write_text("[step.P5]\nkind = 3\n")
    assert levels(await examine(settings, {}, NOW), "a definition cannot be used") == ["wrong"]


def test_what_is_wrong_stands_at_the_end_where_it_is_seen() -> None:
    shown = written([Finding("wrong", "b", "do"), Finding("good", "a"), Finding("look", "c", "see")])
    assert [line[:5] for line in shown.splitlines() if not line.startswith("    ")] == ["ok   ", "look ", "WRONG"]


async def test_what_going_live_needs_is_listed_once_for_all_sites_that_lack_it(tmp_path: Path) -> None:
    both = LIVE + '[site.elm]\nname = "Elm"\n'
    settings = settings_in(tmp_path / "data", both)
    await (await open_store(settings)).close()
    found = await examine(settings, {}, NOW)
    assert levels(found, "oak, elm: No hours are given.") == ["wrong"]
    assert levels(found, "oak, elm: No backup was ever restored as a trial.") == ["wrong"]
    assert levels(found, "oak is in practice until it is taken live") == ["look"]
    assert all(finding.do for finding in found if finding.level != "good")


async def test_a_site_in_practice_is_told_the_same_without_alarm(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data", LIVE.replace("false", "true"))
    await (await open_store(settings)).close()
    assert levels(await examine(settings, {}, NOW), "oak: Nobody is on duty on any day.") == ["look"]


async def test_the_days_on_which_only_somebody_who_was_shut_out_is_on_duty_are_named(tmp_path: Path) -> None:
    hours = '[site.oak.hours]\nmon = ["08:00-16:00"]\ntue = ["08:00-16:00"]\nfri = ["08:00-16:00"]\n'
    settings = settings_in(tmp_path / "data", LIVE + hours)
    store = await open_store(settings)
    gone, there = await joined(store, "Ms Gone", 1), await joined(store, "Ms There", 2)
    on, out, nobody = frozenset({there.lead.id}), frozenset({gone.lead.id}), frozenset[LeadId]()
    plan = Rota("Europe/London", (on | out, out, on, nobody, nobody, nobody, nobody))
    await store.rota.put(there, Arrival(there.address, 9), there.lead.site, plan)
    await store.leads.team.disable(gone.lead.id)
    await store.close()
    [lack] = [one for one in await examine(settings, {}, NOW) if "on duty" in one.what]
    assert lack.what == "oak: These days have hours, and nobody who reads concerns is on duty: Tuesday and Friday."
    assert lack.do.startswith("Type /oncall, choose each of these days")


async def joined(store: Store, name: str, chat: int) -> LeadSession:
    """A lead of the site, with both factors."""
    code = (await store.leads.invites.draw(name, "lead", SiteId("oak"))).code
    address = Address("web", chat)
    joining = await store.leads.joining.begin(Arrival(address, chat), code, "seven otters paddle upstream")
    totp = TOTP(base64.b32decode(joining.secret), 6, SHA1(), 30)  # noqa: S303 - what every authenticator does (RFC 6238)
    return await store.leads.confirm_join(Arrival(address, 100 + chat), totp.generate(int(now().timestamp())).decode())


async def test_a_site_that_was_taken_live_is_good(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data")
    store = await open_store(settings)
    await take_live(store, settings.sites)
    await store.close()
    assert levels(await examine(settings, {}, NOW), "oak is live") == ["good"]


async def test_a_checkpoint_that_leaves_the_server_is_asked_for(tmp_path: Path) -> None:
    mail = {"HARK_SMTP_URL": "smtp://mail.example", "HARK_SMTP_FROM": "hark@oak.example"}
    named = {**mail, "HARK_CHECKPOINT_MAIL": "trustee@example.org", "HARK_CHECKPOINT_FILE": str(tmp_path / "notes")}
    alone, settings = settings_in(tmp_path / "data"), settings_in(tmp_path / "data", **named)
    at = [NOW]
    store = await open_store(alone, clock=lambda: at[0])
    [none] = await look_at_checkpoints(alone, store, NOW)
    assert (none.level, none.what) == ("look", "no checkpoint of the audit log leaves this server")
    assert "HARK_CHECKPOINT_MAIL" in none.do
    [letter] = await look_at_checkpoints(settings, store, NOW)
    assert (letter.level, letter.what) == ("look", "no checkpoint of the audit log went by e-mail yet")

    note_hand_out(alone.keys_dir, load_server_key(alone.key_file), NOW - timedelta(days=13))
    done = await look_at_checkpoints(alone, store, NOW)
    assert [(one.level, one.what) for one in done] == [
        ("good", "a checkpoint of the audit log was handed out on 2026-11-11")
    ]
    later = NOW + timedelta(days=2)
    assert [one.level for one in await look_at_checkpoints(alone, store, later)] == ["look"]
    await store.last_runs.note("filed")
    # What a file got while one was named is nothing where none is any more.
    assert [one.level for one in await look_at_checkpoints(alone, store, later)] == ["look"]
    await store.last_runs.note("mailed")
    assert levels(await look_at_checkpoints(settings, store, later), "handed out on 2026-11-24") == ["good"]
    late = await look_at_checkpoints(settings, store, NOW + timedelta(days=15))
    assert levels(late, "went by e-mail since 2026-11-24") == ["look"]
    beside = settings_in(tmp_path / "data", HARK_CHECKPOINT_FILE=str(settings.data_dir / "notes"))
    assert levels(await look_at_checkpoints(beside, store, NOW), "beside what it is to prove") == ["look"]
    (settings.keys_dir / FILE).write_text('{"at": "2026-11-24T09:30:00+00:00", "mac": "00"}')
    assert last_hand_out(settings.keys_dir, load_server_key(settings.key_file)) is None
    await store.close()
