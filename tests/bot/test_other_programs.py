"""Text files that other programs wrote, as the check, the doctor and a start read them. Real processes."""

from __future__ import annotations

import re
from pathlib import Path

import aiohttp
import pytest

from bot.commands.doctor import examine
from bot.deployment.data_directory.open_store import now
from bot.deployment.definition_files import FILE, OURS, read_definitions
from bot.deployment.settings import load
from flows.loading.helplines import COLUMNS
from flows.loading.source_lines import DefinitionError
from tests.programs.run import program
from tests.programs.start import hark

SITE = '[site.oak]\nname = "Oak Schüle"\ntimezone = "Europe/London"\n'
OWN_LINE = "GB,999,,Our own line,01632 960555,,,A,2026-11-23,,\n"
HELPLINES = f"{','.join(COLUMNS)}\n{OWN_LINE}"
PHRASES = 'language = "en"\nversion = "1"\nreviewer = "Ms Carter"\n[danger]\nhigh = ["the réd van"]\n'


def write(folder: Path, name: str, data: bytes) -> None:
    (folder / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def from_other_programs(folder: Path) -> None:
    """Every file that a person may edit, each from another program."""
    write(folder, FILE, SITE.replace("\n", "\r\n").encode("utf-8-sig"))
    write(folder, "definitions/helplines.csv", HELPLINES.replace(",", "\t").replace("\n", "\r\n").encode("utf-16"))
    write(folder, "definitions/child.toml", '\ufeff[step.C8]\ntext = "Tell us."\n'.encode("utf-16-be"))
    write(folder, "definitions/crisis/en.toml", PHRASES.replace("\n", "\r").encode())
    write(folder, "definitions/._child.toml", b"\0\5\x16\7 not ours")


async def test_files_of_any_program_are_checked_and_run(tmp_path: Path) -> None:
    from_other_programs(tmp_path)
    checked = hark(tmp_path, "flow", "check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "3 own files: all good" in checked.stdout
    async with (
        program("run", tmp_path, {"HARK_WEB_PORT": "0"}) as running,
        aiohttp.ClientSession() as browser,
        browser.get(running.told("chat")) as page,
    ):
        assert "01632 960555" in await page.text()
        assert any("Oak Schüle is in practice" in line for line in running.said)


UNFIT = [
    ("helplines.csv", HELPLINES.replace("own line", "own líne").encode("cp1252"), 2, "is no text in UTF-8"),
    ("helplines.csv", f"{HELPLINES}GB,999,,Mine,4.4E+11,,,A,,,\n".encode("utf-8-sig"), 3, "number is not a telephone"),
    ("helplines.csv", f'{HELPLINES}"GB,999\n'.encode("utf-16"), 3, "from here on quotation marks do not match"),
    ("child.toml", "\ufeff\r\n[step.C8]\r\ntext = “Tell us.”\r\n".encode("utf-16-le"), 3, "only looks like"),
    ("crisis/en.toml", PHRASES.encode("latin-1"), 5, "is no text in UTF-8"),
    ("parent.toml", "[step.P5]\ntxet = 3\n".encode("utf-16"), 1, "unknown key 'txet'; is 'text' meant?"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "line", "what"), UNFIT[:1], ids=["windows-1252"])
def test_what_stops_a_start_is_named_by_the_check_and_by_the_doctor_too(
    tmp_path: Path, name: str, data: bytes, line: int, what: str
) -> None:
    write(tmp_path, f"definitions/{name}", data)
    for command, code in ((("flow", "check"), 1), (("doctor",), 1), (("run",), 2)):
        ended = hark(tmp_path, *command, HARK_WEB_PORT="0")
        told = ended.stdout + ended.stderr
        assert ended.returncode == code, told
        assert re.search(rf"{re.escape(name)}:{line}: .*{re.escape(what)}", told), told
        assert "Traceback" not in told


@pytest.mark.parametrize(("name", "data", "line", "what"), UNFIT)
async def test_every_kind_of_unfit_file_is_named_with_its_line(
    tmp_path: Path, name: str, data: bytes, line: int, what: str
) -> None:
    write(tmp_path, f"definitions/{name}", data)
    found = await examine(load({"HARK_DATA_DIR": str(tmp_path)}), {}, now())
    [told] = [one.what for one in found if one.level == "wrong" and "definition cannot be used" in one.what]
    assert f"{name}:{line}: " in told
    assert what in told


@pytest.mark.parametrize("kind", ["folder", "dangling link", "no folder", "unreadable"])
def test_what_cannot_be_read_at_all_is_named(tmp_path: Path, kind: str) -> None:
    own = tmp_path / "definitions"
    if kind == "no folder":
        own.write_text("x")
    else:
        own.mkdir()
    match kind:
        case "folder":
            (own / "child.toml").mkdir()
        case "dangling link":
            (own / "child.toml").symlink_to(tmp_path / "gone")
        case "unreadable":
            (own / "child.toml").symlink_to("/proc/self/mem")  # not even by root
        case _:
            pass
    with pytest.raises(DefinitionError, match=r"^definitions(?:/child\.toml)?:0: "):
        read_definitions(own)


def test_ours_are_plain() -> None:
    """What ships needs none of this."""
    assert {path: text.encode() for path, text in read_definitions().items()} == {
        path.relative_to(OURS).as_posix(): path.read_bytes() for path in OURS.rglob("*.*") if path.is_file()
    }
