"""The Bot API over HTTP: every method by name, bodies, errors in Telegram's shape, and the faults of tests."""

import hmac
import logging
import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.webchat.base.faults import Fault
from bot.webchat.base.protocol import DOCUMENT_BYTES, JsonObject, Refusal, bad_request
from bot.webchat.bot_api import editing, profile, sending, updates
from bot.webchat.bot_api.call import Call, TooMuch, read_form
from bot.webchat.chat.state import WebChatState

METHODS: dict[str, Callable[[WebChatState, Call], Awaitable[object]]] = {
    name.lower(): method
    for name, method in {
        "getMe": profile.get_me,
        "getUpdates": updates.get_updates,
        "setWebhook": updates.set_webhook,
        "deleteWebhook": updates.delete_webhook,
        "getWebhookInfo": updates.get_webhook_info,
        "sendMessage": sending.send_message,
        "sendPhoto": sending.send_photo,
        "sendDocument": sending.send_document,
        "sendChatAction": sending.send_chat_action,
        "editMessageText": editing.edit_message_text,
        "editMessageCaption": editing.edit_message_caption,
        "editMessageReplyMarkup": editing.edit_message_reply_markup,
        "deleteMessage": editing.delete_message,
        "deleteMessages": editing.delete_messages,
        "answerCallbackQuery": profile.answer_callback_query,
        "getFile": profile.get_file,
        "setMyCommands": profile.set_my_commands,
        "getMyCommands": profile.get_my_commands,
        "deleteMyCommands": profile.delete_my_commands,
        "setMyName": profile.accept_quietly,
        "setMyDescription": profile.accept_quietly,
        "setMyShortDescription": profile.accept_quietly,
        "setChatMenuButton": profile.accept_quietly,
    }.items()
}


_TOKEN = re.compile(r"[1-9]\d*:[\w-]+", re.ASCII)  # what does not look like one is no address, as at Telegram
_BODY_BYTES = DOCUMENT_BYTES + 1024 * 1024
log = logging.getLogger(__name__)


class BotApi:
    """Answers ``/bot<token>/<method>`` and ``/file/bot<token>/<path>`` for one door and one token."""

    def __init__(self, door: WebChatState, token: str) -> None:
        self._door, self._token = door, token

    def app(self) -> web.Application:
        """Build the application; it keeps no log of its own."""
        app = web.Application(client_max_size=_BODY_BYTES)
        app.router.add_route("*", "/bot{token}/{method}", self.call)
        app.router.add_get("/file/bot{token}/{path:.+}", self.file)
        app.router.add_route("*", "/{rest:.*}", _not_found)
        return app

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Run one method and answer as Telegram does: errors with their HTTP status and the same in the body.

        Names of methods are taken in any case. A fault that a test has set comes before the call or after it.
        """
        name = request.match_info["method"]
        fault = self._door.faults.take(name)
        if fault is not None and not fault.after and not await _held(fault):
            return _spoilt(request, fault)
        response = await self._answer(request, name)
        if fault is not None and fault.after and not await _held(fault):
            return _spoilt(request, fault)
        return response

    async def _answer(self, request: web.Request, name: str) -> web.Response:
        try:
            return web.json_response({"ok": True, "result": await self._run(request, name)})
        except Refusal as refusal:
            return _refused(refusal)
        except Exception as error:  # noqa: BLE001 - a bug must still answer in Telegram's shape, and say no content
            log.error("the web chat's %s failed: %s", name[:40], type(error).__name__)  # noqa: TRY400 - a traceback may carry content
            return _refused(Refusal(500, "Internal Server Error"))

    async def _run(self, request: web.Request, name: str) -> object:
        self._require_token(request)
        method = METHODS.get(name.lower())
        if method is None:
            raise Refusal(404, "Not Found: method not found")
        try:
            form = await read_form(request, _BODY_BYTES)
        except TooMuch:
            raise Refusal(413, "Request Entity Too Large") from None
        except ValueError:
            raise bad_request("can't parse request body") from None
        return await method(self._door, Call(form))

    def _require_token(self, request: web.Request) -> None:
        said = request.match_info["token"]
        if not _TOKEN.fullmatch(said):
            raise Refusal(404, "Not Found")
        if not hmac.compare_digest(said.encode(), self._token.encode()):
            raise Refusal(401, "Unauthorized")

    async def file(self, request: web.Request) -> web.Response:
        """Give out a file's bytes."""
        try:
            self._require_token(request)
        except Refusal as refusal:
            return _refused(refusal)
        file = self._door.files.get(request.match_info["path"].removeprefix("files/"))
        if file is None:
            return await _not_found(request)
        return web.Response(body=file.content, content_type="application/octet-stream")


async def _not_found(request: web.Request) -> web.Response:  # noqa: ARG001 - a handler's shape
    return _refused(Refusal(404, "Not Found"))


def _refused(refusal: Refusal) -> web.Response:
    return web.json_response(refusal.body(), status=refusal.code, headers=_headers(refusal.body()))


def _headers(body: JsonObject) -> dict[str, str]:
    """Say ``retry_after`` in HTTP's own way too, as Telegram does."""
    wait = body.get("parameters", {}).get("retry_after")
    return {} if wait is None else {"Retry-After": str(wait)}


async def _held(fault: Fault) -> bool:
    """Wait for the fault's release if it has one; tell whether the call then goes on as usual."""
    fault.reached.set()
    if fault.release is not None:
        await fault.release.wait()
    return fault.passes


def _spoilt(request: web.Request, fault: Fault) -> web.StreamResponse:
    if fault.status is None and request.transport is not None:
        request.transport.abort()
    status = fault.status or 502
    if isinstance(fault.body, dict):
        return web.json_response(fault.body, status=status, headers=_headers(fault.body))
    return web.Response(text=fault.body, status=status, content_type="text/html")
