"""The whole home as JSON lines, and a home made of them: config, themes and every document; secrets are left out.

The first line says what it is: {"commtui": "backup", "format": 1, "made_at": ...}. Then a line for each file
({"file": "config.toml", "text": ...}) and each document ({"table", "id", "part": "hot" or "archive", "doc": {...}}),
and last {"end": number of documents}, so that a cut copy is noticed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import orjson
from tinydb.table import Document

from commtui.config.paths import Home
from commtui.model import text
from commtui.model.clock import to_iso
from commtui.store.journal import JournalDB
from commtui.store.store import Store
from commtui.triage.desk import Desk
from commtui.triage.errors import TriageError

FORMAT: Final = 1
BATCH: Final = 500
GATED: Final = frozenset(("text", "spoiler", "author", "author_name", "alt"))
"""The fields that hold what somebody wrote: they pass the gate again, whoever made the file."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a backup or a restore went through."""

    documents: int
    files: int


def backup(desk: Desk, home: Home, target: Path) -> Copied:
    """Writes the home to `target`, whole or not at all; it must not exist yet. Raises TriageError."""
    fresh = target.with_name(target.name + ".part")
    if target.exists():
        raise TriageError(f"{target} is there already: choose another name, or remove it")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            copied = _write(desk, home, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.rename(target)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise TriageError(f"cannot write {target}: {error.strerror}; nothing was made") from error
    return copied


def _write(desk: Desk, home: Home, file: IO[bytes]) -> Copied:
    def line(value: dict[str, Any]) -> None:
        file.write(orjson.dumps(value) + b"\n")

    line({"commtui": "backup", "format": FORMAT, "made_at": to_iso(desk.now)})
    files = documents = 0
    for name, path in _files(home):
        line({"file": name, "text": path.read_text(encoding="utf-8")})
        files += 1
    parts = [("hot", desk.store.db)]
    if desk.store.archive.exists:
        parts.append(("archive", desk.store.archive.db))
    for part, db in parts:
        with db.view():
            for table in sorted(db.tables()):
                for document in db.table(table):
                    line({"table": table, "id": document.doc_id, "part": part, "doc": dict(document)})
                    documents += 1
    line({"end": documents})
    return Copied(documents, files)


def _files(home: Home) -> Iterator[tuple[str, Path]]:
    if home.config.exists():
        yield "config.toml", home.config
    for path in sorted(home.themes.glob("*.toml")):
        yield f"themes/{path.name}", path


def restore(home: Home, source: Path) -> Copied:
    """Fills an empty home. Raises TriageError: for a home that has something, a file that is none of ours or is cut."""
    if home.config.exists() or any(home.data.glob("*.jl")):
        raise TriageError(f"{home.data.parent} is in use: restore into an empty home (--home DIR)")
    documents = _checked(source)
    files = 0
    store = Store(home.data)
    try:
        batch: list[dict[str, Any]] = []
        for line in _lines(source):
            if "file" in line:
                _put_file(home, str(line["file"]), str(line["text"]))
                files += 1
            elif "table" in line:
                batch.append(line)
                if len(batch) == BATCH:
                    _put(store, batch)
                    batch = []
        _put(store, batch)
        store.tidy()
    finally:
        store.close()
    return Copied(documents, files)


def _checked(source: Path) -> int:
    """Reads the file once before anything is made of it; how many documents it holds."""
    first, count, end = True, 0, None
    for line in _lines(source):
        if first:
            if line.get("commtui") != "backup":
                raise TriageError(f"{source} is no backup of commtui")
            if line.get("format", 0) > FORMAT:
                raise TriageError(f"{source} was made by a newer commtui (format {line['format']}): update this one")
            first = False
        count += "table" in line
        end = line.get("end", end)
    if first or end != count:
        raise TriageError(f"{source} is cut off: {count} documents, its end is missing; nothing was restored")
    return count


def _lines(source: Path) -> Iterator[dict[str, Any]]:
    try:
        with source.open("rb") as file:
            for number, raw in enumerate(file, 1):
                try:
                    found = orjson.loads(raw)
                except orjson.JSONDecodeError as error:
                    raise TriageError(f"{source}:{number}: not a line of a backup ({error})") from error
                if not isinstance(found, dict):
                    raise TriageError(f"{source}:{number}: not a line of a backup")
                yield found
    except OSError as error:
        raise TriageError(f"cannot read {source}: {error.strerror}") from error


def _put_file(home: Home, name: str, body: str) -> None:
    folder, _, leaf = name.rpartition("/")
    if name != "config.toml" and (folder != "themes" or leaf != Path(leaf).name or not leaf.endswith(".toml")):
        raise TriageError(f"the backup names a file outside of a home: {name!r}")
    target = home.config if name == "config.toml" else home.themes / leaf
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(body)


def _put(store: Store, batch: list[dict[str, Any]]) -> None:
    for part in ("hot", "archive"):
        lines = [line for line in batch if line.get("part", "hot") == part]
        if lines:
            _put_all(store.db if part == "hot" else store.archive.db, lines)


def _put_all(db: JournalDB, lines: list[dict[str, Any]]) -> None:
    with db.transaction(durable=False):
        for table in {str(line["table"]) for line in lines}:
            db.table(table).insert_multiple(
                Document(_gated(line["doc"]), doc_id=int(line["id"])) for line in lines if line["table"] == table
            )


def _gated(document: dict[str, Any]) -> dict[str, Any]:
    """The document with its texts through the gate, in lists and nested records too."""
    return {
        key: text.clean(value) if key in GATED and isinstance(value, str) else _gated_value(value)
        for key, value in document.items()
    }


def _gated_value(value: Any) -> Any:
    if isinstance(value, dict):
        return _gated(value)
    if isinstance(value, list):
        return [_gated_value(each) for each in value]
    return value
