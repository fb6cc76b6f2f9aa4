"""Questions on the bottom line: a text, one of some keys, or a yes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from commtui.activity.errors import Usage
from commtui.ui.text.cells import cut
from commtui.ui.text.statusline import without_ids

if TYPE_CHECKING:
    from commtui.ui.screens.inbox import InboxScreen


def ask(
    inbox: InboxScreen,
    question: str,
    then: Callable[[str], None],
    text: str = "",
    earlier: Sequence[str] = (),
    complete: Callable[[str], tuple[str, str]] | None = None,
) -> None:
    """Asks for a text; `text`, `earlier` and `complete` are Prompt.ask's. One that can't be read is asked for again,
    with what is wrong above it: the letters typed next must not be taken for commands."""

    def answered(answer: str) -> None:
        try:
            then(answer)
        except Usage as error:
            inbox.status_line.display = False
            inbox.prompt.again(without_ids(str(error), inbox.name_of))

    inbox.status_line.display = False
    inbox.prompt.ask(
        question, lambda answer: inbox.do(lambda *_: answered(answer)), text, earlier=earlier, complete=complete
    )


def choose(inbox: InboxScreen, question: str, keys: dict[str, Callable[[], None]]) -> None:
    """Asks for one of these keys; any other one does nothing."""

    def guarded(do: Callable[[], None]) -> Callable[[], None]:
        return lambda: inbox.do(lambda *_: do())

    inbox.status_line.display = False
    inbox.prompt.choose(question, {key: guarded(do) for key, do in keys.items()})


def confirm(inbox: InboxScreen, question: str, then: Callable[[], None]) -> None:
    """Asks for `y`."""
    answer = "  y yes, any other key no"
    room = inbox.size.width - len(answer) - 2 - 6 * inbox.services.demo
    choose(inbox, (cut(question, room) if room > 30 else question) + answer, {"y": then})
