"""What a bot does with aiogram, as a program: reads updates, writes methods, reads answers, and prints all of it.

Run with `lightly` or `plain`; it prints one line of JSON with what was said, the seconds of the import and the memory.
"""

# ruff: noqa: E402 - what is imported first is what this measures

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

began = time.perf_counter()
if sys.argv[1] == "plain":
    import aiogram  # noqa: F401 - it is there already

from bot.updates.lazy_aiogram import import_aiogram

postpone = import_aiogram()

from aiogram import Bot
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessages,
    EditMessageText,
    GetChat,
    GetMe,
    SendMessage,
    SendPhoto,
    SetMyCommands,
)
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MessageEntity,
    Update,
)

took = time.perf_counter() - began

CHAT = {"id": 7, "type": "private"}
WHO = {"id": 7, "is_bot": False, "first_name": "A", "language_code": "ar"}
CODE = {"type": "code", "offset": 0, "length": 1}
TEXT = {"message_id": 1, "date": 1, "chat": CHAT, "from": WHO, "text": "x", "entities": [CODE]}
MARKUP = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}, {"text": "c", "copy_text": {"text": "d"}}]]}
PHOTO = {"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}
STICKER = {**PHOTO, "type": "regular", "is_animated": False, "is_video": False}
QUERY = {"id": "1", "from": WHO, "chat_instance": "1", "data": "b"}
MEMBER = {"status": "member", "user": WHO}
KICKED = {"status": "kicked", "user": WHO, "until_date": 0}
GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
FULL_CHAT = {
    **CHAT,
    "accent_color_id": 1,
    "max_reaction_count": 1,
    "accepted_gift_types": dict.fromkeys(GIFTS, True),
}
UPDATES = (
    {"message": TEXT},
    {"edited_message": TEXT},
    {"message": {**TEXT, "text": None, "photo": [PHOTO]}},
    {"message": {**TEXT, "text": None, "sticker": STICKER}},
    {"message": {**TEXT, "reply_to_message": {**TEXT, "reply_markup": MARKUP}}},
    {"callback_query": {**QUERY, "message": {**TEXT, "reply_markup": MARKUP}}},
    {"callback_query": {**QUERY, "message": {"chat": CHAT, "message_id": 1, "date": 0}}},
    {"my_chat_member": {"chat": CHAT, "from": WHO, "date": 1, "old_chat_member": MEMBER, "new_chat_member": KICKED}},
)
BUTTONS = InlineKeyboardMarkup(
    inline_keyboard=[
        [
            InlineKeyboardButton(text="a", callback_data="b"),
            InlineKeyboardButton(text="c", copy_text=CopyTextButton(text="d")),
        ]
    ]
)
ENTITY = MessageEntity(type="code", offset=0, length=1)
CALLS = (
    (SendMessage(chat_id=7, text="x", entities=[ENTITY], reply_markup=BUTTONS, parse_mode=None), TEXT),
    (SendMessage(chat_id=7, text="x", reply_markup=ForceReply(force_reply=True)), TEXT),
    (EditMessageText(chat_id=7, message_id=1, text="x", reply_markup=BUTTONS), {**TEXT, "reply_markup": MARKUP}),
    (SendPhoto(chat_id=7, photo=BufferedInputFile(b"x", "code.png"), caption="x"), {**TEXT, "photo": [PHOTO]}),
    (DeleteMessages(chat_id=7, message_ids=[1]), True),
    (AnswerCallbackQuery(callback_query_id="1"), True),
    (SetMyCommands(commands=[BotCommand(command="a", description="b")], scope=BotCommandScopeChat(chat_id=7)), True),
    (GetMe(), WHO),
    (GetChat(chat_id=7), FULL_CHAT),
)


def everything() -> list[list[str]]:
    """What was read and written, in words that can be compared."""
    bot = Bot("42:TEST")
    said = []
    for number, update in enumerate(UPDATES):
        read = Update.model_validate({"update_id": number, **update}, context={"bot": bot})
        said.append([type(read.event).__name__, read.model_dump_json(exclude_none=True)])
    for call, result in CALLS:
        answer = bot.session.check_response(bot, call, 200, json.dumps({"ok": True, "result": result})).result
        written = call.model_dump(exclude_none=True, exclude={"photo"})
        said.append([type(call).__name__, repr(written), repr(answer)])
    return said


if __name__ == "__main__":
    said = everything()
    # Unlike what getrusage tells, this begins anew with the program.
    size = next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    sys.stdout.write(json.dumps({"put_off": postpone, "took": took, "size": size, "said": said}))
