"""What sorts the rows of a pane: chosen from a list, or by name; each filter keeps its own."""

from __future__ import annotations

from commtui.model.states import Order
from commtui.ui.host import Host
from commtui.ui.text.errors import NotDone
from commtui.ui.text.matching import Choice
from commtui.ui.text.titles import order_words
from commtui.ui.verbs import prompts
from commtui.ui.widgets.picker import Picking
from commtui.ui.widgets.places import Spot


def orders(host: Host) -> list[Choice]:
    """The orders of the active pane, the one in use marked."""
    in_use = host.panes.pane.order
    return [Choice(order.value, "in use" if order is in_use else "") for order in Order] if in_use else []


def sort(host: Host, argument: str = "") -> None:
    """Sorts the active pane and shows its first rows. Raises NotDone for an unknown order."""
    if host.panes.pane.order is None:
        what = "what is found in everything is" if host.panes.pane.everywhere else "replies and posts are"
        host.tell(f"{what} sorted by time")
    elif argument:
        _sort_by(host, argument)
    else:
        prompts.pick(host, Picking("sort by", orders(host)), lambda taken: _sort_by(host, taken[0]))


def _sort_by(host: Host, name: str) -> None:
    pane, rows = host.panes.pane, host.panes.rows
    order = next((order for order in Order if order.value.startswith(name.strip().lower())), None)
    if order is None:
        raise NotDone(f"no order {name!r}; there are: {', '.join(order.value for order in Order)}")
    marks = (pane.wanted or rows.spot).marks
    pane.orders.pop(pane.filter_text, None)
    if order is not pane.default_order:
        pane.orders[pane.filter_text] = order
    host.follow(everything=True)
    pane.wanted = Spot(None, 0, marks) if pane.searching else None
    rows.put_first()
    host.tell(order_words(order))
