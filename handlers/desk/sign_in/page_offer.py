"""The button that leads to the page on which passphrase and code are typed outside of the chat (decision 26)."""

from __future__ import annotations

from typing import Final

from flows.values.screen import Button, Link, Row, WebApp
from handlers.desk.chat.page_links import Wanted
from handlers.desk.chat.visit import DeskChat, desk

#: What stands above the button.
SAFER: Final = desk("It is safer on a page of its own: what you type there never stands in this chat.")
#: What stands before the way in the chat.
OR_HERE: Final = desk("Or go on here.")
_LABEL: Final = desk("Open the sign-in page")


def page_rows(desk_chat: DeskChat, wanted: Wanted) -> tuple[Row, ...]:
    """Give the button with a new one-time link for `wanted`; earlier links of the chat are good no more.

    On Telegram it is a Mini App where the page has HTTPS, since Telegram then says whose hand it is in. On the web page
    there is none: its own field for secrets stands in no chat either.

    Returns:
        Nothing where there is no page that others cannot listen to, or where too many links are good already.
    """
    url = desk_chat.deps.sign_in_url
    if not url or desk_chat.address.door == "web":
        return ()
    in_app = url.startswith("https://")
    token = desk_chat.places.links.issue(desk_chat.address, wanted, desk_chat.deps.random, in_app=in_app)
    return () if token is None else ((_button(url, token, in_app=in_app),),)


def _button(url: str, token: str, *, in_app: bool) -> Button:
    """Telegram puts its own data behind the `#` of a Mini App's address; what it says of the person guards that link.

    Anywhere else the token stands behind the `#`, and so in no log of a proxy's.
    """
    return WebApp(_LABEL, f"{url}?link={token}") if in_app else Link(_LABEL, f"{url}#{token}")
