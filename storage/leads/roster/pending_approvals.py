"""What waits for two leads, as it stands on the roster under its MAC: a recovery key, and the first words for deeds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from flows.cases.approvals import Proposal
from flows.values.ids import LeadId


@dataclass(frozen=True, slots=True)
class Waiting:
    """`recovery` is a public key that nothing is sealed for yet; `words` are the first words, by deed."""

    recovery: bytes | None = None
    words: Mapping[str, Proposal] = field(default_factory=dict)


NOTHING: Final = Waiting()


def write_waiting(waiting: Waiting) -> str:
    """Write it down as JSON, or as nothing where nothing waits: a roster of before verifies as it did.

    Deeds are in ascending order, so that what is equal is an equal text under the MAC.
    """
    if waiting == NOTHING:
        return ""
    words = {deed: [one.by, one.at.isoformat(), one.state] for deed, one in sorted(waiting.words.items())}
    return json.dumps({"recovery": waiting.recovery.hex() if waiting.recovery else None, "words": words})


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
    return Waiting(bytes.fromhex(kept["recovery"]) if kept["recovery"] else None, words)
