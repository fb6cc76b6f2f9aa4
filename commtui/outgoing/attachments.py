"""Files to send with a text. They are checked when they are attached and when the text is scheduled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from commtui.activity.errors import BadAttachment
from commtui.model.abilities import Limits
from commtui.model.images import kind_and_size
from commtui.model.media_types import TYPES, common_name, kind_of, suffix_of
from commtui.model.records import Media
from commtui.model.text import clean, plain_opaque

HEAD_BYTES: Final = 1024 * 1024
"""How much of a file is read to find its size in pixels."""


def attachment(path: str, alt: str, limits: Sequence[Limits] = ()) -> Media:
    """Returns the file at `path` (`~` is the user's folder) as media with an alt text.

    `limits`: those of the servers that it is sent to. Raises BadAttachment.
    """
    file = Path(path.strip()).expanduser().absolute()
    if plain_opaque(str(file)) != str(file):  # no record could name it: such characters are not stored
        raise BadAttachment(str(file), "name")
    media = Media(url=str(file), alt=clean(alt).strip(), kind=kind_of(file.name))
    size = _size(file, path)
    _check(media, size, limits)
    return media


def check_media(media: Iterable[Media], limits: Sequence[Limits]) -> None:
    """Raises BadAttachment for the first file that one of the servers does not accept, or that cannot be read.

    What is uploaded already was accepted.
    """
    for file in media:
        if file.remote_id is None:
            _check(file, _size(Path(file.url), file.url), limits)


def _size(file: Path, given: str) -> int:
    """Returns the size of a file in bytes. Raises BadAttachment for a file that is empty or cannot be read."""
    try:
        size = file.stat().st_size if file.is_file() else -1
        with file.open("rb"):
            pass
    except OSError as error:
        raise BadAttachment(given, "unreadable", reason=error.strerror or str(error)) from error
    if size <= 0:
        raise BadAttachment(str(file), "empty" if size == 0 else "no-file")
    return size


def _check(media: Media, size: int, limits: Sequence[Limits]) -> None:
    name = Path(media.url).name
    suffix, accepted = suffix_of(name), accepted_suffixes(limits)
    if suffix and accepted and suffix not in accepted:
        raise BadAttachment(name, "type", accepted=accepted)
    if media.kind == "image":
        _check_image(media, limits, accepted)
    most = min((most for limit in limits if (most := _most_bytes(media.kind, limit))), default=None)
    if most is not None and size > most:
        raise BadAttachment(name, "size", size=size, limit=most)
    longest = min((limit.alt_characters for limit in limits if limit.alt_characters), default=None)
    if longest is not None and len(media.alt) > longest:
        raise BadAttachment(name, "alt", size=len(media.alt), limit=longest)


def _check_image(media: Media, limits: Sequence[Limits], accepted: Sequence[str]) -> None:
    """Raises BadAttachment for an image of a type or size in pixels that one of the servers does not accept."""
    path = Path(media.url)
    try:
        image = _image(str(path), path.stat().st_mtime_ns)
    except OSError as error:
        raise BadAttachment(str(path), "unreadable", reason=error.strerror or str(error)) from error
    if image is None:  # perhaps an image of a type that is not known here: the server tells
        return
    kind, width, height = image
    if kind not in {TYPES[suffix] for suffix in accepted}:
        raise BadAttachment(path.name, "content", accepted=accepted)
    most = min((limit.image_pixels for limit in limits if limit.image_pixels), default=None)
    if most is not None and width * height > most:
        raise BadAttachment(path.name, "pixels", size=width * height, limit=most, width=width, height=height)


@lru_cache(maxsize=64)
def _image(path: str, _: int) -> tuple[str, int, int] | None:
    """Returns (MIME type, width, height) of an image; None for what is none of those that are recognized.

    It is asked for at each key while a text is typed; `_` is when the file was changed.
    """
    with Path(path).open("rb") as file:
        return kind_and_size(file.read(HEAD_BYTES))


def _most_bytes(kind: str, limits: Limits) -> int | None:
    """Returns the largest size of a file of that kind; of an unknown kind the largest of any."""
    if kind == "image":
        return limits.image_bytes
    if kind in ("video", "audio"):
        return limits.video_bytes
    return max(limits.image_bytes, limits.video_bytes) if limits.image_bytes and limits.video_bytes else None


def missing(media: Iterable[Media]) -> str | None:
    """Returns the path of the first file that no longer exists and was not uploaded yet."""
    return next((file.url for file in media if file.remote_id is None and not Path(file.url).is_file()), None)


def accepted_suffixes(limits: Sequence[Limits]) -> list[str]:
    """Returns the file name suffixes that all of the servers accept, as far as their limits say."""
    accepted = list(TYPES)
    for types in (limit.media_types for limit in limits if limit.media_types):
        names = {common_name(mime) for mime in types}
        accepted = [suffix for suffix in accepted if TYPES[suffix] in names]
    return accepted
