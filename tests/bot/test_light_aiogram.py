"""aiogram's models are built when they are first used; this fails if another version of aiogram goes another way."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def python(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_nothing_is_built_before_it_is_used() -> None:
    built = """
import bot.light_aiogram
from aiogram.types import Chat, Message, Poll, Update, User
from aiogram.methods import SendMessage, SendPoll
print(*(kind.__pydantic_complete__ for kind in (Chat, Message, Poll, Update, User, SendMessage, SendPoll)))
"""
    assert python(built) == " ".join(["False"] * 7)


def test_every_model_can_be_used() -> None:
    every = """
import bot.light_aiogram, aiogram.types, aiogram.methods
for module in (aiogram.types, aiogram.methods):
    for name in module.__all__:
        kind = vars(module)[name]
        if isinstance(kind, type) and hasattr(kind, 'model_rebuild'):
            kind.__pydantic_validator__.title  # builds it
            assert kind.__pydantic_complete__, name
print('all')
"""
    assert python(every) == "all"


def test_an_update_is_read_and_an_answer_written() -> None:
    spoken = """
import bot.light_aiogram
from aiogram.methods import Response, SendMessage
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
said = {'message_id': 1, 'date': 1, 'chat': {'id': 1, 'type': 'private'}, 'text': 'x', 'reply_to_message': None}
assert Update.model_validate({'update_id': 1, 'message': said}).message.text == 'x'
buttons = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text='x', callback_data='y')]])
assert SendMessage(chat_id=1, text='x', reply_markup=buttons).reply_markup is not None
assert Response[Message].model_validate({'ok': True, 'result': said}).result.text == 'x'
print('spoken')
"""
    assert python(spoken) == "spoken"
