"""Images on their way out: their size in pixels, and uploading them as blobs."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, Final

from msgspec import Struct, json
from msgspec.structs import replace

from commtui.model.records import Media
from commtui.networks.base import AnswerLost, Refused, Unreachable, Unsupported
from commtui.networks.bluesky.atproto_lexicon import UploadBlob
from commtui.networks.bluesky.xrpc import Xrpc

MOST_BYTES: Final = 2_000_000
"""Of one image, by the lexicon of app.bsky.embed.images."""
TYPES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")
UPLOAD_SECONDS: Final = 600.0


def kind_and_size(data: bytes) -> tuple[str, int, int] | None:
    """(MIME type, width, height) of a PNG, JPEG, GIF or WebP; None for anything else. Zero: not to be read."""
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
    return None


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


class Uploaded(Struct, frozen=True, omit_defaults=True):
    """An uploaded image, as `Media.remote_id` holds it in JSON: the blob as the server gave it, and the size."""

    blob: dict[str, Any]
    size: tuple[int, int] | None = None
    """(width, height) in pixels."""


async def upload(xrpc: Xrpc, media: Media) -> Media:
    """Uploads the image at `media.url`; the result's remote_id holds the blob and the size, as JSON.

    Raises Refused, Unsupported, Unreachable; not AnswerLost, since a blob that nothing uses does no harm.
    """
    path = Path(media.url)
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise Refused(f"cannot read {media.url}: {getattr(error, 'strerror', None) or error}") from None
    image = kind_and_size(data)
    if image is None:
        raise Unsupported(f"{path.name} is no image that Bluesky takes here: use PNG, JPEG, GIF or WebP")
    kind, width, height = image
    if len(data) > MOST_BYTES:
        raise Refused(f"{path.name} has {len(data):,} bytes; Bluesky takes {MOST_BYTES:,} at most: make it smaller")
    try:
        answer = await xrpc.procedure(
            UploadBlob,
            "com.atproto.repo.uploadBlob",
            content=data,
            headers={"Content-Type": kind},
            seconds=UPLOAD_SECONDS,
        )
    except AnswerLost as error:
        raise Unreachable(str(error)) from None
    uploaded = Uploaded(answer.blob, (width, height) if width and height else None)
    return replace(media, remote_id=json.encode(uploaded).decode(), kind="image")


def embed(media: tuple[Media, ...]) -> dict[str, Any] | None:
    """The embed of uploaded images."""
    images = []
    for file in media:
        if file.remote_id is None:
            continue
        try:
            uploaded = json.decode(file.remote_id, type=Uploaded)
        except ValueError:
            raise Refused(f"{file.url} was uploaded in a way that is not known here: attach it anew") from None
        image: dict[str, Any] = {"alt": file.alt, "image": uploaded.blob}
        if uploaded.size is not None:
            width, height = uploaded.size
            image["aspectRatio"] = {"width": width, "height": height}
        images.append(image)
    return {"$type": "app.bsky.embed.images", "images": images} if images else None
