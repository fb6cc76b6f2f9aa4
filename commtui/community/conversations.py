"""The verbs that change a conversation here and tell no network: done, snooze, assign, tag, note, read, mute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from commtui.activity import resolve
from commtui.activity.desk import Desk, Outcome, recorded_step
from commtui.activity.errors import Taken, Usage
from commtui.model import ids as identity
from commtui.model import text, when
from commtui.model.records import Conversation, Note
from commtui.model.states import ConversationStatus

Ids = Sequence[str]


def change(
    desk: Desk, verb: str, ids: Ids, make: Callable[[Conversation], Conversation], said: str, *, undoable: bool = True
) -> Outcome:
    """Changes each named conversation, once, as one step. Raises UnknownId, AmbiguousId: then nothing has changed."""
    with recorded_step(desk, verb, tuple(ids), undoable=undoable) as taken:
        held = resolve.conversations(desk.store, ids)
        changed = []
        for each in held:
            new = make(each)
            if new != each:
                taken.write.put(new)
                changed.append(each)
        taken.detail = said
    if not changed:
        return Outcome(f"nothing to change: {_names(held)} already {said}")
    return Outcome(f"{said}: {_names(changed)}", tuple(each.id for each in changed), taken.op_id)


def _names(found: Iterable[Conversation]) -> str:
    given = [f"{each.id} {each.author}" for each in found]
    return ", ".join(given[:3]) + (f" and {len(given) - 3} more" if len(given) > 3 else "")


def _awake(record: Conversation) -> Conversation:
    return replace(record, snoozed_until=None, snoozed_for_answer=False)


def done(desk: Desk, ids: Ids) -> Outcome:
    """Nothing is left to do. A new mention opens it again."""
    now = desk.now

    def make(record: Conversation) -> Conversation:
        if record.status is ConversationStatus.DONE:
            return record
        return replace(_awake(record), status=ConversationStatus.DONE, done_at=now, unread=False)

    return change(desk, "done", ids, make, "done")


def reopen(desk: Desk, ids: Ids) -> Outcome:
    """Back on the queue, whatever it was: done, waiting or snoozed."""

    def make(record: Conversation) -> Conversation:
        return replace(_awake(record), status=ConversationStatus.OPEN, done_at=None)

    return change(desk, "reopen", ids, make, "open")


def read(desk: Desk, ids: Ids, *, undoable: bool = True) -> Outcome:
    """Seen by a person."""
    return change(desk, "read", ids, lambda record: replace(record, unread=False), "read", undoable=undoable)


def mute(desk: Desk, ids: Ids) -> Outcome:
    """Off the queue and quiet here, also when they write again; the network is told nothing."""
    return change(desk, "mute", ids, lambda record: replace(record, muted=True), "muted")


def unmute(desk: Desk, ids: Ids) -> Outcome:
    """On the queue again."""
    return change(desk, "unmute", ids, lambda record: replace(record, muted=False), "not muted")


def assign(desk: Desk, ids: Ids, who: str) -> Outcome:
    """Gives it to somebody, whoever has it now; an empty `who` or `nobody` takes it from everybody."""
    name = teammate(desk, who)
    said = f"assigned to {name}" if name else "assigned to nobody"
    return change(desk, "assign", ids, lambda record: replace(record, assignee=name), said)


def claim(desk: Desk, ids: Ids) -> Outcome:
    """Assigns to me what nobody else has. Raises Taken, naming who has it."""

    def make(record: Conversation) -> Conversation:
        if record.assignee not in (None, desk.who):
            raise Taken(record.id, record.author, record.assignee)
        return replace(record, assignee=desk.who)

    return change(desk, "claim", ids, make, f"assigned to {desk.who}")


def teammate(desk: Desk, who: str) -> str | None:
    """The name that a word for a person stands for: `me`, `nobody`, or itself. Raises Usage for an empty one."""
    name = text.one_line(text.clean(who)).strip().lstrip("@")
    if name == "nobody":
        return None
    if not name:
        raise Usage("nobody named: give a teammate, `me`, or `nobody`")
    return desk.who if name == "me" else name


def is_stranger(desk: Desk, who: str) -> bool:
    """Whether a name is not among the config's teammates: it is taken, with a word about it."""
    name = teammate(desk, who)
    return bool(desk.settings.teammates) and name not in (None, desk.who, *desk.settings.teammates)


def snooze(desk: Desk, ids: Ids, until: str) -> Outcome:
    """Off the queue until a time (design's WHEN), or with `answer` until they write again. Raises Usage."""
    if until.strip().lower() in ("answer", "until answer"):
        return snooze_until(desk, ids, None)
    try:
        meant = when.parse(until, desk.now, desk.zone)
    except when.WhenError as error:
        raise Usage(str(error)) from error
    return snooze_until(desk, ids, meant.at)


def snooze_until(desk: Desk, ids: Ids, moment: datetime | None) -> Outcome:
    """`snooze` with the time read already; None: until they answer."""

    def make(record: Conversation) -> Conversation:
        return replace(
            record,
            status=ConversationStatus.OPEN,
            done_at=None,
            snoozed_until=moment,
            snoozed_for_answer=moment is None,
            unread=False,
        )

    until = "they answer" if moment is None else when.echo(moment, desk.zone, desk.now)
    return change(desk, "snooze", ids, make, f"snoozed until {until}")


def tag(desk: Desk, ids: Ids, name: str) -> Outcome:
    """Adds a tag. Raises Usage for an empty one."""
    word = tag_name(name)
    return change(
        desk, "tag", ids, lambda record: replace(record, tags=tuple(sorted({*record.tags, word}))), f"tagged {word}"
    )


def untag(desk: Desk, ids: Ids, name: str) -> Outcome:
    """Takes a tag away."""
    word = tag_name(name)
    return change(
        desk,
        "untag",
        ids,
        lambda record: replace(record, tags=tuple(each for each in record.tags if each != word)),
        f"without tag {word}",
    )


def tag_name(name: str) -> str:
    """A tag as it is kept: lower case, one word. Raises Usage."""
    word = text.one_line(text.clean(name)).strip().lstrip("#").lower()
    if not word or " " in word:
        raise Usage(f"a tag is one word, not {name!r}")
    return word


def note(desk: Desk, ids: Ids, body: str) -> Outcome:
    """Writes an internal note on each conversation; it is never sent. Raises Usage for an empty one."""
    kept = text.clean(body).strip()
    if not kept:
        raise Usage("the note is empty: nothing was written")
    with recorded_step(desk, "note", tuple(ids)) as taken:
        held = resolve.conversations(desk.store, ids)
        for each in held:
            taken.write.put(
                Note(id=identity.fresh(identity.NOTE), conversation=each.id, who=desk.who, at=desk.now, text=kept)
            )
        taken.detail = kept
    return Outcome(f"noted: {_names(held)}", tuple(each.id for each in held), taken.op_id)
