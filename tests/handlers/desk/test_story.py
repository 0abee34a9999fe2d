"""From an invite to an answer that the reporter reads, as a lead lives it, over the real web chat."""

from __future__ import annotations

from tests.handlers.desk.house import House


async def test_a_lead_joins_and_stands_at_an_open_desk(house: House) -> None:
    lead = await house.lead("Ms Khan")
    assert "Your desk is open" in lead.words
    assert "otpauth://" not in lead.words
    assert "kettles" not in lead.words
