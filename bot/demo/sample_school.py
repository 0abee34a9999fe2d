"""The demo's school: a site that does not exist, with four leads who joined, and their codes for whoever tries it."""

from __future__ import annotations

import base64
import secrets
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from flows.values.ids import Role, SiteId
from storage.leads.roster.roster import FOUNDERS
from storage.leads.sign_in.session import LeadSession
from storage.sealing.keys.private_files import write_private
from storage.store import Store
from storage.values import Address, Arrival
from storage.values.errors import NotUnlocked

SITE: Final = SiteId("willow")
#: The school's `hark.toml`.
SETTINGS: Final = """
[site.willow]
name = "Willow Park School"
timezone = "Europe/London"
hours.mon = ["08:00-17:00"]
hours.tue = ["08:00-17:00"]
hours.wed = ["08:00-17:00"]
hours.thu = ["08:00-17:00"]
hours.fri = ["08:00-16:30"]
contact = { name = "Ms Carter", job = "Designated safeguarding lead", room = "Room 12" }
outside = [{ name = "Children's services, front door", phone = "01234 555 010" }]
controller = "Willow Park School (a sample that does not exist)"
privacy_contact = "privacy@willow.example"
retention = "until the child is 25 years old"
"""
_PEOPLE: Final[tuple[tuple[str, Role, str], ...]] = (
    ("Ms Carter", "lead", "Designated safeguarding lead"),
    ("Mr Bell", "deputy", "Deputy safeguarding lead"),
    ("Dr Osei", "head", "Head"),
    ("Mrs Lund", "chair", "Chair of governors"),
)
_WORDS: Final = ("amber", "basket", "cobalt", "drizzle", "ember", "fennel", "ginger", "harbour", "indigo", "juniper")
_DICE: Final = secrets.SystemRandom()
_STEP: Final = 30  # seconds that a code holds


@dataclass(frozen=True)
class SampleLead:
    """A lead of the demo, and what only a demo would ever tell."""

    name: str
    title: str
    passphrase: str = field(repr=False)
    secret: bytes = field(repr=False)

    def code(self, at: float) -> str:
        """Return the one-time code of the moment `at`, in seconds since 1970."""
        totp = TOTP(self.secret, 6, SHA1(), _STEP)  # noqa: S303 - RFC 6238 as authenticator apps have it
        return totp.generate(int(at)).decode()


def write_settings(folder: Path) -> None:
    """Write the school's `hark.toml` into a new data directory."""
    write_private(folder / "hark.toml", SETTINGS.encode())


async def gather_leads(store: Store) -> tuple[SampleLead, ...]:
    """Let the school's leads join, as they would by hand, the first two letting in the rest; they are locked again.

    Raises:
        RuntimeError: An invite of the demo's own was refused (a bug).
        Refusal: What storage refuses of it: the new folder cannot be written, or a step is not as it would be by hand
            (a bug).
    """
    updates = count(1)
    joined = [await _join(store, *person, updates) for person in _PEOPLE]
    for one in await store.leads.team_view.waiting():
        for _, session in joined[:FOUNDERS]:
            arrival = Arrival(session.address, next(updates))
            await store.leads.team.confirm(session, arrival, one.card.id, one.fingerprint)
    for _, session in joined:
        store.leads.sessions.lock(session.address)
    return tuple(lead for lead, _ in joined)


def draw_passphrase() -> str:
    """Return four different words: a passphrase that repeats one would be refused."""
    return " ".join(_DICE.sample(_WORDS, 4))


async def _join(store: Store, name: str, role: Role, title: str, updates: count[int]) -> tuple[SampleLead, LeadSession]:
    address = Address("web", secrets.randbits(40))
    passphrase = draw_passphrase()
    code = (await store.leads.invites.draw(name, role, SITE, title)).code
    joining = await store.leads.joining.begin(Arrival(address, next(updates)), code, passphrase)
    if joining is None:
        raise RuntimeError("a fresh invite was refused")
    lead = SampleLead(name, title, passphrase, base64.b32decode(joining.secret))

    async def confirm() -> LeadSession:
        # The code before the current one is still taken, and leaves the current one for the first unlock.
        return await store.leads.confirm_join(Arrival(address, next(updates)), lead.code(time.time() - _STEP))

    try:
        return lead, await confirm()
    except NotUnlocked:  # it was the last moment in which that code was taken; now it is another one
        return lead, await confirm()
