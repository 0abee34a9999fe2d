"""What a tab proves itself with: a chat id and a day under a MAC; and a proof of work (Hashcash, 2002)."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import struct
from collections.abc import Callable

_HEAD = struct.Struct(">QH")  # chat id, and days since 1970
_DAY_SECONDS = 24 * 3600
CHAT_ID_BITS = 52  # Telegram: "at most 52 significant bits"

BITS = 18  # a quarter of a million SHA-256 on average: a second on a phone, and a core for 20 minutes for 5,000 tabs


def new_chat_id() -> int:
    """Draw a positive chat id of at most 52 bits.

    Source: https://core.telegram.org/bots/api#chat. Two of a million chats share one with a chance of 1 in 9,000.
    """
    return 1 + secrets.randbelow((1 << CHAT_ID_BITS) - 1)


def new_bot_token(bot_id: int) -> str:
    """Draw a Bot API token in Telegram's form, ``<bot id>:<35 characters>``."""
    return f"{bot_id}:{secrets.token_urlsafe(27)[:35]}"


class Signer:
    """Signs what a page is handed and brings back; the key is the only state.

    ``secret`` has at least 16 bytes; the same bytes after a restart accept what was signed before it. ``clock`` gives
    seconds since 1970. Every MAC is HMAC-SHA-256 (RFC 2104) over a label, a zero byte and the signed bytes.
    A session token is good on the day (UTC) it was made and on the next, so chats that were left for good need to be
    remembered for two days only.

    ``former`` is a secret that another one has replaced, and the last day (since 1970) on which it signed: sessions of
    up to that day, and what was accepted in them, are known still.

    Raises:
        ValueError: ``secret`` is shorter than 16 bytes.
    """

    def __init__(self, secret: bytes, clock: Callable[[], float], former: tuple[bytes, int] | None = None) -> None:
        if len(secret) < 16:
            raise ValueError("the web chat's secret is shorter than 16 bytes")
        self._secret, self._clock = secret, clock
        self._former: bytes | None = None
        self._until = 0
        if former is not None:
            self._former, self._until = former

    def session(self, chat_id: int) -> str:
        """Return today's session token of a chat: base64url of id, day and their MAC.

        Whoever has it is the chat's person until the next day is over: it stands in request bodies alone, never in an
        address.
        """
        return self._session(chat_id, self._today())

    def chat_of(self, token: str) -> int | None:
        """Return the chat a session token stands for, or None when it is not ours or is over.

        Args:
            token: As it came; anybody can send anything. It is compared as written, in constant time.
        """
        found = self._read(token)
        return found[0] if found and found[1] >= self._today() - 1 else None

    def is_of_today(self, token: str) -> bool:
        """Tell whether a session token is ours and need not be renewed yet."""
        found = self._read(token)
        return found is not None and self._is_ours(token, *found, self._secret) and found[1] == self._today()

    def marks(self, chat_id: int) -> tuple[bytes, ...]:
        """Return what stands for a chat where its id must not be read: 32 bytes, the one of now first."""
        body = struct.pack(">Q", chat_id)
        return tuple(self._mac(b"left", body, secret) for secret in (self._secret, self._former) if secret)

    def device_cookie(self, mark: str) -> str:
        """Return what a browser keeps of its mark: the mark and its MAC, so that it cannot be forged."""
        return f"{mark}.{self._mac(b'device cookie', mark.encode()).hex()}"

    def device_mark(self, cookie: str) -> str:
        """Return the mark in what `device_cookie` gave, or "" when it is not ours.

        Args:
            cookie: As it came; anybody can send anything.
        """
        mark = cookie.partition(".")[0].encode("utf-8", "replace").decode()
        return mark if hmac.compare_digest(self.device_cookie(mark).encode(), cookie.encode("utf-8", "replace")) else ""

    def device(self, mark: str) -> str:
        """Return what stands for a browser's own mark where the mark itself must not be read; 64 hexadecimal digits."""
        return self._mac(b"device", mark.encode("utf-8", "replace")).hex()

    def _session(self, chat_id: int, day: int, secret: bytes | None = None) -> str:
        head = _HEAD.pack(chat_id, day)
        return base64.urlsafe_b64encode(head + self._mac(b"session", head, secret)).decode()

    def _is_ours(self, token: str, chat_id: int, day: int, secret: bytes) -> bool:
        return hmac.compare_digest(self._session(chat_id, day, secret).encode(), token.encode())

    def _read(self, token: str) -> tuple[int, int] | None:
        try:
            chat_id, day = _HEAD.unpack(base64.urlsafe_b64decode(token.encode())[: _HEAD.size])
        except (binascii.Error, ValueError, struct.error):
            return None
        # Compared as written, so that there is no other spelling of a token.
        former = self._former if day <= self._until else None
        ours = any(self._is_ours(token, chat_id, day, secret) for secret in (self._secret, former) if secret)
        return (chat_id, day) if ours else None

    def _today(self) -> int:
        return int(self._clock() // _DAY_SECONDS)

    def ticket(self, chat_id: int, client_id: str, ids: list[int]) -> str:
        """Return the proof that an input was accepted under these ids, to be shown again after a restart.

        Args:
            chat_id: Whose input it was.
            client_id: The page's own id of it.
            ids: The ids of its updates: with the ticket they are given to the bot under the same ones, and do nothing
                twice.
        """
        return self._mac(b"ticket", _ticket_bytes(chat_id, client_id, ids)).hex()

    def ticket_holds(self, chat_id: int, client_id: str, ids: list[int], ticket: str) -> bool:
        """Tell whether ``ticket`` was made by us for exactly this input."""
        body, told = _ticket_bytes(chat_id, client_id, ids), ticket.encode("utf-8", "replace")
        secrets_of_both = (secret for secret in (self._secret, self._former) if secret)
        return any(
            hmac.compare_digest(self._mac(b"ticket", body, secret).hex().encode(), told) for secret in secrets_of_both
        )

    def _mac(self, label: bytes, body: bytes, secret: bytes | None = None) -> bytes:
        return hmac.new(secret or self._secret, label + b"\0" + body, hashlib.sha256).digest()


def _ticket_bytes(chat_id: int, client_id: str, ids: list[int]) -> bytes:
    return json.dumps([chat_id, client_id, ids]).encode()


def proves(token: str, nonce: str) -> bool:
    """Tell whether SHA-256 of ``token:nonce`` begins with ``BITS`` zero bits.

    A proof of work in the manner of Hashcash, bound to a session token, so that it serves one tab.
    """
    digest = hashlib.sha256(f"{token}:{nonce}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8]) >> (64 - BITS) == 0
