"""The conversations this process tells, and older ones that a draft was begun with: the text travels with the draft."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from flows.bundle import Flows
from flows.draft import Draft
from flows.load import load
from storage.values import Kept


class Book:
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
