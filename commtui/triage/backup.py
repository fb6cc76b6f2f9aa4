"""Backup of the whole home as JSON lines, and its restore: config, themes, saved replies, all documents; no secrets.

The first line is a header: {"commtui": "backup", "format": 1, "made_at": ...}. Then comes a line for each file
({"file": "config.toml", "text": ...}) and each document ({"table", "id", "part": "hot" or "archive", "doc": {...}}).
The last line is {"end": number of documents}: a truncated copy lacks it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

import msgspec
from msgspec import Struct

from commtui.activity.desk import Desk
from commtui.activity.refusals import BackupError, BackupFault, LeftOut, WhyNot
from commtui.config.paths import Home
from commtui.config.restoring import restoring
from commtui.model.clock import to_iso
from commtui.model.states import Reason
from commtui.store.store import Store
from commtui.store.transfer import Incoming, Misfit, Place, Unfit
from commtui.system.files import read_file, replacing

FORMAT: Final = 1
LONGEST: Final = 64 << 20
"""Bytes of a line. A config with 10,000 saved replies has a few million."""
FOLDERS: Final = {"themes": (".toml", ".yaml", ".yml"), "replies": (".md", ".toml")}
"""Folders beside the config -> the endings of the files in them that are copied."""
BATCH: Final = 100
"""Documents of a transaction: what SQLite keeps to take one back costs more, the larger it is."""


class Copied(Struct, frozen=True):
    """How much a backup or a restore has copied."""

    documents: int
    files: int
    held: int = 0
    """Replies, posts and acts that were on their way: a restore holds them until a person has looked."""
    left_out: tuple[LeftOut, ...] = ()
    """Files beside the config that a backup could not take."""


def backup(desk: Desk, home: Home, target: Path) -> Copied:
    """Writes the home to `target`, which must not exist, completely or not at all. Raises BackupError."""
    if target.exists():
        raise BackupError(BackupFault.EXISTS, target)
    try:
        with replacing(target) as file:
            copied = _write(desk, home, file)
    except OSError as error:
        raise BackupError(BackupFault.CANNOT_WRITE, target, cause=error) from error
    return copied


def _write(desk: Desk, home: Home, file: IO[bytes]) -> Copied:
    def line(value: dict[str, Any]) -> None:
        file.write(msgspec.json.encode(value) + b"\n")

    line({"commtui": "backup", "format": FORMAT, "made_at": to_iso(desk.now)})
    files = documents = 0
    left_out: list[LeftOut] = []
    secrets = _secrets(desk, home)
    for name, path in _files(home):
        text = _text_of(path, name, secrets)
        if isinstance(text, WhyNot):
            left_out.append(LeftOut(name, text))
        else:
            line({"file": name, "text": text})
            files += 1
    for document in desk.store.transfer.lines():
        file.write(document + b"\n")
        documents += 1
    line({"end": documents})
    return Copied(documents, files, left_out=tuple(left_out))


def _secrets(desk: Desk, home: Home) -> tuple[Path, ...]:
    """The folder of secrets, and token files elsewhere, without links."""
    files = [account.token_file for account in desk.settings.accounts if account.token_file]
    return tuple(path.resolve() for path in (home.secrets, *files))


def _files(home: Home) -> Iterator[tuple[str, Path]]:
    if home.config.exists() or home.config.is_symlink():
        yield "config.toml", home.config
    for folder, name in ((home.themes, "themes"), (home.replies, "replies")):
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if _is_copied(name, path.name):
                yield f"{name}/{path.name}", path


def _is_copied(folder: str, name: str) -> bool:
    """Whether a file beside the config, by its folder and its name, is part of a backup."""
    plain = name == Path(name).name and name.isprintable() and len(name) < 200
    return plain and name.endswith(FOLDERS.get(folder, ()))


def _text_of(path: Path, name: str, secrets: tuple[Path, ...]) -> str | WhyNot:
    """The text of a file, or of the one in which a link ends: a config or a theme may be kept elsewhere."""
    try:
        if path.is_symlink():
            if name.startswith("replies/"):
                return WhyNot.LINK
            path = path.resolve(strict=True)
            if any(path.is_relative_to(secret) for secret in secrets):
                return WhyNot.PRIVATE
        if not path.is_file():
            return WhyNot.NO_FILE
        return read_file(path, LONGEST, follow=False).decode()
    except UnicodeDecodeError:
        return WhyNot.NO_TEXT
    except (OSError, RuntimeError):  # a circle of links: Python 3.11 raises RuntimeError
        return WhyNot.UNREADABLE


def restore(home: Home, source: Path) -> Copied:
    """Restores a backup into an empty home.

    Raises BackupError: for a home that is not empty, and for a file that is no backup, is damaged or truncated.
    """
    if home.config.exists() or any(home.data.iterdir()):
        raise BackupError(BackupFault.NOT_EMPTY, home.data.parent)
    incoming = _checked(source)
    files = dict[str, str]()
    try:
        with restoring(home, files):
            documents, held = _fill(home, source, incoming, files)
    except OSError as error:
        raise BackupError(BackupFault.CANNOT_WRITE, home.data, cause=error) from error
    return Copied(documents, len(files), held)


def _fill(home: Home, source: Path, incoming: Incoming, files: dict[str, str]) -> tuple[int, int]:
    """Writes the documents into a new store, and gathers the files. Returns how many documents, how many held."""
    documents = held = 0
    store = Store(home.data)
    try:
        batch: list[Place] = []
        for line in _lines(source):
            if "file" in line:
                files[line["file"]] = line["text"]
            elif "table" in line and (place := incoming.place(line)) is not None:
                batch.append(place)
                documents += 1
                held += place.document.get("reason") == Reason.RESTORED
            if len(batch) == BATCH:
                store.transfer.put(batch)
                batch = []
        store.transfer.put(batch)
        store.transfer.flush()
        store.tidy()
    finally:
        store.close()
    return documents, held


def _checked(source: Path) -> Incoming:
    """Reads and checks the whole file before anything is restored. Returns what it has. Raises BackupError."""
    first, incoming, end = True, Incoming(), None
    for number, line in enumerate(_lines(source), 1):
        if first:
            version = line.get("format")
            if line.get("commtui") != "backup" or type(version) is not int or version < 1:
                raise BackupError(BackupFault.NO_BACKUP, source)
            if version > FORMAT:
                raise BackupError(BackupFault.NEWER, source)
            first = False
        try:
            if "table" in line:
                incoming.see(line)
            elif "file" in line:
                _check_file(line)
        except Unfit as error:
            raise BackupError(BackupFault.BAD_LINE, source, line=number, cause=error) from error
        except RecursionError:
            raise BackupError(BackupFault.BAD_LINE, source, line=number) from None
        end = line.get("end", end)
    if first or end != incoming.count:
        raise BackupError(BackupFault.CUT_OFF, source, line=incoming.count)
    return incoming


def _lines(source: Path) -> Iterator[dict[str, Any]]:
    try:
        with source.open("rb") as file:
            for number, raw in enumerate(iter(partial(file.readline, LONGEST + 1), b""), 1):
                if len(raw) > LONGEST:
                    raise BackupError(BackupFault.BAD_LINE, source, line=number)
                try:
                    line = msgspec.json.decode(raw)
                except RecursionError:  # nested too deep
                    raise BackupError(BackupFault.BAD_LINE, source, line=number) from None
                except msgspec.DecodeError as error:
                    raise BackupError(BackupFault.BAD_LINE, source, line=number, cause=error) from error
                if not isinstance(line, dict):
                    raise BackupError(BackupFault.BAD_LINE, source, line=number)
                yield line
    except OSError as error:
        raise BackupError(BackupFault.CANNOT_READ, source, cause=error) from error


def _check_file(line: dict[str, Any]) -> None:
    name, body = line["file"], line.get("text")
    if not isinstance(name, str) or not isinstance(body, str):
        raise Unfit(Misfit.NO_FILE)
    folder, _, leaf = name.rpartition("/")
    if name != "config.toml" and not _is_copied(folder, leaf):
        raise Unfit(Misfit.OUTSIDE, name)
