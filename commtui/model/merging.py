"""What a merge by hand, and its split, make of the records of conversations: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from commtui.model.conversations import folded
from commtui.model.merge_records import Decided, Merge
from commtui.model.records import Conversation, Via
from commtui.model.states import ConversationStatus
from commtui.model.visibility import Visibility

SHARED_LEAST: Final = 2
"""Words that two texts have in common, at least, to say the same."""
WORD_LEAST: Final = 4
"""Letters of a word that counts."""
_STATUS = ("status", "by_bot", "done_at", "snoozed_until", "snoozed_for_answer")
_MUTE = ("muted", "muted_until")


def decided(conversation: Conversation) -> Decided:
    """What people decided about it by now."""
    return Decided(**{name: getattr(conversation, name) for name in Decided.__struct_fields__})


def with_decided(conversation: Conversation, values: Decided) -> Conversation:
    """The conversation with these values."""
    return replace(conversation, **{name: getattr(values, name) for name in Decided.__struct_fields__})


def merged(
    elder: Conversation, younger: Sequence[Conversation], mentions: Mapping[str, int], at: datetime, who: str
) -> tuple[Conversation, list[Conversation]]:
    """The elder conversation with the younger ones in it, and these as they are from then on. `mentions`: how many the
    own thread of each has, by its id."""
    whole = elder
    for conversation in younger:
        whole = folded(whole, conversation)

    def part_of(part: Conversation) -> Conversation:
        merge = Merge(
            at=at,
            who=who,
            before=decided(elder),
            after=decided(whole),
            mentions=mentions[part.id],
            elder_mentions=mentions[elder.id],
        )
        return replace(part, folded_into=elder.id, draft=None, merge=merge)

    return whole, [part_of(part) for part in younger]


def audiences(conversations: Iterable[Conversation]) -> list[Visibility]:
    """How widely the newest messages of some conversations are seen, the widest first, each once: public, private or
    direct. A reply is as visible as the newest message."""
    seen = {Visibility.DIRECT if each.via is Via.DIRECT else each.visibility for each in conversations}
    if Visibility.UNLISTED in seen:  # everybody may see it, too
        seen = seen - {Visibility.UNLISTED} | {Visibility.PUBLIC}
    return [visibility for visibility in Visibility if visibility in seen]


def taken_apart(own: Decided, after: Decided, now: Decided, came_since: datetime | None, any_came: bool) -> Decided:
    """What a part of a merged conversation becomes when it is on its own again: as it was, with what was decided since.

    `own`: as it was when it was merged; `after`, `now`: the merged one, then and now. `came_since`: when the first
    mention came to this part since then; `any_came`: whether one came to any part. Who wrote meanwhile waits: such a
    part takes the status of the merged one, and a part that nobody wrote to keeps its own unless a person changed that
    of the merged one.
    """
    fields = {
        name: getattr(own if getattr(now, name) == getattr(after, name) else now, name)
        for name in ("assignee", "priority", "campaign")
    }
    fields |= _block(own if _same(_MUTE, after, now) else now, _MUTE)
    fields["tags"] = tuple(sorted(({*own.tags} | {*now.tags} - {*after.tags}) - ({*after.tags} - {*now.tags})))
    is_open = now.status is ConversationStatus.OPEN and not now.snoozed_for_answer and now.snoozed_until is None
    keeps = _same(_STATUS, after, now) or (is_open and any_came)
    status = own if keeps and came_since is None else now
    fields |= _block(status, _STATUS)
    was_open = own.status is ConversationStatus.OPEN
    if came_since is not None and not was_open:
        fields["since"] = came_since
    elif status is now and now.status is ConversationStatus.OPEN and not was_open:
        fields["since"] = now.since
    if came_since is not None or (now.unread != after.unread and not (now.unread and any_came)):
        fields["unread"] = now.unread
    return replace(own, **fields)


def _same(names: tuple[str, ...], one: Decided, other: Decided) -> bool:
    return _block(one, names) == _block(other, names)


def _block(values: Decided, names: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(values, name) for name in names}


def say_the_same(one: str, other: str) -> bool:
    """Whether two texts have at least half of the words of the shorter one in common; links and handles left out."""
    words, others = _words(one), _words(other)
    shared = len(words & others)
    return shared >= SHARED_LEAST and 2 * shared >= min(len(words), len(others))


def _words(text: str) -> set[str]:
    plain = (word for word in text.casefold().split() if "://" not in word and word[:1] not in "@#")
    words = ("".join(filter(str.isalnum, word)) for word in plain)
    return {word for word in words if len(word) >= WORD_LEAST or not word.isascii()} - {""}
