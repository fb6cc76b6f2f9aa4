"""The last line: the keys of what has the focus, as many as there is room for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

from rich.cells import cell_len

Focus = Literal[
    "mentions",
    "replies",
    "posts",
    "thread",
    "item",
    "activity",
    "engagement",
    "person",
    "calendar",
    "campaigns",
    "figures",
    "figure-rows",
]
"""A pane, the reader (a thread, or an item of ours without one), or a list or a person that has the whole screen."""

_THREAD_END: Final = (("copy-link", "copy link"), ("leader", "more"))
HINTS: Final[Mapping[Focus, tuple[tuple[str, str], ...]]] = {
    "mentions": (
        ("reply", "reply"), ("done", "done"), ("snooze", "snooze"), ("assign", "assign"), ("saved", "saved"),
        ("mark", "mark"), ("leader", "more"), ("filter", "filter"), ("tag", "tag"), ("undo", "undo"),
        ("compose", "post"), ("sync", "sync"),
    ),
    "replies": (
        ("reply", "edit"), ("snooze", "time"), ("recall", "recall"), ("hold", "hold"), ("mark", "mark"),
        ("leader", "more"), ("open", "thread"), ("undo", "undo"), ("sync", "sync"),
    ),
    "posts": (
        ("reply", "edit"), ("snooze", "time"), ("recall", "recall"), ("hold", "hold"), ("mark", "mark"),
        ("compose", "new"), ("leader", "more"), ("campaign", "answers"), ("undo", "undo"), ("sync", "sync"),
    ),
    "thread": (
        ("back", "back"), ("reply", "reply"), ("done", "done"), ("snooze", "snooze"), ("assign", "assign"),
        ("saved", "saved"), *_THREAD_END, ("note", "note"), ("open-link", "open link"),
        ("open-media", "open file"), ("undo", "undo"),
    ),
    "item": (
        ("back", "back"), ("reply", "edit"), ("snooze", "time"), ("recall", "recall"), ("hold", "hold"), *_THREAD_END,
        ("undo", "undo"),
    ),
    "activity": (
        ("back", "back"), ("open", "open"), ("undo", "undo this"), ("filter", "words"),
    ),
    "calendar": (
        ("open", "open"), ("snooze", "time"), ("hold", "hold"), ("pane-next", "week/month"),
        ("period-before", "before"), ("period-after", "after"), ("tag", "today"), ("later", "15m later"),
        ("search-next", "next slot"), ("duplicate", "copy"), ("compose", "new"), ("reply", "edit"),
        ("account-filter", "account"), ("undo", "undo"), ("back", "back"),
    ),
    "engagement": (("back", "back"), ("open", "open the link"), ("campaign", "our post")),
    "campaigns": (("back", "back"), ("open", "open"), ("hold", "pause, go on"), ("undo", "undo")),
    "person": (
        ("back", "back"), ("open", "open"), ("tag", "tag"), ("note", "note"), ("mark", "vip"), ("campaign", "link"),
        ("undo", "undo"), ("quiet", "erase"),
    ),
    "figures": (
        ("back", "back"), ("open", "the rows"), ("search-next", "next number"), ("snooze", "period"),
        ("pane-next", "group"), ("sync", "read anew"),
    ),
    "figure-rows": (("back", "back"), ("open", "open")),
}  # fmt: skip
"""Focus -> commands and their words, the most wanted first; replies and posts begin alike: what differs is drawn anew.
The key of help follows them always."""

ALSO_X: Final = " (x too, after an arrow)"


def picker_keys(width: int, several: bool, looks: bool) -> str:
    """The keys of a list to choose from, on one line of that width: what has no room is left out, the way out never.
    `several`: some can be marked; `looks`: what the cursor is on can be looked at."""
    look, marks = "ctrl+o looks  " * looks, f"ctrl+x marks{ALSO_X}  " * several
    line = f"enter takes  tab completes  {look}{marks}esc back"
    for part in (ALSO_X, "tab completes  "):
        if cell_len(line) > width:
            line = line.replace(part, "")
    return line


def unbound_words(keys: str, help_key: str) -> str:
    """What is said of a key that does nothing."""
    return f"{keys} does nothing here; {help_key}: help"


def key_line(focus: Focus, key_of: Callable[[str], str], width: int) -> list[tuple[str, str]]:
    """The line for what has the focus: commands and what is shown of each, in their order.

    `key_of`: a command's key; a command without one is left out.
    """
    end = f"  {key_of('help')} help"
    entries: list[tuple[str, str]] = []
    room = width - cell_len(end)
    for command, word in HINTS[focus]:
        key = key_of(command)
        entry = f"  {key} {word}" if entries else f" {key} {word}"
        if not key:
            continue
        room -= cell_len(entry)
        if room < 0:
            break
        entries.append((command, entry))
    return [*entries, ("help", end)]
