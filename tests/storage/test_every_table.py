"""Somebody writes the database: each column changed, each row taken away, doubled or put back is found, or harmless."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

from storage.database.schema import metadata
from tests.forged_rows import changed, copied
from tests.storage.every_table import FOUND, TABLES
from tests.storage.full_school import Written, write_everything
from tests.thoroughness import every

#: Thousands of times all tables are written in their own place; what finds that asks no engine.
pytestmark = pytest.mark.sqlite_only("it takes minutes on a server, and no engine has a part in what is found")


@pytest.fixture
async def written(school: Any) -> Written:
    return await write_everything(school)


def test_every_table_and_every_column_has_its_line() -> None:
    told = {name: {*line.bound.split(), *line.free} for name, line in TABLES.items()}
    assert told == {name: {column.name for column in table.columns} for name, table in metadata.tables.items()}
    assert not any(set(line.bound.split()) & line.free.keys() for line in TABLES.values())


@pytest.mark.slow
async def test_each_is_found_or_harmless(written: Written) -> None:
    wrong: list[str] = []
    for number, (name, line) in enumerate(TABLES.items()):
        own = written.now[name]
        assert own, f"nothing is in {name}"
        deeds = {column: (changed(name, own, column), FOUND) for column in line.bound.split()}
        deeds |= {column: (changed(name, own, column), why) for column, why in line.free.items()}
        deeds["deleted"] = ([], line.deleted)
        deeds["doubled"] = ([*own, copied(name, own[0])], line.doubled)
        deeds["put back"] = (written.before[name], line.put_back)
        for deed, (rows, expected) in islice(deeds.items(), number % every(12), None, every(12)):
            found = await written.write({name: rows}) and await written.finds()
            if (expected == FOUND) is not found:
                wrong.append(f"{name}, {deed}: {'found' if found else 'not found'}")
            assert await written.write(written.now)
    assert not await written.finds()
    assert not wrong, "\n".join(wrong)
