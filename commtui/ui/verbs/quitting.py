"""Back, and out: never without a word past what is scheduled and would stay where it is."""

from __future__ import annotations

from typing import Final

from commtui.model.states import LEAVING, Lane, OutgoingState
from commtui.ui.host import Host
from commtui.ui.verbs import filtering, focus, many, prompts

BACKGROUND: Final = "b"
QUIT: Final = "q"


def back(host: Host, quits: bool) -> None:
    """Out of the thread; else takes marks away, then the filter; else, if wanted, quits."""
    rows = host.panes.rows
    if host.thread.is_open:
        opened_from = host.session.opened_from
        focus.close_thread(host)
        if opened_from is not None:
            opened_from()
    elif not quits and (host.session.marking or many.stop(host)):
        host.session.marking = ""
    elif rows.marks or rows.ranging:
        rows.mark(())
    elif host.panes.pane.filter_text:
        filtering.set_filter(host, "")
    elif quits:
        leave(host)


def leave(host: Host, argument: str = "") -> None:
    """Ends the program. It asks first while a verb on many runs, and where nothing would send what is scheduled."""
    if host.session.running is not None:
        many.ask_before_leaving(host, lambda: leave(host))
        return
    left = _left_unsent(host)
    if not left:
        host.program.leave()
        return

    def in_background() -> None:
        host.services.send_in_background = True
        host.program.leave()

    question = f"{left} scheduled, and nothing sends after you quit:"
    keys = f"  {BACKGROUND} send in the background  {QUIT} quit; sent at the next start  any other key: stay"
    prompts.choose(host, question + keys, {BACKGROUND: in_background, QUIT: host.program.leave})


def _left_unsent(host: Host) -> int:
    """How many texts and acts are scheduled that only this process would send. The demo's network ends with it."""
    if host.services.demo or host.desk.settings.paused or host.services.engine.state().where == "elsewhere":
        return 0
    store = host.desk.store
    counts = store.outgoing.counts()
    acts = len(store.acts.in_state(OutgoingState.SCHEDULED))
    return acts + sum(counts.get((lane, state), 0) for lane in Lane for state in LEAVING)


def redraw(host: Host, argument: str = "") -> None:
    """Draws the whole screen again, for when another program wrote over it."""
    host.program.erase_screen()
    host.repaint_all()
