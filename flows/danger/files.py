"""Whether a file may be asked for, and what one is: never where it is sexual, about pictures, or not known yet.

What is not asked for is not fetched either. A file that came is known by its first bytes alone: what its sender's
machine calls it decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flows.danger.crisis_phrases import PhraseClass, Phrases, look
from flows.loading.categories import Categories
from flows.values.deeds import Media

#: Bytes of one file, which is held in memory whole.
MOST_BYTES: Final = 10 * 1024 * 1024
#: Files that a reporter may add to one case.
MOST_FILES: Final = 20

_INTIMATE: Final[frozenset[PhraseClass]] = frozenset({"sexual", "sextortion", "grooming"})
#: Sources: JPEG (ISO/IEC 10918-1), PNG (W3C), PDF (ISO 32000-1), Ogg (RFC 3533).
_SIGNATURES: Final[tuple[tuple[bytes, Media], ...]] = (
    (b"\xff\xd8\xff", "photo"),
    (b"\x89PNG\r\n\x1a\n", "photo"),
    (b"%PDF-", "pdf"),
    (b"OggS", "voice"),
)
_RIFF: Final = b"RIFF"
_WEBP: Final = b"WEBP"


def may_come(categories: Categories, phrases: Phrases, codes: Iterable[str], words: Iterable[str]) -> bool:
    """Return whether a file may be asked for in a case, as far as its own kind goes.

    Args:
        categories: As the definitions have them.
        phrases: Crisis phrases, of which those of sexual harm, of pictures and of grooming rule it out, surely meant
            or not.
        codes: What the case is about; nothing yet rules it out.
        words: Everything that its reporter wrote.
    """
    return categories.may_have_files(codes) and not is_intimate(phrases, words)


def is_intimate(phrases: Phrases, words: Iterable[str]) -> bool:
    """Return whether words speak of sexual harm, of such pictures or of grooming, surely or perhaps."""
    return any(hit.phrase_class in _INTIMATE for text in words for hit in look(text, phrases))


def media_of(content: bytes) -> Media | None:
    """Return what a file is by its first bytes: a photo (JPEG, PNG, WebP), a PDF or a voice message; or None."""
    if content[:4] == _RIFF and content[8:12] == _WEBP:
        return "photo"
    return next((media for begin, media in _SIGNATURES if content.startswith(begin)), None)
