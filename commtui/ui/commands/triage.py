"""The verbs on conversations: the same functions that the command line calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commtui.triage import marking, undo
from commtui.triage.errors import Taken, Unasked
from commtui.ui import bridge, choosing, questions, quiet, ready, writing
from commtui.ui.commands.command import Command, Do

if TYPE_CHECKING:
    from collections.abc import Callable

    from commtui.triage.desk import Desk, Outcome
    from commtui.ui.screens.inbox import InboxScreen

    Verb = Callable[[Desk, list[str]], Outcome]
    ValueVerb = Callable[[Desk, list[str], str], Outcome]


def _plain(verb: Verb, advance: bool = False) -> Do:
    """A verb without a value. `advance`: the rows leave, and what is open becomes the next one."""

    def do(inbox: InboxScreen, argument: str) -> None:
        ids = choosing.conversations(inbox)
        if ids:
            inbox.did(verb(inbox.desk, ids), advance=advance)

    return do


def _asking(name: str, verb: ValueVerb, question: str, advance: bool = False, usual: str = "") -> Do:
    """A verb with a value, which is asked for where it is missing. `usual`: what an empty answer means."""

    def do(inbox: InboxScreen, argument: str) -> None:
        ids = choosing.conversations(inbox)
        if not ids:
            return

        def then(value: str) -> None:
            value = value.strip() or usual
            if value:
                choosing.repeatable(inbox, name, value)
                inbox.did(verb(inbox.desk, ids, value), advance=advance)

        if argument:
            then(argument)
        else:
            questions.ask(inbox, question, then)

    return do


def _snooze(inbox: InboxScreen, argument: str) -> None:
    if inbox.pane.name == "mentions":
        _SNOOZE(inbox, argument)
    else:
        from commtui.ui.commands.outgoing import reschedule

        reschedule(inbox, argument)


def _undo(inbox: InboxScreen, argument: str) -> None:
    name, back = ("redo", undo.redo) if argument == "--redo" else ("undo", undo.undo)

    def do(agreed: tuple[str, ...] = ()) -> None:
        outcome = back(inbox.desk, agreed)
        inbox.did(outcome, keep_marks=True, undoes="")
        choosing.point_to(inbox, outcome.ids)

    try:
        do()
    except Unasked as asks:
        found = asks.ids
        questions.confirm(inbox, f"{name}: send again {choosing.named(inbox, found)}?", lambda: do(found))


def _assign(desk: Desk, ids: list[str], who: str) -> Outcome:
    from dataclasses import replace

    outcome = marking.assign(desk, ids, who)
    if marking.is_stranger(desk, who):
        return replace(outcome, said=f"{outcome.said}; {who} is not among the config's teammates")
    return outcome


def _claim(inbox: InboxScreen, argument: str) -> None:
    ids = choosing.conversations(inbox)
    if not ids:
        return
    try:
        inbox.did(marking.claim(inbox.desk, ids))
    except Taken as taken:
        name = taken.author.split("@")[1] if taken.author.startswith("@") else taken.author
        inbox.tell(f"@{name} is {taken.who}'s; {inbox.key('assign')} me enter takes it over", bad=True)


_SNOOZE = _asking(
    "snooze", marking.snooze, "snooze until (2h, tonight, fri 14:30, answer; empty: tomorrow)", True, "tomorrow"
)

COMMANDS = (
    Command("reply", "reply; on one of ours: edit it", "Triage", writing.reply, ("r",),
            verb="reply", argument="[TEXT]"),
    Command("done", "done, and on to the next", "Triage", _plain(marking.done, advance=True), ("e",), verb="done",
            repeats=True),
    Command("snooze", "snooze; a post or reply: another time", "Triage", _snooze, ("s",), verb="snooze",
            argument="WHEN|answer", repeats=True),
    Command("claim", "assign to me", "Triage", _claim, ("A",), verb="claim", repeats=True),
    Command("assign", "assign to", "Triage", _asking("assign", _assign, "assign to (a name, me, nobody)"), ("a",),
            verb="assign", argument="WHO", repeats=True),
    Command("tag", "tag", "Triage", _asking("tag", marking.tag, "tag"), ("t",), verb="tag", argument="TAG",
            repeats=True),
    Command("untag", "take a tag away", "Triage", _asking("untag", marking.untag, "take away the tag"), ("T",),
            verb="untag", argument="TAG", repeats=True),
    Command("note", "internal note, never sent", "Triage", _asking("note", marking.note, "note (internal)"), ("i",),
            verb="note", argument="TEXT", repeats=True),
    Command("quiet", "mute or spam; on the network: mute, block, report (asks)", "Triage", quiet.ask, ("!",)),
    Command("mute", "mute here; nobody is told", "Triage", _plain(marking.mute, advance=True), verb="mute",
            repeats=True),
    Command("spam", "spam: muted here and tagged", "Triage", quiet.spam, verb="spam", repeats=True),
    Command("unmute", "no longer muted", "Triage", _plain(marking.unmute), leader="u", verb="unmute", repeats=True),
    Command("read", "mark as read", "Triage", _plain(marking.read), leader="r", verb="read", repeats=True),
    Command("reopen", "open again", "Triage", _plain(marking.reopen), ("O",), verb="reopen", repeats=True),
    Command("saved", "saved replies and macros", "Triage", ready.ready, ("m",), verb="saved", argument="NAME"),
    Command("macro", "do a macro", "Triage", ready.macro, verb="macro", argument="NAME", repeats=True),
    Command("hand-off", "hand off: a post of it, or an owner", "Triage", bridge.hand_off, leader="g",
            verb="hand-off"),
    Command("campaign", "a mention's post of ours, and back", "Triage", bridge.cross, ("L",)),
    Command("undo", "undo; within the hold window it recalls a reply", "Triage", _undo, ("u",), verb="undo",
            argument="[--redo]"),
    Command("redo", "redo; what it would send again it asks about", "Triage", lambda inbox, _: _undo(inbox, "--redo"),
            ("U",), verb="redo"),
    Command("repeat", "the last verb again, here", "Triage", choosing.repeat, (".",)),
)  # fmt: skip
