"""What Hark is measured against: a bare aiogram bot with memory state that makes the same calls and keeps nothing.

Run as `python -m tests.bench.bare API_URL`.
"""

from __future__ import annotations

import asyncio
import sys

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message


class Telling(StatesGroup):
    """The one state of the bare bot."""

    open = State()


ROWS = [[InlineKeyboardButton(text=f"Option {n}", callback_data=f"q:step:{n}")] for n in range(4)]
KEYBOARD = InlineKeyboardMarkup(inline_keyboard=ROWS)
TEXT = "A question as long as one of ours usually is, in two short sentences. What would you like to say?"


async def started(message: Message, state: FSMContext) -> None:
    """Greet, and remember that the conversation is open."""
    await state.set_state(Telling.open)
    await state.set_data({"answers": []})
    await message.answer(TEXT, reply_markup=KEYBOARD)


async def tapped(query: CallbackQuery, state: FSMContext) -> None:
    """Take an answer and turn the question into the next one."""
    await query.answer()
    answers = (await state.get_data())["answers"]
    await state.set_data({"answers": [*answers, query.data]})
    if isinstance(query.message, Message):
        await query.message.edit_text(f"{TEXT} ({len(answers)})", reply_markup=KEYBOARD)


async def typed(message: Message, state: FSMContext) -> None:
    """Take words and say that more may come."""
    answers = (await state.get_data())["answers"]
    await state.set_data({"answers": [*answers, message.text]})
    await message.answer(TEXT, reply_markup=KEYBOARD)


async def main() -> None:
    """Poll until ended."""
    bot = Bot("1:bench", session=AiohttpSession(api=TelegramAPIServer.from_base(sys.argv[1])))
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.message.register(started, CommandStart())
    dispatcher.callback_query.register(tapped, Telling.open)
    dispatcher.message.register(typed, Telling.open, F.text)
    await dispatcher.start_polling(bot, handle_signals=True)


if __name__ == "__main__":
    asyncio.run(main())
