"""What waits is found by an index on both engines: the plans of the statements that really run, with 5,000 rows."""

# ruff: noqa: S608 - the statements are made of the names of our own tables and columns

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import Connection, event, text

from storage.database.engines import engine_for
from storage.database.schema import metadata

_MANY = 5_000  # rows of each table; those that a partial index holds are one in a hundred
#: By table, what differs in the copies of a row: `i` counts them.
_COPIES = {
    "cases": {
        "id": "id || '-' || i",
        "reference": "reference || i",
        "due": "CASE WHEN i % 100 = 0 THEN 'acknowledge' END",
        "keep_until": "CASE WHEN i % 100 = 0 THEN 1600000000 + i ELSE 253402300799 END",
        "retention": "CASE WHEN i % 100 = 0 THEN 'held' ELSE '' END",
    },
    "readers": {
        "lead_id": "CASE WHEN i % 2 = 0 THEN lead_id ELSE 'another' END",
        "case_id": "case_id || '-' || i",
        "open": "CASE WHEN i % 3 = 0 THEN 1 ELSE 0 END",
        "owner": "CASE WHEN i % 50 = 0 THEN lead_id END",
        "due_at": "due_at + i",
        "status": "CASE WHEN i % 100 = 0 THEN 'new' ELSE 'assessing' END",
        "unread": "CASE WHEN i % 100 = 0 THEN 1 ELSE 0 END",
    },
    "outbox": {"id": "id + 1000 * i", "case_id": "case_id || '-' || i", "not_before": "not_before + 1000000 + i"},
    "spoken": {"id": "id + 1000 * i", "delete_at": "CASE WHEN i % 100 = 0 THEN 2000000000 + i END"},
}


async def asked(school: Any, act: Callable[[], Awaitable[object]]) -> list[tuple[str, Any]]:
    """Give what is read while something is done, as the driver gets it."""
    found: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, sql: str, values: Any, *_: object) -> None:
        found.append((sql, values))

    engine = school.store._core.reader.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    await act()
    event.remove(engine, "before_cursor_execute", note)
    return [(sql, values) for sql, values in found if sql.startswith("SELECT")]


async def fill(school: Any) -> None:
    engine = engine_for(school.url).open_writer()
    async with engine.begin() as connection:
        for name, changed in _COPIES.items():
            columns = [column.name for column in metadata.tables[name].columns]
            told = ", ".join(changed.get(column, column) for column in columns)
            counted = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {_MANY})"
            one = f"(SELECT * FROM {name} ORDER BY 1, 2 LIMIT 1) AS one"
            await connection.execute(
                text(f"{counted} INSERT INTO {name} ({', '.join(columns)}) SELECT {told} FROM {one}, n")
            )
        await connection.execute(text("ANALYZE"))
    await engine.dispose()


def plan(connection: Connection, sql: str, values: Any) -> str:
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {sql}", values))


async def test_what_waits_is_found_by_an_index(school: Any) -> None:
    store, ada = school.store, await school.join("Ada Byron")
    await school.send((ada,))
    await store.sent_messages.remember(ada.address, [1], school.now)
    await store.sent_messages.due()

    def page(which: str) -> Callable[[], Awaitable[object]]:
        return lambda: store.desk.queues.page(ada, which)

    async def climb() -> None:
        await store.outbox.done(await store.outbox.next())

    acts: dict[str, tuple[Callable[[], Awaitable[object]], str]] = {
        "open": (page("open"), "ix_readers_queue"),
        "closed": (page("closed"), "ix_readers_queue"),
        "new": (page("new"), "ix_readers_new"),
        "unread": (page("unread"), "ix_readers_unread"),
        "mine": (page("mine"), "ix_readers_mine"),
        "unacknowledged": (store.recheck.look, "ix_cases_unacknowledged"),
        "messages to delete": (store.sent_messages.due, "ix_spoken_due"),
        "outbox": (store.outbox.next, "ix_outbox_not_before"),
        "ladder": (climb, "ix_outbox_case_id"),
        "to be told": (store.destruction.tell, "ix_cases_keep_until"),
        "to be destroyed": (store.destruction.finish, "ix_cases_keep_until"),
        "time over": (lambda: store.desk.ending(ada), "ix_cases_keep_until"),
        "held": (lambda: store.desk.ending(ada), "ix_cases_retention"),
    }
    statements = {name: await asked(school, act) for name, (act, _) in acts.items()}
    await fill(school)
    async with store._core.reader.engine.connect() as connection:
        for name, (_, index) in acts.items():
            plans = [await connection.run_sync(plan, *one) for one in statements[name]]
            using = [one for one in plans if index in one]
            assert using, (name, plans)
            if index == "ix_readers_queue":  # in whose order the rows come: a page is not sorted again
                assert any("Sort" not in one and "TEMP B-TREE" not in one for one in using), (name, using)
