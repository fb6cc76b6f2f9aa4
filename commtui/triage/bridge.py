"""Hand-off: an item goes over to the other lane. Praise becomes a draft post only with its author's consent; a question
under a post of ours becomes a conversation that somebody owns."""

from __future__ import annotations

from collections.abc import Sequence

from commtui.activity import resolve
from commtui.activity.desk import Desk, Outcome, as_one, recorded_step
from commtui.activity.errors import TriageError
from commtui.activity.resolve import answered
from commtui.community import conversations
from commtui.model import ids as identity
from commtui.model.abilities import Visibility
from commtui.model.records import Conversation, Note, Outgoing
from commtui.model.states import OutgoingState

SOURCE = "handed_off"
"""The key in a draft's `extra` under which the conversation stands that it came from."""


def to_post(desk: Desk, text_id: str) -> tuple[str, Outcome]:
    """A draft post of what somebody said, with its author and its source; the post's id. Call it once they agreed.

    A note on the conversation says who was asked to agree, and by whom. Raises TriageError for what was deleted.
    """
    mention, held = answered(desk.store, text_id)
    if mention.deleted:
        raise TriageError(f"{mention.author} has deleted it: it can't be shown around")
    account = next((each for each in desk.settings.accounts if each.id == held.account), None)
    post = identity.fresh(identity.POST)
    quoted = "\n".join(f"> {line}" for line in mention.text.strip().splitlines())
    made = Outgoing(
        id=identity.fresh(identity.VARIANT),
        account=held.account,
        network=held.network,
        text="\n\n".join(filter(None, (quoted, mention.author, mention.url))),
        state=OutgoingState.DRAFT,
        created_at=desk.now,
        key=identity.fresh("k") + identity.fresh("k")[1:],
        post=post,
        author=desk.who,
        zone=desk.zone,
        visibility=(account.visibility if account else None) or Visibility.PUBLIC,
        late=account.late if account else "publish",
        extra={SOURCE: held.id},
    )
    agreed = f"{mention.author} agreed to be quoted ({desk.who} asked)"
    with recorded_step(desk, "hand-off", (held.id, made.id)) as taken:
        taken.write.put(made)
        taken.write.put(
            Note(
                id=identity.fresh(identity.NOTE),
                conversation=held.id,
                who=desk.who,
                at=desk.now,
                text=f"handed to the marketing lane: {agreed}",
            )
        )
        taken.detail = agreed
    return post, Outcome(f"draft post of {mention.author}'s words", (made.id,), taken.op_id)


def to_conversation(desk: Desk, ids: Sequence[str], tag: str) -> Outcome:
    """What was said under a post of ours gets an owner and a tag, as one step. Raises TriageError for another's."""
    with as_one(desk, "hand-off", tuple(ids)) as taken:
        conversations.claim(desk, ids)
        conversations.tag(desk, ids, tag)
        changed = taken.changed
    people = [held.author for held in resolve.conversations(desk.store, ids)]
    told = people[0] + (f" and {len(people) - 1} more" if len(people) > 1 else "")
    said = f"{told} stays a conversation: {desk.who}'s, tagged {conversations.tag_name(tag)}"
    return Outcome(said, tuple(ids), taken.op_id if changed else None)


def source_of(desk: Desk, item: Outgoing) -> Conversation | None:
    """The conversation that a post was handed off from."""
    found = desk.store.get(Conversation, item.extra.get(SOURCE, ""))
    return resolve.elder(desk.store, found) if found else None
