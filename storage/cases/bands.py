"""The bands of a case, as its clear row holds them: one for each recipient whose band is not the first.

A recipient's band counts only cases that are sealed for the same lead. With one band for all, the lead whom a concern
is about would see another case of its source sink, and learn that there is one more.
"""

from __future__ import annotations

from collections.abc import Mapping

from flows.ids import LeadId

FIRST = 1


def write_bands(bands: Mapping[LeadId, int]) -> str:
    """Give the text that stands in the clear row, such as `LEAD=2 LEAD=4`; empty where all are in the first band."""
    return " ".join(f"{lead}={band}" for lead, band in sorted(bands.items()) if band != FIRST)


def read_bands(text: str) -> dict[LeadId, int]:
    """Read what `write_bands` gave, once its MAC was verified."""
    parted = (one.partition("=") for one in text.split())
    return {LeadId(lead): int(band) for lead, _, band in parted}


def band_of(text: str, lead: str) -> int:
    """Give the band of one recipient."""
    return read_bands(text).get(LeadId(lead), FIRST)
