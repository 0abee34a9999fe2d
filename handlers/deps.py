"""What every conversation is given when the process is put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from aiogram import Bot

from flows.cases.golive import Way
from flows.drafts.rulebook import Flows
from flows.duty.hours import ALWAYS_OPEN, Hours
from flows.loading.retention import RetentionRules
from flows.measures.charts import Drawing, NotDrawn
from flows.measures.terms import CALENDAR, Terms
from flows.values.bounds import Rate
from flows.values.ids import Door, SiteId
from flows.values.situation import Site
from handlers.telegram.languages import Translator
from handlers.telegram.rate_limits import Rates
from handlers.telegram.received_files import ReceivedFiles
from storage.desk.partnership.transfer.waiting_files import WaitingFiles
from storage.sealing.passkeys.ceremonies import RelyingParty, relying_party
from storage.store import Store

#: Hands in a letter: address, subject, text; true once the mail server has taken it. It never raises.
Post: TypeAlias = Callable[[str, str, str], Awaitable[bool]]
#: Draws a picture or a paper in a process of its own, or raises `NotDrawn`.
Draw: TypeAlias = Callable[[Drawing], Awaitable[bytes]]


async def _nothing_drawn(_: Drawing) -> bytes:
    raise NotDrawn


@dataclass(frozen=True)
class Deps:
    """All that handlers are given.

    `bots` holds one bot for each open door. `translators` are the languages by tag, never empty, with "en". `home` is
    the site that a plain `/start` means. `hours` holds a site's hours where it gave any. `flows` are what `assemble`
    made of `texts` and `overlays`, which are by the same paths. `now` gives aware UTC times and is the only clock;
    `random` gives that many random bytes. `public_url` is the web chat's address as posters show it, empty where there
    is none; `sign_in_url` is that of the page to sign in on, empty where others could listen to it. `post` is None
    where there is no mail server. `rehearsed` tells whether a backup was ever restored as a trial. Whoever goes faster
    than `pace` gets one answer for many messages. A door that has `rates` is spoken through no faster. `retention`
    holds how long a site keeps its records where it has numbers of its own, `terms` the terms of its year where it has
    any of its own. Without `draw` there are no pictures and no PDF: the text that stands in for them comes instead.
    `waiting_files` are those that other Harks sent; `received` fetches files from chats.
    """

    store: Store
    bots: Mapping[Door, Bot]
    translators: Mapping[str, Translator]
    sites: Mapping[SiteId, Site]
    hours: Mapping[SiteId, Hours]
    home: SiteId
    flows: Flows
    texts: Mapping[str, str]
    now: Callable[[], datetime]
    random: Callable[[int], bytes]
    overlays: Mapping[str, str] = field(default_factory=dict)
    public_url: str = ""
    sign_in_url: str = ""
    rehearsed: Callable[[], bool] = field(default=lambda: False)
    post: Post | None = None
    rate: Rate = field(default_factory=Rate)
    rates: Mapping[Door, Rates] = field(default_factory=dict)
    retention: Mapping[SiteId, RetentionRules] = field(default_factory=dict)
    terms: Mapping[SiteId, Terms] = field(default_factory=dict)
    draw: Draw = _nothing_drawn
    waiting_files: WaitingFiles | None = None
    received: ReceivedFiles = field(default_factory=ReceivedFiles)

    @property
    def relying_party(self) -> RelyingParty | None:
        """Whose passkeys the page has, where browsers make any for it."""
        return relying_party(self.sign_in_url)

    def terms_of(self, site: SiteId) -> Terms:
        """Give the terms of a site's year: its own, or those of the calendar."""
        return self.terms.get(site, CALENDAR)

    def hours_of(self, site: SiteId) -> Hours:
        """Give the hours of a site; every hour by its clock where it gave none, by UTC where it is not known."""
        known = self.sites.get(site)
        return self.hours.get(site) or (replace(ALWAYS_OPEN, timezone=known.timezone) if known else ALWAYS_OPEN)

    @property
    def ways(self) -> frozenset[Way]:
        """By what leads can be told outside the web page: a mail server, Telegram."""
        there: dict[Way, bool] = {"email": self.post is not None, "telegram": "telegram" in self.bots}
        return frozenset(way for way, is_there in there.items() if is_there)
