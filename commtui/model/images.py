"""The type and the size in pixels of an image, by the first bytes of its file."""

from __future__ import annotations

import struct
from typing import Final

BRANDS: Final = {
    b"avif": "image/avif", b"avis": "image/avif",
    b"heic": "image/heic", b"heix": "image/heic", b"hevc": "image/heic",
}  # fmt: skip
"""What a file in the container of MP4 says that it is."""
BEGINNINGS: Final = {
    b"BM": "image/bmp", b"II*\0": "image/tiff", b"MM\0*": "image/tiff",
    b"\xff\x0a": "image/jxl", b"\0\0\0\x0cJXL ": "image/jxl",
}  # fmt: skip


def kind_and_size(data: bytes) -> tuple[str, int, int] | None:
    """(MIME type, width, height) of an image; None for anything else. Zero: not known.

    The size is that of a PNG, JPEG, GIF or WebP.
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        width, height = struct.unpack(">II", data[16:24]) if len(data) >= 24 else (0, 0)
        return "image/png", width, height
    if data[:6] in (b"GIF87a", b"GIF89a"):
        width, height = struct.unpack("<HH", data[6:10]) if len(data) >= 10 else (0, 0)
        return "image/gif", width, height
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp", *_webp(data)
    if data[:2] == b"\xff\xd8":
        return "image/jpeg", *_jpeg(data)
    kind = BRANDS.get(data[8:12]) if data[4:8] == b"ftyp" else None
    kind = kind or next((BEGINNINGS[start] for start in BEGINNINGS if data.startswith(start)), None)
    return (kind, 0, 0) if kind else None


def _webp(data: bytes) -> tuple[int, int]:
    form = data[12:16]
    if form == b"VP8X" and len(data) >= 30:
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if form == b"VP8L" and len(data) >= 25:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if form == b"VP8 " and len(data) >= 30:
        width, height = struct.unpack("<HH", data[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


def _jpeg(data: bytes) -> tuple[int, int]:
    """From the frame's header; turned where the camera says so."""
    at, turned = 2, False
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            at += 1
            continue
        marker = data[at + 1]
        if marker == 0xFF or 0xD0 <= marker <= 0xD9 or marker == 1:
            at += 1 if marker == 0xFF else 2
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return (height, width) if turned else (width, height)
        length = int.from_bytes(data[at + 2 : at + 4])
        if marker == 0xE1:
            turned = turned or _turned(data[at + 4 : at + 2 + length])
        at += 2 + max(length, 2)
    return 0, 0


def _turned(exif: bytes) -> bool:
    """Whether an Exif block says that width and height change places (orientations 5 to 8)."""
    body = exif[6:]
    if not exif.startswith(b"Exif\0\0") or len(body) < 8:
        return False
    order = "<" if body[:2] == b"II" else ">"
    try:
        (start,) = struct.unpack_from(f"{order}I", body, 4)
        (count,) = struct.unpack_from(f"{order}H", body, start)
        for index in range(count):
            tag, _, _, value = struct.unpack_from(f"{order}HHIH", body, start + 2 + 12 * index)
            if tag == 0x0112:
                return bool(5 <= value <= 8)
    except struct.error:
        pass
    return False
