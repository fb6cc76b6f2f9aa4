"""The report on a period: who wrote, what we answered and how soon. report_figures.py has what it consists of."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Final, TypeVar

from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.activity.passive_log import PROGRAM
from commtui.activity.refusals import Stopped
from commtui.model.answers import in_order, steps_events
from commtui.model.authors import person_id
from commtui.model.conversations import is_muted
from commtui.model.hours import LONGEST, minutes_between
from commtui.model.people import linked
from commtui.model.records import Conversation
from commtui.model.service_levels import Level, Wait, due_time, level_of, waits
from commtui.model.times import wall_zone
from commtui.store.past import Message
from commtui.store.store import Store
from commtui.triage.many_objects import free, in_time, without_collections
from commtui.triage.report_figures import NONE, By, Day, Goal, Group, Report, Waited
from commtui.triage.rule_book import hours_of

MINUTE: Final = timedelta(minutes=1)
TICK: Final = timedelta(microseconds=1)
EACH: Final = 500
"""After how many records is asked whether the report is still wanted."""

T = TypeVar("T")


class _Progress:
    """Counts what is read, and asks the desk now and then whether to go on."""

    def __init__(self, desk: Desk) -> None:
        self._goes_on, self._read = desk.goes_on, 0

    def through(self, records: Iterable[T]) -> Iterator[T]:
        """Yields the records. Raises Stopped where the report is no longer wanted."""
        for record in records:
            self._read += 1
            if self._read % EACH == 0 and self._goes_on is not None and not self._goes_on(self._read):
                raise Stopped
            yield record


class _Days:
    """Closed dates, each looked up once: the library `holidays` takes its time."""

    def __init__(self, closed: Container[object]) -> None:
        self._is_closed = cache(closed.__contains__)

    def __contains__(self, day: object) -> bool:
        return self._is_closed(day)


class _Home:
    """All that a report reads, in one pass over each table."""

    def __init__(self, desk: Desk) -> None:
        store, self.now = desk.store, desk.now
        self.names = {account.id: account.name for account in desk.settings.accounts}
        self.levels = desk.settings.service_levels
        self.has_marks = any(level.marks for level in self.levels)
        hours = hours_of(desk.settings)
        self.hours = replace(hours, closed=_Days(hours.closed)) if hours.closed else hours
        self.store = store
        self._fitting: dict[str, Level | None] = {}
        self._progress = _Progress(desk)
        through = self._progress.through
        with store.view():
            self.campaigns = store.campaigns.names()
            self.records = {record.id: record for record in through(store.past.conversations())}
            people = (message for message in through(store.past.messages()) if not message.bot)
            self.messages = in_time(people, attrgetter("created_at"))
            self.replies: dict[str, dict[datetime, str]] = {}
            for _, conversation, at, who in through(store.past.replies()):
                self.replies.setdefault(self.elder(conversation), {}).setdefault(at, who)
            self.changes = list(through(store.past.status_changes(PROGRAM)))
            self.person = _people(store, self.messages)

    def free(self) -> None:
        """Frees what was read, in parts."""
        free(self.messages)
        free(self.changes)
        free(self.records)

    def elder(self, conversation: str) -> str:
        """The conversation itself, or the one that it was folded into."""
        while (record := self.records.get(conversation)) and record.folded_into in self.records:
            conversation = record.folded_into or ""
        return conversation

    def waited(self, since: datetime, until: datetime) -> Iterator[Waited]:
        """Yields the waits that began from `since` to before `until`, of all conversations but muted ones."""
        changes = [change._replace(conversation=self.elder(change.conversation)) for change in self.changes]
        steps = steps_events(changes, {record.id: record.by_bot for record in self.records.values()}, self.now)
        began: dict[str, dict[datetime, str]] = {}
        for message in self.messages:
            at = began.setdefault(self.elder(message.conversation), {})
            at[message.created_at] = min(message.id, at.get(message.created_at, message.id))
        for identity, messages in self._progress.through(began.items()):
            record = self.records.get(identity)
            if record is None or is_muted(record, self.now):
                continue
            replies = self.replies.get(identity, {})
            level = self.level_of(record)
            for wait in waits(in_order(messages, steps.get(identity, ()), replies)):
                if not since <= wait.since < until:
                    continue
                by = replies[wait.until] if wait.answered and wait.until else None
                yield self._row(messages.get(wait.since, identity), identity, wait, by, level)
        free(changes)
        free(steps)
        free(began)

    def level_of(self, record: Conversation) -> Level | None:
        """The service level that fits a conversation today."""
        if record.id not in self._fitting:
            vip = self.has_marks and self.store.people.is_vip(record)
            found = level_of(self.levels, record, self.names.get(record.account, ""), vip=vip)
            self._fitting[record.id] = found
        return self._fitting[record.id]

    def _row(self, identity: str, conversation: str, wait: Wait, by: str | None, level: Level | None) -> Waited:
        end = wait.until or self.now
        minutes = minutes_between(self.hours, wait.since, end) if wait.answered else None
        working = (LONGEST // MINUTE if minutes is None else minutes) if wait.answered else 0
        clock = (end - wait.since) // MINUTE if wait.answered else 0
        target = (level.first if wait.first else level.next) if level else None
        if target is None or level is None:
            return Waited(identity, conversation, wait, by, clock, working, has_target=False, overdue=False)
        if minutes not in (None, target // MINUTE) and any(self.hours.week):  # then they say whether it was overdue
            has_target, overdue = True, working > target // MINUTE
        else:
            due_at = due_time(level, self.hours, wait.since, first=wait.first)
            has_target, overdue = due_at is not None, due_at is not None and due_at < end
        return Waited(identity, conversation, wait, by, clock, working, has_target, overdue)


def _people(store: Store, messages: Iterable[Message]) -> Mapping[str, str]:
    """Returns who wrote each message: the first id of those who are linked; nobody, where it was erased."""
    neighbours: dict[str, set[str]] = {}
    for link in store.people.all_links():
        neighbours.setdefault(link.one, set()).add(link.other)
        neighbours.setdefault(link.other, set()).add(link.one)
    people: dict[tuple[str, str, str], str] = {}
    found = {}
    for message in messages:
        if message.erased:
            continue
        author = (message.network, message.author_id, message.author)
        if author not in people:
            identity = person_id(*author)
            people[author] = linked(identity, lambda each: neighbours.get(each, ()))[0] if identity else ""
        if people[author]:
            found[message.id] = people[author]
    return found


@without_collections()
def report(desk: Desk, since: datetime, until: datetime, by: By | None = None) -> Report:
    """The report on what came, and on the waits that began, from `since` to before `until`. `desk.goes_on` is called
    with the number of records that were read or counted. Raises StoreError, and Stopped if that wants it."""
    home = _Home(desk)
    began = since - (until - since)
    waited = in_time(home.waited(began, until), attrgetter("wait.since"))
    before, _ = _collected(home, waited, began, since, None)
    whole, groups = _collected(home, waited, since, until, by)
    heat_map, days = _by_time(home, whole, since, until)
    goals = _goals(home, whole)
    home.free()
    return Report(since, until, home.hours.zone, by, whole, groups, before, heat_map, days, goals)


def _by_time(
    home: _Home, whole: Group, since: datetime, until: datetime
) -> tuple[dict[tuple[int, int], list[str]], list[Day]]:
    heat_map: dict[tuple[int, int], list[str]] = {}
    zone = wall_zone(home.hours.zone)
    days = {
        day: Day(day, [], []) for day in _days(since.astimezone(zone).date(), (until - TICK).astimezone(zone).date())
    }

    def day_of(wall: datetime) -> Day:
        day = wall.date()
        return days.setdefault(day, Day(day, [], []))  # clocks that go back at midnight may show the day before

    for message in home.messages:
        if since <= message.created_at < until:
            wall = message.created_at.astimezone(zone)
            heat_map.setdefault((wall.weekday(), wall.hour), []).append(message.id)
            day_of(wall).inbound.append(message.id)
    for row in whole.waits:
        if row.wait.answered:
            day_of(row.wait.since.astimezone(zone)).answered.append(row.id)
    return heat_map, sorted(days.values())


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _goals(home: _Home, whole: Group) -> list[Goal]:
    goals: dict[tuple[str, bool], Goal] = {}
    for level in home.levels:
        for first, target in ((True, level.first), (False, level.next)):
            if target is not None:
                goals.setdefault((level.name, first), Goal(level.name, first, target // MINUTE, _empty(level.name)))
    for row in whole.waits:
        record = home.records.get(row.conversation)
        fitting = home.level_of(record) if record else None
        goal = goals.get((fitting.name, row.wait.first)) if fitting else None
        if goal is not None:
            goal.group.waits.append(row)
    return list(goals.values())


def _collected(
    home: _Home, waited: Iterable[Waited], since: datetime, until: datetime, by: By | None
) -> tuple[Group, list[Group]]:
    names = _Names(home, by)
    whole, groups = _empty(NONE), dict[str, Group]()
    earlier = {home.person[each.id] for each in home.messages if each.created_at < since and each.id in home.person}
    for message in home.messages:
        if not since <= message.created_at < until:
            continue
        for group in (whole, *(groups.setdefault(name, _empty(name)) for name in names.of_message(message))):
            group.inbound.append(message.id)
            person = home.person.get(message.id)
            if person is not None:
                group.people.add(person)
            if person in earlier:
                group.returned.add(person)
    for row in waited:
        if not since <= row.wait.since < until:
            continue
        whole.waits.append(row)
        for name in names.of_wait(row):
            groups.setdefault(name, _empty(name)).waits.append(row)
    return whole, [groups[name] for name in sorted(groups)]


def _empty(name: str) -> Group:
    return Group(name, [], set(), set(), [])


class _Names:
    """To which groups something belongs."""

    def __init__(self, home: _Home, by: By | None) -> None:
        self._home, self._by = home, by
        self._zone = wall_zone(home.hours.zone)

    def of_message(self, message: Message) -> tuple[str, ...]:
        """Returns the names of the groups that a message counts in."""
        if self._by is None:
            return ()
        return self._of(self._home.elder(message.conversation), message.created_at, None)

    def of_wait(self, row: Waited) -> tuple[str, ...]:
        """Returns the names of the groups that a wait counts in."""
        return self._of(row.conversation, row.wait.since, row.by)

    def _of(self, conversation: str, at: datetime, who: str | None) -> tuple[str, ...]:
        record = self._home.records.get(conversation)
        match self._by:
            case None:
                return ()
            case By.DAY:
                return (at.astimezone(self._zone).date().isoformat(),)
            case By.HOUR:
                return (f"{at.astimezone(self._zone).hour:02}",)
            case By.TEAMMATE:
                return (who or (record.assignee if record else None) or NONE,)
            case By.TAG:
                return (record.tags if record else ()) or (NONE,)
            case By.LEVEL:
                level = self._home.level_of(record) if record else None
                return (level.name if level else NONE,)
            case By.CAMPAIGN:
                campaign = record.campaign if record else None
                return (self._home.campaigns.get(campaign, campaign) if campaign else NONE,)
            case By.NETWORK:
                return (record.network if record else NONE,)
            case By.ACCOUNT:
                return (self._home.names.get(record.account, record.account) if record else NONE,)
