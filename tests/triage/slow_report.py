"""The figures of a report a second time: slow and obvious, from the JSON of the store alone."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from commtui.store.store import Store

MINUTE = timedelta(minutes=1)


class SlowReport:
    """`week`: weekday (0: Monday) -> (first minute, minute after the last). `targets`: (name, tag or None, first,
    next or None) in working minutes; the first that fits counts."""

    def __init__(
        self,
        store: Store,
        now: datetime,
        zone: str,
        week: dict[int, tuple[int, int]],
        closed: set[date],
        targets: list[tuple[str, str | None, int, int | None]],
    ) -> None:
        self.now, self.zone, self.week, self.closed = now, ZoneInfo(zone), week, closed
        self.targets = targets
        self.tables: dict[str, list[dict[str, Any]]] = {}
        for line in map(json.loads, store.transfer.lines()):
            self.tables.setdefault(line["table"], []).append(line["doc"])
        self.by_id = {record["id"]: record for record in self.tables["conversations"]}
        self.epoch = now - timedelta(days=60)
        self.epoch = self.epoch.replace(second=0, microsecond=0)
        self.worked = [self._is_worked(self.epoch + minute * MINUTE) for minute in range(90 * 1440)]
        self.before = [0]
        for worked in self.worked:
            self.before.append(self.before[-1] + worked)
        self.links = [{link["one"], link["other"]} for link in self.tables["links"]]
        self.messages = [each for each in self.tables["mentions"] if not each["bot"]]
        for each in self.messages:
            each["root"], each["at"] = self.root(each["conversation"]), at(each["created_at"])
            each["person"] = "" if each["erased"] else self.person(each["_person"])
        self.messages_in = grouped(self.messages, lambda each: each["root"])
        sent = [item for item in self.tables["outgoing"] if item["state"] == "sent"]
        self.replies_in = grouped(sent, lambda item: self.root(item["conversation"]))
        self.entries_in = grouped(self.own_entries(), lambda entry: self.root(entry["changes"][0]["id"]))
        self.waits = [wait for root in sorted(self.messages_in) for wait in self.waits_in(root)]

    def _is_worked(self, moment: datetime) -> bool:
        wall = moment.astimezone(self.zone)
        first, last = self.week.get(wall.weekday(), (0, 0))
        return wall.date() not in self.closed and first <= wall.hour * 60 + wall.minute < last

    def seconds(self, moment: datetime) -> float:
        """Working seconds from the epoch."""
        minute, left = divmod(moment - self.epoch, MINUTE)
        return 60 * self.before[minute] + (left.total_seconds() if self.worked[minute] else 0)

    def root(self, conversation: str) -> str:
        while self.by_id[conversation]["folded_into"]:
            conversation = self.by_id[conversation]["folded_into"]
        return conversation

    def own_entries(self) -> list[dict[str, Any]]:
        """The log without what was merged and split: whatever belongs together now always did."""
        joining: set[str] = set()
        for entry in self.tables["log"]:
            if entry["verb"] in ("merge", "split") or entry["undoes"] in joining:
                joining.add(entry["op_id"])
        return [entry for entry in self.tables["log"] if entry["op_id"] not in joining]

    def person(self, author: str) -> str:
        return min([author, *(min(link) for link in self.links if author in link)])

    def waits_in(self, root: str) -> list[dict[str, Any]]:
        record = self.by_id[root]
        if record["muted"]:
            return []
        messages, replies = self.messages_in[root], self.replies_in.get(root, [])
        timeline = [(each["at"], 0, "starts", each["id"]) for each in messages]
        timeline += [(at(item["sent_at"]), 2, "answer", item["author"]) for item in replies]
        began = min(each["at"] for each in messages)
        timeline += [each for each in self.steps(root) if each[2] == "done" or each[0] >= began]
        waits: list[dict[str, Any]] = []
        current, had_answer = None, False
        for moment, _, what, detail in sorted(timeline):
            if what == "starts":
                if current is None:
                    current = {"id": detail, "root": root, "since": moment, "first": not had_answer}
                continue
            if current is not None:
                waits.append({**current, "until": moment, "ended": what, "by": detail if what == "answer" else None})
            current, had_answer = None, had_answer or what == "answer"
        if current is not None:
            waits.append({**current, "until": self.now, "ended": None, "by": None})
        for wait in waits:
            wait["clock"] = int((wait["until"] - wait["since"]).total_seconds() // 60)
            seconds = self.seconds(wait["until"]) - self.seconds(wait["since"])
            wait["working"] = int(seconds // 60)
            _, _, first, following = self.level(record)
            target = first if wait["first"] else following
            a_second_before = self.seconds(wait["until"] - timedelta(seconds=1)) - self.seconds(wait["since"])
            wait["has_target"] = target is not None
            wait["overdue"] = target is not None and a_second_before >= 60 * target
        return waits

    def level(self, record: dict[str, Any]) -> tuple[str, str | None, int, int | None]:
        return next(each for each in self.targets if each[1] is None or each[1] in record["tags"])

    def steps(self, root: str) -> list[tuple[datetime, int, str, str]]:
        """What somebody did that starts or stops the clock, as if nothing had been taken back."""
        entries = self.entries_in.get(root, [])

        def stands(entry: dict[str, Any]) -> bool:
            return not any(stands(other) for other in entries if other["undoes"] == entry["op_id"])

        standing = [entry for entry in entries if entry["undoes"] is None and stands(entry)]
        found = []
        for number, entry in enumerate(standing):
            after = entry["changes"][0]["after"]
            if after.get("status") == "done":
                found.append((at(entry["at"]), 3, "done", ""))
            elif entry["verb"] in ("reopen", "snooze"):
                opened = at(after["since"])
                later = at(standing[number + 1]["at"]) if number + 1 < len(standing) else self.now
                if opened <= later:
                    found.append((opened, 1, "starts", root))
        return found

    def heat_map(self, since: datetime, until: datetime) -> dict[tuple[int, int], list[str]]:
        walls = [
            (each["at"].astimezone(self.zone), each["id"]) for each in self.messages if since <= each["at"] < until
        ]
        cells = [(day, hour) for day in range(7) for hour in range(24)]
        found = {
            cell: sorted(identity for wall, identity in walls if (wall.weekday(), wall.hour) == cell) for cell in cells
        }
        return {cell: ids for cell, ids in found.items() if ids}

    def days(self, since: datetime, until: datetime) -> dict[str, tuple[int, int]]:
        """Inbound and answered of each day, by trying every minute of the period for its date."""
        minutes = int((until - since) / MINUTE)
        found = {
            (since + minute * MINUTE).astimezone(self.zone).date().isoformat(): (0, 0) for minute in range(minutes)
        }
        for day in found:
            ids = self.ids(since, until, "day", day)
            found[day] = len(ids["inbound"]), len(ids["answered"])
        return found

    def first_answer_times(self, since: datetime, until: datetime) -> dict[int | None, list[str]]:
        """First answers by the first limit, in minutes, that their working time does not exceed."""
        limits = (15, 60, 120, 240, 480, 1440)
        found: dict[int | None, list[str]] = {limit: [] for limit in (*limits, None)}
        for wait in self.of(since, until, None, ""):
            if wait["ended"] == "answer" and wait["first"]:
                found[next((limit for limit in limits if wait["working"] <= limit), None)].append(wait["id"])
        return found

    def goals(self, since: datetime, until: datetime) -> list[tuple[Any, ...]]:
        """Of each target: level, which answers, minutes, p90, whether it is met, and the ids of its waits."""
        found: list[tuple[Any, ...]] = []
        for name, _, first, following in self.targets:
            for label, target in (("first", first), ("later", following)):
                if target is None:
                    continue
                waits = [wait for wait in self.of(since, until, "level", name) if wait["first"] is (label == "first")]
                p90 = least([wait["working"] for wait in waits if wait["ended"] == "answer"], 90)
                undecided = sum(1 for wait in waits if not wait["ended"] and not wait["overdue"])
                late = sum(1 for wait in waits if wait["overdue"] or wait["ended"] == "done")
                decided = len(waits) - undecided
                met = late / decided <= 0.1 if decided else None
                found.append((name, label, target, p90, met, sorted(wait["id"] for wait in waits)))
        return found

    def groups(self, by: str | None) -> set[str]:
        every = [name for each in self.messages for name in self.names(each["root"], each["at"], None, by)]
        return {
            *every,
            *(name for wait in self.waits for name in self.names(wait["root"], wait["since"], wait["by"], by)),
        }

    def names(self, root: str, moment: datetime, who: str | None, by: str | None) -> list[str]:
        record = self.by_id[root]
        if by == "hour":
            return [moment.astimezone(self.zone).strftime("%H")]
        if by == "day":
            return [moment.astimezone(self.zone).date().isoformat()]
        if by == "tag":
            return record["tags"] or [""]
        if by == "level":
            return [self.level(record)[0]]
        if by == "campaign":
            names = {each["id"]: each["name"] for each in self.tables.get("campaigns", [])}
            return [names.get(record["campaign"], record["campaign"]) or ""]
        if by == "teammate":
            return [who or record["assignee"] or ""]
        return [record[by]] if by else [""]

    def ids(self, since: datetime, until: datetime, by: str | None = None, name: str = "") -> dict[str, list[str]]:
        """What each number of a group counts."""
        messages = [
            each
            for each in self.messages
            if since <= each["at"] < until and name in self.names(each["root"], each["at"], None, by)
        ]
        earlier = {each["person"] for each in self.messages if each["at"] < since}
        people = {each["person"] for each in messages} - {""}
        waits = self.of(since, until, by, name)
        answered = [wait for wait in waits if wait["ended"] == "answer"]
        return {
            "inbound": [each["id"] for each in messages],
            "people": sorted(people),
            "came_back": sorted(people & earlier),
            "waits": [wait["id"] for wait in waits],
            "answered": [wait["id"] for wait in answered],
            "first_answers": [wait["id"] for wait in answered if wait["first"]],
            "next_answers": [wait["id"] for wait in answered if not wait["first"]],
            "unanswered": [wait["id"] for wait in waits if wait["ended"] == "done"],
            "waiting": [wait["id"] for wait in waits if wait["ended"] is None],
            "overdue": [wait["id"] for wait in waits if wait["overdue"]],
            "in_time": [wait["id"] for wait in answered if wait["has_target"] and not wait["overdue"]],
        }

    def of(self, since: datetime, until: datetime, by: str | None, name: str) -> list[dict[str, Any]]:
        return [
            wait
            for wait in self.waits
            if since <= wait["since"] < until and name in self.names(wait["root"], wait["since"], wait["by"], by)
        ]

    def figures(self, since: datetime, until: datetime, by: str | None = None, name: str = "") -> dict[str, Any]:
        """Every figure of a group."""
        waits = self.of(since, until, by, name)
        answered = [wait for wait in waits if wait["ended"] == "answer"]
        found: dict[str, Any] = {key: len(ids) for key, ids in self.ids(since, until, by, name).items()}
        found["answer_rate"] = exact_rate(len(answered), len(waits))
        undecided = [wait for wait in waits if not wait["has_target"] or (not wait["ended"] and not wait["overdue"])]
        decided = len(waits) - len(undecided)
        found["in_time_rate"] = exact_rate(found["in_time"], decided)
        for label, first in (("first", True), ("next", False)):
            for kind in ("working", "clock"):
                values = [wait[kind] for wait in answered if wait["first"] is first]
                for part, percent in (("median", 50), ("p90", 90), ("slowest", 100)):
                    found[f"{label}_{kind}_{part}"] = least(values, percent)
        return found


def exact_rate(part: int, whole: int) -> float | None:
    """To one decimal, by exact arithmetic, halves up."""
    if whole == 0:
        return None
    return float((Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))


def least(values: list[int], percent: int) -> int | None:
    """The least value that so many percent do not exceed, by trying each."""
    ordered = sorted(values)
    enough = (value for value in ordered if 100 * bisect_right(ordered, value) >= percent * len(values))
    return next(enough, None)


def grouped(items: list[dict[str, Any]], key: Callable[[dict[str, Any]], str]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
