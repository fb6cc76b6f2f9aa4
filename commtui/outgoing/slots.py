"""The next slot of a post: the first of its campaign's or its accounts' slots at which nothing of theirs is planned."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from commtui.activity.desk import Desk
from commtui.activity.errors import NoSlot
from commtui.model.records import Campaign, Outgoing
from commtui.model.slots import Slots, next_free, slots_of
from commtui.model.states import Lane, OutgoingState
from commtui.model.times import wall_text
from commtui.model.when import When
from commtui.outgoing.stacked import minute_of

_WEEK: Final = timedelta(weeks=1)
_FIRST: Final = datetime(2024, 1, 1, tzinfo=UTC)
NOT_PLANNED: Final = frozenset((OutgoingState.FAILED, OutgoingState.SKIPPED))
"""What is not out yet, and will not leave at the time that it has."""


class Plan:
    """At which minutes posts of an account are planned, drafts with a time included. Weeks are read when asked for."""

    def __init__(self, desk: Desk, without: Collection[str] = ()) -> None:
        """`without`: ids of variants that are about to move."""
        self._desk, self._without = desk, without
        self._weeks: dict[int, set[tuple[str, datetime]]] = {}
        self._added: set[tuple[str, datetime]] = set()

    def add(self, accounts: Collection[str], at: datetime) -> None:
        """A post of these accounts is planned for a time."""
        self._added.update((account, minute_of(at)) for account in accounts)

    def has(self, accounts: Collection[str], at: datetime) -> bool:
        """Whether one of the accounts has a post in the minute of a time."""
        week = (at - _FIRST) // _WEEK
        if week not in self._weeks:
            self._weeks[week] = self._read(week)
        planned = {(account, minute_of(at)) for account in accounts}
        return not planned.isdisjoint(self._weeks[week] | self._added)

    def _read(self, week: int) -> set[tuple[str, datetime]]:
        first = _FIRST + week * _WEEK
        items = self._desk.store.outgoing.active_between(Lane.MARKETING, first, first + _WEEK)
        return {
            (item.account, minute_of(item.scheduled_at))
            for item in items
            if item.scheduled_at and item.state not in NOT_PLANNED and item.id not in self._without
        }


def next_slot(
    desk: Desk,
    accounts: Sequence[str],
    campaign: str | None = None,
    after: datetime | None = None,
    plan: Plan | None = None,
) -> When:
    """Returns the next slot that is free on each of some accounts (their ids). Raises NoSlot.

    `campaign`: the id of the post's; its slots go first. `after`: a moment to come, in place of now. `plan`: what is
    planned; None: what the store has.
    """
    plan = plan or Plan(desk)
    accounts = list(dict.fromkeys(accounts))
    record = desk.store.get(Campaign, campaign) if campaign else None
    if record is not None and record.slots:
        slots, zone = slots_of(record.slots), record.zone
    else:
        slots, zone = _shared_slots(desk, accounts), desk.zone
    at = next_free(slots, zone, max(after or desk.now, desk.now), lambda at: plan.has(accounts, at))
    if at is None:
        raise NoSlot("taken", _names(desk, accounts))
    return When(at, zone, wall_text(at, zone))


def next_slots(desk: Desk, items: Sequence[Outgoing]) -> dict[str, When]:
    """Returns a slot for each of some posts, of whose variants each is named by itself: the next one after the time
    that it has, in the order of these times, never two of one account in one minute. Raises NoSlot.
    """
    if any(item.conversation is not None for item in items):
        raise NoSlot("reply")
    plan = Plan(desk, {item.id for item in items})
    posts: dict[str, list[Outgoing]] = {}
    for item in sorted(items, key=lambda item: (item.scheduled_at or desk.now, item.created_at)):
        posts.setdefault(item.post or item.id, []).append(item)
    times = {}
    for variants in posts.values():
        accounts = [variant.account for variant in variants]
        has = [item.scheduled_at for item in variants if item.scheduled_at and not item.hold_window]
        when = next_slot(desk, accounts, variants[0].campaign, max(has) if has else None, plan)
        plan.add(accounts, when.at)
        times.update({variant.id: when for variant in variants})
    return times


def _shared_slots(desk: Desk, accounts: Sequence[str]) -> Slots:
    """Returns the slots that all of some accounts have. Raises NoSlot."""
    names = _names(desk, accounts)
    found: list[Slots] = []
    for account, name in zip(accounts, names, strict=True):
        settings = desk.settings.account(account)
        slots = slots_of(settings.slots) if settings else ()
        if not slots:
            raise NoSlot("none", [name])
        found.append(slots)
    shared = tuple(slot for slot in found[0] if all(slot in slots for slots in found))
    if not shared:
        raise NoSlot("shared", names)
    return shared


def _names(desk: Desk, accounts: Sequence[str]) -> list[str]:
    settings = [desk.settings.account(account) for account in accounts]
    return [known.name if known else account for known, account in zip(settings, accounts, strict=True)]
