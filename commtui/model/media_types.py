"""MIME types of files by the endings of their names: a table of our own, since the machine may have none."""

from __future__ import annotations

from typing import Final

TYPES: Final = {
    "apng": "image/apng", "avif": "image/avif", "bmp": "image/bmp", "gif": "image/gif", "heic": "image/heic",
    "heif": "image/heif", "jpeg": "image/jpeg", "jpg": "image/jpeg", "jxl": "image/jxl", "png": "image/png",
    "svg": "image/svg+xml", "tif": "image/tiff", "tiff": "image/tiff", "webp": "image/webp",
    "3gp": "video/3gpp", "avi": "video/msvideo", "m4v": "video/mp4", "mkv": "video/matroska",
    "mov": "video/quicktime", "mp4": "video/mp4", "mpeg": "video/mpeg", "mpg": "video/mpeg", "ogv": "video/ogg",
    "webm": "video/webm",
    "aac": "audio/aac", "flac": "audio/flac", "m4a": "audio/mp4", "mp3": "audio/mpeg", "oga": "audio/ogg",
    "ogg": "audio/ogg", "opus": "audio/ogg", "wav": "audio/wav", "weba": "audio/webm",
}  # fmt: skip
"""Ending of a name, in lower case -> MIME type."""
_SPELLINGS: Final = {
    "image/jpg": "image/jpeg",
    "video/avi": "video/msvideo",
    "audio/mp3": "audio/mpeg",
    "audio/m4a": "audio/mp4",
    "audio/wave": "audio/wav",
    "audio/pn-wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
}
"""Other names that servers state for types of the table."""


def suffix_of(name: str) -> str:
    """The ending of a file's name in lower case, without the dot; empty if it has none."""
    stem, dot, suffix = name.rpartition("/")[2].rpartition(".")
    return suffix.lower() if dot and stem else ""


def type_of(name: str) -> str | None:
    """The MIME type of a file by its name; None: not known."""
    return TYPES.get(suffix_of(name))


def kind_of(name: str) -> str:
    """image, video or audio; unknown where the name does not tell."""
    return (type_of(name) or "unknown").partition("/")[0]


def common_name(mime: str) -> str:
    """A MIME type as the table has it: without parameters and `x-`."""
    name = mime.lower().partition(";")[0].strip().replace("/x-", "/")
    return _SPELLINGS.get(name, name)
