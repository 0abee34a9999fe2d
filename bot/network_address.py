"""Hosts and addresses of servers as an operator writes them: checked, in one form; nothing is looked up."""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

_NAME: Final = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?")
#: A host and its port, as they stand in an address.
_HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:]+)(?::[0-9]+)?")
#: What has no place in an address, or would be taken out of it without a word.
_ODD: Final = re.compile(r"[\s\x00-\x20\x7f<>\"\\^`{|}#?]")


def read_host(text: str) -> str | None:
    """The name or IP address of a host, without brackets; None if it is neither.

    A name with letters outside ASCII comes back in the form that name servers know it by.
    """
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    if _ODD.search(bare):
        return None
    try:
        return str(ip_address(bare))
    except ValueError:
        pass
    try:
        name = text.encode("idna").decode("ascii").lower()
    except UnicodeError:  # a label that is empty, or too long
        return None
    return name if _NAME.fullmatch(name) else None


def is_on_this_machine(host: str | None) -> bool:
    """Whether nothing that goes to `host` leaves this machine."""
    if host == "localhost":
        return True
    try:
        return host is not None and ip_address(host).is_loopback
    except ValueError:
        return False


def split_url(text: str, schemes: Collection[str]) -> SplitResult | None:
    """An address of one of `schemes` in its parts; None if it has another one, no host, or a port that cannot be.

    Neither a query nor a fragment is allowed. The port, where there is one, is 1 to 65535.
    """
    if _ODD.search(text):
        return None
    try:
        found = urlsplit(text)
        port = found.port
    except ValueError:
        return None
    host = _HOST.fullmatch(found.netloc.rpartition("@")[2])
    if found.scheme not in schemes or host is None or read_host(host[1]) is None or port == 0:
        return None
    return found
