"""How both lanes stand, in numbers, from the cache alone: the same for status line, `commtui status` and exit code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from commtui.model.clock import to_iso
from commtui.model.records import AccountState, Act, Conversation, Health, Outgoing
from commtui.model.states import NEEDS_PERSON, OutgoingState
from commtui.triage import views
from commtui.triage.desk import Desk
from commtui.triage.query import is_late

NAMED_MOST = 50
"""How many of what needs a person are named; the numbers count all."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for a person: why, and which item or account."""

    why: str
    id: str


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """An account as the status tells it."""

    account: str
    network: str
    health: Health
    since: datetime | None
    error: str | None
    synced_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
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
    next_post: Outgoing | None
    accounts: tuple[AccountStanding, ...]
    synced_at: datetime | None
    """When the account that is least in step was; None if one never was."""
    needs: tuple[Need, ...]


def standing(desk: Desk, needs: bool = True) -> Standing:
    """Reads counts that the store keeps, and of single records only those that it names.

    Without `needs` nothing is named: a screen asks after every key.
    """
    store = desk.store
    places = store.counts(Conversation, "_queue")
    desks = store.counts(Conversation, "_desk")
    woken = views.awake(desk)
    woken_unassigned = sum(1 for number in woken if _is_unassigned(desk, number))
    late = views.overdue(desk)
    states = store.counts(Outgoing, "_state")
    by_lane = {
        name: {state.value: count for state in OutgoingState if (count := states.get(f"{name}:{state.value}", 0))}
        for name in ("community", "marketing")
    }
    both = {
        state.value: total
        for state in OutgoingState
        if (total := sum(states.get(f"{name}:{state.value}", 0) for name in by_lane))
    }
    accounts = _accounts(desk)
    known = [each.synced_at for each in accounts if each.health is not Health.PAUSED]
    return Standing(
        open=places.get("open", 0) + len(woken),
        unassigned=desks.get("open:", 0) + woken_unassigned,
        waiting=places.get("waiting", 0),
        snoozed=places.get("snoozed", 0) - len(woken),
        overdue=len(late),
        outgoing=both,
        replies=by_lane["community"],
        posts=by_lane["marketing"],
        next_post=views.next_post(desk),
        accounts=accounts,
        synced_at=None if None in known or not known else min(each for each in known if each),
        needs=_needs(desk, late, accounts) if needs else (),
    )


def _is_unassigned(desk: Desk, number: int) -> bool:
    held = views.conversation(desk, number)
    return held is not None and held.assignee is None


def _accounts(desk: Desk) -> tuple[AccountStanding, ...]:
    known = {state.id: state for state in desk.store.all(AccountState)}
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
                state.since if state else None,
                state.error if state else None,
                state.synced_at if state else None,
            )
        )
    return tuple(found)


def _needs(desk: Desk, late: Sequence[int], accounts: tuple[AccountStanding, ...]) -> tuple[Need, ...]:
    store, now = desk.store, desk.now
    found: list[Need] = [Need("refused", each.account) for each in accounts if each.health is Health.REFUSED]
    for name in ("community", "marketing"):
        for state in sorted(NEEDS_PERSON):
            for item in store.sorted(Outgoing, "_state", f"{name}:{state.value}", "_at")[:NAMED_MOST]:
                found.append(Need(item.reason if state is OutgoingState.HELD and item.reason else state.value, item.id))
    for state in (OutgoingState.FAILED, OutgoingState.UNKNOWN):
        found += [Need(f"{act.kind.value} {state.value}", act.id) for act in store.find(Act, "state", state.value)]
    for number in store.ordered(Outgoing, "_work", "due", "_due")[:NAMED_MOST]:
        due = store.at(Outgoing, number)
        if due and due.state not in NEEDS_PERSON and is_late(due, now, desk.settings.overdue_post):
            found.append(Need("late", due.id))
    for number in late[:NAMED_MOST]:
        held = views.conversation(desk, number)
        if held:
            found.append(Need("overdue", held.id))
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
