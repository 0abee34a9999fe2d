"""E-mail to leads: one neutral letter to one address, through the one mail server that is set."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from email.errors import MessageError
from email.message import EmailMessage
from typing import Final
from urllib.parse import unquote

from bot.deployment.value_checks import SettingsError, is_on_this_machine, read_host, split_url
from flows.values.email_address import is_mail_address
from handlers.telegram.failures import error_fields

log = logging.getLogger(__name__)

#: Seconds that a letter may take.
_PATIENCE: Final = 30.0
#: What HARK_SMTP_URL has to be.
URL_FORM: Final = "smtps://USER@HOST:465 or smtp://USER@HOST:587, without the password"
#: What HARK_SMTP_FROM has to be.
FROM_FORM: Final = "the address that notices come from, such as hark@school.example"


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
        return is_on_this_machine(self.host)

    async def post(self, to: str, subject: str, text: str) -> bool:
        """Hand in one letter; true once the server has taken it. Where that fails the log has the kind of failure only.

        Raises nothing: an address or a subject that no letter can be written with is a letter that is not taken.
        """
        import aiosmtplib  # noqa: PLC0415 - loaded only where a mail server is set

        if not is_mail_address(to):
            log.warning("a letter was not written: its address is none")
            return False
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
        except (aiosmtplib.SMTPException, MessageError, OSError, ValueError, TimeoutError) as error:
            log.warning("a letter was not taken", extra=error_fields(error))
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
    found = split_url(url, {"smtp", "smtps"})
    host = read_host(found.hostname or "") if found else None
    if found is None or host is None or found.path.strip("/") or found.password:
        raise SettingsError("HARK_SMTP_URL", URL_FORM)
    sender = get("HARK_SMTP_FROM")
    if not is_mail_address(sender):
        raise SettingsError("HARK_SMTP_FROM", FROM_FORM)
    tls = found.scheme == "smtps"
    port = found.port or (465 if tls else 587)
    user, password = unquote(found.username or ""), get("HARK_SMTP_PASSWORD")
    return MailServer(host, port, tls, user, password, sender)


def _letter(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, to, subject
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answer to it
    letter.set_content(text)
    return letter
