"""The verbs on conversations: the same functions that the command line calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from commtui.activity import undo
from commtui.activity.errors import Taken, Unasked
from commtui.community import conversations
from commtui.ui.keys.command import Do
from commtui.ui.verbs import lanes, prompts, saved_menu, spam_menu, targets, writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from commtui.activity.desk import Desk, Outcome
    from commtui.ui.screens.inbox import InboxScreen

    Verb = Callable[[Desk, list[str]], Outcome]
    ValueVerb = Callable[[Desk, list[str], str], Outcome]


def _plain(verb: Verb, advance: bool = False) -> Do:
    """A verb without a value. `advance`: the rows leave, and what is open becomes the next one."""

    def do(inbox: InboxScreen, argument: str) -> None:
        ids = targets.conversations(inbox)
        if ids:
            inbox.did(verb(inbox.desk, ids), advance=advance)

    return do


def _asking(name: str, verb: ValueVerb, question: str, advance: bool = False, usual: str = "") -> Do:
    """A verb with a value, which is asked for where it is missing. `usual`: what an empty answer means."""

    def do(inbox: InboxScreen, argument: str) -> None:
        ids = targets.conversations(inbox)
        if not ids:
            return

        def then(value: str) -> None:
            value = value.strip() or usual
            if value:
                targets.repeatable(inbox, name, value)
                inbox.did(verb(inbox.desk, ids, value), advance=advance)

        if argument:
            then(argument)
        else:
            prompts.ask(inbox, question, then)

    return do


def _snooze(inbox: InboxScreen, argument: str) -> None:
    if inbox.pane.name == "mentions":
        _SNOOZE(inbox, argument)
    else:
        from commtui.ui.verbs.outgoing import reschedule

        reschedule(inbox, argument)


def _undo(inbox: InboxScreen, argument: str) -> None:
    name, back = ("redo", undo.redo) if argument == "--redo" else ("undo", undo.undo)

    def do(agreed: tuple[str, ...] = (), step: str | None = None) -> None:
        outcome = back(inbox.desk, agreed, step)
        inbox.did(outcome, keep_marks=True, undoes="")
        targets.point_to(inbox, outcome.ids)

    try:
        do()
    except Unasked as asks:
        found, step = asks.ids, asks.step
        prompts.confirm(inbox, f"{name}: send again {targets.named(inbox, found)}?", lambda: do(found, step))


def _assign(desk: Desk, ids: list[str], who: str) -> Outcome:
    from msgspec.structs import replace

    outcome = conversations.assign(desk, ids, who)
    if conversations.is_stranger(desk, who):
        return replace(outcome, said=f"{outcome.said}; {who} is not among the config's teammates")
    return outcome


def _claim(inbox: InboxScreen, argument: str) -> None:
    ids = targets.conversations(inbox)
    if not ids:
        return
    try:
        inbox.did(conversations.claim(inbox.desk, ids))
    except Taken as taken:
        name = taken.author.split("@")[1] if taken.author.startswith("@") else taken.author
        inbox.tell(f"@{name} is {taken.who}'s; {inbox.key('assign')} me enter takes it over", bad=True)


_SNOOZE = _asking(
    "snooze", conversations.snooze, "snooze until (2h, tonight, fri 14:30, answer; empty: tomorrow)", True, "tomorrow"
)

DO: Final[Mapping[str, Do]] = {
    "reply": writing.reply,
    "done": _plain(conversations.done, advance=True),
    "snooze": _snooze,
    "claim": _claim,
    "assign": _asking("assign", _assign, "assign to (a name, me, nobody)"),
    "tag": _asking("tag", conversations.tag, "tag"),
    "untag": _asking("untag", conversations.untag, "take away the tag"),
    "note": _asking("note", conversations.note, "note (internal)"),
    "quiet": spam_menu.ask,
    "mute": _plain(conversations.mute, advance=True),
    "spam": spam_menu.spam,
    "unmute": _plain(conversations.unmute),
    "read": _plain(conversations.read),
    "reopen": _plain(conversations.reopen),
    "saved": saved_menu.ready,
    "macro": saved_menu.macro,
    "hand-off": lanes.hand_off,
    "campaign": lanes.cross,
    "undo": _undo,
    "redo": lambda inbox, _: _undo(inbox, "--redo"),
    "repeat": targets.repeat,
}
