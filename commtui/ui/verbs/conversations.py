"""The verbs on conversations: the same functions that the command line calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from commtui.activity import undo
from commtui.activity.desk import Desk
from commtui.activity.outcome import Outcome
from commtui.activity.refusals import Unasked
from commtui.community import conversations
from commtui.ui.host import Action, Host
from commtui.ui.verbs import lanes, outgoing, prompts, saved_menu, spam_menu, targets, writing
from commtui.ui.verbs.finish import finish

Function = Callable[[Desk, list[str]], Outcome]
ValueFunction = Callable[[Desk, list[str], str], Outcome]


def _action(function: Function, advance: bool = False) -> Action:
    """A verb without a value. `advance`: the rows go away, and what is open becomes the next one."""

    def action(host: Host, argument: str) -> None:
        ids = targets.conversations(host)
        if ids:
            finish(host, function(host.desk, ids), advance=advance)

    return action


def _value_action(
    name: str, function: ValueFunction, question: str, advance: bool = False, default: str = ""
) -> Action:
    """A verb with a value, which is asked for where it is missing. `default`: what an empty answer means."""

    def action(host: Host, argument: str) -> None:
        ids = targets.conversations(host)
        if not ids:
            return

        def then(value: str) -> None:
            value = value.strip() or default
            if value:
                host.session.last_verb = (name, value)
                finish(host, function(host.desk, ids, value), advance=advance)

        if argument:
            then(argument)
        else:
            prompts.ask(host, question, then)

    return action


def _snooze(host: Host, argument: str) -> None:
    """One meaning in every pane: set the time."""
    snooze = _SNOOZE if host.panes.pane.name == "mentions" else outgoing.reschedule
    snooze(host, argument)


def _undo(host: Host, argument: str) -> None:
    name, function = ("redo", undo.redo) if argument == "--redo" else ("undo", undo.undo)

    def undo_step(agreed: tuple[str, ...] = (), step: str | None = None) -> None:
        outcome = function(host.desk, agreed, step)
        finish(host, outcome, keep_marks=True)
        targets.point_to(host, outcome.ids)

    try:
        undo_step()
    except Unasked as error:
        ids, step = error.ids, error.step
        prompts.confirm(host, f"{name}: schedule {targets.named(host, ids)} again?", lambda: undo_step(ids, step))


_SNOOZE = _value_action(
    "snooze", conversations.snooze, "snooze until (2h, tonight, fri 14:30, answer; empty: tomorrow)", True, "tomorrow"
)

ACTIONS: Final[Mapping[str, Action]] = {
    "reply": writing.reply,
    "done": _action(conversations.done, advance=True),
    "snooze": _snooze,
    "claim": _action(conversations.claim),
    "assign": _value_action("assign", conversations.assign, "assign to (a name, me, nobody)"),
    "tag": _value_action("tag", conversations.tag, "tag"),
    "untag": _value_action("untag", conversations.untag, "take away the tag"),
    "note": _value_action("note", conversations.note, "note (internal)"),
    "quiet": spam_menu.ask,
    "mute": _action(conversations.mute, advance=True),
    "spam": spam_menu.spam,
    "unmute": _action(conversations.unmute),
    "read": _action(conversations.read),
    "reopen": _action(conversations.reopen),
    "saved": saved_menu.open_menu,
    "macro": saved_menu.macro,
    "hand-off": lanes.hand_off,
    "campaign": lanes.cross,
    "undo": _undo,
    "redo": lambda host, _: _undo(host, "--redo"),
    "repeat": targets.repeat,
}
