"""After a verb: rows, cursor and thread follow, and the status line says what was done."""

from __future__ import annotations

from commtui.activity.desk import Outcome
from commtui.ui.host import Host
from commtui.ui.text.names import plain
from commtui.ui.verbs import focus


def finish(
    host: Host, outcome: Outcome, advance: bool = False, keep_marks: bool = False, undoes: str = "undoes"
) -> None:
    """Shows what a verb did.

    `advance`: the rows it changed go away, and what is open becomes the next one. `undoes`: what the undo key does to
    it, in a word; empty where that needs no saying.
    """
    if not keep_marks:
        host.panes.rows.mark(set())
    host.follow()
    if advance:
        focus.open_next(host)
    sentence = plain(host.desk, outcome.said)
    undo = f" - {host.key_of('undo')} {undoes}" if outcome.op_id and undoes else ""
    host.status.tell(sentence + undo, countdown=outcome.ids if "leaves" in sentence else ())
    host.panes.show_titles()
    host.remember()
