"""Files that go out with a text: looked at when they are attached, not when they are sent."""

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
"""What MIME types call the kind of a file, where its name's ending is another."""


def attachment(path: str, alt: str, limits: Sequence[Limits] = ()) -> Media:
    """The file at `path` (`~` is the home), to be sent with its alt text. Raises BadAttachment: not there, empty, too
    large, of a type that a server doesn't take."""
    file = Path(path.strip()).expanduser().absolute()
    try:
        size = file.stat().st_size if file.is_file() else -1
        with file.open("rb"):
            pass
    except OSError as error:
        raise BadAttachment(path, "unreadable", reason=error.strerror or str(error)) from error
    if size <= 0:
        raise BadAttachment(str(file), "empty" if size == 0 else "no-file")
    most = min((each.media_bytes for each in limits if each.media_bytes), default=None)
    if most is not None and size > most:
        raise BadAttachment(file.name, "size", size=size, limit=most)
    suffix = file.suffix.removeprefix(".").lower()
    kind = next((kind for kind, suffixes in KINDS.items() if suffix in suffixes.split()), "unknown")
    takes = taken(limits)
    if suffix and takes and suffix not in takes:
        raise BadAttachment(file.name, "type", accepted=takes)
    return Media(url=str(file), alt=clean(alt).strip(), kind=kind)


def missing(media: Iterable[Media]) -> str | None:
    """The first file that is no longer there and was not uploaded yet."""
    return next((each.url for each in media if each.remote_id is None and not Path(each.url).is_file()), None)


def taken(limits: Sequence[Limits]) -> list[str]:
    """The endings of files that each of the servers takes, by what is known of them."""
    known = [(kind, suffix) for kind, suffixes in KINDS.items() for suffix in suffixes.split()]
    for types in (each.media_types for each in limits if each.media_types):
        plain = {each.lower().replace("/x-", "/").partition(";")[0] for each in types}
        known = [pair for pair in known if f"{pair[0]}/{OTHER_NAMES.get(pair[1], pair[1])}" in plain]
    return [suffix for _, suffix in known]
