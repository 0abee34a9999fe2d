"""While the database takes nothing at all, not even an alert, the leads are told from what was known before."""

from __future__ import annotations

import pytest

from bot.delivery.outage_notice import OutageNotice
from storage.values.errors import Unavailable
from tests.handlers.desk.house import House, takes_nothing

TOLD = "Hark itself needs a look"


async def test_a_database_that_takes_nothing_for_a_minute_is_told_once_an_hour(house: House) -> None:
    khan = await house.lead("Ms Khan")
    await khan.says("/lock")
    outage = OutageNotice(house.handlers, house.clock)
    await outage.look()
    async with takes_nothing(house):
        with pytest.raises(Unavailable):
            await house.concern("It is about somebody here.", "Ms Khan")
        await outage.look()
        assert TOLD not in khan.words
        house.clock.pass_(minutes=1)
        await outage.look()
        await khan.tab.wait_for(lambda: khan.words.count(TOLD) == 1)
        house.clock.pass_(minutes=58)
        await outage.look()
        assert khan.words.count(TOLD) == 1
        house.clock.pass_(minutes=2)
        await outage.look()
        await khan.tab.wait_for(lambda: khan.words.count(TOLD) == 2)
    await outage.look()
    assert [alert.kind for alert in await house.store.alerts.standing()] == ["database"]
