"""The mark by which a browser is known again: a cookie that no script reads, kept only where the bot asked for it.

The bot never has the mark itself: it is told what stands for it, and only beside a text from a field for secrets.
"""

import secrets

from aiohttp import web

from bot.webchat.base.tokens import Signer
from bot.webchat.chat.chats import Chat

COOKIE = "device"
_BYTES = 24
_SECONDS = 400 * 24 * 3600  # as long as browsers keep a cookie at most


class Devices:
    """Reads marks from requests, draws new ones, and hands them out; the signer's key is the only state."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer

    def note(self, request: web.Request, chat: Chat) -> None:
        """Note the mark that a request brings, or draw one for a browser that has none and may be told to keep it.

        A mark is 24 random bytes in base64url. Whoever brings a cookie that is not ours has none.
        """
        chat.device = self._brought(request) or chat.device or secrets.token_urlsafe(_BYTES)

    def keep(self, request: web.Request, response: web.Response, chat: Chat) -> None:
        """Tell the browser to keep the chat's mark, if it is to and has not.

        Without a path the cookie goes to the page's own requests only, whatever path a proxy puts before them (RFC
        6265, 5.1.4).
        """
        if not chat.keeps_device or not chat.device or self._brought(request) == chat.device:
            return
        safe = "; Secure" if request.headers.get("Origin", "").startswith("https:") else ""
        said = f"{COOKIE}={self._signer.device_cookie(chat.device)}; Max-Age={_SECONDS}; HttpOnly; SameSite=Strict"
        response.headers["Set-Cookie"] = said + safe

    def _brought(self, request: web.Request) -> str:
        return self._signer.device_mark(request.cookies.get(COOKIE, ""))
