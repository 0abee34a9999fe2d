"""The sign-in page and its requests on the web chat's public port: JSON over POST, the link's token in the body.

What was typed is in no address and no log. Every link that is not good gets the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.sign_in.mini_app import LONGEST, read_launch
from bot.webchat.base.protocol import JsonObject
from bot.webchat.http.page_bundle import Bundle, bundle
from bot.webchat.http.page_requests import PageRefusal, body_json, text_of
from handlers.desk.sign_in.page_answers import Answer
from handlers.desk.sign_in.pages import Page, SignInPages
from storage.sealing.passkeys.ceremonies import LONGEST as LONGEST_ANSWER

PATH: Final = "signin"
_FOLDER: Final = Path(__file__).parent / "page"
_TOKEN: Final = 64  # characters
_NAME: Final = 200
_CODE: Final = 64
#: Longer than any passphrase that can be set, so that one is refused as it is in a chat.
_PASSPHRASE: Final = 1_000
#: Telegram shows Mini Apps in a frame where it runs in a browser itself.
_IN_TELEGRAM: Final = "https://web.telegram.org"


class SignInRoutes:
    """Serves the page; it says that it is busy until `answer_with` was called.

    `token` is the Telegram bot's, if there is one; `device_of` gives the mark of the browser that a request comes
    from, or "".

    Every method that answers raises PageRefusal for a body that cannot be read.
    """

    def __init__(
        self, token: str | None, now: Callable[[], datetime], device_of: Callable[[web.Request], str] = lambda _: ""
    ) -> None:
        self._token, self._now = token, now
        self._pages: SignInPages | None = None
        self.device_of = device_of
        self._bundle = bundle(_FOLDER, {})
        self._headers = {"Content-Security-Policy": policy(self._bundle, _IN_TELEGRAM if token else "'none'")}

    def answer_with(self, pages: SignInPages) -> None:
        """Answer requests from now on."""
        self._pages = pages

    def table(self) -> list[web.RouteDef]:
        """Return the routes to mount on the public application."""
        return [
            web.get(f"/{PATH}", self.show),
            web.post(f"/{PATH}/begin", self.begin),
            web.post(f"/{PATH}/state", self.state),
            web.post(f"/{PATH}/unlock", self.unlock),
            web.post(f"/{PATH}/join", self.join),
            web.post(f"/{PATH}/code", self.first_code),
            web.post(f"/{PATH}/passkey/ask", self.ask_passkey),
            web.post(f"/{PATH}/passkey/use", self.use_passkey),
            web.post(f"/{PATH}/passkey/add", self.add_passkey),
        ]

    async def show(self, request: web.Request) -> web.Response:
        """Return the page, which is the same for everybody."""
        answer = self._bundle.answer(request, "")
        answer.headers.update(self._headers)
        return answer

    async def begin(self, request: web.Request) -> web.Response:
        """Say what the link is good for."""
        said = await body_json(request)
        return _told(await self._answering.begin(self._page(request, said)))

    async def state(self, request: web.Request) -> web.Response:
        """Say whether the number was said in the chat."""
        said = await body_json(request)
        return _told(await self._answering.state(self._page(request, said)))

    async def unlock(self, request: web.Request) -> web.Response:
        """Take name, passphrase and code."""
        said = await body_json(request)
        name, code = text_of(said, "name", _NAME), text_of(said, "code", _CODE)
        passphrase = text_of(said, "passphrase", _PASSPHRASE)
        return _told(await self._answering.unlock(self._page(request, said), name.strip(), passphrase.strip(), code))

    async def join(self, request: web.Request) -> web.Response:
        """Take a new passphrase."""
        said = await body_json(request)
        passphrase = text_of(said, "passphrase", _PASSPHRASE).strip()
        return _told(await self._answering.join(self._page(request, said), passphrase))

    async def first_code(self, request: web.Request) -> web.Response:
        """Take the first code of whoever joins."""
        said = await body_json(request)
        return _told(await self._answering.first_code(self._page(request, said), text_of(said, "code", _CODE)))

    async def ask_passkey(self, request: web.Request) -> web.Response:
        """Give what the browser is to be asked."""
        said = await body_json(request)
        return _told(await self._answering.ask_passkey(self._page(request, said)))

    async def use_passkey(self, request: web.Request) -> web.Response:
        """Take a browser's answer in the place of both factors."""
        said = await body_json(request)
        answered, prf = text_of(said, "answer", LONGEST_ANSWER), text_of(said, "prf", _CODE)
        return _told(await self._answering.use_passkey(self._page(request, said), answered, prf))

    async def add_passkey(self, request: web.Request) -> web.Response:
        """Take a new passkey."""
        said = await body_json(request)
        answered, prf = text_of(said, "answer", LONGEST_ANSWER), text_of(said, "prf", _CODE)
        return _told(await self._answering.add_passkey(self._page(request, said), answered, prf))

    @property
    def _answering(self) -> SignInPages:
        if self._pages is None:
            raise PageRefusal(503, "busy", 5)
        return self._pages

    def _page(self, request: web.Request, said: JsonObject) -> Page:
        data = text_of(said, "app", LONGEST)
        launch = read_launch(data, self._token, self._now()) if data and self._token else None
        return Page(text_of(said, "link", _TOKEN), launch, self.device_of(request))


def policy(page: Bundle, ancestors: str) -> str:
    """Give the Content-Security-Policy: what stands in the page runs, and it speaks to its own server alone."""
    return (
        f"default-src 'none'; script-src {page.sources('script')}; style-src {page.sources('style')}; "
        f"connect-src 'self'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors {ancestors}"
    )


def _told(answer: Answer) -> web.Response:
    said: Mapping[str, object] = {name: value for name, value in asdict(answer).items() if value}
    return web.json_response(said)
