"""What the journal found damaged, in this program's words: which file, what of ours it was, and the way out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from commtui.model import ids
from commtui.store.journal import Damage, JournalDB
from commtui.store.journal.errors import StoreDamaged
from commtui.store.journal.files import NAME
from commtui.store.shelves import BY_TABLE

WAY_OUT: Final = "run `commtui doctor --store`"
StoreDamaged.repair = f"{WAY_OUT}, which saves what is readable"
THINGS: Final = {
    "mentions": "mention",
    "conversations": "conversation",
    "outgoing": "reply or post",
    "acts": "act",
    "notes": "note",
    "context": "text of a thread",
    "engagement": "count of likes or boosts",
    "accounts": "state of the account",
    "requests": "request to the engine",
    "log": "step of the log",
    "undo": "list of what can be undone",
}
"""table -> what a record of it is to a person."""
DOCUMENT: Final = re.compile(r"(?:a )?document(?: \((\w+) (\d+), it seems\)| (\d+) of (\w+))?(?: cannot be read)?")


def in_words(what: str) -> str:
    """The journal's sentence about some bytes, with our names and ids for what they were."""
    what = what.replace("a transaction that is not whole", "a change cannot be read")
    what = what.replace("a transaction cannot be read", "a change cannot be read")
    what = what.replace("not a sound line of a snapshot", "a record cannot be read")
    what = what.replace("end of the snapshot is missing", "end of the snapshot is missing, with the records in it")
    return DOCUMENT.sub(_record, what, count=1)


def _record(found: re.Match[str]) -> str:
    table, number = found[1] or found[4], found[2] or found[3]
    if table is None:
        return "a record cannot be read"
    thing, shelf = THINGS.get(table, f"record of {table}"), BY_TABLE.get(table)
    names = [ids.from_number(letter, int(number)) for letter in shelf.letters] if shelf else []
    seems = " (it seems)" if found[1] else ""
    return f"the {thing} {' or '.join(names)}".rstrip() + f"{seems} cannot be read"


def sentence(part: JournalDB, damage: Damage, short: bool = False) -> str:
    """One line for a person: the file (`short`: without the folders above the store's), what is lost, the way out."""
    folder = Path(part.journal.folder.name) if short else part.journal.folder
    return f"{folder / damage.file}, byte {damage.offset}: {in_words(damage.what)}; the rest works: {WAY_OUT}"


def lasts(part: JournalDB, damage: Damage) -> bool:
    """Whether the file that was damaged is still in use: a repair writes everything anew."""
    found = NAME.fullmatch(damage.file)
    return found is None or int(found[2]) >= part.journal.snapshot_generation
