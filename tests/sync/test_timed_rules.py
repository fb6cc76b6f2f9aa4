"""Rules on waits: at their time, once for each wait, late after a downtime, never for what is older than the rule."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from msgspec.structs import replace

from commtui.activity.undo import undo
from commtui.community import conversations, replies
from commtui.config.edit import set_value
from commtui.config.service_levels import WorkingHours
from commtui.model.records import Conversation, Note, RuleState
from commtui.model.rules import state_id
from commtui.model.states import ConversationStatus
from commtui.store.errors import StoreFull
from commtui.store.store import Store
from commtui.sync import timed_rules
from tests.clock import FakeClock
from tests.sync.arriving import rule
from tests.sync.bench import Bench, run
from tests.sync.timed_desk import HOUR, LATE, LEVELS, OVER, RISK, Desk
from tests.triage.desks import conversation_of


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
