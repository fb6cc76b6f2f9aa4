"""What must outlive the program: the world's seed and start, and the log of what we said and did. One JSON file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from msgspec import json

from commtui.model.clock import from_iso, to_iso
from commtui.networks.base import Malformed, Unreachable
from commtui.networks.demo.timeline import Seed
from commtui.system.files import lock_file, replace_file

FORMAT: Final = 1


class Memory:
    """The log of a world: `entries`, oldest first, and how often each text was tried; in memory only without a folder.

    Several processes may share a folder: a change belongs inside `alone`, after a check of `changed`.
    """

    def __init__(self, folder: str | os.PathLike[str] | None, fresh: Seed, name: str) -> None:
        """Reads the world of the folder; where there is none, stores `fresh`.

        Raises Malformed for a file that is no world, Unreachable where the folder can't be used.
        """
        self.seed = fresh
        self.entries: list[dict[str, Any]] = []
        self.tries: dict[str, int] = {}
        self._path = Path(folder) / name if folder else None
        self._stamp: tuple[int, int, int] | None = None
        if not self._path:
            return
        if self._path.exists():
            self._read()
            return
        self._make_folder()
        with self.alone():
            if self._path.exists():
                self._read()
            else:
                self._write()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Locks the world against other processes. Raises Unreachable."""
        if self._path is None:
            yield
            return
        try:
            lock = lock_file(self._path.with_suffix(".lock"))
        except OSError as error:
            raise self._not_stored(error) from error
        with lock:
            yield

    def changed(self) -> bool:
        """Whether the file has changed since it was last read or written here."""
        return self._path is not None and self._stat() != self._stamp

    def add(self, entry: dict[str, Any]) -> None:
        """Appends an entry, on disk when this returns. Raises Unreachable."""
        self.entries.append(entry)
        try:
            self._write()
        except Unreachable:
            self.entries.pop()
            raise

    def try_again(self, key: str) -> int:
        """Counts one more try of `key`; returns how many there were before. Raises Unreachable."""
        before = self.tries.get(key, 0)
        self.tries[key] = before + 1
        self._write()
        return before

    def _make_folder(self) -> None:
        assert self._path is not None
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._not_stored(error) from error

    def _not_stored(self, error: OSError) -> Unreachable:
        return Unreachable(f"the demo's world cannot be stored: {self._path}: {error.strerror}")

    def _stat(self) -> tuple[int, int, int] | None:
        assert self._path is not None
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return (stat.st_ino, stat.st_mtime_ns, stat.st_size)

    def _read(self) -> None:
        assert self._path is not None
        self._stamp = self._stat()
        try:
            data = json.decode(self._path.read_bytes())
            if data["format"] != FORMAT:
                raise ValueError(f"format {data['format']}, not {FORMAT}")
            self.seed = Seed(
                int(data["seed"]),
                from_iso(data["start"]),
                float(data["pace"]),
                int(data["lively"]),
                bool(data["history"]),
            )
            self.entries = [dict(entry) for entry in data["log"]]
            self.tries = {str(key): int(count) for key, count in data["tries"].items()}
        except OSError as error:
            raise Unreachable(f"the demo's world can't be read: {self._path}: {error.strerror}") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Malformed(f"the demo's world is damaged: {self._path}: remove it to begin a new one") from error

    def _write(self) -> None:
        if self._path is None:
            return
        data = {
            "format": FORMAT,
            "seed": self.seed.seed,
            "start": to_iso(self.seed.start),
            "pace": self.seed.pace,
            "lively": self.seed.lively,
            "history": self.seed.history,
            "tries": self.tries,
            "log": self.entries,
        }
        try:
            replace_file(self._path, json.format(json.encode(data), indent=1))
        except OSError as error:
            raise self._not_stored(error) from error
        self._stamp = self._stat()
