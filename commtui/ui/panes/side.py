"""What stands beside panes and reader on a wide screen: person and account, and the overview."""

from __future__ import annotations

from collections.abc import Callable

from commtui.ui.snapshot import Snapshot
from commtui.ui.text.rows import Pieces
from commtui.ui.widgets.pace import Pace
from commtui.ui.widgets.side_column import SideColumn


class SideColumns:
    """Both columns. They are read and painted once keys and news pause: at each step they would cost more than it."""

    def __init__(self, snapshot: Snapshot, about: Callable[[], str | None], key_of: Callable[[str], str]) -> None:
        """`about`: the id of what is in the reader; `key_of`: the key of a command, empty for none."""
        self._snapshot = snapshot
        self._about = about
        self._key_of = key_of
        self.person = SideColumn(self._person_lines, self.follow, id="person")
        self.overview = SideColumn(self._overview_lines, self.follow, id="overview")
        self._pace = Pace(self.person, self._show)

    @property
    def columns(self) -> tuple[SideColumn, SideColumn]:
        """What is to be mounted."""
        return self.person, self.overview

    def follow(self) -> None:
        """Brings both up to date, soon."""
        self._pace.step()

    def _show(self) -> None:
        with self._snapshot.desk.store.view():
            self.person.show()
            self.overview.show()

    def _person_lines(self, width: int) -> list[Pieces]:
        from commtui.ui.panes.beside import beside  # most screens have no room for it

        return beside(self._snapshot, self._about(), width)

    def _overview_lines(self, width: int) -> list[Pieces]:
        from commtui.ui.panes.beside import overview

        return overview(self._snapshot, self._key_of("leader"), self._key_of("view"), width)
