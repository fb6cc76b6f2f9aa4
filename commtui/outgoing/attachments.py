"""Files to send with a text. They are checked when they are attached, not only when they are sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from commtui.activity.errors import BadAttachment
from commtui.model.abilities import Limits
from commtui.model.records import Media
from commtui.model.text import clean

KINDS = {
    "image": "apng avif bmp gif heic heif jpeg jpg jxl png svg tif tiff webp",
    "video": "avi m4v mkv mov mp4 mpeg mpg webm",
    "audio": "aac flac m4a mp3 oga ogg opus wav",
}
OTHER_NAMES = {
    "jpg": "jpeg", "tif": "tiff", "svg": "svg+xml", "m4v": "mp4", "mov": "quicktime", "mkv": "matroska",
    "avi": "msvideo", "mpg": "mpeg", "mp3": "mpeg", "m4a": "mp4", "oga": "ogg", "opus": "ogg",
}  # fmt: skip
"""File name suffix -> the subtype in its MIME type, where the two differ."""


def attachment(path: str, alt: str, limits: Sequence[Limits] = ()) -> Media:
    """Returns the file at `path` (`~` is the user's folder) as media with an alt text.

    `limits`: those of the servers that it is sent to. Raises BadAttachment.
    """
    file = Path(path.strip()).expanduser().absolute()
    try:
        size = file.stat().st_size if file.is_file() else -1
        with file.open("rb"):
            pass
    except OSError as error:
        raise BadAttachment(path, "unreadable", reason=error.strerror or str(error)) from error
    if size <= 0:
        raise BadAttachment(str(file), "empty" if size == 0 else "no-file")
    most = min((limit.media_bytes for limit in limits if limit.media_bytes), default=None)
    if most is not None and size > most:
        raise BadAttachment(file.name, "size", size=size, limit=most)
    suffix = file.suffix.removeprefix(".").lower()
    kind = next((kind for kind, suffixes in KINDS.items() if suffix in suffixes.split()), "unknown")
    accepted = accepted_suffixes(limits)
    if suffix and accepted and suffix not in accepted:
        raise BadAttachment(file.name, "type", accepted=accepted)
    return Media(url=str(file), alt=clean(alt).strip(), kind=kind)


def missing(media: Iterable[Media]) -> str | None:
    """Returns the path of the first file that no longer exists and was not uploaded yet."""
    return next((file.url for file in media if file.remote_id is None and not Path(file.url).is_file()), None)


def accepted_suffixes(limits: Sequence[Limits]) -> list[str]:
    """Returns the file name suffixes that all of the servers accept, as far as their limits say."""
    accepted = [(kind, suffix) for kind, suffixes in KINDS.items() for suffix in suffixes.split()]
    for types in (limit.media_types for limit in limits if limit.media_types):
        mime_types = {mime.lower().replace("/x-", "/").partition(";")[0] for mime in types}
        accepted = [pair for pair in accepted if f"{pair[0]}/{OTHER_NAMES.get(pair[1], pair[1])}" in mime_types]
    return [suffix for _, suffix in accepted]
