"""What is not done yet, as it stands on the roster under its MAC: first words for deeds of two, keys to be removed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from flows.cases.approvals import Proposal
from flows.values.ids import LeadId

#: What the deed of saying yes to a recovery key is called.
RECOVERY: Final = "recovery"


@dataclass(frozen=True, slots=True)
class Waiting:
    """`recovery` is a public key that nothing is sealed for yet; `words` are the first words, by deed.

    `unsealing` are the leads who were suspended and whose wraps are not all removed yet: see
    `storage/upkeep/wrap_removal.py`.
    """

    recovery: bytes | None = None
    words: Mapping[str, Proposal] = field(default_factory=dict)
    unsealing: frozenset[LeadId] = frozenset()

    def with_recovery(self, public: bytes | None) -> Waiting:
        """Give the same with another recovery key that waits, or none; first words for one count no more."""
        words = {deed: word for deed, word in self.words.items() if deed != RECOVERY}
        return replace(self, recovery=public, words=words)

    def without_words_on(self, lead: LeadId) -> Waiting:
        """Give the same without any first word for a deed on a lead, which is named last: it counts no more."""
        left = {deed: word for deed, word in self.words.items() if deed.rpartition(" ")[2] != lead}
        return replace(self, words=left)


NOTHING: Final = Waiting()


def write_waiting(waiting: Waiting) -> str:
    """Write it down as JSON, or as nothing where nothing waits: a roster of before verifies as it did.

    Deeds are in ascending order, so that what is equal is an equal text under the MAC.
    """
    if waiting == NOTHING:
        return ""
    words = {deed: [one.by, one.at.isoformat(), one.state] for deed, one in sorted(waiting.words.items())}
    kept: dict[str, object] = {"recovery": waiting.recovery.hex() if waiting.recovery else None, "words": words}
    if waiting.unsealing:
        kept["unsealing"] = sorted(waiting.unsealing)
    return json.dumps(kept)


def read_waiting(text: str) -> Waiting:
    """Read what `write_waiting` gave.

    Raises:
        ValueError: It is not.
    """
    if not text:
        return NOTHING
    kept = json.loads(text)
    words = {
        deed: Proposal(LeadId(by), datetime.fromisoformat(at), state) for deed, (by, at, state) in kept["words"].items()
    }
    recovery = bytes.fromhex(kept["recovery"]) if kept["recovery"] else None
    return Waiting(recovery, words, frozenset(LeadId(lead) for lead in kept.get("unsealing", ())))
