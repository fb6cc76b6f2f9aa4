"""Rules on mentions: in the file's order, once for each, in the transaction that brings the mention."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from commtui.activity.undo import undo, undo_step
from commtui.community import conversations
from commtui.config.paths import Home
from commtui.config.service_levels import WorkingHours
from commtui.model.records import Activity, Conversation, Mention, Note, RuleRun, RuleState, Via
from commtui.model.rules import run_id, state_id
from commtui.model.states import ConversationStatus, Priority
from commtui.networks.base import Batch
from commtui.store.store import Store
from commtui.sync.inbound import keep_batch
from commtui.triage.backup import backup, restore
from tests.at_once import run_at_once
from tests.clock import FakeClock
from tests.sentences import told
from tests.sync.arriving import Arrivals, arrivals_in, rule
from tests.triage.desks import conversation_of


def steps_of_rules(store: Store) -> list[Activity]:
    return [step for step in store.log.steps() if step.who.startswith("rule:")]


def test_all_that_match_run_in_the_files_order_and_see_what_was_done_before(tmp_path):
    home = arrivals_in(
        tmp_path,
        FakeClock(),
        rule("early", "tag early", when="tag:billing"),
        rule("billing", "tag billing", when="invoice"),
        rule("late", "priority high", "note {name} pays", when="tag:billing -tag:early"),
    )
    conversation = home.comes("my invoice, please")
    assert (conversation.tags, conversation.priority) == (("billing",), Priority.HIGH)
    assert [(note.who, note.text) for note in home.store.all(Note)] == [("rule:late", "Ada pays")]
    assert [(step.who, step.verb, step.ids, step.detail) for step in steps_of_rules(home.store)] == [
        ("rule:billing", "rule", (conversation.id,), "tag billing"),
        ("rule:late", "rule", (conversation.id,), "priority high; note {name} pays"),
    ]
    assert [step.verb for step in home.store.log.steps()] == ["arrive", "rule", "rule"]
    assert home.comes("another thing").tags == ()
    assert [(run.rule, run.why) for run in home.runs()] == [
        ("billing", "invoice"),
        ("late", "tag:billing -tag:early"),
    ]


def test_a_condition_is_about_the_new_mention_and_not_about_an_older_one(tmp_path):
    home = arrivals_in(tmp_path, FakeClock(), rule("billing", "tag billing", when="invoice from:@ada@example.org"))
    first = home.comes("hello", ago=5)
    again = home.comes("about my invoice", answers="1", author="@bob@example.org")
    assert again.id == first.id and again.tags == ()
    assert home.comes("my invoice", answers="2").tags == ("billing",)


GIVEN: dict[str, Any] = {"language": "de", "author": "@bob@example.org", "via": Via.DIRECT}


@pytest.mark.parametrize(
    ("when", "matches"),
    [
        ("lang:de", True),
        ("lang:en", False),
        ("via:direct", True),
        ("is:direct -via:mention", True),
        ("from:@bob@example.org", True),
        ("-from:bob", False),
        ("net:demo account:brand", True),
        ("net:bluesky or account:other", False),
        ('"last month" or voucher', True),
        ("voucher -month", False),
        ("has:link", True),
        ("-has:link", False),
        ("campaign:spring", False),
        ("is:unassigned is:open is:unread", True),
        ("since:1h", True),
        ("until:1h", False),
    ],
)
def test_any_query_is_a_condition(tmp_path, when, matches):
    home = arrivals_in(tmp_path, FakeClock(), rule("all", "tag found", when=when))
    home.comes("first of all")
    conversation = home.comes("my invoice of last month: https://example.org/7", **GIVEN)
    assert conversation.tags == (("found",) if matches else ())


@pytest.mark.parametrize(("hours", "tagged"), [("open", [True, False, False]), ("closed", [False, True, True])])
def test_hours_are_those_when_the_mention_came(tmp_path, hours, tagged):
    clock = FakeClock()  # a Monday, 10:00 in Berlin
    home = arrivals_in(
        tmp_path,
        clock,
        rule("at-night", "tag night", hours=hours),
        hours=WorkingHours(week=("mon-fri 9:00-12:00",)),
    )
    found = [home.comes(), home.comes(ago=61), home.comes(ago=60 * 24 * 2)]
    assert [bool(conversation.tags) for conversation in found] == tagged


def test_what_is_muted_stays_quiet_until_a_rule_unmutes_it(tmp_path):
    home = arrivals_in(
        tmp_path,
        FakeClock(),
        rule("quiet", "mute", "notify spam", when="spam"),
        rule("urgent", "unmute", "notify urgent", when="urgent"),
        rule("all", "tag seen", "notify"),
    )

    def notices() -> list[str]:
        latest = home.mention(str(home.count)).id
        return sorted(run.notice for run in home.runs() if run.mention == latest)

    conversation = home.comes("some spam")
    assert conversation.muted and conversation.tags == ("seen",) and notices() == ["", "spam"]
    assert home.comes("hello", answers="1").muted and notices() == [""]
    assert not home.comes("urgent", answers="1").muted and notices() == ["all", "urgent"]


def test_turns_are_fair_and_go_on_after_a_restart_and_who_has_one_keeps_it(tmp_path):
    clock = FakeClock()
    turns = rule("turns", "assign round-robin anna ben")
    home = arrivals_in(tmp_path, clock, turns)
    first = home.comes()
    assert [first.assignee, home.comes().assignee, home.comes().assignee] == ["anna", "ben", "anna"]
    again = Arrivals(Store(tmp_path), clock, turns)
    again.count = home.count
    assert again.comes().assignee == "ben"
    assert again.comes("more", answers="1").assignee == "anna"
    assert again.comes().assignee == "anna"
    state = home.store.get(RuleState, state_id("turns"))
    assert state is not None and (state.turn, state.runs, state.failed) == ("anna", 6, 0)


def test_turns_without_names_are_all_teammates_and_hand_off_says_why(tmp_path):
    home = arrivals_in(
        tmp_path,
        FakeClock(),
        rule("turns", "assign round-robin", when="-urgent"),
        rule("urgent", "hand-off ben {name} waits, please look", when="urgent"),
        rule("mine", "assign me", when="boss"),
    )
    assert [home.comes().assignee, home.comes().assignee] == ["anna", "ben"]
    handed = home.comes("urgent!")
    assert handed.assignee == "ben"
    assert [note.text for note in home.store.notes.of_conversation(handed.id)] == ["Ada waits, please look"]
    assert home.comes("from the boss").assignee == "me"


def test_a_teammate_may_have_a_name_of_several_words(tmp_path):
    home = arrivals_in(
        tmp_path,
        FakeClock(),
        rule("one", "assign Ben", when="one"),
        rule("two", "assign Ben Cho", when="two"),
        rule("three", "hand-off Ben Cho please look", when="three"),
        rule("four", "hand-off round-robin please look", when="four"),
        teammates=("Ben", "Ben Cho"),
    )
    words = ("one", "two", "three", "four", "four", "four")
    assert [home.comes(word).assignee for word in words] == ["Ben", "Ben Cho", "Ben Cho", "Ben", "Ben Cho", "Ben"]
    assert [note.text for note in home.store.all(Note)] == ["please look"] * 4


BAD = [
    (rule("bad", "tag", when="a"), {"error": "BadRuleLine", "problem": "no-value"}),
    (rule("bad", "boost", when="a"), {"error": "BadRuleLine", "problem": "verb"}),
    (rule("bad", "reply hello", when="a"), {"error": "BadRuleLine", "problem": "verb"}),
    (rule("bad", "claim", when="a"), {"error": "BadRuleLine", "problem": "verb"}),
    (rule("bad", "done now", when="a"), {"error": "BadRuleLine", "problem": "value"}),
    (rule("bad", "tag before", "assign zoe", when="a"), {"error": "BadRuleLine", "problem": "stranger"}),
    (rule("bad", "assign round-robin anna zoe", when="a"), {"error": "BadRuleLine", "problem": "stranger"}),
    (rule("bad", "tag before", "priority soon", when="a"), {"error": "BadPriority", "given": "soon"}),
    (rule("bad", "tag before", "tag two words", when="a"), {"error": "BadTag", "given": "two words"}),
    (rule("bad", "tag before", "snooze never ever", when="a"), {}),
]


@pytest.mark.parametrize(("bad", "fault"), BAD, ids=lambda value: " ".join(getattr(value, "then", ())))
def test_a_rule_that_fails_costs_itself_alone(tmp_path, bad, fault, caplog):
    home = arrivals_in(tmp_path, FakeClock(), bad, rule("good", "tag good"))
    conversation = home.comes("a question")
    assert conversation.tags == ("good",)
    assert conversation.assignee is None
    [failed] = [run for run in home.runs() if run.rule == "bad"]
    assert fault.items() <= {"error": failed.fault["error"], **failed.fault["fields"]}.items()
    assert (failed.did, failed.op_id) == ("", "")
    state = home.store.get(RuleState, state_id("bad"))
    assert state is not None and (state.runs, state.failed, state.last_fault) == (1, 1, failed.fault)
    assert [step.who for step in steps_of_rules(home.store)] == ["rule:good"]
    assert "rule bad failed" in caplog.text


def test_a_rule_that_works_again_is_no_warning_any_more(tmp_path):
    home = arrivals_in(tmp_path, FakeClock(), rule("turns", "assign zoe"))
    home.comes()
    home.settings = Arrivals(home.store, home.clock, rule("turns", "assign ben")).settings
    assert home.comes().assignee == "ben"
    state = home.store.get(RuleState, state_id("turns"))
    assert state is not None and (state.runs, state.failed, state.last_fault) == (2, 1, {})


def test_a_query_that_cannot_be_read_is_no_reason_to_lose_a_mention(tmp_path):
    home = arrivals_in(tmp_path, FakeClock(), rule("bad", "tag x", when="is:nonsense"), rule("good", "tag good"))
    assert home.comes().tags == ("good",)
    assert [run.rule for run in home.runs()] == ["good"]


def test_a_fault_of_ours_in_a_rule_costs_the_rule_alone(tmp_path, monkeypatch, caplog):
    def breaks(desk, named, tag):
        conversations.tag(desk, named, tag)
        raise ZeroDivisionError("odd")

    monkeypatch.setattr("commtui.community.conversations.prioritize", breaks)
    home = arrivals_in(tmp_path, FakeClock(), rule("odd", "priority high"), rule("good", "tag good"))
    assert home.comes().tags == ("good",)
    [odd] = [run for run in home.runs() if run.rule == "odd"]
    assert odd.fault == {"error": "ZeroDivisionError", "fields": {"text": "odd"}}
    assert "Traceback" in caplog.text


def test_a_mention_that_comes_again_runs_nothing_again(tmp_path):
    home = arrivals_in(tmp_path, FakeClock(), rule("all", "note seen"))
    one = home.item("first", remote_id="7")
    home.come(one, home.item("second"))
    home.come(one)
    home.come(home.item("first, edited", remote_id="7"))
    assert len(home.store.all(Note)) == len(home.runs()) == 2


def test_a_restored_home_knows_what_was_run(tmp_path):
    clock = FakeClock()
    first, second = Home.at(tmp_path / "first"), Home.at(tmp_path / "second")
    for place in (first, second):
        place.prepare()
    home = arrivals_in(first.data, clock, rule("turns", "assign round-robin anna ben"))
    item = home.item()
    home.come(item)
    backup(home.desk, first, tmp_path / "copy")
    restore(second, tmp_path / "copy")
    again = arrivals_in(second.data, clock, *home.settings.rules)
    again.come(item)
    assert again.runs() == home.runs()
    again.count = 1
    assert again.comes().assignee == "ben"


# undo


def test_u_leaves_a_rules_step_and_its_id_takes_it_back(tmp_path):
    home = arrivals_in(tmp_path, FakeClock(), rule("billing", "tag billing", "assign ben"))
    conversation = home.comes()
    desk = home.desk
    assert told(desk, undo(desk)) == "nothing to undo"
    conversations.tag(desk, [conversation.id], "mine")
    undo(desk)
    assert conversation_of(desk, conversation.id).tags == ("billing",)
    [step] = steps_of_rules(home.store)
    outcome = undo_step(desk, step.op_id)
    assert outcome.undone is not None and outcome.undone.changed
    after = conversation_of(desk, conversation.id)
    assert (after.tags, after.assignee) == ((), None)
    assert told(desk, undo_step(desk, step.op_id)) == "already undone"
    assert [entry.who for entry in home.store.log.steps()][-1] == "me"
    assert home.store.log.undo_stack("rule:billing") == ([], [])


def test_what_a_rules_step_changed_and_a_person_too_stays_as_the_person_wants(tmp_path):
    home = arrivals_in(tmp_path, FakeClock(), rule("billing", "tag billing", "assign ben"))
    conversation = home.comes()
    conversations.assign(home.desk, [conversation.id], "anna")
    [step] = steps_of_rules(home.store)
    undo_step(home.desk, step.op_id)
    after = conversation_of(home.desk, conversation.id)
    assert (after.tags, after.assignee) == ((), "anna")


# kills and processes

KILLED = """
import os, signal, sys
from pathlib import Path
from commtui.triage import rules
from tests.clock import FakeClock
from tests.sync.arriving import arrivals_in, rule

kept = rules.Running._run
def killed(self, *given):
    found = kept(self, *given)
    if len(self.runs) == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    return found

rules.Running._run = killed
home = arrivals_in(Path(sys.argv[1]), FakeClock(), rule("one", "tag one"), rule("two", "note two"))
home.come(home.item("first"), home.item("second"))
"""


@pytest.mark.parametrize("runs", [1, 2, 4])
def test_killed_between_a_mention_and_its_rules_neither_is_kept(tmp_path, runs):
    arrivals_in(tmp_path, FakeClock()).store.close()
    command = [sys.executable, "-c", KILLED, str(tmp_path), str(runs)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], check=False, env={**os.environ})
    assert done.returncode == -signal.SIGKILL
    home = arrivals_in(tmp_path, FakeClock(), rule("one", "tag one"), rule("two", "note two"))
    assert [*home.store.all(Mention), *home.store.all(RuleRun), *home.store.all(Note)] == []
    assert home.session.state().cursor is None
    home.come(home.item("first"), home.item("second"))
    assert len(home.runs()) == 4 and len(home.store.all(Note)) == 2


def test_two_processes_that_keep_the_same_mentions_run_each_rule_once(tmp_path):
    arrivals_in(tmp_path, FakeClock()).store.close()
    code = """
import sys
from pathlib import Path
from tests.clock import FakeClock
from tests.sync.arriving import arrivals_in, rule

rules = rule("turns", "assign round-robin anna ben"), rule("all", "note seen")
home = arrivals_in(Path(sys.argv[1]), FakeClock(), *rules)
print("ready", flush=True)
sys.stdin.readline()
for _ in range(40):
    home.come(home.item())
"""
    run_at_once(*[["-c", code, str(tmp_path)]] * 2)
    store = Store(tmp_path)
    assert len(store.all(Mention)) == len(store.all(Note)) == 40
    assert len(store.all(RuleRun)) == 80
    assignees = [conversation.assignee for conversation in store.all(Conversation)]
    assert sorted(assignees) == ["anna"] * 20 + ["ben"] * 20


def test_what_a_rule_reads_is_named_by_its_event(tmp_path):
    home = arrivals_in(tmp_path, FakeClock(), rule("all", "done"))
    conversation = home.comes()
    assert conversation.status is ConversationStatus.DONE
    [run] = home.runs()
    assert run.id == run_id("all", conversation.id, rule("all", "done").on, run.mention)


def test_an_empty_batch_costs_no_rule_anything(tmp_path, caplog):
    home = arrivals_in(tmp_path, FakeClock(), rule("all", "done"))
    with caplog.at_level(logging.WARNING):
        assert keep_batch(home.session, Batch((), "1"), first=True) == 0
    assert home.runs() == [] and caplog.text == ""
