"""What is kept: leads, recovery key, whether the database is genuine, alerts that stand, rehearsals, checkpoints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.checks.finding import Finding, good, look, wrong
from bot.deployment.data_directory.hand_outs import last_hand_out
from bot.deployment.data_directory.open_store import CHECKPOINT, now
from bot.deployment.data_directory.rehearsal import rehearsed
from bot.deployment.database_address import DatabaseServer
from bot.deployment.settings import Settings
from bot.deployment.sites import SiteSettings
from bot.monitoring.rounding import in_words
from flows.values.ids import READING
from storage.core.audit.audit_log import signer
from storage.core.audit.key_changes import changes_beside, kept_changes
from storage.sealing.keys.key_exchange import is_begun, is_ending
from storage.sealing.keys.server_key import load_server_key
from storage.sealing.primitives.errors import KeyFileUnusable
from storage.store import Store
from storage.upkeep.backup.postgresql_dumps import missing_programs
from storage.values import Alert, AlertKind, LeadCard

#: What to do about whatever waits.
_TWO: Final = "two leads compare the fingerprint and say yes: /team; or hark recover --let-in NAME, with the key"

_WHAT: Final[Mapping[AlertKind, tuple[str, str]]] = {
    "quarantined": (
        "updates came that could not be read",
        "look for a newer Hark; they are sealed for three days",
    ),
    "undelivered": ("a notice could not be delivered for a day", "ask the leads to unlock from a chat that is open"),
    "silence": (
        "a door is silent",
        "look at the log, at the network, at HARK_TOKEN, and whether another Hark runs with it; or start Hark anew",
    ),
    "gap": ("Hark was away for longer than Telegram keeps updates", "tell the leads; find out why it was away"),
    "database": ("the database could not be reached", "look at the disk and at the log"),
    "disk": ("the disk is nearly full", "make room where the data directory is"),
    "clock": ("the server's clock jumped", "set the clock right, and have it kept by the network"),
    "conflict": (
        "something else fetches with a door's token",
        "end the other Hark; if there is none, the token is known to somebody: have BotFather give a new one",
    ),
    "recovery": ("the recovery key was used", "ask the leads whether they know of it; if not, tell the head"),
    "ladder_end": ("nobody acknowledges", "call the leads"),
    "tampered": ("something in the database is not what was kept", "stop Hark, keep a copy, restore a backup"),
}
_WRONG: Final = frozenset({"silence", "conflict", "database", "disk", "tampered"})

#: A rehearsal older than this is worth another one.
_OLD: Final = timedelta(days=45)
#: The recovery key is tried once a year: whoever holds a sheet may have left, or lost it.
_YEAR: Final = timedelta(days=366)
#: A checkpoint goes out each week, and one may be missed.
_FORTNIGHT: Final = timedelta(days=14)
_HAND_OUT: Final = (
    "set HARK_CHECKPOINT_MAIL or HARK_CHECKPOINT_FILE; or each week: hark audit checkpoint --to FILE, kept elsewhere"
)
_MAIL: Final = "one goes each Monday while Hark runs: look at the mail server's settings and at the log"
#: After as long those who have seen a copy of the server key are more than those who still should.
_KEY_OLD: Final = timedelta(days=731)
_CHANGE: Final = "stop Hark, then hark key rotate"
_GO_ON: Final = "stop Hark, then hark key rotate, which goes on; or just start Hark, which does so first"
_CLIENT: Final = "install the PostgreSQL client programs of the server's version or newer"
_DO: Final = "hark backup --to DIR, then hark restore --rehearse DIR"


async def look_at_people(settings: Settings, store: Store) -> list[Finding]:
    """Return findings on the leads of every site, the recovery key, and every MAC that the server key can check.

    Raises:
        Unavailable, Tampered: as the store does.
    """
    found: list[Finding] = []
    for site in settings.sites.values():
        found += _leads(site, await store.leads.roster(site.id))
    found += _languages(settings, await store.leads.roster())
    if await store.leads.recovery() is not None:
        found.append(_key_tried(await store.recovering.rehearsed()))
    if await store.leads.team_view.key_waits():
        found.append(look("a new recovery key waits", "two leads compare the fingerprint and say yes: /team"))
    for one in await store.leads.team_view.waiting():
        found.append(look(f"{one.card.name} waits, and reads nothing yet", _TWO))
    verified = await store.watch.verify()
    if not verified.holds:
        found.append(
            wrong("something in the database is not what was kept", "stop Hark, keep a copy, restore a backup")
        )
    else:
        found.append(good(f"what is kept is genuine ({in_words(verified.cases)} cases)"))
    return found


def look_at_key(settings: Settings) -> list[Finding]:
    """Return whether a change of the server key was cut off, and otherwise nothing."""
    if is_begun(settings.key_file):
        return [wrong("a change of the server key was cut off", _GO_ON)]
    if is_ending(settings.key_file):
        return [look("the server key was changed, and the old one is not destroyed", _GO_ON)]
    return []


async def look_at_key_age(settings: Settings, store: Store, now: datetime) -> list[Finding]:
    """Return since when the server key has been in use.

    Raises:
        Unavailable: The database cannot be read.
        KeyFileUnusable: The key file went while it was looked at.
    """
    verifier = signer(load_server_key(settings.key_file)).verifier
    changes = kept_changes(changes_beside(settings.keys_dir / CHECKPOINT), verifier)
    since = changes[0].at if changes else await store.audit.began()
    if since is None:
        return []
    age = f"the server key is of {since:%d %B %Y}"
    return [good(age)] if now - since < _KEY_OLD else [look(f"{age}, more than two years old", _CHANGE)]


def _key_tried(at: datetime | None) -> Finding:
    if at is not None and now() - at < _YEAR:
        return good(f"there is a recovery key, tried on {at:%d %B %Y}")
    since = "was never tried" if at is None else f"was last tried on {at:%d %B %Y}"
    return look(f"the recovery key {since}", "hark recover --rehearse, with those who hold its sheets")


def _leads(site: SiteSettings, leads: tuple[LeadCard, ...]) -> Iterator[Finding]:
    readers = [lead for lead in leads if lead.role in READING]
    invite = f"hark invite NAME --role ROLE --site {site.id}"
    if readers and not any(lead.role in {"head", "chair", "independent"} for lead in readers):
        yield look(f"{site.id} has no head, chair or independent person", f"{invite}, for concerns about staff")
    if len(readers) > 1:
        yield good(f"{len(readers)} people read for {site.id}")


def _languages(settings: Settings, leads: tuple[LeadCard, ...]) -> Iterator[Finding]:
    read = {lead.language for lead in leads} | {"en"}
    for language in sorted({language for site in settings.sites.values() for language in site.languages} - read):
        yield look(f"no lead reads {language}", "reporters may write in it: agree who translates, and how safely")


async def look_at_server(store: Store) -> list[Finding]:
    """Return what an operator should know of the database's server; none for a file.

    Raises:
        Unavailable: as the store does.
    """
    return [look(warned.what, warned.do) for warned in await store.server_warnings()]


async def look_at_alarms(store: Store) -> list[Finding]:
    """Return a finding for each alert that stands for all who answer for Hark, and the size of the quarantine.

    Raises:
        Tampered: The register is not the one that was written.
        Unavailable: The database, or the register, cannot be read.
    """
    return [*_alerts(await store.alerts.standing()), *_kept(await store.quarantine.count())]


def _alerts(standing: tuple[Alert, ...]) -> Iterator[Finding]:
    for alert in standing:
        what, do = _WHAT[alert.kind]
        yield (wrong if alert.kind in _WRONG else look)(f"{what} (last {alert.last_at:%Y-%m-%d %H:%M} UTC)", do)


def _kept(count: int) -> Iterator[Finding]:
    if count:
        updates = "1 update" if count == 1 else f"{count} updates"
        yield look(f"{updates} that could not be read in quarantine", "nothing: they go after three days")


async def look_at_checkpoints(settings: Settings, store: Store, now: datetime) -> list[Finding]:
    """Return whether checkpoints of the audit log leave the server: by e-mail, to a file, or by hand.

    Raises:
        Tampered: The register is not the one that was written.
        Unavailable: The register cannot be read.
        KeyFileUnusable: The key file went while it was looked at.
    """
    file, mailed, filed = settings.checkpoint_file, await store.last_runs.at("mailed"), None
    found: list[Finding] = []
    if file is not None and any(file.is_relative_to(kept) for kept in (settings.data_dir, settings.keys_dir)):
        found.append(look("HARK_CHECKPOINT_FILE lies beside what it is to prove", "name a file on another machine"))
    elif file is not None:
        filed = await store.last_runs.at("filed")
    if settings.checkpoint_mail and (mailed is None or now - mailed > _FORTNIGHT):
        since = "yet" if mailed is None else f"since {mailed:%Y-%m-%d}"
        found.append(look(f"no checkpoint of the audit log went by e-mail {since}", _MAIL))
    by_hand = last_hand_out(settings.keys_dir, load_server_key(settings.key_file))
    last = max((at for at in (mailed, filed, by_hand) if at is not None), default=None)
    if last is not None and now - last <= _FORTNIGHT:
        return [*found, good(f"a checkpoint of the audit log was handed out on {last:%Y-%m-%d}")]
    return found or [look("no checkpoint of the audit log leaves this server", _HAND_OUT)]


def look_at_backups(settings: Settings, now: datetime) -> list[Finding]:
    """Return when a backup was last restored as a trial, and what is missing to make one of a server's database.

    Of the first there is nothing where there is no key file yet, or it cannot be read.
    """
    return [*_programs(settings), *_rehearsed(settings, now)]


def _programs(settings: Settings) -> Iterator[Finding]:
    if isinstance(settings.database, DatabaseServer):
        for name in missing_programs():
            yield look(f"{name} is not installed: no backup can be made or restored here", _CLIENT)


def _rehearsed(settings: Settings, now: datetime) -> list[Finding]:
    try:
        at = rehearsed(settings, load_server_key(settings.key_file))
    except KeyFileUnusable:
        return []
    if at is None:  # going live is refused without one, and says so
        return []
    if now - at > _OLD:
        return [look(f"a backup was last restored as a trial on {at:%Y-%m-%d}", _DO)]
    return [good(f"a backup was restored as a trial on {at:%Y-%m-%d}")]
