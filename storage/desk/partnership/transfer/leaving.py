"""How a file leaves: the container of a case, made of what lies in the database, the same each time it is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from flows.values.ids import LeadId, Urgency
from storage.cases.entries import Opened
from storage.cases.people.ties import is_tied
from storage.cases.transfer_file import MOST, CaseCopy, Signer, digest_of, without_content
from storage.core.core import StoreCore
from storage.deeds.leaving.transfer import Transferred, transferred
from storage.deeds.loading import load_one
from storage.desk.case_view import Raw, open_raw, read_raw
from storage.leads.roster.roster import Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.session import LeadSession
from storage.leads.sign_in.sessions import Sessions
from storage.sealing.age.age_file import encrypt
from storage.sealing.keys.transfer_key import TransferKey
from storage.sealing.primitives.errors import NotGenuine
from storage.values import URGENCIES, CaseId
from storage.values.errors import NotOffered, Tampered


@dataclass(frozen=True, slots=True)
class Container:
    """A container as it would be handed over, its digest in hexadecimal digits, and what the case tells of a transfer.

    `written` says up to which entry and at which urgency it was made. `entries` are those of the case by now.
    """

    content: bytes = field(repr=False)
    digest: str
    upto: int
    urgency: Urgency
    entries: int
    told: Transferred | None


class Leaving:
    """For recipients of a case; a case that is not for whoever asks is the same `NoSuchCase` as none.

    Every method raises `SessionOver`, `NoSuchCase`, `NotOffered` where it is not for the lead's role or
    larger than 20 MiB, `Tampered` where case or roster is not the one that was kept, and `Unavailable`.
    """

    def __init__(self, core: StoreCore, rosters: Rosters, sessions: Sessions) -> None:
        self._core = core
        self._rosters = rosters
        self._sessions = sessions

    async def container(self, session: LeadSession, case: CaseId, school: str) -> Container:
        """Give the container of a case: that of its latest transfer, whether said by one or by two, else a new one.

        Args:
            session: Who asks.
            case: Which.
            school: What the site is called, which stands in it.

        Raises:
            NotOffered: It is not for the lead's role, or larger than 20 MiB.
            Tampered: The case or the roster is not the one that was kept.
        """
        raw = await self._raw(session, case)
        opened = open_raw(self._core, raw)
        told = transferred(opened)
        if told is not None and told.received is None:
            return _container(raw, opened, school, told, told.upto, cast("Urgency", told.urgency))
        return self._anew(raw, opened, school, told)

    async def new_container(self, session: LeadSession, case: CaseId, school: str) -> Container:
        """Give a new one, up to the last entry, whatever was asked for before; see `container`.

        Raises:
            NotOffered: As `container`.
            Tampered: As `container`.
        """
        raw = await self._raw(session, case)
        opened = open_raw(self._core, raw)
        return self._anew(raw, opened, school, transferred(opened))

    async def _raw(self, session: LeadSession, case: CaseId) -> Raw:
        async with self._core.read() as connection:
            roster = await self._rosters.read(connection)
            self._sessions.require_lead(session, roster.card(session.lead.id), "transfer")
            return await read_raw(connection, await load_one(self._core, connection, session, case), roster)

    def _anew(self, raw: Raw, opened: tuple[Opened, ...], school: str, told: Transferred | None) -> Container:
        clear = raw.loaded.clear
        return _container(raw, opened, school, told, clear.entries, URGENCIES[clear.rank])

    @staticmethod
    async def sealed(container: Container, key: TransferKey) -> bytes:
        """Seal a container as an age file for the other side's key."""
        return await asyncio.to_thread(encrypt, key.wrapping, container.content)


def _container(
    raw: Raw, opened: Sequence[Opened], school: str, told: Transferred | None, upto: int, urgency: Urgency
) -> Container:
    loaded, roster = raw.loaded, raw.roster
    within = [one for one in opened if one.number <= upto]
    tied = {one.number for one in within if is_tied(one.content)}
    rows = [row for row in raw.entries if row["number"] <= upto]
    epochs = {row["epoch"] for row in rows}
    copy = CaseCopy(
        school=school,
        reference=loaded.clear.reference,
        case=loaded.clear.id,
        urgency=urgency,
        left_out=_names(roster, within),
        rows=tuple(without_content(row) if row["number"] in tied else row for row in rows),
        keys={epoch: keys for epoch, keys in sorted(loaded.epochs.items()) if epoch in epochs},
        signers=_signers(raw, rows, within),
    )
    try:
        content = copy.written()
    except NotGenuine:  # it was looked at already, when its entries were opened
        raise Tampered from None
    if len(content) > MOST:
        raise NotOffered
    return Container(content, digest_of(content).hex(), upto, urgency, loaded.clear.entries, told)


def _signers(raw: Raw, rows: Sequence[dict[str, Any]], within: Sequence[Opened]) -> dict[str, Signer]:
    """Who wrote any of the entries, with keys; and whom they name by id, without."""
    verifying = raw.roster.signers(raw.loaded.access.receipt[2])
    authors = {row["author"] for row in rows}
    named = {lead for one in within for lead in _to(one).split() if lead in raw.roster.leads}
    return {
        who: Signer(_name(raw.roster, who), verifying.get(who, ()) if who in authors else ())
        for who in sorted(authors | named)
    }


def _names(roster: Roster, within: Sequence[Opened]) -> tuple[str, ...]:
    """Whom the reporter left out, and who was kept out: over there nobody of that name reads it either."""
    left = [who for one in within for who in cast("Sequence[str]", one.content.get("left_out", ()))]
    kept = [_to(one) for one in within if one.content.get("what") in {"exclude", "kept_from"}]
    return tuple(dict.fromkeys(name for who in (*left, *kept) if (name := _name(roster, who))))


def _to(one: Opened) -> str:
    detail = one.content.get("detail")
    return str(detail.get("to", "")) if isinstance(detail, dict) else ""


def _name(roster: Roster, who: str) -> str:
    lead = roster.leads.get(LeadId(who))
    return lead.name if lead is not None else ""
