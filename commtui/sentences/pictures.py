"""Why a picture is not shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WHY: Final[Mapping[str, str]] = {
    "off": 'pictures are off; `images = "auto"` in the config shows them',
    "ssh": 'pictures are off over SSH; `images = "half-blocks"` in the config shows them all the same',
    "colours": "pictures need a terminal with 256 colours",
    "kitty-depth": "kitty's pictures need true colour, and no GNU screen",
    "no-pillow": "pictures need Pillow: python -m pip install 'commtui[images]'",
    "unreadable": "it is no picture that can be shown: PNG, JPEG, GIF, WebP, AVIF and BMP are",
    "pixels": "it has too many pixels to be shown here",
    "size": "it is larger than 16 MB",
    "time": "decoding it took too long",
}
"""Reason -> words: of painter.pictures.Refusal, and of system.pictures.NotDecoded."""
