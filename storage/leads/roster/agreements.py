"""How a partner's agreement, and what two leads would agree on, stand on the roster and in an invite: as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import cast

from flows.together.partners import Agency, Agreement
from storage.values.partners import WantedAgreement


def write_agreement(agreement: Agreement) -> str:
    """Give what stands in the column `agreement`, under the roster's MAC or the invite's."""
    times = {"since": agreement.since.isoformat(), "until": agreement.until.isoformat()}
    return json.dumps({**asdict(agreement), **times})


def read_agreement(text: str) -> Agreement:
    """Read what `write_agreement` gave, once its MAC was verified.

    Raises:
        ValueError: It is no such text (a bug).
    """
    kept = json.loads(text)
    since, until = (datetime.fromisoformat(kept[name]) for name in ("since", "until"))
    return Agreement(cast("Agency", kept["agency"]), kept["what"], since, until)


def write_wanted(wanted: WantedAgreement) -> str:
    """Give what a first word for an agreement is bound to: all of it, so that the second means the very same."""
    return json.dumps({**asdict(wanted), "until": wanted.until.isoformat()}, sort_keys=True)


def read_wanted(text: str) -> WantedAgreement:
    """Read what `write_wanted` gave, as it stands on the roster.

    Raises:
        ValueError: It is no such text (a bug).
    """
    kept = json.loads(text)
    return WantedAgreement(**{**kept, "until": datetime.fromisoformat(kept["until"])})
