"""One Hark a data directory, database and token; what it cannot read it keeps, and the rest flows. Real processes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot.deployment.data_directory.single_instance import InUse, held
from bot.deployment.settings import load
from tests.bot.updates_server import TOKEN, message, served
from tests.programs.run import program
from tests.programs.start import hark


def settings_of(folder: Path, **more: str) -> dict[str, str]:
    return {"HARK_DATA_DIR": str(folder), **more}


def database(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'same-canary.db'}"


@pytest.mark.parametrize(
    ("shared", "name"), [("data", "HARK_DATA_DIR"), ("database", "HARK_DATABASE_URL"), ("token", "HARK_TOKEN")]
)
def test_a_second_one_is_refused_with_the_settings_name_and_no_secret(tmp_path: Path, shared: str, name: str) -> None:
    own = {"data": {}, "database": {"HARK_DATABASE_URL": database(tmp_path)}, "token": {"HARK_TOKEN": "1:canary-token"}}
    one = load(settings_of(tmp_path / "one", **own[shared]))
    two = load(settings_of(tmp_path / ("one" if shared == "data" else "two"), **own[shared]))
    with held(one):
        with pytest.raises(InUse, match=name) as refused, held(two):
            raise AssertionError("both ran")
        assert "canary" not in str(refused.value)
    with held(two):
        pass


def test_a_database_is_one_whatever_name_leads_to_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    one = load(settings_of(tmp_path / "one", HARK_DATABASE_URL=database(tmp_path)))
    two = load(settings_of(tmp_path / "two", HARK_DATABASE_URL=database(tmp_path / "link")))
    with held(one), pytest.raises(InUse, match="HARK_DATABASE_URL"), held(two):
        raise AssertionError("both ran")


def test_a_folder_that_cannot_be_written_to_is_not_told_as_another_hark(tmp_path: Path) -> None:
    nobody_writes_here = Path("/sys")  # not even root
    settings = load(settings_of(tmp_path / "one", HARK_DATABASE_URL=database(nobody_writes_here)))
    with pytest.raises(OSError, match=r"/sys/same-canary\.db\.lock"), held(settings):
        raise AssertionError("it ran")


def test_different_ones_run_side_by_side(tmp_path: Path) -> None:
    one = load(settings_of(tmp_path / "one", HARK_TOKEN="1:one"))
    two = load(settings_of(tmp_path / "two", HARK_TOKEN="1:two"))
    with held(one), held(two):
        pass


def test_the_lock_dies_with_its_owner(tmp_path: Path) -> None:
    code = (
        "import os, time\nfrom bot.deployment.data_directory.single_instance import held\n"
        "from bot.deployment.settings import load\n"
        "with held(load(os.environ)):\n    print('held', flush=True)\n    time.sleep(600)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code], env={**settings_of(tmp_path)}, cwd=Path.cwd(), stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    second = hark(tmp_path, "run", HARK_WEB_PORT="0")
    assert second.returncode == 2
    assert "another Hark runs on this data" in second.stderr
    assert hark(tmp_path, "doctor").returncode in {0, 1}
    holder.kill()
    holder.wait()
    with held(load(settings_of(tmp_path))):
        pass


async def test_what_cannot_be_read_is_kept_sealed_and_the_rest_flows(tmp_path: Path) -> None:
    async with served() as server:
        own = {"HARK_TOKEN": TOKEN, "HARK_API_URL": server.url, "HARK_WEB_HOST": ""}
        async with program("run", tmp_path, own) as told:
            poison = {"update_id": 11, "message": {"chat": {"id": 9}, "text": "zebrafish-canary"}}
            await server.add(message(10, chat=1), poison, message(12, chat=1))
            async with asyncio.timeout(20):
                await server.until(lambda: server.confirmed == [10, 11, 12])
            await told.kill()  # an orderly end would wait for answers that nobody takes here
        said = "\n".join([*told.said, *told.log])
    assert "zebrafish-canary" not in said
    assert "1 update that could not be read" in hark(tmp_path, "doctor").stdout
