"""After a verb: rows, cursor and thread follow, and the status line says what was done."""

from __future__ import annotations

from typing import Final

from commtui.activity.outcome import Outcome
from commtui.sentences.outcomes import sentence
from commtui.ui.host import Host
from commtui.ui.text.naming import ScreenNaming
from commtui.ui.verbs import focus, serving
from commtui.ui.widgets.status_bar import Pending

LEAST_QUOTED: Final = 20
BESIDE: Final = 40
"""Cells of the last line that a sentence needs beside a text that it quotes."""
LEAVE: Final = ("retry", "release")
"""Verbs after which something is sent at once."""


def finish(host: Host, outcome: Outcome, advance: bool = False, keep_marks: bool = False) -> None:
    """Shows what a verb did. `advance`: the rows it changed go away, and what is open becomes the next one. Marks that
    it did not act on stay."""
    if not keep_marks and host.session.passed_by is None:
        host.panes.rows.mark(())
    host.follow()
    left = ""
    if advance and host.session.serving is not None:
        left = serving.go_on(host)
    elif advance:
        focus.open_next(host)
    quoted = max(LEAST_QUOTED, host.program.size.width - BESIDE)

    def words() -> str:
        said = sentence(outcome, ScreenNaming(host.desk, host.key_of, quoted))
        return f"{said}; {left}" if left else said

    undoable = outcome.op_id and outcome.undone is None
    names_all = outcome.total <= len(outcome.ids)  # else `3 of 50` would be said of 3,000
    leaves = names_all and (outcome.leaves_at or outcome.verb in LEAVE)
    host.status.tell(
        words(),
        pending=Pending(outcome.ids, outcome.leaves_at, words) if leaves else None,
        way_back=f"{host.key_of('undo')}: undo" if undoable else "",
    )
    host.panes.show_titles()
    host.remember()
