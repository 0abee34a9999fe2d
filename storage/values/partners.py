"""Partners as values: an agreement that a lead proposes, and what `/partners` shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flows.together.partners import Agency, Agreement
from flows.values.ids import LeadId
from storage.values.base import LeadCard
from storage.values.leads import Invite


@dataclass(frozen=True, slots=True)
class WantedAgreement:
    """An agreement as a lead proposes it: with whom, in which job, for which agency, what, and until when (aware)."""

    name: str
    job: str
    agency: Agency
    what: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Agreed:
    """What became of a word for an agreement: whether it stands now, and the invite where she has yet to come."""

    stands: bool
    invite: Invite | None = None


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner of one's own site, with the fingerprint of her keys.

    `agreement` is None for one of before there were any; `seen` is the day of her last unlock (UTC), None where nobody
    knows. Whoever was suspended is `card.disabled`.
    """

    card: LeadCard
    fingerprint: str
    agreement: Agreement | None
    seen: date | None


@dataclass(frozen=True, slots=True)
class AgreementProposed:
    """What a lead has said first, and a second has not yet."""

    wanted: WantedAgreement
    by: LeadId


@dataclass(frozen=True, slots=True)
class PartnersView:
    """The partners of a site by name, and what is proposed."""

    partners: tuple[Partner, ...]
    proposed: tuple[AgreementProposed, ...]
