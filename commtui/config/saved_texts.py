"""Saved replies and macros in files: `replies/NAME.md`, and `replies/macros.toml`. A folder that people share by git.

A reply's file may begin with TOML between two lines of `+++`; the text follows. What is wrong with a file is named, and
the file left out.
"""

from __future__ import annotations

import errno
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from heapq import nsmallest
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from commtui.config import readers
from commtui.config.lines import line_of
from commtui.config.readers import Wrong
from commtui.model.saved_replies import BUILT_IN, SavedReply, unknown
from commtui.model.suggestions import nearest
from commtui.model.text import shown_line
from commtui.system.files import read_file

SUFFIX: Final = ".md"
MACROS: Final = "macros.toml"
NO_REPLY: Final = "readme.md"
"""The name, in lower case, of what tells about the folder."""
MOST_BYTES: Final = 64 << 10
"""Of a file; no network takes a text as long."""
MOST_FILES: Final = 10_000
MOST_IN_ALL: Final = 16 << 20
"""Bytes of all files, as of a config."""
FENCE: Final = "+++"


class Problem(Struct, frozen=True):
    """What is wrong with a file of the folder, or with the folder."""

    path: Path
    reason: str
    """What is wrong, with the line where it is known."""

    @property
    def brief(self) -> str:
        """The same with the file's name instead of its path."""
        return shown_line(f"{self.path.parent.name}/{self.path.name}: {self.reason}")

    def __str__(self) -> str:
        return shown_line(f"{self.path}: {self.reason}")


class SavedTexts(Struct, frozen=True):
    """What the folder has."""

    replies: Mapping[str, SavedReply] = {}
    macros: Mapping[str, tuple[str, ...]] = {}
    problems: tuple[Problem, ...] = ()


Stamp = tuple[int, int, int]


class SavedFile(Struct, frozen=True):
    """A file as it was read."""

    stamp: Stamp
    reply: SavedReply | None = None
    macros: Mapping[str, tuple[str, ...]] = {}
    problems: tuple[str, ...] = ()


def stamp_of(path: Path) -> Stamp | None:
    """A value that changes with a file, a link or a folder; None if there is none."""
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def read_folder(folder: Path, before: Mapping[Path, SavedFile]) -> tuple[SavedTexts, dict[Path, SavedFile]]:
    """Returns what a folder has, and its files as they were read; a file that is as it was `before` is not read."""
    try:
        names = _names(folder)
    except FileNotFoundError:
        return SavedTexts(), {}
    except OSError as error:
        return SavedTexts(problems=(Problem(folder, error.strerror or "cannot be read"),)), {}
    files: dict[Path, SavedFile] = {}
    size = 0
    for name in names[:MOST_FILES]:
        path = folder / name
        stamp = stamp_of(path)
        if stamp is None:  # it was removed meanwhile
            continue
        size += min(stamp[1], MOST_BYTES)
        if size > MOST_IN_ALL:
            break
        known = before.get(path)
        files[path] = known if known is not None and known.stamp == stamp else read_saved_file(path, stamp)
    problems = [Problem(path, reason) for path, file in files.items() for reason in file.problems]
    if size > MOST_IN_ALL:
        problems.append(Problem(folder, f"more than {MOST_IN_ALL:,} bytes: the files from {name} on are left out"))
    elif len(names) > MOST_FILES:
        problems.append(Problem(folder, f"it has more than {MOST_FILES:,} files: the others are left out"))
    replies = {file.reply.name: file.reply for file in files.values() if file.reply is not None}
    macros = next((file.macros for path, file in files.items() if path.name == MACROS), {})
    return SavedTexts(replies, macros, tuple(problems)), files


def _names(folder: Path) -> list[str]:
    """The names of the files that are read, sorted, and one more than are read at most. Raises OSError."""
    with os.scandir(folder) as entries:
        fitting = (
            entry.name
            for entry in entries
            if entry.name == MACROS
            or (entry.name.endswith(SUFFIX) and entry.name[0] != "." and entry.name.lower() != NO_REPLY)
        )
        return nsmallest(MOST_FILES + 1, fitting)


def read_saved_file(path: Path, stamp: Stamp) -> SavedFile:
    """Returns a file as it is read, or what is wrong with it."""
    try:
        text = _text_of(path)
        if path.name == MACROS:
            return SavedFile(stamp, macros=_macros(text))
        reply, begin = _reply(path.stem, text)
    except Wrong as wrong:
        return SavedFile(stamp, problems=(str(wrong),))
    return SavedFile(
        stamp, reply, problems=tuple(_odd(reply, name, begin) for name in unknown(reply.text, reply.variables))
    )


def no_variable(name: str, own: Mapping[str, str] | None = None) -> str:
    """What is said of a name in braces that is no variable."""
    near = nearest(name.lower(), [*BUILT_IN, *(own or {})])
    return f"{{{name}}} is no variable, and stays as it is" + (f": do you mean {{{near}}}?" if near else "")


def _odd(reply: SavedReply, name: str, begin: int) -> str:
    line = begin + reply.text[: reply.text.find(f"{{{name}}}")].count("\n")
    return f"line {line}: {no_variable(name, reply.variables)}"


def _text_of(path: Path) -> str:
    """The text of a file, its lines ended by new lines alone. Raises Wrong."""
    try:
        data = read_file(path, MOST_BYTES, follow=False)
    except OSError as error:
        special = {errno.ELOOP: "it is a link, which is not followed", errno.EFBIG: f"more than {MOST_BYTES:,} bytes"}
        raise Wrong(special.get(error.errno or 0, error.strerror or "cannot be read")) from None
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Wrong(f"line {line}: not UTF-8 text") from None
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _reply(name: str, text: str) -> tuple[SavedReply, int]:
    """The reply of a file's text, and the line at which what is sent begins. Raises Wrong."""
    try:
        readers.check_label(name)
    except Wrong as wrong:
        raise Wrong(f"a saved reply has the name of its file: {wrong}") from None
    lines = text.split("\n")
    if lines[0].rstrip() == "---":
        raise Wrong(f"line 1: what stands before the text is TOML between lines of {FENCE} (not YAML, not ---)")
    head, first = "", 0
    if lines[0].rstrip() == FENCE:
        end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
        if end is None:
            raise Wrong(f"line 1: a second line of {FENCE} is missing: the text stands behind it")
        head, first = "\n".join(lines[1:end]), end + 1
    body = lines[first:]
    while body and not body[0].strip():
        body, first = body[1:], first + 1
    said = "\n".join(body).rstrip()
    if not said:
        raise Wrong("it has no text")
    if not readers.is_visible(said):
        number = next(number for number, line in enumerate(body) if not readers.is_visible(line))
        raise Wrong(f"line {first + number + 1}: control or invisible characters")
    return SavedReply(name=name, text=said, **_read(head, _FIELDS, 1)), first + 1


def _macros(text: str) -> Mapping[str, tuple[str, ...]]:
    macros: Mapping[str, tuple[str, ...]] = _read(text, {"macros": readers.lines_map}, 0).get("macros", {})
    return macros


def _read(text: str, fields: Mapping[str, Callable[[Any], Any]], before: int) -> dict[str, Any]:
    """The fields of a text of TOML that has `before` lines of the file before it. Raises Wrong, with the line."""
    table = _toml(text, before)
    values = {}
    for key, value in table.items():
        try:
            if key not in fields:
                near = nearest(key, fields)
                hint = f"do you mean `{near}`?" if near else "known are: " + ", ".join(fields)
                raise Wrong(f"unknown key {key!r}: {hint}")
            try:
                if not readers.is_visible(value):
                    raise Wrong("without control and invisible characters")
                values[key] = fields[key](value)
            except Wrong as wrong:
                raise Wrong(f"`{key}` must be {wrong}") from None
        except Wrong as wrong:
            line = line_of(text, (key,))
            raise Wrong(f"line {line + before}: {wrong}" if line else str(wrong)) from None
    return values


def _toml(text: str, before: int) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column \d+\)| \(at end of document\)", str(error))
        line = int(place[1]) if place and place[1] else text.rstrip().count("\n") + 1
        what = str(error)[: place.start()] if place else str(error)
        raise Wrong(f"line {line + before}: not TOML: {what}") from None
    except (ValueError, RecursionError):
        raise Wrong("not TOML: a number is too long, or it is nested too deep") from None


def _tags(value: Any) -> tuple[str, ...]:
    return readers.texts(value)


def _language(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*", value):
        raise Wrong('the code of a language, such as "de" or "pt-BR"')
    return value


def _variables(value: Any) -> Mapping[str, str]:
    """The reply's own variables -> the value that is proposed."""
    if not isinstance(value, dict):
        raise Wrong('a table: [variables], then lines such as order = ""')
    for name, proposed in value.items():
        if not re.fullmatch("[a-z][a-z0-9_]*", name) or len(name) > 40:
            raise Wrong(f"names of small letters, digits and `_`, not {name[:40]!r}")
        if name in BUILT_IN:
            raise Wrong(f"names of your own: {{{name}}} is filled in by itself")
        if not isinstance(proposed, str):
            raise Wrong(f'a text in quotes for {name!r}: the value that is proposed, or ""')
    return dict(value)


_FIELDS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "title": readers.some_text,
    "tags": _tags,
    "language": _language,
    "variables": _variables,
}
