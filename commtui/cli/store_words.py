"""What the store could not do, or could not read, as one line for a person at a shell."""

from __future__ import annotations

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
"""Kind of record -> what it is to a person."""


def explain(error: StoreError) -> str:
    """What went wrong, and what can be done about it."""
    match error:
        case StoreFull():
            return f"no room to write {error.path}: nothing was changed; make room and try again"
        case StoreReadOnly():
            return f"cannot write {error.path}: {error.what}; nothing was changed"
        case StoreBusy():
            return f"{error.path} is in use by another program that does not let go; nothing was changed"
        case StoreDamaged():
            return f"{error.path} is damaged ({error.what}): {REPAIR}, which saves what is readable"
        case OldFormat():
            return (
                f"{error.path} holds the store of an older commtui: make a backup with that version (`commtui backup"
                " FILE`), then `commtui --home ANOTHER restore FILE` with this one"
            )
        case NewerFormat():
            return f"{error.path} was written by a newer commtui (format {error.written}): update this one"
        case NetworkFileSystem():
            return f"{error.path} is on a network file system ({error.kind}), which can lose data: use a local folder"
        case NewerRecord():
            return (
                f"a record of version {error.written} was written by a newer commtui; this one knows {error.known}:"
                " update it"
            )
        case UnreadableRecord():
            return f"a damaged record ({error.kind}: {error.what}): {REPAIR}"
    return f"cannot use {error.path}: {error.what}"


def damage_line(damage: Damage) -> str:
    """Which record cannot be read, and what can be done about it."""
    return f"{damage.file}: {named(damage)} cannot be read; the rest works: {REPAIR}"


def named(damage: Damage) -> str:
    """`the mention m3f9`."""
    return f"the {THINGS.get(damage.kind, 'record')} {' or '.join(damage.ids)}".rstrip()
