"""The roster as a value: all leads by id, who may decide, and what a lead becomes when she arrives or is shut out."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final, cast

from flows.cases.roles import is_for
from flows.together.partners import Agreement
from flows.values.ids import READING, LeadId, Role, SiteId
from flows.values.normalise import loose_name
from storage.leads.roster.agreements import read_agreement
from storage.leads.roster.pending_approvals import NOTHING, Waiting
from storage.sealing.keys.lead_keys import fingerprint
from storage.sealing.primitives.xwing import KeyId, PublicKey, key_id
from storage.values import LeadCard

#: What `disabled` holds. Whoever waits counts as shut out wherever nothing else is said.
IN: Final = 0
SHUT_OUT: Final = 1
WAITS: Final = 2
#: What stands behind the name of keys that nobody can open any more; folding a name leaves it as it is.
_BEFORE: Final = " (keys before "
_VERIFYING: Final = 32  # bytes of an Ed25519 public key
#: How many readers a deployment begins with: each later one waits for two of those who are in.
FOUNDERS: Final = 2


@dataclass(frozen=True, slots=True)
class Lead:
    """A row of `leads`, without what changes with every unlock."""

    id: LeadId
    name: str
    name_key: str
    title: str
    role: str
    site: str
    language: str
    disabled: int
    wrapping: bytes = field(repr=False)
    verifying: bytes = field(repr=False)
    seed_version: int
    seed: bytes = field(repr=False)
    totp: bytes = field(repr=False)
    former_verifying: bytes | None = field(default=None, repr=False)
    former_seed: bytes | None = field(default=None, repr=False)
    spare_codes: bytes | None = field(default=None, repr=False)
    agreement: str | None = field(default=None, repr=False)

    @property
    def agreed(self) -> Agreement | None:
        """By what a partner is here; None for everybody else, and for a partner of before there were agreements."""
        return None if self.agreement is None else read_agreement(self.agreement)

    @property
    def card(self) -> LeadCard:
        """The lead as colleagues see them."""
        role = cast("Role", self.role)
        own = (self.id, self.name, self.title, role, SiteId(self.site), bool(self.disabled), self.language)
        return LeadCard(*own, waiting=self.disabled == WAITS)

    @property
    def public(self) -> PublicKey:
        """The key that cases are wrapped for."""
        return PublicKey(self.wrapping)

    @property
    def signers(self) -> tuple[bytes, ...]:
        """The keys by which this lead's entries are proved: of now, then those of before."""
        before = self.former_verifying or b""
        return (self.verifying, *(before[at : at + _VERIFYING] for at in range(0, len(before), _VERIFYING)))

    @property
    def shut_out(self) -> bool:
        """Whether the lead may not even unlock; who only waits may."""
        return self.disabled == SHUT_OUT

    @property
    def is_former(self) -> bool:
        """Whether these are keys of before, which nobody can open: whoever had them joined anew under the same name."""
        return _BEFORE in self.name_key

    @property
    def own_name(self) -> str:
        """Her name without what is put behind it once these are keys of before."""
        return _bare_name(self.name)

    @property
    def fingerprint(self) -> str:
        """The digits by which others compare this lead's keys."""
        return fingerprint(self.wrapping, self.verifying)

    @property
    def key_id(self) -> KeyId:
        """The name of that key."""
        return key_id(self.public)


@dataclass(frozen=True, slots=True)
class Roster:
    """All leads, also disabled ones, by id; with the recovery key, if there is one, and what waits for two leads."""

    version: int
    recovery: bytes | None
    leads: dict[LeadId, Lead]
    mac: bytes = b""
    waiting: Waiting = NOTHING

    def named(self, name: str) -> Lead | None:
        """Find a lead by the name, as it was typed; None where nobody has it, or several have it only nearly (16).

        Every name is compared both ways, whether or not one is found, so that the time tells nothing.
        """
        key, loose = fold_name(name), loose_name(name)
        same = [lead for lead in self.leads.values() if lead.name_key == key]
        near = [lead for lead in self.leads.values() if _loose(lead.name_key) == loose]
        return same[0] if same else near[0] if len(near) == 1 else None

    def same_people(self, leads: Iterable[str]) -> frozenset[LeadId]:
        """Give these leads, also such as left the roster, and the same people under earlier or later keys.

        Whoever forgot the passphrase joins anew under the same name, and the keys of before stay on the roster under
        `name_before` (decision 26). From whom a case is kept, it is kept under each of them.
        """
        given = {LeadId(lead) for lead in leads}
        names = {_bare_name(found.name_key) for lead in given if (found := self.leads.get(lead)) is not None}
        return frozenset(given | {one.id for one in self.leads.values() if _bare_name(one.name_key) in names})

    def card(self, lead: str) -> LeadCard | None:
        """Give a lead's card, also a disabled one's."""
        found = self.leads.get(LeadId(lead))
        return found.card if found else None

    def keys_of(self, site: str, roles: Collection[str]) -> tuple[PublicKey, ...]:
        """Give the public keys of those of a site in some roles who are in: neither shut out, waiting, nor gone."""
        there = (lead for lead in self.leads.values() if not lead.disabled and lead.site == site)
        return tuple(lead.public for lead in there if lead.role in roles)

    def begins(self, but: LeadId | None = None) -> bool:
        """Tell whether this deployment still begins, so that nobody is there who could confirm a reader or a key.

        Every reader counts who ever joined, besides `but`, so that shutting out brings no beginning back.
        """
        return sum(lead.role in READING and lead.id != but for lead in self.leads.values()) < FOUNDERS

    def deciding(self) -> frozenset[LeadId]:
        """Give the readers who are in, of all sites: two of them decide who else reads (decision 20)."""
        there = (lead.card for lead in self.leads.values() if not lead.disabled)
        return frozenset(card.id for card in there if is_for(card.role, "confirm"))

    def signers(self, reporter: bytes) -> dict[str, tuple[bytes, ...]]:
        """Give whose signatures an entry may bear, by author: the reporter's under the empty id, and the leads'.

        `reporter` are 32 bytes a key: the one of the receipt, then that of the receipt before, if there was one.
        """
        theirs = tuple(reporter[at : at + _VERIFYING] for at in range(0, len(reporter), _VERIFYING))
        return {"": theirs, **{str(lead.id): lead.signers for lead in self.leads.values()}}

    def there(self, rungs: Mapping[LeadId, int]) -> dict[LeadId, int]:
        """Give those of the recipients of a case who are in, with their rungs: neither shut out, waiting, nor gone."""
        return {lead: rung for lead, rung in rungs.items() if (card := self.card(lead)) and not card.disabled}


def fold_name(name: str) -> str:
    """Bring a name to the form in which names are compared: NFKC, case and doubled spaces set aside.

    It stands on the roster (`name_key`), so what it gives for a name never changes.
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def name_before(name: str, day: str, number: int) -> str:
    """Give the name under which the keys stay that somebody had before; `number` counts those of one day from 1."""
    return f"{name}{_BEFORE}{day}{f', {number}' if number > 1 else ''})"


def _bare_name(name: str) -> str:
    return name.partition(_BEFORE)[0]


@lru_cache(maxsize=2_000)
def _loose(name_key: str) -> str:
    return loose_name(name_key)


def shut_out(lead: Lead) -> Lead:
    """Give a lead as shut out."""
    return replace(lead, disabled=SHUT_OUT)


def arriving(roster: Roster, lead: Lead) -> Lead:
    """Give a lead who joins or comes again: whoever reads waits for two others, unless the deployment still begins.

    While wraps of hers are still to be removed she waits for that too.

    Args:
        roster: As it is before; an earlier row of the same lead does not count as one of the two who begin.
        lead: Who comes.
    """
    begins = roster.begins(but=lead.id) and lead.id not in roster.waiting.unsealing
    waits = lead.role in READING and not begins
    return replace(lead, disabled=WAITS if waits else IN)


def confirmed(lead: Lead) -> Lead:
    """Give a lead for whom two others have said yes."""
    return replace(lead, disabled=IN)
