"""What the store could not do, or could not read, as one line of the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from commtui.store.damage import Damage
from commtui.store.errors import (
    NewerRecord,
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
    "Activity": "step of the log",
}


def explain(error: Exception) -> str:
    """What went wrong: of an error of the store, or what another error says itself."""
    match error:
        case StoreFull():
            return f"no room on the disk of {error.path.name}: nothing was changed; make room and try again"
        case StoreReadOnly():
            return f"cannot write {error.path.name}: {error.what}"
        case StoreBusy():
            return f"{error.path.name} is in use by another program; nothing was changed"
        case StoreDamaged():
            return f"{error.path.name} is damaged: {REPAIR}"
        case NewerRecord():
            return f"a record of version {error.written} was written by a newer commtui: update this one"
        case UnreadableRecord():
            return f"a damaged record ({error.kind}): {REPAIR}"
        case StoreError():
            return f"cannot use {error.path.name}: {error.what}"
    return str(error)


def damage_line(damage: Sequence[Damage]) -> str:
    """Which record cannot be read, and how many more."""
    first = damage[0]
    name = f"the {THINGS.get(first.kind, 'record')} {' or '.join(first.ids)}".rstrip()
    more = f" (and {len(damage) - 1} more)" if damage[1:] else ""
    return f"{first.file.name}: {name} cannot be read{more}; the rest works: {REPAIR}"
