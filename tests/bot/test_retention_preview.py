"""`hark retention preview`, as an operator types it: in fives, and nothing that tells of one case."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from bot.commands.upkeep.retention import _counts
from flows.values.ids import SiteId
from storage.upkeep.ending_counts import Endings
from tests.programs.start import hark
from tests.sample import lay_school

OAK, ELM = SiteId("oak"), SiteId("elm")


async def test_it_says_how_long_each_kind_is_kept_and_that_nothing_goes_by_itself(tmp_path: Path) -> None:
    await lay_school(tmp_path / "data")
    done = hark(tmp_path / "data", "retention", "preview")
    assert (done.returncode, done.stderr) == (0, "")
    assert "child protection file: until the child is 25. IRMS Toolkit for Schools" in done.stdout
    assert "in other months  fewer than 5" in done.stdout
    assert "two of them have to say so" in done.stdout


async def test_a_sites_own_number_that_is_for_no_kind_is_told(tmp_path: Path) -> None:
    await lay_school(tmp_path / "data")
    settings = tmp_path / "data" / "hark.toml"
    [site] = [line for line in settings.read_text().splitlines() if line.startswith("[site.")][:1]
    settings.write_text(settings.read_text().replace(site, f"{site}\nkeep = {{ child_fil = 30 }}", 1))
    done = hark(tmp_path / "data", "retention", "preview")
    assert done.returncode != 0
    assert "child_fil" in done.stderr
    assert "is 'child_file' meant?" in done.stderr
    assert "is 'child_file' meant?" in hark(tmp_path / "data", "doctor").stdout


def test_one_case_more_or_less_shows_only_where_it_makes_five() -> None:
    def shown(number: int) -> str:
        dated = Counter({(OAK, date(2051, 1, 1)): number, (ELM, date(2040, 1, 1)): 7})
        return "\n".join(_counts(Endings(dated, {OAK: number}, number), (OAK, ELM)))

    assert shown(0) == shown(1) == shown(4)
    assert shown(5) == shown(9)
    assert "2051-01" not in shown(4)
    assert "oak  2051-01  5 to 9" in shown(5)
    assert "elm  2040-01  5 to 9" in shown(0)
