"""Numbers to call: as they ship, and the rule for those that are shown as not verified."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from flows.loading.helplines import COLUMNS, STALE, check_helplines, doubtful, for_country, takedown_places
from flows.loading.source_lines import DefinitionError

SHIPPED = (Path(__file__).parents[2] / "flows" / "definitions" / "helplines.csv").read_text(encoding="utf-8")
TODAY = date(2026, 11, 23)


def table(*rows: str) -> str:
    return "\n".join((",".join(COLUMNS), *rows)) + "\n"


def test_great_britain_as_it_ships() -> None:
    emergency, lines = for_country(SHIPPED, "gb", TODAY)
    assert emergency == "999"
    assert [(line.name, line.number, line.verified) for line in lines] == [
        ("Childline", "0800 1111", True),
        ("NSPCC (adults worried about a child)", "0808 800 5000", True),
    ]


def test_every_country_that_ships_has_an_emergency_number_and_a_line() -> None:
    countries = {row.split(",")[0] for row in SHIPPED.splitlines()[1:]} - {"*"}
    assert len(countries) == 39
    for country in countries:
        emergency, lines = for_country(SHIPPED, country, TODAY)
        assert emergency.isdigit()
        assert lines


def test_a_line_says_whom_it_is_for_and_older_files_say_nothing() -> None:
    _, lines = for_country(SHIPPED, "GB", TODAY)
    assert [line.audience for line in lines] == ["child", "adult"]
    _, (old,) = for_country(table("GB,999,,Childline,0800 1111,,,B,,,"), "GB", TODAY)
    assert old.audience == "any"


def test_places_that_take_pictures_down_are_no_lines_and_one_of_them_serves_everywhere() -> None:
    names = {country: [place.name for place in takedown_places(SHIPPED, country, TODAY)] for country in ("GB", "XX")}
    assert names == {"GB": ["Report Remove", "Take It Down"], "XX": ["Take It Down"]}
    assert all(place.url or place.number for place in takedown_places(SHIPPED, "FR", TODAY))
    assert {line.name for line in for_country(SHIPPED, "GB", TODAY)[1]}.isdisjoint(names["GB"])
    assert not [one for one in doubtful(SHIPPED, TODAY) if one.startswith("* emergency")]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("GB,999,,Childline,0800 1111,,,B,,,,children", "for takes child, adult, any or pictures"),
        ("*,112,,Childline,0800 1111,,,B,,,,child", "only places that take pictures down serve everywhere"),
        ("*,,,Take It Down,,,,B,,,,pictures", "are needed"),
    ],
)
def test_an_unfit_line_for_somebody_is_refused(row: str, what: str) -> None:
    with pytest.raises(DefinitionError, match=what):
        check_helplines(f"{','.join(COLUMNS)},for\n{row}\n")


@pytest.mark.parametrize("country", ["CH", "NL", "CZ", "SK", "HU", "LU", "KE", "LT", "ES"])
def test_lists_of_others_and_old_sources_are_shown_as_not_verified(country: str) -> None:
    _, lines = for_country(SHIPPED, country, TODAY)
    assert not any(line.verified for line in lines)


def test_a_country_that_is_not_listed_gets_the_common_number_marked_as_not_verified() -> None:
    emergency, (line,) = for_country(SHIPPED, "XX", TODAY)
    assert (emergency, line.number, line.verified) == ("112", "112", False)


@pytest.mark.parametrize(
    ("grade", "checked_on", "remembered", "verified"),
    [
        ("A", "", "", True),
        ("B", "", "", True),
        ("C", "", "", False),
        ("C", "2026-11-20", "", False),
        ("A", "2026-11-20", "", True),
        ("A", str(TODAY - STALE), "", True),
        ("A", str(TODAY - STALE - timedelta(days=1)), "", False),
        ("A", "2026-11-20", "yes", False),
    ],
)
def test_the_rule_for_verified(grade: str, checked_on: str, remembered: str, *, verified: bool) -> None:
    row = f"GB,999,,Line,1,,,{grade},{checked_on},{remembered},"
    _, (line,) = for_country(table(row), "GB", TODAY)
    assert line.verified is verified


def test_verified_lines_come_first() -> None:
    _, lines = for_country(table("GB,999,,One,1,,,C,,,", "GB,999,,Two,2,,,A,,,"), "GB", TODAY)
    assert [line.name for line in lines] == ["Two", "One"]


def test_an_operator_is_told_what_to_check() -> None:
    rows = table("GB,999,2026-11-01,One,1,,,A,2026-11-01,,", "FR,112,,Two,2,,,C,,,", "DE,112,2026-11-01,Three,3,,,A,,,")
    assert doubtful(rows, TODAY) == (
        "FR emergency number 112: never checked, or over a year ago",
        "FR Two: shown as unverified",
        "DE Three: no date of a check",
    )
    assert "GB emergency number 999: never checked, or over a year ago" in doubtful(SHIPPED, TODAY)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("country,emergency\n", "helplines.csv:1: the columns have to be"),
        ("", "helplines.csv:1: the columns have to be"),
        (table("GB,999"), "helplines.csv:2: country, emergency"),
        (table("GB,999,,One,1,,,A,,,,x,"), "helplines.csv:2: this line has more than 11 fields"),
        (table("GB,,,One,1,,,A,,,"), "helplines.csv:2: country, emergency"),
        (table("GB,999,,One,1,,,D,,,"), "helplines.csv:2: country, emergency"),
        (table("GB,999,,One,1,,,A,yesterday,,"), "helplines.csv:2: checked_on takes a day"),
    ],
)
def test_an_unfit_table_is_refused_with_its_line(text: str, says: str) -> None:
    with pytest.raises(DefinitionError, match=says):
        for_country(text, "GB", TODAY)
