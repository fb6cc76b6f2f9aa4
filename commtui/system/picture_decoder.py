"""Decodes a picture in a process of its own, which may crash, grow or hang alone. A script of system/pictures.py.

The file comes on stdin; stdout gets a line (format, width and height of the file, then of what
is shown), and the picture. Imports nothing of commtui, and Pillow only.
Usage: picture_decoder.py (info | pixels | png) WIDTH HEIGHT BACKGROUND
"""

from __future__ import annotations

import io
import resource
import sys
from typing import Final

MOST_PIXELS: Final = 50_000_000
"""Pixels of a picture that is decoded; a phone's have 12 to 50 million."""
MEMORY: Final = 2 << 30
"""Bytes of address space."""
SECONDS: Final = 10
"""Of computing."""
FORMATS: Final = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP")
TOO_LARGE, UNREADABLE = 3, 4
"""Exit codes."""


def main(mode: str, width: int, height: int, background: str) -> int:
    """Writes the picture no larger than width x height pixels, on a background; the exit code."""
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_CPU, SECONDS)
    _limit(resource.RLIMIT_CORE, 0)
    data = io.BytesIO(sys.stdin.buffer.read())
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # counted here, before anything is decoded
    Image.init()
    try:
        image = Image.open(data, formats=[name for name in FORMATS if name in Image.OPEN])
        head = f"{image.format} {image.width} {image.height}"
        if image.width * image.height > MOST_PIXELS:
            return TOO_LARGE
        if mode == "info":
            return _write(f"{head} 0 0", b"")
        image.draft("RGB", (width, height))
        shown = ImageOps.exif_transpose(image).convert("RGBA")
        shown.thumbnail((width, height))
        whole = Image.new("RGBA", shown.size, background)
        whole.alpha_composite(shown)
        whole = whole.convert("RGB")
        if mode == "pixels":
            body = whole.tobytes()
        else:
            written = io.BytesIO()
            whole.save(written, "PNG")
            body = written.getvalue()
        return _write(f"{head} {whole.width} {whole.height}", body)
    except MemoryError:
        return TOO_LARGE
    except Exception:  # noqa: BLE001 - a foreign file: Pillow's plug-ins raise whatever they meet
        return UNREADABLE


def _limit(kind: int, most: int) -> None:
    try:
        resource.setrlimit(kind, (most, most))
    except (ValueError, OSError):  # macOS has no limit of the address space; a lower one may be set already
        pass


def _write(head: str, body: bytes) -> int:
    sys.stdout.buffer.write(head.encode() + b"\n" + body)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
