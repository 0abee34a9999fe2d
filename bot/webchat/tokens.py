"""What a tab proves itself with: a chat id under a MAC, so that a new server process knows the tab again."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import struct

CHAT_ID_BITS = 52  # Telegram: "at most 52 significant bits"


def new_chat_id() -> int:
    """Draw a positive chat id of at most 52 bits."""
    return 1 + secrets.randbelow((1 << CHAT_ID_BITS) - 1)


def new_bot_token(bot_id: int) -> str:
    """Draw a Bot API token in Telegram's form, ``<bot id>:<35 characters>``."""
    return f"{bot_id}:{secrets.token_urlsafe(27)[:35]}"


class Signer:
    """Signs what a page is handed and brings back; the key is the only state.

    ``secret`` of at least 16 bytes; the same bytes after a restart accept what was signed before it.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 16:
            raise ValueError("the web chat's secret is shorter than 16 bytes")
        self._secret = secret

    def session(self, chat_id: int) -> str:
        """Return the session token of a chat: base64url of the id and its MAC."""
        head = struct.pack(">Q", chat_id)
        return base64.urlsafe_b64encode(head + self._mac(b"session", head)).decode()

    def chat_of(self, token: str) -> int | None:
        """Return the chat a session token stands for, or None when it is not ours."""
        try:
            (chat_id,) = struct.unpack(">Q", base64.urlsafe_b64decode(token.encode())[:8])
        except (binascii.Error, ValueError, struct.error):
            return None
        # Compared as written, so that one chat has one token and no other spelling of it.
        return int(chat_id) if hmac.compare_digest(self.session(chat_id).encode(), token.encode()) else None

    def ticket(self, chat_id: int, client_id: str, ids: list[int]) -> str:
        """Return the proof that an input was accepted under these ids, to be shown again after a restart."""
        return self._mac(b"ticket", _ticket_bytes(chat_id, client_id, ids)).hex()

    def ticket_holds(self, chat_id: int, client_id: str, ids: list[int], ticket: str) -> bool:
        """Tell whether ``ticket`` was made by us for exactly this input."""
        wanted = self.ticket(chat_id, client_id, ids)
        return hmac.compare_digest(wanted.encode(), ticket.encode("utf-8", "replace"))

    def _mac(self, label: bytes, body: bytes) -> bytes:
        return hmac.new(self._secret, label + b"\0" + body, hashlib.sha256).digest()


def _ticket_bytes(chat_id: int, client_id: str, ids: list[int]) -> bytes:
    return json.dumps([chat_id, client_id, ids]).encode()
