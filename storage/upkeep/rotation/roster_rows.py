"""The roster under another server key: its MAC, and of each lead the authenticator's secret and the spare codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.schema.leads import leads
from storage.database.turn import Row, UpdateAll
from storage.leads.roster.announcements import announce
from storage.leads.roster.roster import Lead, Roster
from storage.leads.roster.rosters import Rosters
from storage.leads.sign_in.factors.factors import seal_totp, totp_secret
from storage.leads.sign_in.factors.spare_codes import spare_codes_anew
from storage.upkeep.rotation.cores import Cores


async def roster_anew(cores: Cores, connection: AsyncConnection) -> tuple[Row, ...]:
    """Give the rows that bring it under the new key, and tell every lead of that; its version stays.

    Raises:
        Tampered: The roster, or what is sealed in it, is not what was kept: nothing may be brought under a new key.
        Unavailable: The version beside the key file cannot be read.
    """
    old, new = cores
    before = await Rosters(old).read(connection)
    after = replace(before, leads={lead.id: _anew(cores, lead) for lead in before.leads.values()})
    told = announce(before, new.second(), "server_key")
    return (Rosters(new).replacement(before, after), *_changed(after), *told)


def _anew(cores: Cores, lead: Lead) -> Lead:
    old, new = cores
    totp = seal_totp(new, lead.id, totp_secret(old, lead))
    return replace(lead, totp=totp, spare_codes=spare_codes_anew(old, new, lead))


def _changed(after: Roster) -> Iterator[Row]:
    for lead in after.leads.values():
        yield UpdateAll(leads, {"id": lead.id}, {"totp": lead.totp, "spare_codes": lead.spare_codes})
