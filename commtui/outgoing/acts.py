"""Acts: changes on a network that are not a new text, such as a boost or a block. They too wait for a hold window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from commtui.activity import resolve
from commtui.activity.desk import Desk, one_step, recorded_step
from commtui.activity.errors import UnknownName, WrongKind
from commtui.activity.outcome import Outcome
from commtui.activity.parts import in_parts
from commtui.activity.refusals import CannotAct, NotSent, WrongItemState
from commtui.activity.resolve import answered
from commtui.model import ids, text
from commtui.model.records import AccountState, Act, ActKind, Mention, Outgoing
from commtui.model.states import LEAVING, OutgoingState, WrongState, transition
from commtui.model.visibility import Visibility
from commtui.store.store import Store

OF_AUTHORS = frozenset((ActKind.MUTE, ActKind.UNMUTE, ActKind.BLOCK, ActKind.UNBLOCK, ActKind.REPORT))
BOOSTABLE = frozenset((Visibility.PUBLIC, Visibility.UNLISTED))
"""What everybody may see already: a boost shows it to all our followers."""
DECISIONS = frozenset((ActKind.ACCEPT, ActKind.REJECT))
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
    ActKind.ACCEPT: "approvals",
    ActKind.REJECT: "approvals",
    ActKind.ACCEPT_FILTERED: "filters",
}
"""Kind of act -> the capability that the account needs."""


def act(desk: Desk, kind: ActKind, named: str, comment: str = "", statuses: Sequence[str] = ()) -> Outcome:
    """Schedules an act for the end of the hold window. `statuses`: the remote ids that a report names beside its own.

    Raises WrongKind or NotSent for a target that the act is not for, CannotAct where the network lacks it, or for a
    boost of what is not public.
    """
    with recorded_step(desk, kind.value, (named,)) as step:
        new, author = _new_act(desk, kind, named, text.clean(comment))
        if statuses and kind is ActKind.REPORT:
            new = replace(new, extra={**new.extra, "status_ids": " ".join(dict.fromkeys(statuses))})
        if not can_act(desk.store, new.account, kind):
            state = desk.store.get(AccountState, new.account)
            raise CannotAct(kind.value, "ability", new.network, state.name if state else new.account)
        for earlier in _other_decisions(desk, new):
            step.write.put(replace(earlier, state=transition(earlier.state, "discard")))
        step.write.put(new)
        step.detail = new.text
    return Outcome(
        verb=kind.value,
        ids=(new.id,),
        op_id=step.op_id,
        leaves_at=new.scheduled_at,
        hold_window=True,
        author=author,
        value=new.of or None,
    )


def act_on_each(desk: Desk, kind: ActKind, named: Sequence[str], comment: str = "") -> Outcome:
    """Schedules the act for each of several items, as one step. Raises as `act`; nothing was scheduled then."""
    with one_step(desk, kind.value, tuple(named)) as step:
        outcomes = [act(desk, kind, given, comment) for given in named]
    authors = dict.fromkeys(outcome.author for outcome in outcomes)
    return Outcome(
        verb=kind.value,
        ids=tuple(identity for outcome in outcomes for identity in outcome.ids),
        op_id=step.op_id,
        leaves_at=outcomes[0].leaves_at,
        hold_window=True,
        author=outcomes[0].author,
        more=len(authors) - 1,
        value=outcomes[0].value if len(outcomes) == 1 else None,
    )


def can_act(store: Store, account: str, kind: ActKind) -> bool:
    """Whether the login can do the act; True as long as its capabilities are unknown."""
    state = store.get(AccountState, account)
    return state is None or not state.synced_at or bool(getattr(state.capabilities, NEEDS.get(kind, "reply")))


def _other_decisions(desk: Desk, new: Act) -> list[Act]:
    """Returns the acts that would still accept or reject the same answer, by themselves: the last one counts.

    They are in their hold window, or will be tried again.
    """
    if new.kind not in DECISIONS or not new.of:
        return []
    acts = desk.store.acts.about(new.of)
    return [act for act in acts if act.kind in DECISIONS and act.state in LEAVING]


def _new_act(desk: Desk, kind: ActKind, named: str, comment: str) -> tuple[Act, str]:
    """Returns the act, and the handle of the author it is about (empty for an item of ours)."""
    target, author, extra = "", "", {}
    if kind in OF_OURS:
        item = resolve.item(desk.store, named)
        if not isinstance(item, Outgoing):
            raise WrongKind(item.id, resolve.KIND_NAMES[item.id[0]], "sent", kind.value)
        if item.state is not OutgoingState.SENT or not item.remote_id:
            raise NotSent(item.id, item.state.value, kind.value)
        account, network, of, target = item.account, item.network, item.id, item.remote_id
        extra = {**item.extra, **({"url": item.url} if item.url else {})}
        if kind is ActKind.EDIT:
            extra["typed"] = item.text
    else:
        mention, _ = answered(desk.store, named)
        author = mention.author
        account, network, of, extra = mention.account, mention.network, mention.id, dict(mention.extra)
        target = mention.author_id if kind in OF_AUTHORS else mention.remote_id
        if kind is ActKind.BOOST:
            check_boost(mention)
        if kind in DECISIONS and not mention.pending:
            raise CannotAct(kind.value, "decided", mention.network, author=mention.author)
        if kind is ActKind.REPORT:
            extra["status_ids"] = mention.remote_id
        if not target:
            raise CannotAct(kind.value, "no-author", mention.network, author=mention.author)
    new = Act(
        id=ids.fresh(ids.ACT),
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
    return new, author


def check_boost(mention: Mention) -> None:
    """Raises CannotAct for what not everybody may see."""
    if mention.visibility not in BOOSTABLE:
        raise CannotAct(ActKind.BOOST, mention.visibility.value, mention.network, author=mention.author)


def favourite(desk: Desk, named: str) -> Outcome:
    """Favourites a mention."""
    return act(desk, ActKind.FAVOURITE, named)


def boost(desk: Desk, named: str) -> Outcome:
    """Boosts a mention to all our followers."""
    return act(desk, ActKind.BOOST, named)


def delete(desk: Desk, named: str) -> Outcome:
    """Deletes an item of ours from the network."""
    return act(desk, ActKind.DELETE, named)


def mute_author(desk: Desk, named: str) -> Outcome:
    """Mutes a mention's author on the network."""
    return act(desk, ActKind.MUTE, named)


def block(desk: Desk, named: str) -> Outcome:
    """Blocks a mention's author on the network."""
    return act(desk, ActKind.BLOCK, named)


def report(desk: Desk, named: str, comment: str = "") -> Outcome:
    """Reports a mention's author to the server's moderators. They read the comment."""
    return act(desk, ActKind.REPORT, named, comment)


def accept(desk: Desk, named: str) -> Outcome:
    """Lets others see an answer to us that waits for our approval. Raises CannotAct for one that does not."""
    return act(desk, ActKind.ACCEPT, named)


def reject(desk: Desk, named: str) -> Outcome:
    """Refuses an answer to us that waits for our approval. Raises CannotAct for one that does not."""
    return act(desk, ActKind.REJECT, named)


def accept_filtered(desk: Desk, name: str = "") -> Outcome:
    """Accepts the messages of strangers that the servers of all accounts keep aside, or of the one that is named."""
    with recorded_step(desk, ActKind.ACCEPT_FILTERED.value, ()) as step:
        new = [_acceptance(desk, state) for state in filtering(desk, name)]
        for one in new:
            step.write.put(one)
    return Outcome(
        verb=ActKind.ACCEPT_FILTERED.value,
        ids=tuple(one.id for one in new),
        op_id=step.op_id,
        leaves_at=new[0].scheduled_at if new else None,
        hold_window=True,
    )


def filtering(desk: Desk, name: str = "") -> list[AccountState]:
    """Returns the accounts of the config whose servers keep something aside; of one, if `name` is given.

    Raises UnknownName.
    """
    accounts = [account for account in desk.settings.accounts if name in ("", account.name, account.id)]
    if name and not accounts:
        raise UnknownName("account", name, [account.name for account in desk.settings.accounts])
    states = (desk.store.get(AccountState, account.id) for account in accounts)
    return [state for state in states if state is not None and state.filtered]


def _acceptance(desk: Desk, state: AccountState) -> Act:
    return Act(
        id=ids.fresh(ids.ACT),
        account=state.id,
        network=state.network,
        kind=ActKind.ACCEPT_FILTERED,
        target="filtered",
        state=OutgoingState.SCHEDULED,
        created_at=desk.now,
        scheduled_at=desk.now + desk.settings.hold,
        author=desk.who,
    )


def recall(desk: Desk, named: Sequence[str]) -> Outcome:
    """Cancels acts that have not been done yet. Raises WrongKind, WrongItemState."""
    with recorded_step(desk, "recall", tuple(named)) as step:
        for given in named:
            item = _act_named(desk, given)
            step.write.put(replace(item, state=_transition(item, "discard", "recall")))
    return Outcome(verb="recall-act", ids=tuple(named), op_id=step.op_id)


def _act_named(desk: Desk, named: str) -> Act:
    item = resolve.item(desk.store, named)
    if not isinstance(item, Act):
        raise WrongKind(item.id, resolve.KIND_NAMES[item.id[0]], "act")
    return item


def _transition(item: Act, event: str, verb: str) -> OutgoingState:
    try:
        return transition(item.state, event)
    except WrongState as error:
        raise WrongItemState(item.id, verb, error.state, error.possible) from error


def stuck(desk: Desk, named: Sequence[str]) -> list[Act]:
    """Returns the acts in state failed or unknown about these items, or about the mentions of these conversations."""
    targets = list(named)
    for item_id in named:
        if item_id[:1] == ids.CONVERSATION:
            targets += [mention.id for mention in desk.store.mentions.of_conversation(item_id)]
    acts = [act for target in targets for act in desk.store.acts.about(target)]
    return [act for act in acts if act.state in (OutgoingState.FAILED, OutgoingState.UNKNOWN)]


def retry(desk: Desk, named: Sequence[str]) -> Outcome:
    """Tries failed acts again at once. Raises WrongKind, WrongItemState."""
    return in_parts(desk, named, lambda part: _schedule(desk, "retry", part, desk.now))


def release(desk: Desk, named: Sequence[str]) -> Outcome:
    """Schedules held acts, after the hold window. Raises WrongKind, WrongItemState."""
    return _schedule(desk, "release", named, desk.now + desk.settings.hold)


def _schedule(desk: Desk, verb: str, named: Sequence[str], at: datetime) -> Outcome:
    with recorded_step(desk, verb, tuple(named)) as step:
        for given in named:
            item = _act_named(desk, given)
            state = _transition(item, verb, verb)
            new = replace(item, state=state, scheduled_at=at, next_try_at=None, error=None, reason=None, tries=0)
            step.write.put(replace(new, failing_since=None))
    return Outcome(verb=verb, ids=tuple(named), op_id=step.op_id)
