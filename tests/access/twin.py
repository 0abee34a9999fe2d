"""The same steps in two schools, of which one never had a case: what somebody sees who never held a key of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from storage.values import CaseId
from tests.access.partner_world import PartnerWorld
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


async def copied(first: PartnerWorld, folder: Path) -> PartnerWorld:
    """Copy a school that nobody has open, and open it."""
    where = await copy_laid(first.folder, folder, first.engine)
    known = {name: dict(getattr(first, name)) for name in ("ids", "passphrases", "secrets")}
    seeds = {name: set(of) for name, of in first.seeds.items()}
    empty: dict[str, Any] = {name: {} for name in ("cases", "receipts", "sessions", "talks", "shares", "goals")}
    world = replace(first, folder=where, **known, seeds=seeds, **empty)
    await world.open()
    return world


async def seen_with_and_without(
    first: PartnerWorld, steps: Sequence[Step], end: datetime, who: str, case: int
) -> tuple[str, str]:
    """Do all steps anew, and all but those to one case; what `who` is shown by every call at the end, and told."""
    with_it = await _seen(first, steps, end, who, case)
    return with_it, await _seen(first, [one for one in steps if one.case != case], end, who, case)


def first_difference(one: str, other: str) -> tuple[str, str]:
    """Where two differ first, with what stands before it."""
    at = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return one[max(0, at - 200) : at + 200], other[max(0, at - 200) : at + 200]


async def _seen(first: PartnerWorld, steps: Sequence[Step], end: datetime, who: str, case: int) -> str:
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
            return repr(_plain(shown, await _drawn(world)))
        finally:
            await world.store.close()
            await drop_below(world.folder)


async def _asked(world: PartnerWorld, case: int) -> tuple[CaseId, str]:
    if case not in world.cases:
        return _NOWHERE
    return world.cases[case], (await world.references())[world.cases[case]]


async def _drawn(world: PartnerWorld) -> dict[str, str]:
    """What is drawn anew in each school, and the name or number of it."""
    references = await world.references()
    drawn = {str(lead): name for name, lead in world.ids.items()}
    leads = (await world.store.leads.rosters.read()).leads.values()
    drawn |= {lead.fingerprint: f"fingerprint of {lead.name}" for lead in leads}
    for number, of in world.cases.items():
        drawn |= {str(of): f"case {number}", references.get(of, of): f"reference {number}"}
    return drawn


def _plain(shown: Any, drawn: Mapping[str, str]) -> Any:
    """Put names and numbers in the place of what is drawn."""
    if isinstance(shown, list | tuple):
        return [_plain(one, drawn) for one in shown]
    text = shown if isinstance(shown, str) else repr(shown)
    return re.sub("|".join(map(re.escape, drawn)), lambda found: drawn[found[0]], text)
