"""The certificates that aiogram's sessions trust, read once: of hundreds of sessions none uses TLS."""

from __future__ import annotations

import ssl
from collections.abc import Callable

import certifi


def context_maker() -> Callable[..., ssl.SSLContext]:
    """Read them now, and give what serves in the place of `ssl.create_default_context`."""
    read, roots = ssl.create_default_context, certifi.where()
    trusting = read(cafile=roots)

    def create(*purpose: ssl.Purpose, cafile: str | None = None, **more: str) -> ssl.SSLContext:
        return trusting if cafile == roots else read(*purpose, cafile=cafile, **more)

    return create
