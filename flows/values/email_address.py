"""What an e-mail address has to look like to be written to; whether it exists only a letter can tell."""

from __future__ import annotations

import re
from typing import Final

#: RFC 5321, section 4.1.2: a dot-string of at most 64 letters, and host names of at most 63; no quoted string, no
#: address in brackets, nothing outside ASCII (that needs SMTPUTF8, which few servers of schools speak).
_ADDRESS: Final = re.compile(
    r"(?=.{1,64}@)[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])",
    re.ASCII | re.IGNORECASE,
)
_LONGEST: Final = 254  # RFC 5321, section 4.5.3.1.3, without its angle brackets


def is_mail_address(text: str) -> bool:
    """Return whether `text` is one e-mail address and nothing else.

    The form is that of RFC 5321 which mail servers take: at most 254 characters, no comments, no quoted local part.
    Line breaks are in none, so that it cannot add a header.
    """
    return len(text) <= _LONGEST and bool(_ADDRESS.fullmatch(text))
