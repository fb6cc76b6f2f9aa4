"""The posts of some days, each once, however many accounts it is for, with what conflicts there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.config.calendar_rules import CalendarRules
from commtui.model.calendar import Conflict, ConflictRules, Days, Planned, conflicts, day_of, moved, span_of
from commtui.model.campaign_records import CampaignState
from commtui.model.records import Outgoing
from commtui.model.slots import slots_of, upcoming
from commtui.model.states import Lane, OutgoingState
from commtui.model.week_lines import intervals_of_day
from commtui.outgoing.slots import NOT_PLANNED
from commtui.outgoing.stacked import minute_of

RESOLUTION: Final = timedelta(microseconds=1)
_S: Final = OutgoingState
BY_URGENCY: Final = (
    _S.FAILED,
    _S.UNKNOWN,
    _S.HELD,
    _S.RETRYING,
    _S.SKIPPED,
    _S.SENDING,
    _S.SCHEDULED,
    _S.APPROVED,
    _S.REVIEW,
    _S.DRAFT,
    _S.SENT,
    _S.DISCARDED,
)
"""The states of a post's variants: it has the first of them that one of its variants is in."""
_PLACE: Final = {state: place for place, state in enumerate(BY_URGENCY)}


class Entry(Struct, frozen=True):
    """A post at a time: all variants, and parts of threads, that go out together."""

    id: str
    """The post's id."""
    at: datetime
    items: tuple[Outgoing, ...]
    conflicts: tuple[Conflict, ...] = ()
    """`other` is the id of the other post."""

    @property
    def first(self) -> Outgoing:
        """The variant whose text stands for the post; the first part of a thread."""
        return self.items[0]

    @property
    def accounts(self) -> tuple[str, ...]:
        """The ids of its accounts."""
        return tuple(dict.fromkeys(item.account for item in self.items))

    @property
    def state(self) -> OutgoingState:
        """Of the states of its items the one that a person should know."""
        return min((item.state for item in self.items), key=_PLACE.__getitem__)

    @property
    def is_out(self) -> bool:
        """Whether nothing of it is still to be sent."""
        return self.state is OutgoingState.SENT


def entries(desk: Desk, days: Days, zone: str | None = None) -> list[Entry]:
    """The posts of some days of a zone (None: the person's), by time: sent, scheduled, held and failed ones, and drafts
    with a time."""
    zone = zone or desk.zone
    rules = rules_of(desk)
    found = entries_of(desk.store.outgoing.each(numbers(desk, days, zone, rules)), rules)
    return [entry for entry in found if day_of(entry.at, zone) in days]


def rules_of(desk: Desk) -> ConflictRules:
    """What counts as a conflict by the config. The quiet hours are in the person's zone."""
    return conflict_rules(desk.settings.calendar, desk.zone)


def conflict_rules(settings: CalendarRules, zone: str) -> ConflictRules:
    """The rules of `[calendar]` as the model takes them."""
    quiet = [interval for line in settings.quiet for interval in intervals_of_day(line)]
    return ConflictRules(zone, settings.min_gap, tuple(quiet), settings.same_text)


def numbers(desk: Desk, days: Days, zone: str, rules: ConflictRules) -> list[int]:
    """The items, by number, that are needed for the entries of some days: theirs, and those that these may conflict
    with."""
    first, end = span_of(days, zone)
    return desk.store.outgoing.between(Lane.MARKETING, moved(first, -rules.reach), moved(end, rules.reach))


def entries_of(items: Iterable[Outgoing], rules: ConflictRules) -> list[Entry]:
    """The entries of some items, by time. A draft without a time of its own is in none."""
    together: dict[tuple[str, datetime], list[Outgoing]] = {}
    for item in items:
        at = time_of(item)
        if at is not None:
            key = (item.post or item.id, minute_of(item.scheduled_at or at))
            together.setdefault(key, []).append(item)
    found = [_entry(post, members) for (post, _), members in together.items()]
    by_item = {entry.first.id: entry for entry in found}
    planned = [
        Planned(first.id, entry.at, entry.accounts, first.text, entry.is_out, first.series or "")
        for entry in by_item.values()
        for first in (entry.first,)
    ]
    for identity, wrong in conflicts(planned, rules).items():
        named = (Conflict(kind, by_item[other].id if other else "") for kind, other in wrong)
        by_item[identity] = replace(by_item[identity], conflicts=tuple(named))
    return sorted(by_item.values(), key=lambda entry: (entry.at, entry.first.id))


def _entry(post: str, members: list[Outgoing]) -> Entry:
    members.sort(key=lambda item: (item.after is not None, item.created_at, item.account, item.id))
    return Entry(post, min(at for item in members if (at := time_of(item))), tuple(members))


def time_of(item: Outgoing) -> datetime | None:
    """When it was sent, or is to be sent; None where nobody has said when, or it was discarded."""
    if item.state is OutgoingState.SENT:
        return item.sent_at or item.scheduled_at
    if item.state is OutgoingState.DISCARDED or (item.state is OutgoingState.DRAFT and item.hold_window):
        return None
    return item.scheduled_at


class FreeSlot(NamedTuple):
    """A slot to come at which some accounts have no post."""

    at: datetime
    accounts: tuple[str, ...]
    """Their ids."""


def free_slots(desk: Desk, days: Days, zone: str, items: Iterable[Outgoing]) -> list[FreeSlot]:
    """The slots to come in some days of a zone, of accounts and of campaigns that have not ended, at which an account
    has none of these items."""
    sources = [(slots_of(lines), of_zone, accounts) for lines, of_zone, accounts in _slots(desk) if lines]
    if not sources:
        return []
    taken = {
        (item.account, minute_of(item.scheduled_at))
        for item in items
        if item.scheduled_at and item.state not in NOT_PLANNED
    }
    first, end = span_of(days, zone)
    free: dict[datetime, list[str]] = {}
    for slots, of_zone, accounts in sources:
        for at in upcoming(slots, of_zone, max(desk.now, first - RESOLUTION)):
            if at >= end:
                break
            if day_of(at, zone) in days:
                free.setdefault(at, []).extend(each for each in accounts if (each, at) not in taken)
    return [FreeSlot(at, tuple(dict.fromkeys(accounts))) for at, accounts in sorted(free.items()) if accounts]


def _slots(desk: Desk) -> Iterator[tuple[tuple[str, ...], str, tuple[str, ...]]]:
    """Lines of slots, their zone, and the accounts (ids) that have them."""
    for account in desk.settings.accounts:
        yield account.slots, desk.zone, (account.id,)
    for campaign in desk.store.campaigns.all():
        if campaign.state not in (CampaignState.DONE, CampaignState.PAUSED):
            yield campaign.slots, campaign.zone, campaign.accounts


def by_day(found: Iterable[Entry], zone: str) -> dict[date, list[Entry]]:
    """The entries of each day of a zone that has some."""
    days: dict[date, list[Entry]] = {}
    for entry in found:
        days.setdefault(day_of(entry.at, zone), []).append(entry)
    return days
