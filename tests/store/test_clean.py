"""Nothing is stored that has not been cleaned: whichever record, whichever field, by a write or from a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from commtui.config.paths import Home
from commtui.model import ids
from commtui.model.records import Activity
from commtui.store.schema import TABLES
from commtui.store.store import Store
from commtui.triage.backup import restore
from tests.nasty import NASTY, filled, raw, strings_in

OTHERS = {"conversation": f"c{'a' * ids.LENGTH}"}
"""Ids of ours that the store itself looks up."""
KINDS = {table.name: (table.kind, f"{table.letters[0]}{'a' * ids.LENGTH}") for table in TABLES}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home.at(tmp_path / "home")
    home.prepare()
    return home


@pytest.mark.parametrize("bad", NASTY)
@pytest.mark.parametrize("table", KINDS)
def test_what_is_written_is_clean(home: Home, table: str, bad: str) -> None:
    kind, identity = KINDS[table]
    store = Store(home.data)
    step = filled(Activity, lambda: bad)
    with store.write() as write:
        write.put(filled(kind, lambda: bad, id=identity, **OTHERS))
        write.log(step)
        write.set_undo("me", [], [])
    record = store.get(kind, identity)
    assert record is not None and not [text for text in strings_in(record) if raw(text)]
    [logged] = store.log.steps()
    assert not [text for text in strings_in(logged) if raw(text)]
    lines = [line.decode() for line in store.transfer.lines()]
    assert len(lines) == 3 and not [line for line in lines if raw(line)]


@pytest.mark.parametrize("table", [*KINDS, "log", "undo"])
def test_what_a_backup_brings_is_clean(home: Home, tmp_path: Path, table: str) -> None:
    """As a foreign program may have written it: JSON has an escape for everything but half a surrogate pair."""
    bad = "".join(NASTY).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if table == "undo":
        number, document = 1, {"who": bad, "done": [bad], "undone": [bad]}
    elif table == "log":
        number, document = 1, msgspec.to_builtins(filled(Activity, lambda: bad))
    else:
        kind, identity = KINDS[table]
        number = ids.number(identity)
        document = msgspec.to_builtins(filled(kind, lambda: bad, id=identity, **OTHERS))
    line = {"table": table, "id": number, "doc": {**document, "later\x1b[m": {bad: [bad]}}}
    _restore(home, tmp_path / "copy.jsonl", line)
    [stored] = Store(home.data).transfer.lines()
    assert not [text for text in strings_in(msgspec.json.decode(stored)) if raw(text)]


def _restore(home: Home, file: Path, *lines: dict[str, Any]) -> None:
    head = {"commtui": "backup", "format": 1, "made_at": "2026-11-20T10:00:00Z"}
    file.write_bytes(b"\n".join(msgspec.json.encode(line) for line in (head, *lines, {"end": len(lines)})))
    restore(home, file)
