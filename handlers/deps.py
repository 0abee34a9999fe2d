"""What every conversation is given when the process is put together, older versions of definitions among it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import TypeAlias

from aiogram import Bot

from flows.cases.golive import Way
from flows.cases.hours import Hours
from flows.drafts.rulebook import Flows
from flows.limits.rate_limit import Rate
from flows.loading.loader import load
from flows.values.draft import Draft
from flows.values.ids import Door, SiteId
from flows.values.situation import Site
from handlers.telegram.languages import Translator
from handlers.telegram.rate_limits import Rates
from storage.store import Store
from storage.values import Kept


class DefinitionVersions:
    """Today's flows, and those of drafts that were begun before an upgrade."""

    def __init__(self, flows: Flows, texts: Mapping[str, str], overlays: Mapping[str, str] | None = None) -> None:
        """Take the flows and the texts that `assemble` made them of, by the same paths."""
        self.flows = flows
        paths = {name: f"{name}.toml" for name in flows.definitions}
        over = overlays or {}
        sets = texts.get("sets.toml")
        self._texts = {
            name: json.dumps([name, texts[path], over.get(path), sets if flows.definitions[name].sets else None])
            for name, path in paths.items()
        }
        self._old: dict[str, Flows] = {}
        # By text, of which there is a handful; every turn asks for both.
        self._names: dict[str, str] = {}
        self._hashes: dict[str, str] = {"": ""}

    def text(self, name: str) -> str:
        """What is kept beside a draft of the conversation `name`, so that it can be told to its end."""
        return self._texts[name]

    def bound(self, draft: Draft, text: str) -> Draft:
        """The draft as it is stored: its definition is the SHA-256 of the text beside it, not a name that stays."""
        if text not in self._hashes:
            self._hashes[text] = sha256(text.encode()).hexdigest()
        return replace(draft, definition=self._hashes[text])

    def opened(self, kept: Kept) -> tuple[Flows, Draft]:
        """The flows that a kept draft was begun with, and the draft as these flows know it.

        Raises `DefinitionError` where an old text can no longer be read.
        """
        if not kept.definition:
            return self.flows, kept.draft
        name = self._names.get(kept.definition)
        if name is None:
            name = self._names[kept.definition] = str(json.loads(kept.definition)[0])
        return self._flows(kept.definition, name), replace(kept.draft, definition=name)

    def _flows(self, text: str, name: str) -> Flows:
        if text == self._texts.get(name):
            return self.flows
        if text not in self._old:
            _, ours, overlay, sets = json.loads(text)
            definitions = {**self.flows.definitions, name: load(ours, name, overlay, base=sets, begun=True)}
            self._old[text] = replace(self.flows, definitions=definitions)
        return self._old[text]


#: Hands in a letter: address, subject, text; true once the mail server has taken it. It never raises.
Post: TypeAlias = Callable[[str, str, str], Awaitable[bool]]


@dataclass(frozen=True)
class Deps:
    """All that handlers are given.

    `bots` holds one bot for each open door. `translators` are the languages by tag, never empty, with "en". `home` is
    the site that a plain `/start` means. `hours` holds a site's hours where it gave any. `now` gives aware UTC times
    and is the only clock; `random` gives that many random bytes. `public_url` is the web chat's address as posters
    show it, empty where there is none; `post` is None where there is no mail server. `rehearsed` tells whether a backup
    was ever restored as a trial. Whoever goes faster than `pace` gets one answer for many messages.
    A door that has `rates` is spoken through no faster.
    """

    store: Store
    bots: Mapping[Door, Bot]
    translators: Mapping[str, Translator]
    sites: Mapping[SiteId, Site]
    hours: Mapping[SiteId, Hours]
    home: SiteId
    book: DefinitionVersions
    now: Callable[[], datetime]
    random: Callable[[int], bytes]
    public_url: str = ""
    rehearsed: Callable[[], bool] = field(default=lambda: False)
    post: Post | None = None
    rate: Rate = field(default_factory=Rate)
    rates: Mapping[Door, Rates] = field(default_factory=dict)

    @property
    def ways(self) -> frozenset[Way]:
        """By what leads can be told outside the web page: a mail server, Telegram."""
        there: dict[Way, bool] = {"email": self.post is not None, "telegram": "telegram" in self.bots}
        return frozenset(way for way, is_there in there.items() if is_there)
