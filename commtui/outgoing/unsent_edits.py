"""Edits of scheduled and sent texts that were not saved yet: in a file that all windows of the home share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from msgspec import DecodeError, Struct, json

from commtui.activity.refusals import NotKept
from commtui.model.outgoing import Content
from commtui.model.records import Media
from commtui.system.files import lock_file, read_file, replace_file

FILE: Final = "edits.json"
"""Its name in the folder of a home's state."""
LARGEST: Final = 64 << 20
"""Bytes of the file: as much as the longest texts of thousands of items."""

StillThere = Callable[[Collection[str]], Collection[str]]
"""Those of some items that can be edited still."""


class Edit(Struct, frozen=True):
    """What is to become of an item. `timed`: it gets the time `at` (None: the end of a hold window). `known`: what the
    writer saw of it, and of its copies, by their ids."""

    text: str
    warning: str = ""
    media: tuple[Media, ...] = ()
    timed: bool = False
    at: datetime | None = None
    known: Mapping[str, Content] = {}


class UnsentEdits:
    """Item -> its edit. A file that cannot be read has none; one that is damaged is set aside by the next edit."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, item: str) -> Edit | None:
        """The edit of an item, whichever window made it."""
        return self._read_if_possible().get(item)

    def put(self, item: str, edit: Edit | None, still_there: StillThere) -> None:
        """Keeps an edit, in place of the item's last one; None: the item has none any more. The edits of items that are
        gone go with it. Raises NotKept."""
        if edit is None and not self._path.exists():
            return
        try:
            with lock_file(self._path.with_suffix(".lock")):
                before = self._read_or_set_aside()
                others = [other for other in before if other != item]
                there = still_there(others) if others else ()
                edits = {other: before[other] for other in others if other in there}
                if edit is not None:
                    edits[item] = edit
                if edits != before:
                    replace_file(self._path, json.encode(edits), durable=False)  # an fsync would stop the screen
        except OSError as error:
            raise NotKept(self._path, error) from error

    def forget(self, items: Collection[str]) -> None:
        """Takes the edits of some items out of the file. Raises NotKept."""
        gone = frozenset(items)
        if not gone.isdisjoint(self._read_if_possible()):
            self.put(next(iter(gone)), None, lambda others: [other for other in others if other not in gone])

    def _read_if_possible(self) -> dict[str, Edit]:
        """All edits; none where the file cannot be read."""
        with suppress(OSError, DecodeError):
            return self._read()
        return {}

    def _read(self) -> dict[str, Edit]:
        """All edits. Raises OSError, DecodeError."""
        try:
            return json.decode(read_file(self._path, LARGEST), type=dict[str, Edit])
        except FileNotFoundError:
            return {}

    def _read_or_set_aside(self) -> dict[str, Edit]:
        """All edits; none where the file is damaged: it is given another name. Raises OSError."""
        try:
            return self._read()
        except DecodeError:
            self._path.replace(self._path.with_suffix(".damaged"))
            return {}
