"""The views: filters with a name and a number, which opens its rows. Those of the config are written here, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commtui.config.edit import set_value
from commtui.triage import engagement, query, view_counts
from commtui.ui.host import Action, Host
from commtui.ui.keys.table import BY_ID
from commtui.ui.text.errors import NotDone
from commtui.ui.text.matching import Choice
from commtui.ui.verbs import beside, filtering, focus, prompts
from commtui.ui.widgets.picker import Picking

COUNTED_WITHIN: Final = 0.03
"""Seconds that counting the rows of the config's views may take; a view without a number was not counted."""
ENGAGEMENT: Final = "engagement"
"""The view that is no filter: a list of its own, which its command opens."""


def _view(name: str) -> Action:
    return lambda host, argument: _show(host, view_counts.NAMED[name])


def _show(host: Host, text: str) -> None:
    focus.go_to_pane(host, "mentions")
    filtering.set_filter(host, text)


def _sent(host: Host, argument: str) -> None:
    if host.panes.pane.name == "mentions":
        focus.go_to_pane(host, "replies")
    filtering.set_filter(host, "is:sent")


def views(host: Host) -> list[Choice]:
    """All views, the config's own first, each with the number of its rows; engagement is the last."""
    desk, account = host.desk, host.panes.account
    queries = view_counts.all_views(desk)
    if account:
        numbers = view_counts.searched(desk, queries, account, COUNTED_WITHIN)
    else:
        others = {name: count for name, (_, count) in view_counts.of_home(desk).items()}
        counts = {**view_counts.counts(desk, host.snapshot.standing), **others}
        own = view_counts.searched(desk, desk.settings.views, "", COUNTED_WITHIN)
        numbers = {name: count for name, count in counts.items() if name not in desk.settings.views} | own
    in_use = host.panes.view("mentions").pane.filter_text
    rows = [Choice(name, numbers.get(name, ""), "shown" if text == in_use else text) for name, text in queries.items()]
    if ENGAGEMENT not in queries:
        rows.append(Choice(ENGAGEMENT, str(engagement.count(desk)), BY_ID[ENGAGEMENT].title))
    return rows


def choose(host: Host, argument: str = "") -> None:
    """Shows a view by its name, or one from a list. Raises NotDone for an unknown one."""
    known = view_counts.all_views(host.desk)
    if not argument:
        prompts.pick(host, Picking("view", views(host)), lambda taken: choose(host, taken[0]))
    elif argument in known:
        _show(host, known[argument])
    elif argument == ENGAGEMENT:
        host.do(ENGAGEMENT)
    else:
        raise NotDone(f"no view {argument!r}; there are: {', '.join((*known, ENGAGEMENT))}")


def save(host: Host, argument: str = "") -> None:
    """Keeps the filter of the mentions as a view in the config. Raises NotDone where there is none."""
    text = host.panes.view("mentions").pane.filter_text
    if not text:
        raise NotDone(f"no filter to save: {host.key_of('filter')} sets one")

    def then(name: str) -> None:
        name = name.strip()
        if name:
            query.parse(text)
            _write(host, name, text, f"view {name} saved: {host.key_of('view')} shows it")

    if argument:
        then(argument)
    else:
        prompts.ask(host, f"name for the view {text!r}", then)


def remove(host: Host, argument: str = "") -> None:
    """Takes a view out of the config. Raises NotDone for one that is not there."""
    own = host.desk.settings.views
    if not argument:
        choices = [Choice(name, "", text) for name, text in own.items()]
        picking = Picking("remove the view", choices, "no views of your own yet")
        prompts.pick(host, picking, lambda taken: remove(host, taken[0]))
    elif argument in own:
        _write(host, argument, None, f"view {argument} removed")
    else:
        raise NotDone(f"no view {argument!r} of your own")


def _write(host: Host, name: str, text: str | None, done: str) -> None:
    """`done`: what is said when it is written."""
    home = host.services.home

    def then() -> None:
        host.side.follow()  # it counts the config's views
        host.tell(done)

    beside.change_config(host, lambda: set_value(home, ("views", name), text), then)


_VIEWS: Final = tuple(view_counts.NAMED)
ACTIONS: Final[Mapping[str, Action]] = {
    **{f"view-{name}": _view(name) for name in _VIEWS},
    "view-sent": _sent,
    "view": choose,
    "save-view": save,
    "remove-view": remove,
}
