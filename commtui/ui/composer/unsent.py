"""Edits of scheduled and sent texts that were not saved yet: in a file that all windows of the home share."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from msgspec import DecodeError, Struct, json

from commtui.activity.refusals import NotKept
from commtui.model.records import Media
from commtui.system.files import lock_file, replace_file


class Edit(Struct, frozen=True):
    """What is to become of an item. `timed`: it gets the time `at` (None: the end of a hold window)."""

    text: str
    warning: str = ""
    media: tuple[Media, ...] = ()
    timed: bool = False
    at: datetime | None = None


class UnsentEdits:
    """Item -> its edit. A file that cannot be read has none."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, item: str) -> Edit | None:
        """The edit of an item, whichever window made it."""
        return self._read().get(item)

    def put(self, item: str, edit: Edit | None) -> None:
        """Keeps an edit, in place of the item's last one; None: the item has none any more. Raises NotKept."""
        if edit is None and not self._path.exists():
            return
        try:
            with lock_file(self._path.with_suffix(".lock")):
                before = self._read()
                edits = {other: kept for other, kept in before.items() if other != item}
                if edit is not None:
                    edits[item] = edit
                if edits != before:
                    replace_file(self._path, json.encode(edits), durable=False)  # an fsync would stop the screen
        except OSError as error:
            raise NotKept(self._path, error) from error

    def _read(self) -> dict[str, Edit]:
        with suppress(OSError, DecodeError):
            return json.decode(self._path.read_bytes(), type=dict[str, Edit])
        return {}
