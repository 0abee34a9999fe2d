"""Copies the pixels of a photo into a new JPEG: what else a file holds (place, comment, a second file) stays behind."""

from __future__ import annotations

import io
import warnings
from typing import Final

from PIL import Image

#: Pixels of a picture that is opened at all, and of the longer side of the copy.
MOST_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 2_560
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITY: Final = 85


def copied(content: bytes) -> bytes:
    """Return a JPEG of the same pixels, upright, its longer side 2,560 at most.

    Raises:
        OSError: It is none of the three formats, or is cut or broken.
        PIL.Image.DecompressionBombError: It has more than 50 million pixels.
        PIL.Image.DecompressionBombWarning: Likewise.
    """
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded no larger than it is needed
        turned = opened.getexif().get(0x0112, 1)
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        # Saving what was opened would keep a comment: the pixels go into a picture that was never a file.
        fresh = Image.new("RGB", opened.size, "white")
        seen = opened.convert("RGBA") if opened.mode in {"RGBA", "LA", "PA", "P"} else opened.convert("RGB")
        fresh.paste(seen, mask=seen.getchannel("A") if seen.mode == "RGBA" else None)
    if turned in {3, 6, 8}:
        fresh = fresh.transpose(
            {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_270, 8: Image.Transpose.ROTATE_90}[turned]
        )
    made = io.BytesIO()
    fresh.save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()
