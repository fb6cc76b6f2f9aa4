"""Hand-off of an item to the other lane.

Praise becomes a draft post, only with its author's consent. A question under a post of ours becomes a conversation with
an assignee.
"""

from __future__ import annotations

from collections.abc import Sequence

from commtui.activity import resolve
from commtui.activity.desk import Desk, one_step, our_handles, recorded_step
from commtui.activity.outcome import Outcome
from commtui.activity.refusals import AuthorDeleted
from commtui.activity.resolve import answered
from commtui.activity.tags import tag_name
from commtui.community import conversations
from commtui.model import ids
from commtui.model.abilities import Visibility
from commtui.model.addressing import without_leading
from commtui.model.records import Conversation, Note, Outgoing
from commtui.model.states import OutgoingState

SOURCE = "handed_off"
"""The key of a draft's `extra` that has the id of the conversation it was made from."""


def to_post(desk: Desk, named: str) -> tuple[str, Outcome]:
    """Makes a draft post that quotes a mention, with its author and its address. Call it after the author has agreed.

    A note on the conversation records the consent. Returns the post's id and the outcome. Raises AuthorDeleted.
    """
    mention, conversation = answered(desk.store, named)
    if mention.deleted:
        raise AuthorDeleted(mention.author)
    accounts = (account for account in desk.settings.accounts if account.id == conversation.account)
    account = next(accounts, None)
    post = ids.fresh(ids.POST)
    said = without_leading(mention.text.strip(), our_handles(desk))
    quoted = "\n".join(f"> {line}" for line in said.splitlines())
    draft = Outgoing(
        id=ids.fresh(ids.VARIANT),
        account=conversation.account,
        network=conversation.network,
        text="\n\n".join(filter(None, (quoted, mention.author, mention.url))),
        state=OutgoingState.DRAFT,
        created_at=desk.now,
        key=ids.fresh_key(),
        post=post,
        author=desk.who,
        zone=desk.zone,
        visibility=(account.visibility if account else None) or Visibility.PUBLIC,
        late=account.late if account else "publish",
        extra={SOURCE: conversation.id},
    )
    with recorded_step(desk, "hand-off", (conversation.id, draft.id)) as step:
        step.write.put(draft)
        step.write.put(
            Note(
                id=ids.fresh(ids.NOTE),
                conversation=conversation.id,
                who=desk.who,
                at=desk.now,
                # stored as a person would have typed it: it stays when the log is cut, and nothing parses it
                text=f"handed to the marketing lane: {mention.author} agreed to be quoted ({desk.who} asked)",
            )
        )
        step.detail = mention.author
    return post, Outcome(verb="quote", ids=(draft.id,), op_id=step.op_id, author=mention.author)


def to_conversation(desk: Desk, named: Sequence[str], tag: str) -> Outcome:
    """Assigns conversations under a post of ours to this person and tags them, as one step. Raises AlreadyAssigned."""
    with one_step(desk, "hand-off", tuple(named)) as step:
        conversations.claim(desk, named)
        conversations.tag(desk, named, tag)
        op_id = step.op_id if step.changed else None
    authors = [conversation.author for conversation in resolve.conversations(desk.store, named)]
    return Outcome(
        verb="hand-off",
        ids=tuple(named),
        op_id=op_id,
        value=tag_name(tag),
        author=authors[0],
        more=len(authors) - 1,
    )


def source_of(desk: Desk, item: Outgoing) -> Conversation | None:
    """Returns the conversation that a post was made from, if it was."""
    conversation = desk.store.get(Conversation, item.extra.get(SOURCE, ""))
    return resolve.elder(desk.store, conversation) if conversation else None
