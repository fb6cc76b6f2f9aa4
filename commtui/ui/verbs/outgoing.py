"""What is done with replies and posts of ours, and public acts: these are never on one key."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from commtui.activity import resolve
from commtui.activity.desk import Desk
from commtui.activity.outcome import Outcome
from commtui.activity.parts import MARKED_MOST
from commtui.community import muting
from commtui.model.moves import parse_move
from commtui.model.records import Act, ActKind, Outgoing
from commtui.model.slots import is_next_slot
from commtui.model.states import Lane, OutgoingState
from commtui.model.text import number_of
from commtui.outgoing import acts, changes, rescheduling
from commtui.outgoing.several import do_where_possible
from commtui.sentences.filtered import filtered_words
from commtui.sentences.undone import counted
from commtui.triage.verb import Target, Verb
from commtui.triage.verbs import VERBS
from commtui.ui.host import Action, Host
from commtui.ui.own_store import FEW
from commtui.ui.text.errors import NotDone
from commtui.ui.text.names import name_of
from commtui.ui.text.rows import RowContext, short_time
from commtui.ui.verbs import many, prompts, targets, writing

ACT_KINDS: Final[Mapping[str, ActKind]] = {"mute-author": ActKind.MUTE}
"""Verbs whose names are not those of their acts."""


def of_verb(verb: Verb) -> Action:
    """What a verb on replies and posts does on the screen; what it can't do to some of them is left out, and told."""

    def action(host: Host, argument: str) -> None:
        ids = targets.outgoing(host)

        def work(desk: Desk) -> Outcome:
            return do_where_possible(desk, ids, verb.event, verb.resolved())

        if not ids:
            return
        if verb.confirm:
            question = f"{verb.confirm} {targets.named(host, targets.able(host, ids, verb.event))}?"
            prompts.confirm(host, question, lambda: many.do(host, verb.id, len(ids), work))
        else:
            many.do(host, verb.id, len(ids), work)

    return action


def _duplicate(host: Host, argument: str) -> None:
    """Makes a new draft of each chosen post."""
    if host.panes.pane.name != "posts":
        raise NotDone(f"works on posts only (pane {host.key_of('pane-posts')})")
    chosen = targets.outgoing(host)
    if chosen:
        many.do(host, "duplicate", len(chosen), lambda desk: VERBS["duplicate"].call(desk, chosen))


def _retry(host: Host, argument: str) -> None:
    """Sends again what failed; where an act about the chosen rows failed, that act."""
    chosen = targets.pointed(host)

    def then(stuck: list[Act]) -> None:
        if not stuck:
            _RETRY(host, argument)
            return
        ids = [act.id for act in stuck]
        question = f"try again: {targets.named(host, ids)}?"
        prompts.confirm(host, question, lambda: many.do(host, "retry", len(ids), lambda desk: acts.retry(desk, ids)))

    many.look(host, "retry", len(chosen), lambda desk: acts.stuck(desk, chosen), then)


def _by(move: str) -> Action:
    """Moves the chosen replies or posts, which stay marked: the key may be pressed again."""
    return lambda host, argument: reschedule(host, move, keep_marks=True)


def reschedule(host: Host, argument: str, keep_marks: bool = False) -> None:
    """Another time for the chosen replies or posts; what would not be sent by itself is asked about first. Where the
    times of several are moved, drafts without a time stay."""
    marked = targets.outgoing(host)
    if not marked:
        return

    def then(value: str) -> None:
        ids = marked

        def move() -> None:
            def work(desk: Desk) -> Outcome:
                return rescheduling.reschedule(desk, ids, value, from_now=True)

            many.do(host, "reschedule", len(ids), work, keep_marks=keep_marks)

        if not value.strip():
            return
        desk = host.desk
        few = len(ids) <= FEW
        times = rescheduling.times_of(desk, ids if few else ids[:1], value).values()
        timeless = _drafts_without_time(host, ids) if parse_move(value) is not None else set()
        stay = ""
        if 0 < len(timeless) < len(ids):
            ids = [identity for identity in ids if identity not in timeless]
            times = rescheduling.times_of(desk, ids if few else ids[:1], value).values()
            stay = f"; {number_of(len(timeless), 'draft')} without a time {'stays' if len(timeless) == 1 else 'stay'}"
        if not keep_marks:  # else the key itself is repeated
            host.session.last_verb = ("snooze", value)
        targets.check_each(host, ids, "reschedule")
        resting = targets.resting(host, ids)
        if resting:
            more = len(ids) - len(resting)
            moved = f", and move {number_of(more, 'other')}" if more else ""
            known = few or not (parse_move(value) or is_next_slot(value))
            at = _span_of([when.at for when in times], host.snapshot.row_context(0)) if known else value.strip()
            prompts.confirm(host, f"send {at}: {targets.named(host, resting)}{moved}{stay}?", move)
        elif stay:
            prompts.confirm(host, f"move {targets.named(host, ids)} {value.strip()}{stay}?", move)
        else:
            move()

    if argument:
        then(argument)
    else:
        prompts.ask(host, VERBS["reschedule"].question, then)


def _drafts_without_time(host: Host, ids: Sequence[str]) -> set[str]:
    items = host.desk.store.get_each(Outgoing, targets.drafts(host, ids)).values()
    return {item.id for item in items if rescheduling.is_timeless(item)}


def _span_of(moments: Collection[datetime], context: RowContext) -> str:
    """Returns the first and the last of some moments, or the one."""
    first, last = short_time(min(moments), context), short_time(max(moments), context)
    return first if first == last else f"{first} to {last}"


def of_act(verb: Verb) -> Action:
    """What a public or account change does on the screen, to each of several that are marked: `y` confirms it; some
    take a comment first. What is done to authors is done once to each."""
    kind = ActKind(ACT_KINDS.get(verb.id, verb.id))

    def do(desk: Desk, ids: Sequence[str], comment: str) -> Outcome:
        if len(ids) == 1:
            return verb.call(desk, ids[0], *([comment] if verb.argument else []))
        if kind in acts.OF_AUTHORS:
            return muting.act_on_authors(desk, kind, ids, comment)
        return acts.act_on_each(desk, kind, ids, comment)

    def action(host: Host, argument: str) -> None:
        ids = _ours(host, verb) if verb.applies_to is Target.SENT else targets.conversations(host)
        if not ids:
            return
        _check_few(verb, ids)
        if kind is ActKind.BOOST:
            for identity in ids:
                acts.check_boost(resolve.answered(host.desk.store, identity)[0])  # what is refused is not asked about

        def then(comment: str) -> None:
            whom = name_of(host.desk, ids[0]) if len(ids) == 1 else counted(ids)
            prompts.confirm(
                host,
                f"{verb.confirm} {whom}?",
                lambda: many.do(host, verb.id, len(ids), lambda desk: do(desk, ids, comment.strip()), stops=False),
            )

        if verb.question and not argument:
            prompts.ask(host, verb.question, then)
        else:
            then(argument)

    return action


def _check_few(verb: Verb, ids: Sequence[str]) -> None:
    """Raises NotDone for more than are looked at one by one."""
    if len(ids) > MARKED_MOST:
        raise NotDone(f"{verb.id} is done to {MARKED_MOST} at most: {len(ids):,} are marked")


def _ours(host: Host, verb: Verb) -> Sequence[str]:
    """What is chosen of ours; among the mentions the newest text of ours that is out in each conversation."""
    if host.panes.pane.name != "mentions":
        return targets.outgoing(host)
    chosen = targets.conversations(host)
    _check_few(verb, chosen)
    ours = [item for conversation in chosen if (item := _newest_sent(host, conversation))]
    if chosen and not ours:
        host.tell("nothing of ours is out in this conversation" if len(chosen) == 1 else "nothing of ours is out there")
    return ours


def _newest_sent(host: Host, conversation: str) -> str | None:
    items = host.desk.store.outgoing.of_conversation(conversation)
    sent = [item for item in items if item.state is OutgoingState.SENT and item.remote_id]
    return max(sent, key=lambda item: (item.sent_at or item.created_at, item.id)).id if sent else None


def _hold_all(host: Host, argument: str) -> None:
    count = changes.count_leaving(host.desk)
    if count:
        what = "the one reply or post" if count == 1 else f"all {count} replies and posts"
        question = f"hold {what} that would be sent?"
        prompts.confirm(host, question, lambda: many.do(host, "hold-all", count, changes.hold_all))
    else:
        host.tell("nothing is scheduled")


def _release_all(host: Host, argument: str) -> None:
    def then(held: list[Outgoing]) -> None:
        if not held:
            host.tell("nothing is held of what was held at once")
            return
        earliest = host.desk.now + host.desk.settings.hold
        soon = sum(item.scheduled_at is None or item.scheduled_at <= earliest for item in held)
        what = "the one that is held" if len(held) == 1 else f"all {len(held)} held"
        when = f"{soon} at once, {len(held) - soon} later" if 0 < soon < len(held) else "at once" if soon else "later"
        question = f"{VERBS['release-all'].confirm} {what}, {when}?"
        prompts.confirm(host, question, lambda: many.do(host, "release-all", len(held), changes.release_all))

    counts = host.desk.store.outgoing.counts()
    held = sum(counts.get((lane, OutgoingState.HELD), 0) for lane in Lane)
    many.look(host, "release-all", held, changes.held_at_once, then)


def _accept_filtered(host: Host, argument: str) -> None:
    states = acts.filtering(host.desk, argument)
    messages = sum(state.filtered for state in states)
    people = sum(state.filtered_people for state in states)
    if not messages:
        host.tell("nothing is kept aside by a server")
        return
    question = f"{filtered_words(messages, people)}: accept?"
    prompts.confirm(host, question, lambda: many.do_few(host, lambda desk: acts.accept_filtered(desk, argument)))


_RETRY = of_verb(VERBS["retry"])

ACTIONS: Final[Mapping[str, Action]] = {
    **{verb.id: of_verb(verb) for verb in VERBS.values() if verb.applies_to is Target.OUTGOING},
    **{verb.id: of_act(verb) for verb in VERBS.values() if verb.applies_to in (Target.AUTHOR, Target.SENT)},
    "duplicate": _duplicate,
    "reschedule": reschedule,
    "later": _by("+15m"),
    "earlier": _by("-15m"),
    "retry": _retry,
    "compose": writing.compose,
    "edit": writing.edit,
    "hold-all": _hold_all,
    "release-all": _release_all,
    "accept-filtered": _accept_filtered,
}
