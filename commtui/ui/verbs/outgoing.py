"""What is done with replies and posts of ours, and public acts: these are never on one key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from msgspec.structs import replace

from commtui.activity import moments
from commtui.activity.desk import Desk
from commtui.activity.outcome import Outcome, Skipped
from commtui.model.clock import to_iso
from commtui.model.records import ActKind
from commtui.outgoing import acts, changes
from commtui.ui.host import Action, Host
from commtui.ui.text.names import name_of
from commtui.ui.text.rows import short_time
from commtui.ui.verbs import prompts, targets, writing
from commtui.ui.verbs.finish import finish

Function = Callable[[Desk, list[str]], Outcome]


def _action(function: Function, event: str) -> Action:
    """A verb that is done at once. `event`: the transition that it makes (model/states.py)."""

    def action(host: Host, argument: str) -> None:
        ids, skipped = targets.able(host, targets.outgoing(host), event)
        if ids:
            _finish(host, function(host.desk, ids), skipped)

    return action


def _confirmed(function: Function, event: str, question: str) -> Action:
    """A verb that `y` confirms."""

    def action(host: Host, argument: str) -> None:
        ids, skipped = targets.able(host, targets.outgoing(host), event)
        if ids:
            name = targets.named(host, ids)
            prompts.confirm(host, f"{question} {name}?", lambda: _finish(host, function(host.desk, ids), skipped))

    return action


def _finish(host: Host, outcome: Outcome, skipped: tuple[Skipped, ...]) -> None:
    finish(host, replace(outcome, skipped=skipped))


def _retry(host: Host, argument: str) -> None:
    """Sends again what failed; where an act about the chosen rows failed, that act."""
    stuck = acts.stuck(host.desk, targets.pointed(host))
    if not stuck:
        _RETRY(host, argument)
        return
    ids = [act.id for act in stuck]
    name = targets.named(host, ids)
    prompts.confirm(host, f"try again: {name}?", lambda: finish(host, acts.retry(host.desk, ids)))


def reschedule(host: Host, argument: str) -> None:
    """Another time for the chosen replies or posts; what would not be sent by itself is asked about first."""
    ids = targets.outgoing(host)
    if not ids:
        return

    def then(value: str) -> None:
        if not value.strip():
            return
        desk = host.desk
        at = moments.moment(desk, value)
        host.session.last_verb = ("snooze", value)
        resting = changes.resting(desk, ids)
        if resting:
            question = f"send {short_time(at, host.snapshot.row_context(0))}: {targets.named(host, resting)}?"
            prompts.confirm(host, question, lambda: finish(host, changes.reschedule(host.desk, ids, at)))
        else:
            finish(host, changes.reschedule(desk, ids, at))

    if argument:
        then(argument)
    else:
        prompts.ask(host, "send at (2h, tomorrow 9am, fri 14:30)", then)


def _publish(desk: Desk, ids: list[str]) -> Outcome:
    return changes.reschedule(desk, ids, to_iso(desk.now + desk.settings.hold))


def _act(kind: ActKind, question: str, comment_question: str = "") -> Action:
    """A public or account change, confirmed; some take a comment first."""

    def action(host: Host, argument: str) -> None:
        target = targets.act_target(host, kind)
        if target is None:
            return

        def then(comment: str) -> None:
            prompts.confirm(
                host,
                f"{question} {name_of(host.desk, target)}?",
                lambda: finish(host, acts.act(host.desk, kind, target, comment.strip())),
            )

        if comment_question and not argument:
            prompts.ask(host, comment_question, then)
        else:
            then(argument)

    return action


def _hold_all(host: Host, argument: str) -> None:
    count = len(changes.leaving(host.desk))
    if count:
        what = "the one reply or post" if count == 1 else f"all {count} replies and posts"
        prompts.confirm(host, f"hold {what} that would be sent?", lambda: finish(host, changes.hold_all(host.desk)))
    else:
        host.tell("nothing is scheduled")


_RETRY = _confirmed(changes.retry, "retry", "send again:")

ACTIONS: Final[Mapping[str, Action]] = {
    "compose": writing.compose,
    "edit": writing.edit,
    "reschedule": reschedule,
    "recall": _action(changes.recall, "recall"),
    "hold": _action(changes.hold, "hold"),
    "hold-all": _hold_all,
    "discard": _confirmed(changes.discard, "discard", "discard"),
    "publish": _confirmed(_publish, "reschedule", "publish now:"),
    "retry": _retry,
    "release": _confirmed(changes.release, "release", "release, each at its time:"),
    "favourite": _act(ActKind.FAVOURITE, "favourite"),
    "boost": _act(ActKind.BOOST, "boost to all our followers:"),
    "delete": _act(ActKind.DELETE, "delete for everybody:"),
    "mute-author": _act(ActKind.MUTE, "mute on the network"),
    "block": _act(ActKind.BLOCK, "block the author of"),
    "report": _act(ActKind.REPORT, "report the author of", "what is wrong (the moderators read it)"),
}
