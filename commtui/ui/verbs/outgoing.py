"""What is done with replies and posts of ours, and public acts: these are never on one key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from commtui.activity import moments
from commtui.model.records import ActKind
from commtui.outgoing import acts, changes
from commtui.ui.keys.command import Do
from commtui.ui.text.rows import short_time
from commtui.ui.verbs import prompts, targets, writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from commtui.activity.desk import Desk, Outcome
    from commtui.ui.screens.inbox import InboxScreen

    Verb = Callable[[Desk, list[str]], Outcome]


def _plain(verb: Verb, event: str) -> Do:
    def do(inbox: InboxScreen, argument: str) -> None:
        ids, left = targets.able(inbox, targets.outgoing(inbox), event)
        if ids:
            _done(inbox, verb(inbox.desk, ids), left)

    return do


def _confirmed(verb: Verb, event: str, question: str) -> Do:
    """A verb that others see: `y` confirms it."""

    def do(inbox: InboxScreen, argument: str) -> None:
        ids, left = targets.able(inbox, targets.outgoing(inbox), event)
        if ids:
            what = targets.named(inbox, ids)
            prompts.confirm(inbox, f"{question} {what}?", lambda: _done(inbox, verb(inbox.desk, ids), left))

    return do


def _done(inbox: InboxScreen, outcome: Outcome, left: str) -> None:
    inbox.did(replace(outcome, said=outcome.said + left) if left else outcome)


def _retry(inbox: InboxScreen, argument: str) -> None:
    """Sends again what failed; where an act about what is chosen failed, that act."""
    stuck = acts.stuck(inbox.desk, targets.pointed(inbox))
    if not stuck:
        _RETRY(inbox, argument)
        return
    ids = [each.id for each in stuck]
    what = targets.named(inbox, ids)
    prompts.confirm(inbox, f"try again: {what}?", lambda: inbox.did(acts.retry(inbox.desk, ids), undoes=""))


def reschedule(inbox: InboxScreen, argument: str) -> None:
    """Another time for the chosen replies or posts; what would not leave by itself is asked about first."""
    ids = targets.outgoing(inbox)
    if not ids:
        return

    def then(value: str) -> None:
        if not value.strip():
            return
        desk = inbox.desk
        at = moments.moment(desk, value)
        targets.repeatable(inbox, "snooze", value)
        resting = changes.resting(desk, ids)
        if resting:
            question = f"send {short_time(at, inbox.look(40))}: {targets.named(inbox, resting)}?"
            prompts.confirm(inbox, question, lambda: inbox.did(changes.reschedule(inbox.desk, ids, at)))
        else:
            inbox.did(changes.reschedule(desk, ids, at))

    if argument:
        then(argument)
    else:
        prompts.ask(inbox, "leaves at (2h, tomorrow 9am, fri 14:30)", then)


def _publish(desk: Desk, ids: list[str]) -> Outcome:
    from commtui.model.clock import to_iso

    return changes.reschedule(desk, ids, to_iso(desk.now + desk.settings.hold))


def _act(kind: ActKind, question: str, asks: str = "") -> Do:
    """A public or account change, confirmed; `asks`: it takes a comment first."""

    def do(inbox: InboxScreen, argument: str) -> None:
        target = targets.act_target(inbox, kind)
        if target is None:
            return

        def confirmed(comment: str) -> None:
            prompts.confirm(
                inbox,
                f"{question} {inbox.name_of(target)}?",
                lambda: inbox.did(acts.act(inbox.desk, kind, target, comment.strip()), undoes=""),
            )

        if asks and not argument:
            prompts.ask(inbox, asks, confirmed)
        else:
            confirmed(argument)

    return do


def _hold_all(inbox: InboxScreen, argument: str) -> None:
    count = len(changes.leaving(inbox.desk))
    if count:
        what = "the one reply or post" if count == 1 else f"all {count} replies and posts"
        prompts.confirm(inbox, f"hold {what} that would leave?", lambda: inbox.did(changes.hold_all(inbox.desk)))
    else:
        inbox.tell("nothing is scheduled")


_RETRY = _confirmed(changes.retry, "retry", "send again:")

DO: Final[Mapping[str, Do]] = {
    "compose": writing.compose,
    "edit": writing.edit,
    "reschedule": reschedule,
    "recall": _plain(changes.recall, "recall"),
    "hold": _plain(changes.hold, "hold"),
    "hold-all": _hold_all,
    "discard": _confirmed(changes.discard, "discard", "discard"),
    "publish": _confirmed(_publish, "reschedule", "publish now:"),
    "retry": _retry,
    "release": _confirmed(changes.release, "release", "send what was held:"),
    "favourite": _act(ActKind.FAVOURITE, "favourite"),
    "boost": _act(ActKind.BOOST, "boost to all our followers:"),
    "delete": _act(ActKind.DELETE, "delete for everybody:"),
    "mute-author": _act(ActKind.MUTE, "mute on the network"),
    "block": _act(ActKind.BLOCK, "block the author of"),
    "report": _act(ActKind.REPORT, "report the author of", "what is wrong (the moderators read it)"),
}
