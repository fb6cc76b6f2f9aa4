"""One conversation after the other: what a person answers or puts away makes way for the next, until none is left."""

from __future__ import annotations

from commtui.ui.host import Host, Serving
from commtui.ui.verbs import focus


def serve(host: Host, argument: str = "") -> None:
    """Begins with the first row of the mentions; from then on it skips the conversation that is open."""
    serving = host.session.serving
    if serving is None:
        focus.go_to_pane(host, "mentions")
        if not host.panes.rows.numbers:
            host.tell("nothing is left: the list is empty")
            return
        host.session.serving = Serving(host.desk.now)
        left = _open_next(host)
        skip, back = host.key_of("serve"), host.key_of("back")
        host.tell(f"{left} one after the other: {skip} skips one, {back} ends it")
    else:
        serving.skipped += 1
        host.tell(_next(host, serving))


def go_on(host: Host) -> str:
    """Opens the next one after a verb on the one that was open. Returns how many are left, or how long all took."""
    serving = host.session.serving
    if serving is None:
        return ""
    serving.served += 1
    return _next(host, serving)


def _next(host: Host, serving: Serving) -> str:
    left = _open_next(host)
    if left:
        return f"{left} left"
    focus.close_thread(host)
    return f"none is left: {serving.summary(host.desk.now)}"


def _open_next(host: Host) -> int:
    """Opens the first row that was not open yet. Returns how many such rows there are."""
    serving, rows = host.session.serving, host.panes.rows
    assert serving is not None
    left = [number for number in rows.numbers if number not in serving.seen]
    if left:
        serving.seen.add(left[0])
        rows.move_to_number(left[0])
        focus.open_thread(host)
    return len(left)
