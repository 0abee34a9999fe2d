"""The child: reads one drawing from its input, draws it, writes the bytes to its output, and ends.

It ends with 1 and says nothing where that cannot be done: what it was given stands in no message.
"""

from __future__ import annotations

import os
import sys

from bot.drawing import limits
from bot.drawing.wire import read_drawing
from flows.measures.charts import Drawing, Paper, Photo


def main() -> int:
    """Draw one thing; 0 where it was drawn."""
    limits.shut_in()
    # One thread: each would take address space of its own, and there is one picture to draw.
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    try:
        drawn = _draw(read_drawing(sys.stdin.buffer.read()))
        sys.stdout.buffer.write(drawn)
        sys.stdout.buffer.flush()
    except Exception:  # noqa: BLE001 - whatever it is, nothing is said of it: it may hold what is to be drawn
        return 1
    return 0


def _draw(drawing: Drawing) -> bytes:
    """Load what this kind of drawing takes, and no more."""
    if isinstance(drawing, Photo):
        from bot.drawing.photos import blurred, copied  # noqa: PLC0415 - a chart needs no Pillow

        return blurred(drawing.content) if drawing.blurred else copied(drawing.content)
    if isinstance(drawing, Paper):
        from bot.drawing.papers import pdf  # noqa: PLC0415 - likewise

        return pdf(drawing)
    from bot.drawing.matplotlib_alone import prepare  # noqa: PLC0415 - likewise

    prepare()
    from bot.drawing.pictures import picture  # noqa: PLC0415 - likewise

    return picture(drawing)


if __name__ == "__main__":
    sys.exit(main())
