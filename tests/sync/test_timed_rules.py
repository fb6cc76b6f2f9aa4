"""Rules on waits: at their time, once for each wait, late after a downtime, never for what is older than the rule."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from msgspec.structs import replace

from commtui.activity.undo import undo
from commtui.community import conversations, replies
from commtui.config.edit import set_value
from commtui.config.paths import Home
from commtui.config.rules import Rule
from commtui.config.service_levels import ServiceLevel, WorkingHours
from commtui.model.records import Conversation, Note, RuleState
from commtui.model.rules import state_id
from commtui.model.states import ConversationStatus
from commtui.store.errors import StoreFull
from commtui.store.store import Store
from commtui.sync import timed_rules
from commtui.sync.timed_rules import TimedRules
from commtui.triage.backup import backup, restore
from tests.at_once import run_at_once
from tests.clock import FakeClock
from tests.sync.arriving import Arrivals, rule
from tests.sync.bench import Bench, run
from tests.triage.desks import conversation_of

HOUR = 3600.0
LATE = rule("late", "note late", on="unanswered", after="1h")


class Desk(Arrivals):
    """A home with an engine's part for rules on waits."""

    def __init__(self, folder: Path, clock: FakeClock, *rules: Rule, **fields: object) -> None:
        super().__init__(Store(folder), clock, *rules, **fields)
        self.folder, self.fake = folder, clock
        self.restart()

    def restart(self) -> None:
        """As after a kill: nothing but the store is left."""
        self.timed = TimedRules(self.store, self.clock, lambda: self.settings)
        self.store.observe(self.timed.see)

    def turn(self, seconds: float = 0) -> None:
        """Time goes by, then the engine turns until nothing is due."""
        self.fake.advance(seconds)
        while self.timed.turn():
            pass

    def notes(self) -> list[str]:
        return [note.conversation for note in sorted(self.store.all(Note), key=lambda note: note.at)]


def test_it_runs_at_its_time_and_once(tmp_path):
    home = Desk(tmp_path, FakeClock(), LATE)
    home.turn()
    first = home.comes()
    home.turn(HOUR - 1)
    assert home.notes() == []
    home.turn(1)
    assert home.notes() == [first.id]
    home.turn(100 * HOUR)
    home.restart()
    home.turn(HOUR)
    assert home.notes() == [first.id]
    [done] = home.runs()
    assert (done.trigger, done.mention, done.at) == ("unanswered", first.newest, home.fake.now() - timedelta(hours=101))


def test_after_a_downtime_it_is_done_late_and_in_the_order_of_time(tmp_path):
    home = Desk(tmp_path, FakeClock(), LATE, rule("later", "tag later", on="unanswered", after="2h"))
    home.turn()
    first = home.comes()
    home.fake.advance(60)
    second = home.comes()
    home.fake.advance(200 * HOUR)
    home.restart()
    home.turn()
    assert [(run.rule, run.conversation) for run in sorted(home.runs(), key=lambda run: (run.rule, run.event))] == [
        ("late", first.id),
        ("late", second.id),
        ("later", first.id),
        ("later", second.id),
    ]
    assert [step.who for step in home.store.log.steps() if step.who.startswith("rule:")] == [
        "rule:late",
        "rule:late",
        "rule:later",
        "rule:later",
    ]


def test_a_rule_has_no_part_in_waits_that_began_before_it_was_seen(tmp_path):
    home = Desk(tmp_path, FakeClock())
    home.turn()
    home.comes(ago=60 * 24 * 300)
    home.turn(HOUR)
    home.settings = replace(home.settings, rules=(LATE,))
    home.turn(5 * HOUR)
    assert home.notes() == []
    after = home.comes()
    home.turn(HOUR)
    assert home.notes() == [after.id]
    home.settings = replace(home.settings, rules=())
    home.turn()
    meanwhile = home.comes()
    home.turn(HOUR)
    home.settings = replace(home.settings, rules=(LATE,))
    home.turn(HOUR)
    assert meanwhile.id not in home.notes()
    last = home.comes()
    home.turn(HOUR)
    assert home.notes() == [after.id, last.id]


def test_each_wait_counts_and_an_answered_one_does_not(tmp_path):
    home = Desk(tmp_path, FakeClock(), LATE)
    home.turn()
    conversation = home.comes()
    home.turn(HOUR / 2)
    conversations.done(home.desk, [conversation.id])
    home.turn(HOUR)
    assert home.notes() == []
    home.comes("and again", answers="1")
    home.turn(HOUR)
    assert home.notes() == [conversation.id]
    replies.reply(home.desk, conversation.id, "so sorry")
    home.turn(HOUR)
    assert len(home.runs()) == 1


def test_what_is_undone_late_has_waited_all_the_while(tmp_path):
    home = Desk(tmp_path, FakeClock(), LATE)
    home.turn()
    conversation = home.comes()
    home.comes()
    conversations.done(home.desk, [conversation.id])
    home.turn(HOUR)
    assert conversation.id not in home.notes()
    undo(home.desk)
    home.turn()
    assert conversation.id in home.notes()
    home.turn(HOUR)
    assert len(home.runs()) == 2


def test_snoozing_answers_nobody_and_muting_ends_the_wait(tmp_path):
    home = Desk(
        tmp_path, FakeClock(), LATE, rule("awake", "tag awake", on="unanswered", after="1h", when="-is:snoozed")
    )
    home.turn()
    snoozed, muted = home.comes(), home.comes()
    conversations.snooze(home.desk, [snoozed.id], "5h")
    conversations.mute(home.desk, [muted.id])
    home.turn(HOUR)
    assert home.notes() == [snoozed.id]
    assert [run.rule for run in home.runs()] == ["late"]
    conversations.reopen(home.desk, [snoozed.id])
    home.turn(HOUR)
    assert [(run.rule, run.conversation) for run in home.runs()] == [("late", snoozed.id), ("awake", snoozed.id)]


def test_a_wait_that_a_mute_has_hidden_counts_once_it_ends(tmp_path):
    home = Desk(tmp_path, FakeClock(), LATE)
    home.turn()
    soon, late = home.comes(), home.comes()
    conversations.mute(home.desk, [soon.id], "30m")
    conversations.mute(home.desk, [late.id], "2h")
    home.turn(HOUR / 2)
    home.turn(HOUR / 2 - 1)
    assert home.notes() == []
    home.turn(1)
    assert home.notes() == [soon.id]
    home.turn(HOUR)
    home.turn(HOUR)
    assert home.notes() == [soon.id, late.id]


def test_after_a_mute_has_ended_a_rule_says_what_it_has_to(tmp_path):
    home = Desk(tmp_path, FakeClock(), replace(LATE, then=("notify waits",)), rule("new", "mute 20m", "notify new"))
    home.turn()
    muted = home.comes()
    assert muted.muted and [run.notice for run in home.runs()] == ["new"]
    home.turn(HOUR)
    assert sorted(run.notice for run in home.runs()) == ["new", "waits"]


def test_one_that_fits_only_later_runs_then(tmp_path):
    home = Desk(tmp_path, FakeClock(), replace(LATE, when="tag:vip"))
    home.turn()
    conversation = home.comes()
    home.turn(2 * HOUR)
    assert home.notes() == []
    conversations.tag(home.desk, [conversation.id], "vip")
    home.turn()
    assert home.notes() == [conversation.id]


def test_working_time_counts_the_hours_of_the_config(tmp_path):
    clock = FakeClock()  # Monday, 10:00 in Berlin
    week = WorkingHours(week=("mon-fri 9:00-12:00",))
    home = Desk(tmp_path, clock, replace(LATE, working_time=True), hours=week)
    home.turn()
    home.fake.advance(1.5 * HOUR)
    conversation = home.comes()  # at 11:30: an hour is over on Tuesday at 9:30
    home.turn(22 * HOUR - 1)
    assert home.notes() == []
    home.turn(1)
    assert home.notes() == [conversation.id]


@pytest.mark.parametrize("hours", ["open", "closed"])
def test_hours_are_those_when_the_time_was_over(tmp_path, hours):
    home = Desk(tmp_path, FakeClock(), replace(LATE, hours=hours), hours=WorkingHours(week=("mon-fri 9:00-12:00",)))
    home.turn()
    inside = home.comes()  # at 10:00, over at 11:00
    home.fake.advance(1.5 * HOUR)
    outside = home.comes()  # at 11:30, over at 12:30
    home.turn(30 * HOUR)
    assert home.notes() == [(inside if hours == "open" else outside).id]


LEVELS = (
    ServiceLevel("vip", first=timedelta(hours=1), next=timedelta(hours=1), tags=("vip",)),
    ServiceLevel("all", first=timedelta(hours=4)),
)
RISK, OVER = rule("risk", "note at risk", on="at-risk"), rule("over", "note overdue", on="overdue")


def said(home: Desk) -> list[str]:
    return [note.text for note in sorted(home.store.all(Note), key=lambda note: note.at)]


def test_an_answer_at_risk_and_an_overdue_one_each_have_their_rule_once(tmp_path):
    home = Desk(tmp_path, FakeClock(), RISK, OVER, service_levels=LEVELS)
    home.turn()
    home.comes()
    home.turn(3 * HOUR - 1)
    assert said(home) == []
    home.turn(1)
    assert said(home) == ["at risk"]
    home.turn(HOUR - 1)
    assert said(home) == ["at risk"]
    home.turn(1)
    assert said(home) == ["at risk", "overdue"]
    home.restart()
    home.turn(100 * HOUR)
    assert len(home.runs()) == 2
    assert {run.trigger for run in home.runs()} == {"at-risk", "overdue"}


def test_another_level_is_another_deadline_and_still_one_wait(tmp_path):
    home = Desk(tmp_path, FakeClock(), OVER, service_levels=LEVELS)
    home.turn()
    conversation = home.comes()
    home.turn(2 * HOUR)
    conversations.tag(home.desk, [conversation.id], "vip")
    home.turn()
    assert home.notes() == [conversation.id]
    conversations.untag(home.desk, [conversation.id], "vip")
    home.turn(5 * HOUR)
    assert len(home.runs()) == 1
    conversations.done(home.desk, [conversation.id])
    home.comes("again", answers="1")
    home.turn(4 * HOUR)
    assert len(home.runs()) == 2


def test_without_a_target_nothing_is_overdue_and_old_waits_are_not_for_a_new_rule(tmp_path):
    home = Desk(tmp_path, FakeClock(), service_levels=LEVELS[:1])
    home.turn()
    home.comes()
    old = home.comes(ago=50)
    conversations.tag(home.desk, [old.id], "vip")
    home.settings = replace(home.settings, rules=(OVER,))
    home.turn(30 * HOUR)
    assert home.notes() == []
    new = home.comes()
    conversations.tag(home.desk, [new.id], "vip")
    home.turn(HOUR)
    assert home.notes() == [new.id]


@pytest.mark.parametrize("changes_first", [False, True])
def test_what_was_due_while_the_disk_was_full_is_done_when_there_is_space_again(tmp_path, monkeypatch, changes_first):
    home = Desk(tmp_path, FakeClock(), LATE)
    home.turn()
    late = home.comes()
    home.fake.advance(HOUR)
    if changes_first:
        conversations.tag(home.desk, [late.id], "seen")

    def full(**_: object) -> None:
        raise StoreFull(tmp_path, "no space")

    with monkeypatch.context() as patched:
        patched.setattr(home.store, "write", full)
        with pytest.raises(StoreFull):
            home.turn()
    home.turn()
    assert home.notes() == [late.id]
    home.turn(HOUR)
    assert len(home.runs()) == 1


def test_a_rule_that_fails_is_not_tried_at_each_turn(tmp_path):
    fails = replace(LATE, then=("priority soon",))
    home = Desk(tmp_path, FakeClock(), fails, rule("all", "tag all", on="unanswered", after="1h"))
    home.turn()
    conversation = home.comes()
    for _ in range(5):
        home.turn(HOUR)
    state = home.store.get(RuleState, state_id("late"))
    assert state is not None and (state.runs, state.failed) == (1, 1)
    assert conversation_of(home.desk, conversation.id).tags == ("all",)


def test_a_folded_conversation_does_not_wait_a_second_time(tmp_path):
    home = Desk(tmp_path, FakeClock(), LATE)
    home.turn()
    for remote_id, answers in (("first", None), ("second", "y")):
        done = home.comes(remote_id=remote_id, answers=answers)
        conversations.done(home.desk, [done.id])
        home.fake.advance(60)
    third = home.comes(remote_id="third", answers="x")
    home.turn(HOUR)
    assert home.notes() == [third.id]
    for between, answers in (("x", "second"), ("y", "first")):  # folds the third into the second, that into the first
        whole = home.comes(remote_id=between, answers=answers)
        home.turn()
        assert whole.since == third.since and whole.id != third.id
    home.restart()
    home.turn(HOUR)
    assert whole.mentions == 5 and [run.conversation for run in home.runs()] == [third.id]


def test_a_clock_that_was_set_back_keeps_no_rule_from_running(tmp_path):
    home = Desk(tmp_path, FakeClock(), LATE)
    home.turn(1000 * HOUR)
    home.fake.advance(-900 * HOUR)
    home.timed.begin_anew()
    home.turn()
    conversation = home.comes()
    home.turn(HOUR)
    assert home.notes() == [conversation.id]


def test_more_than_a_slice_at_one_moment(tmp_path):
    home = Desk(tmp_path, FakeClock(), LATE)
    home.turn()
    home.come(*(home.item() for _ in range(2 * timed_rules.LOOKED_AT + 1)))
    home.turn(HOUR)
    assert len(home.notes()) == len(set(home.notes())) == 2 * timed_rules.LOOKED_AT + 1


def test_a_turn_reads_nothing_where_nothing_is_due(tmp_path, monkeypatch):
    home = Desk(tmp_path, FakeClock(), LATE)
    home.turn()
    home.come(*(home.item() for _ in range(200)))
    home.turn(1)
    reads: list[int] = []
    kept = Store.at
    monkeypatch.setattr(Store, "at", lambda self, kind, number: reads.append(number) or kept(self, kind, number))
    for _ in range(50):
        home.turn(1)
    assert reads == []
    conversations.tag(home.desk, [home.mention("1").conversation], "x")
    home.turn(1)
    assert reads == []
    home.turn(HOUR)
    assert len(set(reads)) == 200


# under the engine


def rules_in(bench: Bench) -> None:
    table = {"name": "late", "on": "unanswered", "after": "30m", "then": ["tag late"]}
    set_value(bench.home, "rule", [table])


def test_the_engine_runs_them_while_it_works_and_sync_when_it_comes(tmp_path):
    bench = Bench(tmp_path)
    rules_in(bench)

    waiting: list[str] = []

    def begin() -> None:
        """From now on everybody who is there waits anew."""
        waiting.clear()
        with bench.store.write() as write:
            for conversation in bench.store.all(Conversation):
                if conversation.folded_into:
                    continue
                waiting.append(conversation.id)
                write.put(replace(conversation, tags=(), since=bench.clock.now(), status=ConversationStatus.OPEN))

    def late() -> int:
        found = bench.store.get_each(Conversation, waiting).values()
        return sum(conversation.tags == ("late",) for conversation in found)

    async def job() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(bench.engine.run(stop))
        await bench.clock.run(120)
        begin()
        await bench.clock.run(29 * 60)
        assert late() == 0
        await bench.clock.run(2 * 60)
        assert late() == len(waiting) > 5
        stop.set()
        await bench.ended(running)
        begin()
        bench.restart()
        bench.clock.advance(3600)
        await bench.ended(asyncio.create_task(bench.engine.once(wait=False)))
        assert late() == len(waiting)

    run(job())


def test_two_processes_run_what_is_due_once(tmp_path):
    home = Desk(tmp_path, FakeClock(), LATE)
    home.turn()
    home.come(*(home.item() for _ in range(120)))
    home.store.close()
    code = """
import sys
from pathlib import Path
from tests.clock import FakeClock
from tests.sync.test_timed_rules import HOUR, LATE, Desk

clock = FakeClock()
clock.advance(HOUR)
home = Desk(Path(sys.argv[1]), clock, LATE)
print("ready", flush=True)
sys.stdin.readline()
home.turn()
"""
    run_at_once(*[["-c", code, str(tmp_path)]] * 2)
    again = Desk(tmp_path, FakeClock(), LATE)
    assert len(again.notes()) == len(set(again.notes())) == 120
    state = again.store.get(RuleState, state_id("late"))
    assert state is not None and (state.runs, state.failed) == (120, 0)


def test_killed_while_rules_on_time_run_each_still_runs_once(tmp_path):
    home = Desk(tmp_path, FakeClock(), LATE)
    home.turn()
    home.come(*(home.item() for _ in range(timed_rules.AT_ONCE + 20)))
    home.store.close()
    code = """
import os, signal, sys
from pathlib import Path
from commtui.sync import timed_rules
from commtui.triage import rules
from tests.clock import FakeClock
from tests.sync.test_timed_rules import HOUR, LATE, Desk

kept, ran = rules.Running._run, []
def killed(self, *given):
    found = kept(self, *given)
    ran.append(found)
    if len(ran) == timed_rules.AT_ONCE + 10:
        os.kill(os.getpid(), signal.SIGKILL)
    return found

rules.Running._run = killed
clock = FakeClock()
clock.advance(HOUR)
Desk(Path(sys.argv[1]), clock, LATE).turn()
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == -signal.SIGKILL
    clock = FakeClock()
    clock.advance(HOUR)
    again = Desk(tmp_path, clock, LATE)
    assert len(again.notes()) == len(again.runs()) == timed_rules.AT_ONCE
    again.turn()
    assert len(again.notes()) == len(set(again.notes())) == len(again.runs()) == timed_rules.AT_ONCE + 20


# by chance

EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("comes"), st.integers(0, 90)),
        st.tuples(st.just("again"), st.integers(0, 5)),
        st.tuples(st.sampled_from(["done", "reopen", "snooze", "tag", "undo"]), st.integers(0, 5)),
        st.tuples(st.just("time"), st.sampled_from([1, 600, 1800, 3600, 7200, 86400])),
        st.tuples(st.sampled_from(["restart", "turn", "other", "restore"]), st.just(0)),
    ),
    max_size=25,
)


@examples(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(EVENTS)
def test_whatever_happens_each_rule_runs_once_for_each_event(events):
    with tempfile.TemporaryDirectory() as folder:
        clock = FakeClock()
        rules = (
            rule("first", "note first"),
            LATE,
            replace(LATE, name="vip", when="tag:vip"),
            rule("both", "assign round-robin anna ben", when="hello"),
            OVER,
        )
        homes = 0
        home = Desk(Path(folder) / "0", clock, *rules, service_levels=LEVELS)
        home.turn()
        began = clock.now()
        for event, number in events:
            if event == "comes":
                home.comes(ago=number)
            elif event == "again" and home.count:
                home.comes("more", answers=str(1 + number % home.count))
            elif event == "time":
                clock.advance(number)
            elif event == "turn":
                home.turn()
            elif event == "restart":
                home.restart()
            elif event == "other":  # an engine of another process, which does not know what this one has done
                other = Desk(home.folder, clock, *rules, service_levels=LEVELS)
                other.turn()
                other.store.close()
            elif event == "restore":
                homes += 1
                home = restored(home, Path(folder) / str(homes))
            elif home.count:
                act(home, event, 1 + number % home.count)
        for _ in range(2):  # whoever waits has waited long enough, and an engine starts once more
            clock.advance(HOUR)
            home.restart()
            home.turn()
        # a second run for an event would be a second step of a note, and its record would name that one alone
        steps = Counter(step.op_id for step in home.store.log.steps() if step.who.startswith("rule:"))
        assert steps == Counter(run.op_id for run in home.runs() if run.op_id)
        assert sum(run.rule == "first" for run in home.runs()) == home.count
        for conversation in home.store.all(Conversation):
            waits = conversation.status == "open" and not conversation.folded_into
            waited = clock.now() - conversation.since >= timedelta(hours=1)
            ran = {run.rule for run in home.runs() if run.conversation == conversation.id and run.trigger != "mention"}
            if waits and waited and conversation.since >= began:
                assert "late" in ran
                assert "vip" in ran or "vip" not in conversation.tags
                is_over = conversation.due_at is not None and conversation.due_at <= clock.now()
                assert "over" in ran or not is_over
            assert all(run.event >= began.isoformat()[:19] for run in home.runs() if run.rule == "late")


def act(home: Desk, verb: str, number: int) -> None:
    """A person does something with a conversation."""
    named = [home.mention(str(number)).conversation]
    if verb == "undo":
        undo(home.desk)
    elif verb == "snooze":
        conversations.snooze(home.desk, named, "2h")
    elif verb == "tag":
        conversations.tag(home.desk, named, "vip")
    else:
        {"done": conversations.done, "reopen": conversations.reopen}[verb](home.desk, named)


def restored(home: Desk, folder: Path) -> Desk:
    """The same home from a backup."""
    backup(home.desk, Home.at(folder / "none"), folder.with_suffix(".copy"))
    place = Home.at(folder)
    place.prepare()
    restore(place, folder.with_suffix(".copy"))
    home.store.close()
    new = Desk(place.data, home.fake, *home.settings.rules, service_levels=LEVELS)
    new.count = home.count
    return new
