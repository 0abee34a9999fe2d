"""Storage asks the table of roles itself, whatever the desk has let through: for each role, deed and kind of case."""

from __future__ import annotations

import base64
import pkgutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import import_module
from typing import Any, TypeAlias

import pytest

import storage.deeds
from flows.cases.roles import RELATIONS, ROLES, RULES, is_for, may
from flows.cases.triage import OUTCOMES
from flows.duty.rota import Rota
from flows.values.ids import Role
from storage.database.schema.leads import leads
from storage.database.turn import Update
from storage.deeds.deed import Acted, Deed, DeedContext
from storage.deeds.ownership import Claim
from storage.deeds.status import CloseCase
from storage.sealing.keys.lead_keys import fingerprint
from storage.sealing.primitives.xwing import public_key
from storage.values.errors import CodeMissing, NoSuchCase, NotOffered
from tests.storage.conftest import PASSPHRASE, SITE

ADA, BEA = 500, 501
RECOVERY = public_key(b"r" * 32)
pytestmark = pytest.mark.sqlite_only("what is refused is refused before the database is asked")


class Reached(Exception):  # noqa: N818 - it says what happened
    """A deed was let through."""


@dataclass(frozen=True, slots=True)
class Probe(Deed):
    """A deed of any name, which does nothing."""

    called: str

    @property
    def name(self) -> str:
        return self.called

    def apply(self, context: DeedContext) -> Acted:  # noqa: ARG002 - it does nothing
        raise Reached


def deeds() -> Iterator[type[Deed]]:
    """Every deed that storage has."""
    for module in pkgutil.walk_packages(storage.deeds.__path__, "storage.deeds."):
        for found in vars(import_module(module.name)).values():
            if isinstance(found, type) and issubclass(found, Deed) and found.__module__ == module.name:
                yield found


def test_every_deed_of_storage_has_a_rule() -> None:
    found = [one for one in deeds() if one is not Deed]
    assert len(found) > 12
    assert [one.__name__ for one in found if one.rule not in RULES] == []
    assert {CloseCase(outcome, "because").name for outcome in OUTCOMES} == {"close", "close malicious"}


async def becomes(school: Any, session: Any, role: Role) -> None:
    """Two leads give somebody another role."""
    rosters = school.store.leads.rosters
    roster = await rosters.read()
    lead = replace(roster.leads[session.lead.id], role=role)
    await school.store._core.commit(
        *rosters.rows(roster, lead=lead), Update(leads, {"id": session.lead.id}, {"role": role})
    )
    rosters.note(roster.version + 1)


@pytest.fixture
async def cases(school: Any) -> tuple[Any, dict[str, Any]]:
    """A lead, and a case for each thing that she can be to it."""
    ada, bea = await school.join("Ada Byron", chat=ADA), await school.join("Bea Potter", chat=BEA)
    rungs = {"none": ((bea,),), "recipient": ((bea,), (ada,)), "first": ((ada,), (bea,)), "owner": ((bea,), (ada,))}
    found = {}
    for chat, (relation, on) in enumerate(rungs.items(), start=1):
        found[relation] = (await school.send(*on, chat=chat)).talk.found.case
    await school.store.desk.act(ada, school.arrival(ADA), found["owner"], None, Claim())
    return ada, found


@pytest.mark.parametrize("role", ROLES)
async def test_a_deed_is_let_through_exactly_where_the_table_has_it(school: Any, cases: Any, role: Role) -> None:
    ada, found = cases
    await becomes(school, ada, role)
    for deed in (*RULES, "", "unknown"):
        for relation in RELATIONS:
            ada.code_at = school.now
            allowed = may(role, deed, relation)
            refusal = NoSuchCase if relation == "none" and is_for(role, deed) else NotOffered
            with pytest.raises(Reached if allowed and relation != "none" else refusal):
                await school.store.desk.act(ada, None, found[relation], None, Probe(deed))
            ada.code_at = None
            if deed not in RULES or RULES[deed].code:
                with pytest.raises(CodeMissing):
                    await school.store.desk.act(ada, None, found[relation], None, Probe(deed))


async def waits(school: Any) -> Any:
    """Somebody who joined to read, and to whom nobody has said yes; and a recovery key that waits."""
    code = (await school.store.leads.invites.draw("Cyd Carter", "deputy", SITE)).code
    joining = await school.store.leads.joining.begin(school.arrival(502), code, PASSPHRASE)
    school.secrets["Cyd Carter"] = base64.b32decode(joining.secret)
    joined = await school.store.leads.confirm_join(school.arrival(502), school.code("Cyd Carter"))
    await school.store.leads.team.offer_recovery(RECOVERY)
    return joined.lead.id


Way: TypeAlias = "tuple[str, Callable[[], Awaitable[Any]]]"


async def ways(school: Any, session: Any, case: Any) -> dict[str, Way]:
    """What else storage does for a lead, each with its deed."""
    store, arrival, leads = school.store, school.arrival, school.store.leads
    reference = next(one.reference for one in (await store.desk.queues.page(session)).rows if one.id == case)
    cyd, roster = await waits(school), await leads.rosters.read()
    bea = next(lead for lead in roster.leads.values() if lead.name == "Bea Potter")
    print_of = {"cyd": roster.leads[cyd].fingerprint, "bea": bea.fingerprint, "key": fingerprint(RECOVERY)}
    return {
        "page": ("queue", lambda: store.desk.queues.page(session)),
        "brief": ("queue", lambda: store.desk.queues.brief(session, school.now + timedelta(hours=6))),
        "find": ("read", lambda: store.desk.find(session, reference)),
        "open": ("read", lambda: store.desk.open_case(session, arrival(ADA), case)),
        "copy": ("copy", lambda: store.desk.copy_case(session, arrival(ADA), case)),
        "others": ("read", lambda: store.desk.others(session, case)),
        "rota": ("rota", lambda: store.rota.put(session, arrival(ADA), SITE, Rota("Europe/London"))),
        "team": ("team", lambda: leads.team_view.read(session)),
        "live": ("golive", lambda: store.live.ask(session, arrival(ADA), live=True, telegram="pager")),
        "confirm": ("confirm", lambda: leads.team.confirm(session, arrival(ADA), cyd, print_of["cyd"])),
        "recovery": ("recovery", lambda: leads.team.confirm_recovery(session, arrival(ADA), print_of["key"])),
        "shut out": ("shut_out", lambda: leads.team.shut_out(session, arrival(ADA), bea.id, print_of["bea"])),
    }


@pytest.mark.parametrize("role", ROLES)
async def test_whatever_else_storage_does_for_a_lead_follows_the_table(school: Any, cases: Any, role: Role) -> None:
    ada, found = cases
    every = await ways(school, ada, found["owner"])
    await becomes(school, ada, role)
    for name, (deed, does) in every.items():
        try:
            await does()
        except NotOffered:
            assert not is_for(role, deed), name
        else:
            assert is_for(role, deed), name


async def test_nobody_makes_the_rota_of_another_site(school: Any, cases: Any) -> None:
    with pytest.raises(NotOffered):
        await school.store.rota.put(cases[0], school.arrival(ADA), "elsewhere", Rota("Europe/London"))
    assert await school.store.rota.read("elsewhere") is None
