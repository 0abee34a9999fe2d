"""Every method the web chat's Bot API offers, by its name in lower case, as Telegram compares them."""

from collections.abc import Awaitable, Callable

from bot.webchat.call import Call
from bot.webchat.door import Door
from bot.webchat.methods import answering, deleting, downloading, editing, polling, profile, sending

METHODS: dict[str, Callable[[Door, Call], Awaitable[object]]] = {
    name.lower(): method
    for name, method in {
        "getMe": profile.get_me,
        "getUpdates": polling.get_updates,
        "setWebhook": polling.set_webhook,
        "deleteWebhook": polling.delete_webhook,
        "getWebhookInfo": polling.get_webhook_info,
        "sendMessage": sending.send_message,
        "sendPhoto": sending.send_photo,
        "sendDocument": sending.send_document,
        "sendChatAction": sending.send_chat_action,
        "editMessageText": editing.edit_message_text,
        "editMessageCaption": editing.edit_message_caption,
        "editMessageReplyMarkup": editing.edit_message_reply_markup,
        "deleteMessage": deleting.delete_message,
        "deleteMessages": deleting.delete_messages,
        "answerCallbackQuery": answering.answer_callback_query,
        "getFile": downloading.get_file,
        "setMyCommands": profile.set_my_commands,
        "getMyCommands": profile.get_my_commands,
        "deleteMyCommands": profile.delete_my_commands,
        "setMyName": profile.accept_quietly,
        "setMyDescription": profile.accept_quietly,
        "setMyShortDescription": profile.accept_quietly,
        "setChatMenuButton": profile.accept_quietly,
    }.items()
}
