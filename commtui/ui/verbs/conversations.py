"""The verbs on conversations, as the table of verbs has them, and what only the screen has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commtui.activity import undo
from commtui.activity.refusals import WouldSend
from commtui.sentences.steps import step_words
from commtui.triage.verb import Target, Verb
from commtui.triage.verbs import VERBS
from commtui.ui.host import Action, Host
from commtui.ui.own_store import FEW
from commtui.ui.text.activity_row import about
from commtui.ui.verbs import (
    choices,
    lanes,
    many,
    merging,
    outgoing,
    prompts,
    saved_menu,
    serving,
    spam_menu,
    splitting,
    targets,
    writing,
)
from commtui.ui.verbs.finish import finish
from commtui.ui.widgets.picker import Picking


def of_verb(verb: Verb) -> Action:
    """What a verb on conversations does on the screen: to the open thread, to the marked rows or to the cursor's."""

    def action(host: Host, argument: str) -> None:
        ids = targets.conversations(host)
        if not ids:
            return

        def then(value: str) -> None:
            value = value.strip() or verb.default
            if value:
                host.session.last_verb = (verb.id, value)
                many.do(host, verb.id, len(ids), lambda desk: verb.call(desk, ids, value), advance=verb.advance)

        def chosen(picking: Picking, value: str) -> None:
            if picking.new_last and all(choice.id != value for choice in picking.choices):
                prompts.confirm(host, f"nobody is called {value} so far: {verb.id} to {value}?", lambda: then(value))
            else:
                then(value)

        if not verb.argument:
            many.do(host, verb.id, len(ids), lambda desk: verb.call(desk, ids), advance=verb.advance)
        elif argument:
            then(argument)
        else:
            picking = choices.of_verb(host, verb, ids)
            if picking is None:
                prompts.ask(host, verb.question, then)
            else:
                prompts.pick(host, picking, lambda taken: chosen(picking, " ".join(taken)))

    return action


def _snooze(host: Host, argument: str) -> None:
    """One meaning in every pane: set the time."""
    snooze = _SNOOZE if host.panes.pane.name == "mentions" else outgoing.reschedule
    snooze(host, argument)


def _undo(host: Host, argument: str) -> None:
    name, function = ("redo", undo.redo) if argument == "--redo" else ("undo", undo.undo)

    def undo_step(agreed: tuple[str, ...] = (), step: str | None = None) -> None:
        many.check_idle(host)
        count = many.size_of(undo.last_parts(host.desk, name), undo.last_step(host.desk, name))
        if count > FEW:
            many.in_thread(host, name, count, lambda desk: function(desk, agreed, step), stops=False, refused=ask)
            return
        outcome = function(host.desk, agreed, step)
        undone = outcome.undone
        too_late = undone is not None and not undone.changed and not undone.why_not
        before = undo.last_step(host.desk, name) if too_late else None
        if before is not None:
            host.session.late_undo = before.op_id
        finish(host, outcome, keep_marks=True)
        targets.point_to(host, outcome.ids)

    def ask(error: Exception) -> bool:
        if not isinstance(error, WouldSend):
            return False
        ids, step = error.ids, error.step
        prompts.confirm(host, targets.again_question(host, name, ids), lambda: undo_step(ids, step))
        return True

    def attempt(step: str | None = None) -> None:
        try:
            undo_step(step=step)
        except WouldSend as error:
            ask(error)

    before = undo.last_step(host.desk, name)
    if before is not None and before.op_id == host.session.late_undo:
        step = before.op_id
        question = f"{name} what was done before that, {step_words(before)}: {about(host.desk, before)}?"
        prompts.confirm(host, question, lambda: attempt(step))
    else:
        attempt()


_SNOOZE = of_verb(VERBS["snooze"])

ACTIONS: Final[Mapping[str, Action]] = {
    **{verb.id: of_verb(verb) for verb in VERBS.values() if verb.applies_to is Target.CONVERSATIONS},
    "snooze": _snooze,
    "reply": writing.reply,
    "quiet": spam_menu.ask,
    "saved": saved_menu.open_menu,
    "macro": saved_menu.macro,
    "hand-off": lanes.hand_off,
    "campaign": lanes.cross,
    "merge": merging.merge,
    "split": splitting.split,
    "serve": serving.serve,
    "undo": _undo,
    "redo": lambda host, _: _undo(host, "--redo"),
    "repeat": targets.repeat,
}
