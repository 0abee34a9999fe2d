"""The command line as an operator types it: real processes, their output and their exit codes."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.commands.flow import offered_languages
from bot.deployment.settings import load
from tests.programs.run import program
from tests.programs.start import ROOT, hark

SITE = """
[site.oak]
name = "Oak School"
hours = { mon = ["08:30-16:30"] }
contact = { name = "Ms Carter", room = "Room 12" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    made.mkdir(mode=0o700)
    (made / "hark.toml").write_text(SITE)
    (made / "hark.toml").chmod(0o600)
    return made


def test_help_lists_exactly_the_commands_that_there_are(folder: Path) -> None:
    shown = hark(folder, "--help").stdout
    listed = re.findall(r"^    ([a-z]+)(?: |$)", shown, re.MULTILINE)
    kept = ["backup", "restore", "database", "key", "audit", "transfer", "retention", "doctor"]
    assert listed == ["run", "demo", "talk", "invite", "lead", "recovery", "recover", "flow", *kept]


def test_an_invite_has_its_code_on_a_line_of_its_own_and_a_link(folder: Path) -> None:
    made = hark(folder, "invite", "Anna Berg", "--role", "lead", "--site", "oak", HARK_WEB_PORT="8123")
    assert made.returncode == 0, made.stderr
    first, *rest = made.stdout.splitlines()
    code = re.fullmatch(r"code: ([A-Z0-9]{4}(?:-[A-Z0-9]{4}){3})", first)
    assert code
    assert rest == [f"link: http://127.0.0.1:8123/#start=j-{code[1]}"]


def test_an_invite_links_to_telegram_once_hark_has_run_there(folder: Path) -> None:
    invite = ("invite", "Anna Berg", "--role", "lead", "--site", "oak")
    (folder / "telegram-name").write_text("oak_school_bot")
    assert "t.me" not in hark(folder, *invite).stdout
    code, page, telegram = hark(folder, *invite, HARK_TOKEN="1:not-used").stdout.splitlines()
    assert telegram == f"link: https://t.me/oak_school_bot?start=j-{code.removeprefix('code: ')}"
    assert page != telegram
    (folder / "telegram-name").write_text("https://elsewhere.example/")
    assert "elsewhere" not in hark(folder, *invite, HARK_TOKEN="1:not-used").stdout


def test_what_the_first_command_makes_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert hark(folder, "invite", "Anna Berg", "--role", "lead", "--site", "practice").returncode == 0
    assert [path for path in (folder, *folder.rglob("*")) if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)] == []


def test_files_are_for_their_owner_alone_also_in_a_folder_that_others_can_look_into(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert hark(tmp_path, "invite", "Anna Berg", "--role", "lead", "--site", "practice").returncode == 0
    made = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in made} >= {"hark.db", "server.key", "roster"}
    assert [path for path in made if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)] == []


@pytest.mark.parametrize("command", [("recovery", "create"), ("doctor",), ("backup",)], ids=" ".join)
def test_every_command_keeps_its_memory_to_itself(folder: Path, command: tuple[str, ...]) -> None:
    ask = (
        "import ctypes, resource, sys, bot.__main__ as m\n"
        "m.main(sys.argv[1:])\n"
        "assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)\n"
        "assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0  # PR_GET_DUMPABLE\n"
        "print('kept')"
    )
    environ = {**os.environ, "HARK_DATA_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", ask, *command], capture_output=True, text=True, cwd=ROOT, env=environ, check=False
    )
    assert done.stdout.splitlines()[-1:] == ["kept"], done.stderr


async def test_a_run_whose_output_is_kept_prints_no_invite(folder: Path) -> None:
    async with program("run", folder, {"HARK_WEB_PORT": "0"}, "--no-invite") as told:
        assert not any("code: " in line or "start=j-" in line for line in told.said)
        assert any("hark invite" in line for line in told.said)


def test_a_site_that_is_not_there_is_refused_with_those_that_are(folder: Path) -> None:
    made = hark(folder, "invite", "Anna Berg", "--role", "lead", "--site", "elm")
    assert (made.returncode, made.stdout) == (2, "")
    assert made.stderr == "hark: --site: one of oak\n"


def test_a_database_without_its_key_is_not_given_a_new_one(folder: Path) -> None:
    invite = ("invite", "Anna Berg", "--role", "lead", "--site", "oak")
    assert hark(folder, *invite).returncode == 0
    (folder / "keys" / "server.key").unlink()
    made = hark(folder, *invite)
    assert made.returncode == 2
    assert "no server key" in made.stderr
    assert not (folder / "keys" / "server.key").exists()
    assert "Traceback" not in made.stderr


def test_a_bad_setting_is_named_and_the_command_ends(folder: Path) -> None:
    made = hark(folder, "doctor", HARK_TOKEN="not a canary token")
    assert made.returncode == 2
    assert made.stderr.startswith("hark: HARK_TOKEN: ")
    assert "canary" not in made.stderr + made.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HARK_DATA_DIR", "/dev/null/canary"),
        ("HARK_DATA_DIR", "/proc/canary"),
        ("HARK_KEY_FILE", "/dev/null/canary/server.key"),
        ("HARK_DATA_DIR", "~canary-nobody/data"),
        ("HARK_DATA_DIR", "/etc/passwd"),
        ("HARK_KEY_FILE", "/sys/canary.key"),  # where not even root can make one
        ("HARK_SMTP_URL", "smtp://[::1"),
        ("HARK_PUBLIC_URL", "https://canary:70000"),
        ("HARK_WEB_PORT", "70000"),
        ("HARK_WEB_HOST", "canary.invalid"),
        ("HARK_WEB_HOST", "192.0.2.1"),
    ],
)
def test_a_place_or_address_that_cannot_be_had_is_named_and_not_quoted(folder: Path, name: str, value: str) -> None:
    refused = hark(folder, "run", **{"HARK_WEB_PORT": "0", name: value})
    assert refused.returncode == 2
    assert (refused.stderr.startswith(f"hark: {name}: "), refused.stderr.count("\n")) == (True, 1), refused.stderr
    assert value not in refused.stderr + refused.stdout


def test_the_recovery_key_is_printed_once_and_the_doctor_asks_that_it_is_tried(folder: Path) -> None:
    made = hark(folder, "recovery", "create", "--whole")
    assert made.returncode == 0, made.stderr
    [secret] = re.findall(r"^AGE-SECRET-KEY-PQ-1[A-Z0-9]+$", made.stdout, re.MULTILINE)
    assert "the recovery key was never tried" in hark(folder, "doctor").stdout
    tried = hark(folder, "recover", "--rehearse", typed=f"Once a year.\nAnna Berg\nTom Bell\n{secret}\n")
    assert "Nothing was sent for it yet" in tried.stdout
    assert "there is a recovery key, tried on" in hark(folder, "doctor").stdout
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert secret.encode() not in kept
    again = hark(folder, "recovery", "create", "--whole")
    assert "keep it" in again.stderr
    assert secret not in again.stdout


def test_the_definitions_are_checked_and_a_bad_one_of_ones_own_is_told_with_its_line(folder: Path) -> None:
    assert hark(folder, "flow", "check").returncode == 0
    (folder / "definitions").mkdir()
    (folder / "definitions" / "child.toml").write_text('[step.C8]\ntext = "Tell us."\ncolour = "red"\n')
    made = hark(folder, "flow", "check")
    assert made.returncode == 1
    assert re.search(r"child\.toml:1: .*colour", made.stderr)


@pytest.mark.parametrize(("tags", "measured"), [('["en", "es"]', {"es"}), ('["en"]', set()), ("[]", {"ar", "es"})])
def test_translations_are_measured_for_the_languages_of_the_sites(
    tmp_path: Path, tags: str, measured: set[str]
) -> None:
    (tmp_path / "hark.toml").write_text(f'[site.home]\nname = "Oakfield"\nlanguages = {tags}\n')
    assert offered_languages(load({"HARK_DATA_DIR": str(tmp_path)})).keys() == measured


def test_conversations_are_drawn_into_a_folder(folder: Path, tmp_path: Path) -> None:
    assert hark(folder, "flow", "draw", "--to", str(tmp_path / "pages")).returncode == 0
    pages = {path.name: path.read_text() for path in (tmp_path / "pages").iterdir()}
    assert {"child.md", "parent.md", "staff.md"} <= set(pages)
    assert all("```mermaid" in page for page in pages.values())
    assert hark(folder, "flow", "draw", "child").stdout == pages["child.md"]
    assert hark(folder, "flow", "draw", "nobody").returncode == 2


def test_a_conversation_is_played_to_its_receipt_and_nothing_is_stored(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    typed = "1\n1\n1\nThere is something\n1\n2\n1\n"
    played = hark(folder, "talk", "--register", "12_17", typed=typed)
    assert played.returncode == 0, played.stderr
    assert "Ms Carter · Designated safeguarding lead" in played.stdout
    assert "these eight words open nothing at all here" in played.stdout
    assert sorted(folder.rglob("*")) == before


def test_a_conversation_can_be_left_and_asked_for_help_at_any_place(folder: Path) -> None:
    played = hark(folder, "talk", typed="2\n4\n1\n\n")
    assert played.returncode == 0, played.stderr
    assert "999" in played.stdout


@pytest.mark.parametrize(
    "arguments", [("flow", "check"), ("flow", "draw"), ("doctor",), ("talk",), ("recovery", "create"), ("--help",)]
)
def test_commands_that_do_not_talk_to_a_messenger_do_not_load_one(folder: Path, arguments: tuple[str, ...]) -> None:
    code = (
        "import sys, bot.__main__ as m\n"
        f"try: m.main({arguments!r})\n"
        "except SystemExit: pass\n"
        "assert not {'aiogram', 'aiohttp', 'telegram'} & set(sys.modules), 'loaded'\n"
    )
    environ = {**os.environ, "HARK_DATA_DIR": str(folder)}
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=environ, input="", check=False
    )
    assert ended.returncode == 0, ended.stderr


def test_no_secret_is_taken_from_the_command_line() -> None:
    from bot.__main__ import parser

    shown = parser().format_help()
    for word in ("token", "passphrase", "secret", "password", "seed"):
        assert word not in shown.lower()


def test_a_running_hark_asks_nobody_for_anything_but_the_hosts_of_its_settings(folder: Path) -> None:
    """With the web chat alone it speaks with itself; every look-up and connection of the process is noted."""
    code = (
        "import os, signal, sys\n"
        "asked = set()\n"
        "def hook(event, given):\n"
        "    if event == 'socket.getaddrinfo': asked.add(str(given[0]))\n"
        "    if event == 'socket.connect' and isinstance(given[1], tuple):\n"
        "        asked.add(str(given[1][0]))\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"  # it has begun to fetch: everything is open
        "sys.addaudithook(hook)\n"
        "import bot.__main__ as m\n"
        "ended = m.main(['run'])\n"
        "print('ASKED', ended, *sorted(asked))\n"
    )
    environ = {**os.environ, "HARK_DATA_DIR": str(folder), "HARK_WEB_PORT": "0"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=environ, check=False
    )
    [told] = [line for line in done.stdout.splitlines() if line.startswith("ASKED")]
    assert told.split()[1:] == ["0", "127.0.0.1"], done.stderr


def test_a_transfer_key_needs_somebody_who_reads(folder: Path) -> None:
    made = hark(folder, "transfer", "key")
    assert made.returncode == 1
    assert "Nobody reads here yet" in made.stdout


def test_a_file_that_came_waits_sealed_for_a_lead_alone(folder: Path, tmp_path: Path) -> None:
    came = tmp_path / "from-another-school.age"
    came.write_bytes(b"age-encryption.org/v1\nsealed")
    put = hark(folder, "transfer", "put", str(came))
    assert put.returncode == 0, put.stderr
    [kept] = (folder / "incoming").iterdir()
    assert kept.read_bytes() == came.read_bytes()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.name in put.stdout
    came.write_bytes(b"a letter")
    refused = hark(folder, "transfer", "put", str(came))
    assert refused.returncode == 1
    assert "Nothing was put there" in refused.stdout
    assert hark(folder, "transfer", "put", str(tmp_path / "none")).returncode == 2
