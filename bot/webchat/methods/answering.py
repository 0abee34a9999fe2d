"""answerCallbackQuery: what the page says after a tap."""

from bot.webchat.call import Call
from bot.webchat.door import Door
from bot.webchat.entities import units
from bot.webchat.limits import CALLBACK_ANSWER_CHARS
from bot.webchat.wire import bad_request


async def answer_callback_query(door: Door, call: Call) -> bool:
    """Answer a tap, with a text if there is one. https://core.telegram.org/bots/api#answercallbackquery."""
    text = call.text("text")
    if units(text) > CALLBACK_ANSWER_CHARS:
        raise bad_request("MESSAGE_TOO_LONG")
    chat_id, client_id = door.callbacks.answer(call.text("callback_query_id"))
    if not door.chats.has_left(chat_id):
        door.chats.for_bot(chat_id).notify({"answers": client_id, "text": text, "alert": call.flag("show_alert")})
    return True
