"""Whatever fails inside: nothing is shown as saved, the helplines are, and the log holds a type and a place."""

from __future__ import annotations

import logging

import pytest

from handlers.telegram import failures
from tests.handlers.messenger import Person
from tests.handlers.paths import STORY, to_the_readers
from tests.handlers.world import ELMFIELD, World


def test_the_screen_needs_nothing_but_the_site() -> None:
    said = str(failures.failure_screen(ELMFIELD))
    assert "not saved" in said
    assert "0800 1111" in said
    assert "Ms Okafor" in said


def test_where_nobody_can_tell_it_does_not_say_that_nothing_was_saved() -> None:
    said = str(failures.failure_screen(ELMFIELD, undecided=True))
    assert "We cannot tell" in said
    assert "not saved" not in said
    assert "0800 1111" in said


async def test_a_database_that_is_gone_ends_in_helplines_and_no_words(
    world: World, ann: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await to_the_readers(ann)
    await world.store.close()
    await ann.taps("Send")
    assert "not saved" in ann.screen.text
    assert "Childline: 0800 1111" in ann.screen.text
    assert not any(one["type"] == "code" for shown in ann.messages for one in shown.entities)
    assert STORY not in caplog.text
    assert str(ann.chat) not in caplog.text


def test_a_note_is_a_type_and_a_place(caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        raise ValueError(STORY)

    with pytest.raises(ValueError, match="Ben") as caught:
        fails()
    failures.log_error(caught.value)
    [record] = caplog.records
    told = vars(record)
    assert STORY not in repr(told)
    assert told["broke"] == "ValueError"
    assert told["broke_at"].rpartition(":")[0].endswith("test_oops.py")
