"""E-mail to leads: one neutral letter to one address, through the one mail server that is set."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote, urlsplit

from bot.reading import SettingsError
from handlers.failing import failing

log = logging.getLogger(__name__)

#: Seconds that a letter may take.
_PATIENCE: Final = 30.0
_HERE: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_ADDRESS: Final = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[A-Za-z0-9.-]{1,190}")


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed in: TLS from the first byte, or STARTTLS; without either only on this machine."""

    host: str
    port: int
    tls: bool
    user: str
    password: str = field(repr=False)
    sender: str

    @property
    def here(self) -> bool:
        """Whether it is on this machine, so that nothing is read on the way."""
        return self.host in _HERE

    async def post(self, to: str, subject: str, text: str) -> bool:
        """Hand in one letter; true once the server has taken it. Where that fails the log has the kind of failure only.

        Raises nothing: a line break in an address or a subject is refused as a letter that cannot be written.
        """
        import aiosmtplib  # noqa: PLC0415 - loaded only where a mail server is set

        try:
            letter = _letter(self.sender, to, subject, text)
            await aiosmtplib.send(
                letter,
                hostname=self.host,
                port=self.port,
                use_tls=self.tls,
                start_tls=not (self.tls or self.here),
                username=self.user or None,
                password=self.password or None,
                timeout=_PATIENCE,
            )
        except (aiosmtplib.SMTPException, OSError, ValueError, TimeoutError) as error:
            log.warning("a letter was not taken", extra=failing(error))
            return False
        return True


def read_mail(get: Callable[[str], str]) -> MailServer | None:
    """Read the mail server out of settings by name; None where none is set.

    Raises:
        SettingsError: One of them cannot be used.
    """
    url = get("HARK_SMTP_URL")
    if not url:
        return None
    found = urlsplit(url)
    if found.scheme not in {"smtp", "smtps"} or not found.hostname or found.path.strip("/") or found.password:
        raise SettingsError("HARK_SMTP_URL", "smtps://USER@HOST:465 or smtp://USER@HOST:587, without the password")
    sender = get("HARK_SMTP_FROM")
    if not is_address(sender):
        raise SettingsError("HARK_SMTP_FROM", "the address that notices come from")
    tls = found.scheme == "smtps"
    port = found.port or (465 if tls else 587)
    user, password = unquote(found.username or ""), get("HARK_SMTP_PASSWORD")
    return MailServer(found.hostname, port, tls, user, password, sender)


def is_address(text: str) -> bool:
    """Whether a text can be an e-mail address, and nothing but one."""
    return bool(_ADDRESS.fullmatch(text))


def _letter(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, to, subject
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answer to it
    letter.set_content(text)
    return letter
