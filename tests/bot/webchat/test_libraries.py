"""Two independent clients take the web chat for Telegram: python-telegram-bot runs a stock bot on it, aiogram calls it.

python-telegram-bot keeps what it does not know in ``api_kwargs``: that nothing is kept there proves the shapes.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
from aiogram import Bot as AiogramBot
from aiogram import exceptions, types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from telegram import (
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    MessageEntity,
    TelegramObject,
    Update,
)
from telegram import error as ptb_errors
from telegram.constants import MessageEntityType
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.updates.bot_session import JsonSession
from bot.webchat.base.protocol import JsonObject
from bot.webchat.server import WebChat
from tests.bot.webchat.bot_api import Api, until
from tests.bot.webchat.kinds import Arrive
from tests.person import Person

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x1e\0\0\0\x14" + b"\0" * 8

# Fields of a newer Bot API than python-telegram-bot 22.8 knows, by the class it finds them in. None so far.
NEWER: dict[str, set[str]] = {}


def unknown_fields(thing: object) -> Iterator[tuple[str, str]]:
    """Walk everything python-telegram-bot parsed and yield (class, field) of what it had no place for."""
    if isinstance(thing, TelegramObject):
        name = type(thing).__name__
        yield from ((name, field) for field in thing.api_kwargs if field not in NEWER.get(name, set()))
        for field in thing.to_dict(recursive=False).values():
            yield from unknown_fields(field)
    elif isinstance(thing, list | tuple):
        for one in thing:
            yield from unknown_fields(one)


class StockBot:
    """Echoes, asks with buttons, edits, deletes and takes files, as the library's own examples do."""

    def __init__(self, chat: WebChat) -> None:
        builder = Application.builder().token(chat.token).base_url(f"{chat.api_url}/bot")
        self.app = builder.base_file_url(f"{chat.api_url}/file/bot").build()
        self.parsed: list[object] = []
        self.app.add_handler(CommandHandler("start", self.start))
        self.app.add_handler(CallbackQueryHandler(self.tapped))
        self.app.add_handler(MessageHandler(filters.Document.ALL, self.filed))
        self.app.add_handler(MessageHandler(filters.TEXT, self.echo))

    async def start(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        self.parsed.append(update)
        keys = [
            [InlineKeyboardButton("Edit", callback_data="edit"), InlineKeyboardButton("Delete", callback_data="del")]
        ]
        keys.append([InlineKeyboardButton("Copy", copy_text=CopyTextButton("words"))])
        assert update.message is not None
        self.parsed.append(
            await update.message.reply_text(
                "Hello you",
                entities=[MessageEntity(MessageEntityType.BOLD, 0, 5), MessageEntity(MessageEntityType.CODE, 6, 3)],
                reply_markup=InlineKeyboardMarkup(keys),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                protect_content=True,
                do_quote=True,
            )
        )

    async def tapped(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        self.parsed.append(update)
        query = update.callback_query
        assert query is not None
        await query.answer(text="Done")
        if query.data == "edit":
            self.parsed.append(await query.edit_message_text("Edited", reply_markup=query.message.reply_markup))
        else:
            await query.delete_message()

    async def filed(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        self.parsed.append(update)
        assert update.message is not None
        assert update.message.document is not None
        file = await update.message.document.get_file()
        content = bytes(await file.download_as_bytearray())
        self.parsed += [file, await update.message.reply_document(InputFile(content[::-1], "back.txt"), caption="Back")]

    async def echo(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        self.parsed.append(update)
        assert update.message is not None
        self.parsed.append(await update.message.reply_text(update.message.text or ""))


@pytest.fixture
async def stock(chat: WebChat) -> AsyncIterator[StockBot]:
    bot = StockBot(chat)
    async with bot.app:
        await bot.app.start()
        assert bot.app.updater is not None
        await bot.app.updater.start_polling(timeout=2)
        yield bot
        await bot.app.updater.stop()
        await bot.app.stop()


async def test_a_stock_bot_of_another_library_runs_on_it(stock: StockBot, arrive: Arrive) -> None:
    person = await arrive()
    shown = await person.wait_to_see("Hello you")
    assert shown.codes == ["you"]
    assert shown.protect
    await person.type("an echo")
    await person.wait_to_see("an echo")
    await person.tap("Edit")
    await person.wait_to_see("Edited")
    await person.tap("Delete")
    await person.wait_for(lambda: not person.sees("Edited"))
    await person.upload("note.txt", b"abc", mime="text/plain")
    assert await person.download(await person.wait_to_see("Back")) == b"cba"
    await person.settled()
    me = await stock.app.bot.get_me()
    stock.parsed += [me, await stock.app.bot.get_webhook_info(), await stock.app.bot.get_my_commands()]
    assert len(stock.parsed) >= 12
    assert list(unknown_fields(stock.parsed)) == []
    assert me.name == "@web_chat_bot"


async def test_that_library_meets_telegrams_errors_as_its_own(stock: StockBot, arrive: Arrive) -> None:
    person = await arrive()
    await person.wait_to_see("Hello")
    chat_id = next(one.effective_chat.id for one in stock.parsed if isinstance(one, Update) and one.effective_chat)
    bot = stock.app.bot
    with pytest.raises(ptb_errors.BadRequest, match="Message is too long"):
        await bot.send_message(chat_id, "x" * 4097)
    with pytest.raises(ptb_errors.InvalidToken):
        await type(bot)("1:wrong", base_url=bot.base_url.replace(bot.token, "")).initialize()
    await person.leave()
    with pytest.raises(ptb_errors.Forbidden, match="bot was blocked by the user"):
        await bot.send_message(chat_id, "x")


async def test_that_library_meets_a_flood(stock: StockBot, chat: WebChat, arrive: Arrive) -> None:
    person = await arrive()
    await person.wait_for(lambda: person.heard)  # the stock bot's own greeting must not meet the flood
    chat.faults.flood("sendMessage", 3)
    with pytest.raises(ptb_errors.RetryAfter) as flood:
        await stock.app.bot.send_message(1, "x")
    assert flood.value.retry_after in {3, timedelta(seconds=3)}


async def test_what_that_library_cannot_provoke_is_parsed_by_it_too(api: Api, person: Person, chat_id: int) -> None:
    sent = await api.ok("sendMessage", chat_id=chat_id, text="x", reply_markup=ForceReply().to_dict())
    await person.type("reply", reply_to=sent["message_id"])
    await person.upload("p.png", PNG, mime="image/png")
    await person.tap_data(1, "gone")
    await person.leave()
    raw = await api.updates()
    updates = [Update.de_json(one, None) for one in raw]
    reply, photo, query, left = updates
    assert reply.message.reply_to_message.text == "x"
    assert photo.message.photo[-1].width == 30
    assert not query.callback_query.message.is_accessible
    as_aiogram = [types.Update.model_validate(one) for one in raw]
    assert isinstance(as_aiogram[2].callback_query.message, types.InaccessibleMessage)
    assert left.my_chat_member.new_chat_member.status == "kicked"
    assert list(unknown_fields(updates)) == []


@pytest.fixture(params=[AiohttpSession, JsonSession])
async def aiogram(chat: WebChat, request: pytest.FixtureRequest) -> AsyncIterator[AiogramBot]:
    bot = AiogramBot(chat.token, session=request.param(api=TelegramAPIServer.from_base(chat.api_url)))
    yield bot
    await bot.session.close()


async def test_aiogram_speaks_with_it(aiogram: AiogramBot, api: Api, person: Person, chat_id: int) -> None:
    key = types.InlineKeyboardButton(text="Go", callback_data="go", style="danger")
    keys = types.InlineKeyboardMarkup(inline_keyboard=[[key]])
    bold = types.MessageEntity(type="bold", offset=0, length=2)
    sent = await aiogram.send_message(chat_id, "Hi", entities=[bold], reply_markup=keys, protect_content=True)
    assert [one.model_dump() for one in sent.entities or []] == [bold.model_dump()]
    await person.tap("Go")
    (update,) = [types.Update.model_validate(one) for one in await api.updates()]
    assert update.callback_query is not None
    assert isinstance(update.callback_query.message, types.Message)
    await aiogram.answer_callback_query(update.callback_query.id, text="ok")
    photo = await aiogram.send_photo(chat_id, types.BufferedInputFile(PNG, "p.png"), caption="Scan")
    assert photo.photo is not None
    assert await person.download(await person.wait_to_see("Scan")) == PNG
    await aiogram.edit_message_text("Bye", chat_id=chat_id, message_id=sent.message_id)
    await aiogram.delete_messages(chat_id, [sent.message_id, photo.message_id])
    await person.wait_for(lambda: not person.heard)
    await aiogram.set_my_commands([types.BotCommand(command="help", description="Help")], language_code="en")
    await person.wait_for(lambda: person.commands)


async def test_aiogram_meets_telegrams_errors_as_its_own(aiogram: AiogramBot, chat: WebChat, chat_id: int) -> None:
    with pytest.raises(exceptions.TelegramBadRequest, match="message text is empty"):
        await aiogram.send_message(chat_id, "")
    chat.faults.flood("sendMessage", 9)
    with pytest.raises(exceptions.TelegramRetryAfter) as flood:
        await aiogram.send_message(chat_id, "x")
    assert flood.value.retry_after == 9
    older = asyncio.create_task(aiogram.get_updates(timeout=30))
    await until(lambda: chat._door.updates._poller and not chat._door.updates._poller.done())
    newer = asyncio.create_task(aiogram.get_updates(timeout=1))
    with pytest.raises(exceptions.TelegramConflictError):
        await older
    assert await newer == []


async def test_nothing_of_what_was_said_is_in_a_log(
    api: Api, person: Person, chat_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await person.type("a canary word")
    said: JsonObject = {"chat_id": chat_id, "text": "a canary answer", "reply_markup": {"inline_keyboard": 5}}
    await api.refused("sendMessage", **said)
    async with api.http.post(api.chat.page_url + "api/send", data=b"\xff canary", headers={"Content-Type": "x"}) as bad:
        assert bad.status == 400
    mine = [one for one in caplog.records if one.name.startswith("bot.webchat")]
    assert not any("canary" in one.getMessage() or api.chat.token in one.getMessage() for one in mine)
