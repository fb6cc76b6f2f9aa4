"""What is done with replies and posts of ours, and public acts: these are never on one key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commtui.model.records import ActKind
from commtui.triage import acting, outbox, posting
from commtui.ui import choosing, questions, writing
from commtui.ui.commands.command import Command, Do
from commtui.ui.rowtext import short_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from commtui.triage.desk import Desk, Outcome
    from commtui.ui.screens.inbox import InboxScreen

    Verb = Callable[[Desk, list[str]], Outcome]


def _plain(verb: Verb) -> Do:
    def do(inbox: InboxScreen, argument: str) -> None:
        ids = choosing.outgoing(inbox)
        if ids:
            inbox.did(verb(inbox.desk, ids))

    return do


def _confirmed(verb: Verb, question: str) -> Do:
    """A verb that others see: `y` confirms it."""

    def do(inbox: InboxScreen, argument: str) -> None:
        ids = choosing.outgoing(inbox)
        if ids:
            what = choosing.named(inbox, ids)
            questions.confirm(inbox, f"{question} {what}?", lambda: inbox.did(verb(inbox.desk, ids)))

    return do


def reschedule(inbox: InboxScreen, argument: str) -> None:
    """Another time for the chosen replies or posts; what would not leave by itself is asked about first."""
    ids = choosing.outgoing(inbox)
    if not ids:
        return

    def then(value: str) -> None:
        if not value.strip():
            return
        desk = inbox.desk
        at = posting.moment(desk, value)
        choosing.repeatable(inbox, "snooze", value)
        resting = outbox.resting(desk, ids)
        if resting:
            question = f"send {short_time(at, inbox.look(40))}: {choosing.named(inbox, resting)}?"
            questions.confirm(inbox, question, lambda: inbox.did(outbox.reschedule(inbox.desk, ids, at)))
        else:
            inbox.did(outbox.reschedule(desk, ids, at))

    if argument:
        then(argument)
    else:
        questions.ask(inbox, "leaves at (2h, tomorrow 9am, fri 14:30)", then)


def _publish(desk: Desk, ids: list[str]) -> Outcome:
    from commtui.model.clock import to_iso

    return outbox.reschedule(desk, ids, to_iso(desk.now + desk.settings.hold))


def _act(kind: ActKind, question: str, asks: str = "") -> Do:
    """A public or account change, confirmed; `asks`: it takes a comment first."""

    def do(inbox: InboxScreen, argument: str) -> None:
        target = choosing.act_target(inbox, kind)
        if target is None:
            return

        def confirmed(comment: str) -> None:
            questions.confirm(
                inbox,
                f"{question} {inbox.name_of(target)}?",
                lambda: inbox.did(acting.act(inbox.desk, kind, target, comment.strip()), undoes=""),
            )

        if asks and not argument:
            questions.ask(inbox, asks, confirmed)
        else:
            confirmed(argument)

    return do


def _hold_all(inbox: InboxScreen, argument: str) -> None:
    count = len(outbox.leaving(inbox.desk))
    if count:
        what = "the one reply or post" if count == 1 else f"all {count} replies and posts"
        questions.confirm(inbox, f"hold {what} that would leave?", lambda: inbox.did(outbox.hold_all(inbox.desk)))
    else:
        inbox.tell("nothing is scheduled")


COMMANDS = (
    Command("compose", "compose a post", "Writing", writing.compose, ("c",), verb="post",
            argument="[TEXT]"),
    Command("edit", "edit a reply or post of ours", "Writing", writing.edit, ("E",), verb="edit"),
    Command("reschedule", "another time", "Writing", reschedule, verb="reschedule", argument="WHEN"),
    Command("recall", "take back: a draft again", "Writing", _plain(outbox.recall), ("b",), verb="recall"),
    Command("hold", "hold until released", "Writing", _plain(outbox.hold), ("h",), verb="hold"),
    Command("hold-all", "hold all that would leave (asks)", "Writing", _hold_all, leader="h", verb="hold-all"),
    Command("discard", "discard (asks)", "Writing", _confirmed(outbox.discard, "discard"), leader="x",
            verb="discard"),
    Command("publish", "publish now, after the hold window", "Public", _confirmed(_publish, "publish now:"), leader="p",
            verb="publish", public=True),
    Command("retry", "try again now", "Public", _confirmed(outbox.retry, "send again:"), leader="a", verb="retry",
            public=True),
    Command("release", "let go what is held", "Public", _confirmed(outbox.release, "send what was held:"), leader="l",
            verb="release", public=True),
    Command("favourite", "favourite the mention", "Public", _act(ActKind.FAVOURITE, "favourite"), leader="f",
            verb="favourite", public=True),
    Command("boost", "boost the mention", "Public", _act(ActKind.BOOST, "boost to all our followers:"), leader="b",
            verb="boost", public=True),
    Command("delete", "delete what we sent", "Public", _act(ActKind.DELETE, "delete for everybody:"),
            leader="d", verb="delete", public=True),
    Command("mute-author", "mute the author on the network", "Public", _act(ActKind.MUTE, "mute on the network"),
            leader="j", verb="mute-author", public=True),
    Command("block", "block the author", "Public", _act(ActKind.BLOCK, "block the author of"), leader="k",
            verb="block", public=True),
    Command("report", "report the author", "Public",
            _act(ActKind.REPORT, "report the author of", "what is wrong (the moderators read it)"), leader="!",
            verb="report", argument="[TEXT]", public=True),
)  # fmt: skip
