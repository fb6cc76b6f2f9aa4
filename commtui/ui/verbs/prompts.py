"""Questions on the bottom line: a text, one of some keys, or a yes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from commtui.activity.errors import Usage
from commtui.ui.host import Host
from commtui.ui.text.cells import cells_of, cut_words
from commtui.ui.text.errors import NotDone
from commtui.ui.text.naming import error_sentence
from commtui.ui.widgets.picker import Picker, Picking

YES: Final = "  y yes, any other key no"
SHORT_YES: Final = "  y yes"
"""Where the question needs the room."""
NARROW: Final = 55
"""Columns up to which a question has several lines."""


def ask(
    host: Host,
    question: str,
    then: Callable[[str], None],
    text: str = "",
    earlier: Sequence[str] = (),
    complete: Callable[[str], tuple[str, str, bool]] | None = None,
) -> None:
    """Asks for a text; `text`, `earlier` and `complete` are Prompt.ask's.

    A text that can't be read is asked for again, with what is wrong above it: the letters typed next must not be
    taken for commands.
    """

    def take(answer: str) -> None:
        try:
            then(answer)
        except (Usage, NotDone) as error:
            host.prompt.again(error_sentence(error, host.desk, host.key_of))

    host.prompt.ask(
        question, lambda answer: host.run(lambda *_: take(answer)), text, earlier=earlier, complete=complete
    )


def choose(host: Host, question: str, keys: Mapping[str, Callable[[], None]]) -> None:
    """Asks for one of these keys; any other one does nothing."""

    def running(action: Callable[[], None]) -> Callable[[], None]:
        return lambda: host.run(lambda *_: action())

    host.prompt.choose(question, {key: running(action) for key, action in keys.items()})


def pick(host: Host, picking: Picking, then: Callable[[tuple[str, ...]], None]) -> None:
    """Lets choose from a list; `then` gets the ids that were taken. Where nothing can be chosen, `none` is told."""
    if not (picking.choices or picking.new or picking.folders):
        host.tell(picking.none)
        return

    def ended(taken: tuple[str, ...] | None) -> None:
        if taken:
            host.run(lambda *_: then(taken))

    host.push(Picker(picking, host.services.demo), ended)


def confirm(host: Host, question: str, then: Callable[[], None], text: str = "") -> None:
    """Asks for `y`. `text`: what would be sent; it stands below the question, as much as a quarter of the screen has
    room for."""
    room = host.program.size.width - 2 - 6 * host.services.demo
    keys = YES if room <= NARROW or cells_of(question) + len(YES) <= room else SHORT_YES
    if text:
        shown = cut_words(" ".join(text.split()), (room - 1) * max(2, host.program.size.height // 4))
        choose(host, f"{question}  {shown}{YES}", {"y": then})
        return
    choose(host, (question if room <= NARROW else cut_words(question, room - len(keys))) + keys, {"y": then})
