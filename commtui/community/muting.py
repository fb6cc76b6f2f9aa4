"""Spam: mutes its conversation here and, where the network can do it, mutes, blocks or reports the author there."""

from __future__ import annotations

from collections.abc import Sequence

from commtui.activity import resolve
from commtui.activity.desk import Desk, one_step
from commtui.activity.outcome import Outcome
from commtui.activity.parts import in_parts
from commtui.community import conversations
from commtui.model.records import ActKind, Mention
from commtui.outgoing import acts

SPAM = "spam"
MOST_REPORTED = 20
"""Statuses that one report names."""
ON_THE_NETWORK = (ActKind.MUTE, ActKind.BLOCK, ActKind.REPORT)


def spam(desk: Desk, named: Sequence[str]) -> Outcome:
    """Tags it spam and mutes it here, as one step. Nothing is sent to the network."""
    return in_parts(desk, named, lambda part: _spam(desk, part))


def _spam(desk: Desk, named: Sequence[str]) -> Outcome:
    with one_step(desk, SPAM, tuple(named)) as step:
        conversations.tag(desk, named, SPAM)
        outcome = conversations.mute(desk, named)
        op_id = step.op_id if step.changed else None
    return Outcome(verb=SPAM, ids=outcome.ids, op_id=op_id)


def possible_acts(desk: Desk, named: Sequence[str]) -> list[ActKind]:
    """Returns the acts of ON_THE_NETWORK that the accounts of all these conversations can do."""
    accounts = {conversation.account for conversation in resolve.conversations(desk.store, named)}
    return [kind for kind in ON_THE_NETWORK if all(acts.can_act(desk.store, account, kind) for account in accounts)]


def act_on_authors(desk: Desk, kind: ActKind, named: Sequence[str], comment: str = "") -> Outcome:
    """Mutes, blocks or reports each author once on the network after the hold window, and mutes the conversations: one
    step. A report names what all of these conversations last said.

    `kind`: one of ON_THE_NETWORK, else raises ValueError. Raises TriageError: nothing was done then.
    """
    if kind not in ON_THE_NETWORK:
        raise ValueError(f"{kind} is none of {', '.join(ON_THE_NETWORK)}")
    chosen = resolve.conversations(desk.store, named)
    by_author: dict[tuple[str, str], list[Mention]] = {}
    for conversation in chosen:
        mention, _ = resolve.answered(desk.store, conversation.id)
        by_author.setdefault((mention.account, mention.author_id or mention.author), []).append(mention)
    with one_step(desk, kind.value, tuple(named)) as step:
        outcomes = [
            acts.act(desk, kind, mentions[0].id, comment, [mention.remote_id for mention in mentions[:MOST_REPORTED]])
            for mentions in by_author.values()
        ]
        conversations.mute(desk, [conversation.id for conversation in chosen])
        step.detail = comment
    return Outcome(
        verb=kind.value,
        ids=tuple(conversation.id for conversation in chosen),
        op_id=step.op_id,
        leaves_at=outcomes[0].leaves_at,
        hold_window=True,
        author=chosen[0].author,
        more=len(by_author) - 1,
    )
