"""The button that leads to the page on which passphrase and code are typed outside of the chat (decision 29)."""

from __future__ import annotations

from typing import Final

from flows.values.screen import Button, Link, Row, WebApp
from flows.values.text import Text
from handlers.desk.chat.page_links import ToAddPasskey, ToUnlock, Wanted
from handlers.desk.chat.visit import DeskChat, desk

_SAFER: Final = desk("It is safer on a page of its own: what you type there never stands in this chat.")
_OR_HERE: Final = desk("Or go on here.")
_OPEN: Final = desk("Open the sign-in page")
_PASSKEY: Final = desk("Use a passkey")
_ADD: Final = desk("Add a passkey")


def offer(desk_chat: DeskChat, wanted: Wanted) -> tuple[tuple[Text, ...], tuple[Row, ...]]:
    """Give what is said of the page, and the button that leads there; earlier links of the chat are good no more.

    On the web page it is offered for passkeys alone: its own field for secrets stands in no chat either.

    Returns:
        Nothing where there is no page that others cannot listen to, or where too many links are good already.
    """
    if desk_chat.address.door != "web":
        rows = _rows(desk_chat, wanted, _OPEN)
        return ((_SAFER, _OR_HERE), rows) if rows else ((), ())
    by_passkey = isinstance(wanted, ToUnlock) and wanted.invite is None and desk_chat.deps.relying_party is not None
    return (), _rows(desk_chat, wanted, _PASSKEY) if by_passkey else ()


def passkey_rows(desk_chat: DeskChat, wanted: ToAddPasskey) -> tuple[Row, ...]:
    """Give the button that leads to where a passkey is added."""
    return _rows(desk_chat, wanted, _ADD)


def _rows(desk_chat: DeskChat, wanted: Wanted, label: Text) -> tuple[Row, ...]:
    """On Telegram it is a Mini App where the page has HTTPS, since Telegram then says whose hand it is in."""
    url = desk_chat.deps.sign_in_url
    if not url:
        return ()
    in_app = desk_chat.address.door == "telegram" and url.startswith("https://")
    token = desk_chat.places.links.issue(desk_chat.address, wanted, desk_chat.deps.random, in_app=in_app)
    return () if token is None else ((_button(label, url, token, in_app=in_app),),)


def _button(label: Text, url: str, token: str, *, in_app: bool) -> Button:
    """Telegram puts its own data behind the `#` of a Mini App's address; what it says of the person guards that link.

    Anywhere else the token stands behind the `#`, and so in no log of a proxy's.
    """
    return WebApp(label, f"{url}?link={token}") if in_app else Link(label, f"{url}#{token}")
