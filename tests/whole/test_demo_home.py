"""The home of a demo that was made and fetched once: it has a history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from commtui.community.replies import reply
from commtui.main.demo import demo_home
from commtui.main.demo_history import fill
from commtui.main.home import Home
from commtui.model.clock import Moment
from commtui.model.records import Conversation, Mention, Outgoing
from commtui.model.states import ConversationStatus, OutgoingState
from commtui.networks.demo.history import PAST
from commtui.triage.people import profile_of
from commtui.triage.people_list import listed, suggestions
from commtui.triage.report import report
from commtui.triage.report_figures import By

START = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
Record = TypeVar("Record", Conversation, Mention, Outgoing)


def every(made: Home, kind: type[Record]) -> list[Record]:
    return made.store.all(kind)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Home]:
    """A home of the demo in which nobody writes unasked, after its first round."""
    home = Home(demo_home(tmp_path / "home", {}, Moment(START), pace=0), {"TZ": "UTC"}, demo=True)
    home.clock = Moment(START)
    home.sync(wait=False)
    yield home
    home.close()


def test_the_report_on_a_demo_has_something_in_every_figure(made: Home):
    week = report(made.desk(), START - timedelta(days=7), START).whole
    assert sum(row.wait.answered for row in week.waits) > 5
    found = report(made.desk(), START - timedelta(days=30), START, By.TEAMMATE)
    for group in (found.whole, found.before):
        assert len(group.inbound) > 40 and len(group.people) > 15
        assert sum(row.wait.answered for row in group.waits) > 20
        assert any(row.overdue for row in group.waits) and any(row.wait.first for row in group.waits)
        assert any(not row.wait.answered and row.wait.until for row in group.waits), "some are done without an answer"
    assert found.whole.returned
    assert {"anna", "ben", "you"} <= {group.name for group in found.groups}
    assert {group.name for group in report(made.desk(), START - timedelta(days=7), START, By.NETWORK).groups} == {
        "demo", "demo2",
    }  # fmt: skip


def test_people_of_a_demo_are_on_two_networks_by_links_and_by_suggestion(made: Home):
    people = {person.authors[0].name: person for person in listed(made.desk())}
    both = [name for name, person in people.items() if len({author.network for author in person.authors}) == 2]
    assert "Mira Okafor" in both and len(both) == 2
    assert {person.mark for person in people.values()} >= {"vip", "new", "regular", None}
    (ike,) = listed(made.desk(), "@ike@makers")
    found = suggestions(made.store, profile_of(made.desk(), ike.authors[0].id))
    assert [author.handle for author in found] == ["@ike.plaza.example"]


def test_the_log_is_in_order_and_nobody_undoes_what_was_weeks_ago(made: Home):
    steps = list(made.store.log.steps())
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert {"reply", "done", "tag", "assign", "note", "merge", "reopen", "snooze", "spam"} <= {
        step.verb for step in steps
    }
    assert made.store.log.undo_stack("you") == ([], [])


def test_only_what_came_in_the_last_days_waits_for_us(made: Home):
    waiting = [
        record
        for record in every(made, Conversation)
        if record.status is ConversationStatus.OPEN and not record.muted and record.folded_into is None
        and record.snoozed_until is None
    ]  # fmt: skip
    assert 25 < len(waiting) < 40
    assert min(record.since for record in waiting) > START - PAST


@pytest.mark.parametrize(("seed", "hour"), [(1, 0), (2, 5), (3, 12), (4, 23)])
def test_nothing_of_a_history_is_yet_to_come_whenever_the_demo_begins(tmp_path: Path, seed: int, hour: int):
    start = START.replace(hour=hour) + timedelta(days=seed)
    made = Home(demo_home(tmp_path / "home", {}, Moment(start), pace=0, seed=seed), {"TZ": "UTC"}, demo=True)
    made.clock = Moment(start)
    made.sync(wait=False)
    steps = list(made.store.log.steps())
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    assert steps[-1].at <= start
    assert {"reopen", "merge"} <= {step.verb for step in steps}
    made.close()


def test_a_history_is_written_once(made: Home):

    def count() -> tuple[int, int, int]:
        return len(every(made, Mention)), len(every(made, Outgoing)), len(made.store.log.entries(limit=2000))

    before = count()
    fill(made.home, made.store, made.clock, made.settings())
    assert count() == before


def test_an_answer_to_an_old_conversation_leaves(made: Home):
    old = min((each for each in every(made, Mention) if each.network == "demo"), key=lambda each: each.created_at)
    item, _ = reply(made.desk(), old.id, "Still true, by the way.", hold=timedelta(0))
    made.sync(wait=True)
    assert made.store.get(Outgoing, item.id).state is OutgoingState.SENT


def test_a_home_without_the_option_gets_no_history(tmp_path: Path):
    made = Home(demo_home(tmp_path / "home", {}, Moment(START), pace=0, history=False), {"TZ": "UTC"}, demo=True)
    made.clock = Moment(START)
    made.sync(wait=False)
    assert len(every(made, Mention)) == 44
    made.close()
