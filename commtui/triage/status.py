"""How both lanes stand, in numbers, from the cache alone: the same for status line, `commtui status` and exit code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from commtui.activity.desk import Desk
from commtui.model import ids
from commtui.model.clock import to_iso
from commtui.model.states import BY_HAND, NEEDS_PERSON, Health, Lane, OutgoingState, Queue
from commtui.triage import queues

NAMED_MOST = 50
"""How many of what needs a person are named; the numbers count all."""


# Named tuples, and documents instead of records: `commtui status` is to cost little more than its imports.


class Need(NamedTuple):
    """Something that waits for a person: why, and which item or account."""

    why: str
    id: str


class NextPost(NamedTuple):
    """The post that leaves next."""

    id: str
    scheduled_at: datetime


class AccountStanding(NamedTuple):
    """An account as the status tells it."""

    account: str
    network: str
    health: Health
    since: datetime | None
    error: str | None
    synced_at: datetime | None


class Standing(NamedTuple):
    """Both lanes at a glance. Numbers of conversations, and of outgoing items by state."""

    open: int
    unassigned: int
    waiting: int
    snoozed: int
    overdue: int
    outgoing: Mapping[str, int]
    """State -> number, both lanes; states that nothing is in are left out."""
    replies: Mapping[str, int]
    posts: Mapping[str, int]
    next_post: NextPost | None
    accounts: tuple[AccountStanding, ...]
    synced_at: datetime | None
    """When the account that is least in step was; None if one never was."""
    needs: tuple[Need, ...]


def standing(desk: Desk, needs: bool = True) -> Standing:
    """Reads counts that the store keeps, and of single records only those that it names.

    Without `needs` nothing is named: a screen asks after every key.
    """
    store = desk.store
    places = store.conversations.counts()
    desks = store.conversations.assigned_counts()
    woken = queues.woken(desk)
    woken_unassigned = sum(store.conversations.assignee(number) is None for number in woken)
    states = store.outgoing.counts()
    by_lane = {
        lane: {state.value: count for state in OutgoingState if (count := states.get((lane, state), 0))}
        for lane in Lane
    }
    both = {
        state.value: total for state in OutgoingState if (total := sum(states.get((lane, state), 0) for lane in Lane))
    }
    accounts = _accounts(desk)
    known = [each.synced_at for each in accounts if each.health is not Health.PAUSED]
    return Standing(
        open=places.get(Queue.OPEN, 0) + len(woken),
        unassigned=desks.get((Queue.OPEN, None), 0) + woken_unassigned,
        waiting=places.get(Queue.WAITING, 0),
        snoozed=places.get(Queue.SNOOZED, 0) - len(woken),
        overdue=queues.overdue_count(desk),
        outgoing=both,
        replies=by_lane[Lane.COMMUNITY],
        posts=by_lane[Lane.MARKETING],
        next_post=_next_post(desk),
        accounts=accounts,
        synced_at=None if None in known or not known else min(each for each in known if each),
        needs=_needs(desk, queues.overdue(desk, NAMED_MOST), accounts) if needs else (),
    )


def _next_post(desk: Desk) -> NextPost | None:
    number = queues.next_post(desk)
    item = None if number is None else desk.store.outgoing.summary(number)
    return NextPost(item.id, item.scheduled_at) if item and item.scheduled_at else None


def _accounts(desk: Desk) -> tuple[AccountStanding, ...]:
    known = desk.store.accounts.summaries()
    found = []
    for account in desk.settings.accounts:
        state = known.get(account.id)
        paused = account.paused or desk.settings.paused
        health = Health.PAUSED if paused else state.health if state else Health.UNKNOWN
        found.append(
            AccountStanding(
                account.name,
                account.network,
                health,
                state and state.since,
                state and state.error,
                state and state.synced_at,
            )
        )
    return tuple(found)


def _needs(desk: Desk, late: Sequence[int], accounts: tuple[AccountStanding, ...]) -> tuple[Need, ...]:
    store, now = desk.store, desk.now
    found: list[Need] = [Need("refused", each.account) for each in accounts if each.health is Health.REFUSED]
    for lane in Lane:
        for state in sorted(NEEDS_PERSON):
            for number in store.outgoing.in_state(lane, state)[:NAMED_MOST]:
                item = store.outgoing.summary(number)
                held_for = item.reason if item and state is OutgoingState.HELD else ""
                if item and not held_for.endswith(BY_HAND):
                    found.append(Need(held_for or state.value, item.id))
    for state in (OutgoingState.FAILED, OutgoingState.UNKNOWN):
        found += [Need(f"{act.kind} {state.value}", act.id) for act in store.acts.in_state(state)]
    before = now - desk.settings.overdue_post
    for number in store.outgoing.all_due(NAMED_MOST):
        due = store.outgoing.summary(number)
        if due and due.state not in NEEDS_PERSON and due.scheduled_at and due.scheduled_at < before:
            found.append(Need("late", due.id))
    found += [Need("overdue", ids.from_number(ids.CONVERSATION, number)) for number in late]
    return tuple(found)


def as_json(desk: Desk, now_standing: Standing) -> dict[str, object]:
    """The object of `commtui status --json`."""
    post = now_standing.next_post
    return {
        "open": now_standing.open,
        "unassigned": now_standing.unassigned,
        "waiting": now_standing.waiting,
        "snoozed": now_standing.snoozed,
        "overdue": now_standing.overdue,
        "outgoing": dict(now_standing.outgoing),
        "next_post": {"id": post.id, "at": iso(post.scheduled_at)} if post else None,
        "accounts": [
            {
                "account": each.account,
                "health": each.health.value,
                "since": iso(each.since),
                "error": each.error,
                "synced_at": iso(each.synced_at),
            }
            for each in now_standing.accounts
        ],
        "cache_age_s": cache_age(desk, now_standing),
        "needs_person": [{"why": need.why, "id": need.id} for need in now_standing.needs],
    }


def cache_age(desk: Desk, now_standing: Standing) -> int | None:
    """Seconds since the account that is least in step was in step; None if one never was."""
    if now_standing.synced_at is None:
        return None
    return max(0, int((desk.now - now_standing.synced_at).total_seconds()))


def iso(moment: datetime | None) -> str | None:
    """A time as JSON has it."""
    return None if moment is None else to_iso(moment)
