"""The rows behind a number of the report: messages, conversations that were reopened, people."""

from __future__ import annotations

from commtui.ui.dialogs.list_screen import Keys, ListScreen
from commtui.ui.dialogs.report_actions import RowsPlace
from commtui.ui.keys.keymap import Keymap
from commtui.ui.snapshot import Snapshot
from commtui.ui.text.counted_row import counted_row
from commtui.ui.text.rows import Pieces


class ReportRowsScreen(ListScreen[str | None]):
    """Ends with the id of the row that is opened, or with None by the keys that lead back."""

    def __init__(self, snapshot: Snapshot, keymap: Keymap, place: RowsPlace, demo: bool = False) -> None:
        super().__init__("figure-rows", snapshot, keymap, lambda: "nothing", demo)
        self._place = place

    def on_mount(self) -> None:
        self.show_title(self._place.about, ("bar", f" {len(self._place.ids):,} "))
        self.call_after_refresh(self._begin_at_place)

    def _begin_at_place(self) -> None:
        self.rows.show(range(1, len(self._place.ids) + 1), None)
        self.rows.move_to(self._place.row)

    def follow(self) -> None:
        """The rows stay those that the number counts; what they say is written anew."""
        self.rows.forget_rows()

    def on_rows_moved(self) -> None:
        self._place.row = self.rows.at

    def row_pieces(self, number: int, pointed: bool, marked: bool, width: int) -> Pieces:
        return counted_row(self.snapshot.desk, self._place.ids[number - 1], self.snapshot.row_context(width), pointed)

    def own_keys(self) -> Keys:
        return {"open": lambda: self.dismiss(self._place.ids[self.rows.at])}
