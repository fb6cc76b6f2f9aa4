"""Makes a new draft of a post that is there: with its text, media and accounts, and without a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec.structs import replace

from commtui.activity import resolve
from commtui.activity.desk import Desk, recorded_step
from commtui.activity.errors import WrongKind
from commtui.activity.outcome import Outcome
from commtui.model import ids, threads
from commtui.model.records import Outgoing
from commtui.model.states import OutgoingState

KEPT: Final = (threads.ASKED, "quote")
"""Keys of `extra` that a copy has, too."""


def duplicate(desk: Desk, named: Sequence[str]) -> Outcome:
    """Makes a draft post of each post, whichever of its variants is named, without the discarded ones. What went out as
    a thread becomes one text again, that may be cut. The outcome's ids are those of the first variants.

    Raises UnknownId, AmbiguousId, WrongKind for a reply.
    """
    posts: dict[str, list[Outgoing]] = {}
    for given in named:
        for item in resolve.outgoing(desk.store, given):
            if item.conversation is not None:
                raise WrongKind(item.id, "reply", "post")
            posts.setdefault(item.post or item.id, desk.store.outgoing.of_post(item.post) if item.post else [item])
    copies = [copied for items in posts.values() if (copied := _copies(desk, items))]
    every = [copy for copied in copies for copy in copied]
    with recorded_step(desk, "duplicate", tuple(copy.id for copy in every)) as step:
        for copy in every:
            step.write.put(copy)
        step.detail = copies[0][0].text if copies else ""
    first = tuple(copied[0].id for copied in copies)
    return Outcome(verb="duplicate", ids=first, op_id=step.op_id if step.changed else None)


def _copies(desk: Desk, items: Iterable[Outgoing]) -> list[Outgoing]:
    """The drafts of one new post: one for each account."""
    post = ids.fresh(ids.POST)
    by_account: dict[str, Outgoing] = {}
    for item in items:
        if item.state is not OutgoingState.DISCARDED and item.account not in by_account:
            by_account[item.account] = _whole(desk, item)
    return [
        Outgoing(
            id=ids.fresh(ids.VARIANT),
            account=item.account,
            network=item.network,
            text=item.text,
            state=OutgoingState.DRAFT,
            created_at=desk.now,
            key=ids.fresh_key(),
            post=post,
            campaign=item.campaign,
            author=desk.who,
            visibility=item.visibility,
            spoiler=item.spoiler,
            language=item.language,
            media=tuple(replace(file, remote_id=None) for file in item.media),
            extra={key: value for key, value in item.extra.items() if key in KEPT},
            zone=desk.zone,
            late=item.late,
        )
        for item in by_account.values()
    ]


def _whole(desk: Desk, item: Outgoing) -> Outgoing:
    """The item; of a part of a thread its head, with the text of all parts."""
    if not threads.is_part(item):
        return item
    of_post = desk.store.outgoing.of_post(item.post or "")
    parts = [part for part in of_post if part.account == item.account and threads.is_part(part)]
    after = {part.after: part for part in parts if part.after}
    chain = [next((part for part in parts if threads.HEAD in part.extra), item)]
    while (following := after.get(chain[-1].id)) is not None:
        chain.append(following)
    text = "\n\n".join(part.text for part in chain)
    return replace(chain[0], text=text, extra=threads.asked(chain[0].extra, thread=True))
