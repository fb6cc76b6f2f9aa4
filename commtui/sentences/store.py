"""The sentence of an error of the store, and of a record that cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from commtui.store.damage import Damage
from commtui.store.errors import (
    NetworkFileSystem,
    NewerFormat,
    NewerRecord,
    OldFormat,
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreReadOnly,
    UnreadableRecord,
)

REPAIR: Final = "run `commtui doctor --store`"
THINGS: Final = {
    "Mention": "mention",
    "Conversation": "conversation",
    "Outgoing": "reply or post",
    "Act": "act",
    "Note": "note",
    "Context": "text of a thread",
    "Engagement": "count of likes or boosts",
    "AccountState": "state of the account",
    "Request": "request to the engine",
    "Activity": "step of the log",
    "undo": "list of steps to undo",
}
"""Kind of record -> its name for a person."""


def explain(error: StoreError, brief: bool = False) -> str:
    """Returns one line: what went wrong, and what to do. `brief`: with the file's name instead of its path."""
    path = error.path.name if brief else error.path
    match error:
        case StoreFull():
            return f"no room to write {path}: nothing was changed; make room and try again"
        case StoreReadOnly():
            return f"cannot write {path}: {error.what}; nothing was changed"
        case StoreMissing():
            return f"{path} was removed: nothing can be kept; put the data folder back, or start again"
        case StoreBusy():
            return f"{path} is in use by another program; nothing was changed"
        case StoreDamaged():
            return f"{path} is damaged ({error.what}): {REPAIR}, which saves what is readable"
        case OldFormat():
            return (
                f"{path} holds the store of an older commtui: make a backup with that version (`commtui backup FILE`),"
                " then `commtui --home ANOTHER restore FILE` with this one"
            )
        case NewerFormat():
            return f"{path} was written by a newer commtui (format {error.written}): update this one"
        case NetworkFileSystem():
            return f"{path} is on a network file system ({error.kind}), which can lose data: use a local folder"
        case NewerRecord():
            return (
                f"a record of version {error.written} was written by a newer commtui; this one knows {error.known}:"
                " update it"
            )
        case UnreadableRecord():
            return f"a damaged record ({error.kind}: {error.what}): {REPAIR}"
    return f"cannot use {path}: {error.what}"


def damage_line(damage: Damage) -> str:
    """Returns which record cannot be read, and what to do about it."""
    return f"{damage.file}: {named(damage)} cannot be read; the rest works: {REPAIR}"


def damage_summary(damage: Sequence[Damage]) -> str:
    """Returns which record cannot be read, and the number of others, for a narrow screen."""
    more = f" (and {len(damage) - 1} more)" if damage[1:] else ""
    return f"{damage[0].file.name}: {named(damage[0])} cannot be read{more}; the rest works: {REPAIR}"


def named(damage: Damage) -> str:
    """Returns the kind and the ids of a damaged record: `the mention m3f9`."""
    return f"the {THINGS.get(damage.kind, 'record')} {' or '.join(damage.ids)}".rstrip()
