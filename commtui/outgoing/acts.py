"""Acts: public or account changes that are not a text. They leave like texts do, after a hold window."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from commtui.activity import resolve
from commtui.activity.desk import Desk, Outcome, recorded_step
from commtui.activity.errors import TriageError, Usage
from commtui.activity.resolve import answered
from commtui.model import ids as identity
from commtui.model import text
from commtui.model.records import AccountState, Act, ActKind, Outgoing
from commtui.model.states import OutgoingState, WrongState, transition
from commtui.store.store import Store

OF_AUTHORS = frozenset((ActKind.MUTE, ActKind.UNMUTE, ActKind.BLOCK, ActKind.UNBLOCK, ActKind.REPORT))
OF_OURS = frozenset((ActKind.DELETE, ActKind.EDIT))
NEEDS = {
    ActKind.FAVOURITE: "favourite",
    ActKind.UNFAVOURITE: "favourite",
    ActKind.BOOST: "boost",
    ActKind.UNBOOST: "boost",
    ActKind.DELETE: "delete",
    ActKind.EDIT: "edit",
    ActKind.MUTE: "mute",
    ActKind.UNMUTE: "mute",
    ActKind.BLOCK: "block",
    ActKind.UNBLOCK: "block",
    ActKind.REPORT: "report",
}
"""The capability that each kind needs."""


def act(desk: Desk, kind: ActKind, text_id: str, comment: str = "") -> Outcome:
    """Puts an act on its way. Raises Usage for a target that it can't have, TriageError where the network can't."""
    with recorded_step(desk, kind.value, (text_id,)) as taken:
        made = _made(desk, kind, text_id, text.clean(comment))
        if not able(desk.store, made.account, kind):
            known = desk.store.get(AccountState, made.account)
            raise TriageError(f"{made.network} on {known.name if known else made.account} has no {kind.value}")
        taken.write.put(made)
        taken.detail = made.text
    hold = int(desk.settings.hold.total_seconds())
    return Outcome(f"{kind.value} leaves in {hold} s; u takes it back", (made.id,), taken.op_id)


def able(store: Store, account: str, kind: ActKind) -> bool:
    """Whether the login can do it; where that was never asked, it is tried."""
    known = store.get(AccountState, account)
    return known is None or not known.synced_at or bool(getattr(known.capabilities, NEEDS.get(kind, "reply")))


def _made(desk: Desk, kind: ActKind, text_id: str, comment: str) -> Act:
    target, extra = "", {}
    if kind in OF_OURS:
        found = resolve.item(desk.store, text_id)
        if not isinstance(found, Outgoing):
            raise Usage(f"{kind.value} is for what we sent, not for {found.id}")
        if found.state is not OutgoingState.SENT or not found.remote_id:
            raise TriageError(f"{found.id} is {found.state}, not out: nothing to {kind.value} on the network")
        account, network, of, target, extra = found.account, found.network, found.id, found.remote_id, found.extra
    else:
        mention, _ = answered(desk.store, text_id)
        account, network, of, extra = mention.account, mention.network, mention.id, dict(mention.extra)
        target = mention.author_id if kind in OF_AUTHORS else mention.remote_id
        extra["status"] = mention.remote_id
        if not target:
            raise TriageError(f"{mention.network} did not say who {mention.author} is")
    return Act(
        id=identity.fresh(identity.ACT),
        account=account,
        network=network,
        kind=kind,
        target=target,
        state=OutgoingState.SCHEDULED,
        created_at=desk.now,
        scheduled_at=desk.now + desk.settings.hold,
        author=desk.who,
        of=of,
        text=comment,
        extra=dict(extra),
    )


def recall_act(desk: Desk, text_id: str) -> Outcome:
    """Takes an act back that has not left."""
    with recorded_step(desk, "recall", (text_id,)) as taken:
        found = resolve.item(desk.store, text_id)
        if not isinstance(found, Act):
            raise Usage(f"{found.id} is not an act")
        try:
            taken.write.put(replace(found, state=transition(found.state, "discard")))
        except WrongState as error:
            raise TriageError(f"{found.id}: {error}") from error
    return Outcome(f"taken back: {found.id}", (found.id,), taken.op_id)


def stuck(desk: Desk, ids: Sequence[str]) -> list[Act]:
    """The acts that failed, or may have been lost, about these things or about what was said in these conversations."""
    about = list(ids)
    for each in ids:
        if each[:1] == identity.CONVERSATION:
            about += [mention.id for mention in desk.store.mentions.of_conversation(each)]
    found = [act for each in about for act in desk.store.acts.about(each)]
    return [act for act in found if act.state in (OutgoingState.FAILED, OutgoingState.UNKNOWN)]


def retry(desk: Desk, ids: Sequence[str]) -> Outcome:
    """Does acts again that failed, now. Raises Usage for what is no act, TriageError for one that has not failed."""
    with recorded_step(desk, "retry", tuple(ids)) as taken:
        for each in ids:
            found = resolve.item(desk.store, each)
            if not isinstance(found, Act):
                raise Usage(f"{found.id} is not an act")
            try:
                state = transition(found.state, "retry")
            except WrongState as error:
                raise TriageError(f"{found.id}: {error}") from error
            taken.write.put(replace(found, state=state, scheduled_at=desk.now, next_try_at=None, error=None, tries=0))
    return Outcome(f"on its way again: {', '.join(ids)}", tuple(ids), taken.op_id)
