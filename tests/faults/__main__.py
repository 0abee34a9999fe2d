"""`make faults`: injects every fault there is, and tells what people were told is kept, what is lost, what is doubled.

The exit code is 1 if anything is lost or doubled, or if a fault was not really there.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping

from tests.faults import floods, kills, machine_rows, pranks, random_kills, server_troubles, troubles
from tests.faults.table import ENGINES, Row, line, table
from tests.newest import Engine

#: Each part gives its rows as they come.
PARTS: Mapping[str, Callable[[Engine], AsyncIterator[Row]]] = {
    "kills": kills.rows,
    "troubles": troubles.rows,
    "server": server_troubles.rows,
    "cuts": server_troubles.cuts,
    "machine": machine_rows.rows,
    "pranks": pranks.rows,
    "floods": floods.rows,
    "random": random_kills.rows,
}


def main() -> int:
    """Run the parts asked for."""
    asked = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    asked.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all without")
    asked.add_argument("--engine", choices=tuple(ENGINES), help="the only database to inject them on; both without")
    given, began = asked.parse_args(), time.monotonic()
    if unknown := set(given.parts) - set(PARTS):
        asked.error(f"there is no part {', '.join(sorted(unknown))}")
    engines: list[Engine] = [given.engine] if given.engine else list(ENGINES)
    rows = asyncio.run(_rows(given.parts or list(PARTS), engines))
    print(f"\n{table(rows, began)}")
    return 0 if all(row.good for of in rows.values() for row in of) else 1


async def _rows(parts: list[str], engines: list[Engine]) -> dict[Engine, list[Row]]:
    told: dict[Engine, list[Row]] = {engine: [] for engine in engines}
    for part in parts:
        for engine in engines:
            async for row in PARTS[part](engine):
                print(line(row, engine), flush=True)
                told[engine].append(row)
    return told


if __name__ == "__main__":
    sys.exit(main())
