"""Keep a picture for the pages: with a palette it is a quarter as large. It needs Pillow (`pip install pillow`)."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

COLOURS = 64


def keep(picture: bytes, path: Path) -> None:
    """Write a photograph with a palette, and say how large it is."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(path, path.stat().st_size)
