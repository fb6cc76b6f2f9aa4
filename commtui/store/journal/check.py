"""Verifying a store byte by byte, and repairing it: what is readable is saved, the rest kept beside it and named."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import orjson

from commtui.store.journal import files
from commtui.store.journal.compaction import compact
from commtui.store.journal.errors import StoreError
from commtui.store.journal.files import DAMAGED, NAME, FileLock, index_name, log_name, new_file, snapshot_name
from commtui.store.journal.format import LOG_HEADER_SIZE, NAMES, check_header, header, sound
from commtui.store.journal.leftover import read_shared
from commtui.store.journal.log import scan
from commtui.store.journal.snapshot import index_directory, write_snapshot
from commtui.store.journal.storage import JournalStorage


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be."""

    file: str
    offset: int
    """Byte where it begins."""
    length: int
    what: str
    """One sentence, beginning with what it is about."""
    harmless: bool = False
    """Nothing is lost by it: the end of a killed write, a file left over, an index that is derived."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found, and what was done about it."""

    folder: Path
    documents: int
    """Readable documents in the snapshot."""
    transactions: int
    """Whole transactions in the journals since."""
    size: int
    """Bytes that were read."""
    findings: tuple[Finding, ...]
    actions: tuple[str, ...] = ()
    """What the repair did, each one sentence; empty without a repair."""
    side_file: Path | None = None
    """Where the unreadable bytes are kept, if there are any."""

    @property
    def sound(self) -> bool:
        """Nothing that was acknowledged is damaged."""
        return all(finding.harmless for finding in self.findings)


def verify(folder: Path, *, repair: bool = False) -> Report:
    """Reads every byte of the store. With `repair`, also sets it right, while others may go on using it.

    Raises StoreError if there is no store, NewerFormat if a newer program wrote it.
    """
    files.refuse_network(folder)
    if files.generations(folder) == ([], []) if folder.is_dir() else True:
        raise StoreError(f"there is no store in {folder}")
    report = _verified(folder)
    if not repair or not report.findings:
        return report
    actions = _repair(folder, report)
    side = folder / DAMAGED
    return Report(
        folder,
        report.documents,
        report.transactions,
        report.size,
        report.findings,
        tuple(actions),
        side if side.exists() else None,
    )


def _verified(folder: Path) -> Report:
    """Under the writers' lock, so that nobody's unfinished write looks like damage."""
    lock = FileLock(folder / "lock")
    try:
        lock.take()
        return _Verifier(folder).report()
    finally:
        lock.close()


class _Verifier:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.findings: list[Finding] = []
        self.documents = self.transactions = self.size = 0
        self.last = 0
        self.counted = True
        """`last` is the snapshot's own word, or that of what was read since."""

    def report(self) -> Report:
        snaps, logs = files.generations(self.folder)
        generation = snaps[-1] if snaps else logs[0]
        if snaps:
            self._snapshot(generation)
        elif generation:
            self._find(snapshot_name(generation), 0, 0, "the snapshot that the journal continues is missing")
        self._logs(generation, first=not snaps)
        for name in sorted(os.listdir(self.folder)):
            found = NAME.fullmatch(name)
            if found and (found[3] not in ("jl", "idx") or int(found[2]) < generation):
                size = (self.folder / name).stat().st_size
                self.findings.append(Finding(name, 0, size, "a file that a killed compaction left behind", True))
        return Report(self.folder, self.documents, self.transactions, self.size, tuple(self.findings))

    def _find(self, file: str, begin: int, end: int, what: str, *, harmless: bool = False) -> None:
        self.findings.append(Finding(file, begin, end - begin, what, harmless))

    def _snapshot(self, generation: int) -> None:
        name = snapshot_name(generation)
        data = read_shared(self.folder / name)
        self.size += len(data)
        at = data.find(b"\n") + 1
        if not check_header(data[:at], self.folder / name):
            self._find(name, 0, at, "the version line was changed")
        ended = False
        while at < len(data):
            begin = at
            at = data.find(b"\n", begin) + 1 or len(data)
            text = data[begin : at - 1]
            if not sound(text):
                self._find(name, begin, at, f"a document{_named(text)} cannot be read")
                continue
            head, _, _, raw = text.split(b"\t", 3)
            flag = head[-1:]
            self.documents += flag == b"P"
            if flag == b"E":
                ended = True
                self.last = orjson.loads(raw)["transaction"]
        if not ended:
            self._find(name, len(data), len(data), "the end of the snapshot is missing")
            self.counted = False
        self._index(generation, len(data))

    def _index(self, generation: int, size: int) -> None:
        name = index_name(generation)
        try:
            index = read_shared(self.folder / name)
            directory = index_directory(index, self.folder / name, size)
        except FileNotFoundError:
            directory, index = None, b""
        self.size += len(index)
        if directory is None:
            self._find(name, 0, len(index), "the index is missing or unreadable; it can be made again", harmless=True)
            return
        for table in directory["tables"].values():
            for section, (offset, length, crc) in table["sections"].items():
                begin = directory["origin"] + offset
                if crc32(index[begin : begin + length]) != crc:
                    what = f"part {section} of the index is damaged; it can be made again"
                    self._find(name, begin, begin + length, what, harmless=True)

    def _logs(self, generation: int, *, first: bool) -> None:
        while True:
            name = log_name(generation)
            try:
                data = read_shared(self.folder / name)
            except FileNotFoundError:
                self._find(name, 0, 0, "the journal that belongs to the snapshot is missing")
                return
            self.size += len(data)
            if not check_header(data[:LOG_HEADER_SIZE], self.folder / name):
                self._find(name, 0, min(len(data), LOG_HEADER_SIZE), "the version line was changed")
            body = data[LOG_HEADER_SIZE:]
            reading = scan(body)
            for begin, end in reading.damage:
                self._find(name, LOG_HEADER_SIZE + begin, LOG_HEADER_SIZE + end, "a transaction cannot be read")
            for number, _ in reading.transactions:
                if self.counted and number != self.last + 1 and not (first and not self.last):
                    missing = number - 1 - self.last
                    what = "1 change is" if missing == 1 else f"{missing} changes are"
                    self._find(name, LOG_HEADER_SIZE, LOG_HEADER_SIZE, f"{what} missing before change {number}")
                self.last, self.counted = number, True
            self.transactions += len(reading.transactions)
            if reading.sealed is not None:
                generation = reading.sealed
                continue
            begin, end = LOG_HEADER_SIZE + reading.good, len(data)
            if begin < end:
                what = (
                    "the end of the journal was changed"
                    if reading.tail_damaged
                    else "the beginning of a change that was never finished: its program was killed"
                )
                self._find(name, begin, end, what, harmless=not reading.tail_damaged)
            return


def _named(text: bytes) -> str:
    """What a damaged line still says about itself; it may be wrong."""
    parts = text.split(b"\t", 3)
    if len(parts) < 4:
        return ""
    return f" ({NAMES[parts[1]]} {parts[2].decode(errors='replace')}, it seems)"


def _repair(folder: Path, report: Report) -> list[str]:
    actions: list[str] = []
    _set_aside(folder, actions)
    storage = JournalStorage(folder)
    try:
        if not compact(storage):
            raise StoreError(f"{folder} is being compacted by another process just now: try again in a moment")
        actions.append(f"wrote a new snapshot of all that is readable ({_documents(storage):,} records)")
        if found := len(storage.damage.found):
            actions.append(f"kept {found} unreadable part{'s' * (found > 1)} in {folder / DAMAGED}")
        for finding in report.findings:
            if NAME.fullmatch(finding.file) and finding.file.endswith((".tmp", ".new")):
                (folder / finding.file).unlink(missing_ok=True)
                actions.append(f"removed {finding.file}, left behind by a killed compaction")
    finally:
        storage.close()
    return actions


def _documents(storage: JournalStorage) -> int:
    return sum(len(state) for state in storage.states.values())


def _set_aside(folder: Path, actions: list[str]) -> None:
    """Makes a store that cannot be opened at all one that can: an unusable snapshot aside, a missing journal anew."""
    while True:
        snaps, logs = files.generations(folder)
        if snaps and (folder / snapshot_name(snaps[-1])).stat().st_size == 0:
            name = snapshot_name(snaps[-1])
            os.rename(folder / name, folder / f"{name}.damaged")
            actions.append(f"set {name} aside: it is empty")
            continue
        generation = snaps[-1] if snaps else logs[0] if logs else 0
        if generation not in logs:
            new_file(folder, log_name(generation), header("log", generation))
            actions.append(f"began {log_name(generation)} anew: it was missing")
        if not snaps and generation:
            write_snapshot(folder, generation, {}, {}, 0, lambda: None)
            actions.append(f"put an empty snapshot in the place of the missing {snapshot_name(generation)}")
        return
