"""The status of both lanes in numbers, from the store alone, for the status line and `commtui status`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from commtui.activity.desk import Desk
from commtui.model import ids
from commtui.model.clock import to_iso
from commtui.model.states import HELD_BY_PERSON, NEEDS_PERSON, Health, Lane, OutgoingState, Queue
from commtui.triage import queues, shares

NAMED_MOST = 50
"""How many items of each kind are named in `needs`; the numbers count all."""


# Named tuples, and summaries instead of records: `commtui status` should cost little more than its imports.


class Need(NamedTuple):
    """An item or account that needs a person. `why`: `late`, `overdue`, `refused`, a state, or the Reason of a hold."""

    why: str
    id: str


class NextPost(NamedTuple):
    """The post that will be sent next."""

    id: str
    scheduled_at: datetime


class NextDue(NamedTuple):
    """The conversation in which our answer is due next."""

    id: str
    due_at: datetime


class AccountStanding(NamedTuple):
    """The status of one account."""

    account: str
    network: str
    health: Health
    since: datetime | None
    error: str | None
    synced_at: datetime | None
    filtered: int = 0
    """Messages of strangers that the server keeps aside."""
    filtered_people: int = 0
    unread: int = 0
    """Open conversations of it that are unread."""


class Standing(NamedTuple):
    """The status of both lanes: numbers of conversations, and of outgoing items by state."""

    open: int
    unassigned: int
    waiting: int
    snoozed: int
    overdue: int
    at_risk: int
    """Not overdue yet, but most of the time to the deadline has passed."""
    next_due: NextDue | None
    """The answer that is due next; None without service levels."""
    outgoing: Mapping[str, int]
    """State -> number in both lanes; states without items are left out."""
    replies: Mapping[str, int]
    posts: Mapping[str, int]
    next_post: NextPost | None
    accounts: tuple[AccountStanding, ...]
    synced_at: datetime | None
    """The earliest time of the accounts' last fetches; None if one was never fetched."""
    needs: tuple[Need, ...]
    held_by_hand: int = 0
    """How many of the held items a person holds: they need no attention."""


def standing(desk: Desk, needs: bool = True) -> Standing:
    """Returns the status. It reads counters of the store, and single records only for `needs` and the next post.

    Without `needs` none are looked up: the screen asks for the status after every key.
    """
    store = desk.store
    by_queue = store.conversations.counts()
    by_assignee = store.conversations.assigned_counts()
    woken = queues.woken(desk)
    woken_unassigned = list(store.conversations.assignees(woken).values()).count(None)
    states = store.outgoing.counts()
    by_lane = {
        lane: {state.value: count for state in OutgoingState if (count := states.get((lane, state), 0))}
        for lane in Lane
    }
    both = {
        state.value: total for state in OutgoingState if (total := sum(states.get((lane, state), 0) for lane in Lane))
    }
    overdue, at_risk = queues.late_counts(desk)
    accounts = _accounts(desk, shares.unread(desk))
    synced = [account.synced_at for account in accounts if account.health is not Health.PAUSED]
    return Standing(
        open=by_queue.get(Queue.OPEN, 0) + len(woken),
        unassigned=by_assignee.get((Queue.OPEN, None), 0) + woken_unassigned,
        waiting=by_queue.get(Queue.WAITING, 0) + len(queues.waiting_again(desk)),
        snoozed=by_queue.get(Queue.SNOOZED, 0) - len(store.away.woken(desk.now)),
        overdue=overdue,
        at_risk=at_risk,
        next_due=_next_due(desk),
        outgoing=both,
        replies=by_lane[Lane.COMMUNITY],
        posts=by_lane[Lane.MARKETING],
        next_post=_next_post(desk),
        accounts=accounts,
        synced_at=None if None in synced or not synced else min(at for at in synced if at),
        held_by_hand=_held_by_hand(desk, by_lane),
        needs=_needs(desk, queues.overdue(desk, NAMED_MOST), accounts) if needs else (),
    )


def _next_due(desk: Desk) -> NextDue | None:
    found = queues.next_due(desk) if desk.settings.has_service_levels else None
    return found and NextDue(ids.from_number(ids.CONVERSATION, found[0]), found[1])


def _next_post(desk: Desk) -> NextPost | None:
    number = queues.next_post(desk)
    item = None if number is None else desk.store.outgoing.summary(number)
    return NextPost(item.id, item.scheduled_at) if item and item.scheduled_at else None


def _accounts(desk: Desk, unread: Mapping[str, int]) -> tuple[AccountStanding, ...]:
    summaries = desk.store.accounts.summaries()
    accounts = []
    for account in desk.settings.accounts:
        state = summaries.get(account.id)
        paused = account.paused or desk.settings.paused
        health = Health.PAUSED if paused else state.health if state else Health.UNKNOWN
        accounts.append(
            AccountStanding(
                account.name,
                account.network,
                health,
                state and state.since,
                state and state.error,
                state and state.synced_at,
                state.filtered if state else 0,
                state.filtered_people if state else 0,
                unread.get(account.id, 0),
            )
        )
    return tuple(accounts)


class Loss(NamedTuple):
    """What an account did not get; see AccountState."""

    account: str
    skipped: int
    skipped_at: datetime | None
    missed_since: datetime | None


def losses(desk: Desk) -> tuple[Loss, ...]:
    """Returns what each account of the config did not get; those that got everything are left out."""
    from commtui.model.records import AccountState

    states = {state.id: state for state in desk.store.all(AccountState)}
    known = [(account.name, states[account.id]) for account in desk.settings.accounts if account.id in states]
    return tuple(
        Loss(name, state.skipped, state.skipped_at, state.missed_since)
        for name, state in known
        if state.skipped or state.missed_since
    )


def _held_by_hand(desk: Desk, by_lane: Mapping[Lane, Mapping[str, int]]) -> int:
    """Returns how many held items a person holds. The first ones of a lane stand for the others: only a person, who
    holds everything, makes them many."""
    total = 0
    for lane in Lane:
        count = by_lane[lane].get(OutgoingState.HELD.value, 0)
        numbers = desk.store.outgoing.in_state(lane, OutgoingState.HELD)[:NAMED_MOST] if count else ()
        others = 0
        for number in numbers:
            item = desk.store.outgoing.summary(number)
            others += item is None or item.reason not in HELD_BY_PERSON
        total += max(0, count - others)
    return total


def _needs(desk: Desk, overdue: Sequence[int], accounts: tuple[AccountStanding, ...]) -> tuple[Need, ...]:
    store, now = desk.store, desk.now
    needs = [Need("refused", account.account) for account in accounts if account.health is Health.REFUSED]
    for lane in Lane:
        for state in sorted(NEEDS_PERSON):
            for number in store.outgoing.in_state(lane, state)[:NAMED_MOST]:
                item = store.outgoing.summary(number)
                reason = item.reason if item and state is OutgoingState.HELD else ""
                if item and reason not in HELD_BY_PERSON:
                    needs.append(Need(reason or state.value, item.id))
    for state in (OutgoingState.FAILED, OutgoingState.UNKNOWN):
        needs += [Need(f"{act.kind} {state.value}", act.id) for act in store.acts.in_state(state)]
    before = now - desk.settings.overdue_post
    for number in store.outgoing.all_due(NAMED_MOST):
        due = store.outgoing.summary(number)
        if due and due.state not in NEEDS_PERSON and due.scheduled_at and due.scheduled_at < before:
            needs.append(Need("late", due.id))
    for state in (OutgoingState.SCHEDULED, OutgoingState.RETRYING):
        acts = store.acts.in_state(state)
        needs += [Need("late", act.id) for act in acts if act.failing_since and act.failing_since < before]
    needs += [Need("overdue", ids.from_number(ids.CONVERSATION, number)) for number in overdue]
    return tuple(needs)


def as_json(desk: Desk, current: Standing) -> dict[str, object]:
    """Returns the object of `commtui status --json`."""
    post, due = current.next_post, current.next_due
    return {
        "open": current.open,
        "unassigned": current.unassigned,
        "waiting": current.waiting,
        "snoozed": current.snoozed,
        "overdue": current.overdue,
        "at_risk": current.at_risk,
        "next_due": {"id": due.id, "at": iso(due.due_at)} if due else None,
        "outgoing": dict(current.outgoing),
        "next_post": {"id": post.id, "at": iso(post.scheduled_at)} if post else None,
        "accounts": [
            {
                "account": account.account,
                "health": account.health.value,
                "since": iso(account.since),
                "error": account.error,
                "synced_at": iso(account.synced_at),
                "unread": account.unread,
                "filtered": account.filtered,
            }
            for account in current.accounts
        ],
        "cache_age_s": cache_age(desk, current),
        "needs_person": [{"why": need.why, "id": need.id} for need in current.needs],
    }


def cache_age(desk: Desk, current: Standing) -> int | None:
    """Returns the seconds since `synced_at`; None if an account was never fetched."""
    if current.synced_at is None:
        return None
    return max(0, int((desk.now - current.synced_at).total_seconds()))


def iso(moment: datetime | None) -> str | None:
    """Returns a time as it is in JSON: ISO 8601, UTC, Z."""
    return None if moment is None else to_iso(moment)
