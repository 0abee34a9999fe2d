"""What the page shows before a chat is opened is what the bot then says, and telling it does nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.handlers.web import web_world


@pytest.mark.parametrize("language", ["en", "es-mx", "ar", "tlh"])
async def test_the_greeting_is_what_a_new_chat_is_told_first(tmp_path: Path, language: str) -> None:
    async with web_world(tmp_path) as web:
        greeting = await web.world.handlers.reporter.greeting("web", language)
        async with await web.arrive(language) as person:
            await person.type("/start")
            await web.take()
            await person.wait_for(lambda: person.messages[-1].buttons)
            told = person.messages[-1]
        assert told.text == greeting.text
        assert greeting.keyboard is not None
        keys = [key for row in greeting.keyboard.inline_keyboard for key in row]
        assert [(key.text, key.callback_data) for key in keys] == [(one.text, one.data) for one in told.buttons]
        assert greeting.entities == []  # the page draws no others before its scripts are there
