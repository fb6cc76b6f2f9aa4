"""Images on their way out: uploading them as blobs, with their size in pixels."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from msgspec import Struct, json
from msgspec.structs import replace

from commtui.model.images import kind_and_size
from commtui.model.records import Media
from commtui.networks.base import AnswerLost, Refused, Unreachable, Unsupported
from commtui.networks.bluesky.atproto_lexicon import UploadBlob
from commtui.networks.bluesky.xrpc import Xrpc

MOST_BYTES: Final = 2_000_000
"""Of one image, by the lexicon of app.bsky.embed.images."""
TYPES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")
UPLOAD_SECONDS: Final = 600.0


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
    if image is None or image[0] not in TYPES:
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
