"""The same steps in two schools, of which one never had a certain case: what somebody sees who never held a key of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from storage.values import CaseId
from tests.access.world import World
from tests.newest import copy_laid
from tests.postgres import drop_below
from tests.storage.test_exclusion import everything

#: What is asked for where there is no case.
_NOWHERE: Final = (CaseId("0" * 32), "K7QM3D")


@dataclass(frozen=True, slots=True)
class Step:
    """A step as it was done, when, and to which case, if to one."""

    name: str
    given: Mapping[str, Any]
    at: datetime

    @property
    def case(self) -> int | None:
        """The number of its case."""
        number = self.given.get("case")
        return None if number is None else int(number)


async def copied(first: World, folder: Path) -> World:
    """Copy a school that nobody has open, and open it."""
    where = await copy_laid(first.folder, folder, first.engine)
    known = {name: dict(getattr(first, name)) for name in ("ids", "passphrases", "secrets")}
    seeds = {name: set(of) for name, of in first.seeds.items()}
    world = replace(first, folder=where, **known, seeds=seeds, cases={}, receipts={}, sessions={}, talks={})
    await world.open()
    return world


async def seen_with_and_without(
    first: World, steps: Sequence[Step], end: datetime, who: str, case: int
) -> tuple[str, str]:
    """Do all steps anew, and all but those to one case; what `who` is shown by every call at the end, and told."""
    with_it = await _seen(first, steps, end, who, case)
    return with_it, await _seen(first, [one for one in steps if one.case != case], end, who, case)


async def _seen(first: World, steps: Sequence[Step], end: datetime, who: str, case: int) -> str:
    with TemporaryDirectory(prefix="hark-access-") as folder:
        world = await copied(first, Path(folder))
        try:
            for step in steps:
                world.now = step.at
                await world.do(step.name, step.given)
            world.now = end
            session = await world.unlock(who)
            asked = await _asked(world, case)
            shown = await everything(world, session, session.address.chat_id, *asked)
            return await _plain(world, repr(shown))
        finally:
            await world.store.close()
            await drop_below(world.folder)


async def _asked(world: World, case: int) -> tuple[CaseId, str]:
    if case not in world.cases:
        return _NOWHERE
    return world.cases[case], (await world.references())[world.cases[case]]


async def _plain(world: World, shown: str) -> str:
    """Give numbers and names in the place of what is drawn anew in each school."""
    references = await world.references()
    drawn = {str(lead): name for name, lead in world.ids.items()}
    for number, of in world.cases.items():
        drawn |= {str(of): f"case {number}", references.get(of, of): f"reference {number}"}
    return re.sub("|".join(map(re.escape, drawn)), lambda found: drawn[found[0]], shown)
