"""Copies the pixels of a photo into a new JPEG: what else a file holds (place, comment, a second file) stays behind.

Of each there is a blur too: a grid so coarse that it tells light from dark, and nobody from anybody.
"""

from __future__ import annotations

import io
import warnings
from typing import Final

from PIL import Image, ImageFilter

#: Pixels of a picture that is opened at all, and of the longer side of the copy.
MOST_PIXELS: Final = 50_000_000
LONGEST_SIDE: Final = 2_560
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITY: Final = 85
#: Pixels of the longer side of what a blur is made of, and of the blur.
_GRID: Final = 16
_BLUR_SIDE: Final = 480


def copied(content: bytes) -> bytes:
    """Return a JPEG of the same pixels, upright, its longer side 2,560 at most.

    Raises:
        OSError: It is none of the three formats, or is cut or broken.
        PIL.Image.DecompressionBombError: It has more than 50 million pixels.
        PIL.Image.DecompressionBombWarning: Likewise.
    """
    return _jpeg(_fresh(content))


def blurred(content: bytes) -> bytes:
    """Return a JPEG of some 16 pixels of it on the longer side, drawn large and soft.

    Raises:
        OSError: As `copied`, as for the others.
        PIL.Image.DecompressionBombError: Likewise.
        PIL.Image.DecompressionBombWarning: Likewise.
    """
    seen = _fresh(content)
    seen.thumbnail((_GRID, _GRID))
    longest = max(seen.size)
    size = tuple(max(1, side * _BLUR_SIDE // longest) for side in seen.size)
    drawn = seen.resize((size[0], size[1]), Image.Resampling.BICUBIC)
    return _jpeg(drawn.filter(ImageFilter.GaussianBlur(_BLUR_SIDE / _GRID / 2)))


def _fresh(content: bytes) -> Image.Image:
    """Put the pixels into a picture that was never a file, upright."""
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
    return fresh


def _jpeg(picture: Image.Image) -> bytes:
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=_QUALITY)
    return made.getvalue()
