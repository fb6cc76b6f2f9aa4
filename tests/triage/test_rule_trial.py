"""A trial of the rules says what they do to mentions that come, and changes nothing."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from msgspec.structs import replace

from commtui.community import conversations
from commtui.config.rules import Rule
from commtui.config.service_levels import ServiceLevel
from commtui.store.store import Store
from commtui.triage.rule_trial import Trial
from tests.clock import FakeClock
from tests.sync.arriving import Arrivals, arrivals_in, rule

RULES = (
    rule("billing", "tag billing", when="invoice"),
    rule("press", "priority urgent", "hand-off ben {name} is from the press", "notify", when="journalist"),
    rule("turns", "assign round-robin anna ben", when="is:unassigned"),
    rule("follow", "note paid before", when="tag:billing -invoice"),
    rule("bad", "priority soon", when="later"),
    rule("noise", "done", when="giveaway"),
)
TEXTS = ("my invoice", "I am a journalist", "hello", "come to our giveaway", "an invoice for a journalist", "later")


def dump(store: Store) -> list[bytes]:
    return list(store.transfer.lines())


def tried(home: Arrivals, *rules: Rule) -> list[tuple[str, ...]]:
    desk = replace(home.desk, settings=replace(home.settings, rules=rules))
    return [
        (each.run.rule, each.run.mention, each.run.did, str(each.run.fault), each.run.notice)
        for each in Trial(desk, home.clock.now() - timedelta(days=30)).runs()
    ]


@examples(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(TEXTS), st.integers(0, 4)), max_size=12), st.permutations(RULES))
def test_a_trial_says_what_rules_do_when_mentions_come(tmp_path_factory, texts, rules):
    without, with_rules = (tmp_path_factory.mktemp("home") for _ in range(2))
    clock = FakeClock()
    first, second = arrivals_in(without, clock), arrivals_in(with_rules, clock, *rules)
    for text, before in texts:
        for home in (first, second):
            answers = str(home.count + 1 - before) if 0 < before <= home.count else None
            home.comes(text, answers=answers)
        clock.advance(60)
    before = dump(first.store)
    found = tried(first, *rules)
    assert dump(first.store) == before
    done = [
        (run.rule, run.mention, run.did, str(run.fault), run.notice)
        for mention in range(1, second.count + 1)
        for order in rules
        for run in second.runs()
        if run.rule == order.name and run.mention == second.mention(str(mention)).id
    ]
    assert found == done
    assert dump(first.store) == before


def test_what_people_made_of_a_conversation_does_not_count_and_stays(tmp_path):
    home = arrivals_in(
        tmp_path, FakeClock(), rule("turns", "assign round-robin anna ben", when="is:unassigned is:open")
    )
    conversation = home.comes()
    conversations.done(home.desk, [conversation.id])
    conversations.assign(home.desk, [conversation.id], "ben")
    before, state = dump(home.store), home.store.file.read_bytes()
    assert [entry[2] for entry in tried(home, *home.settings.rules)] == ["assign ben"]  # it was anna's turn before
    assert dump(home.store) == before and home.store.file.read_bytes() == state


def test_rules_on_waits_are_tried_on_who_waits_now(tmp_path):
    late = rule("late", "tag late", on="unanswered", after="1h")
    home = arrivals_in(tmp_path, FakeClock(), service_levels=(ServiceLevel("all", first=timedelta(hours=24)),))
    waits, answered = home.comes(ago=90), home.comes(ago=90)
    home.comes(ago=10)
    conversations.done(home.desk, [answered.id])
    before = dump(home.store)
    assert [entry[:3] for entry in tried(home, late)] == [("late", waits.newest, "tag late")]
    assert dump(home.store) == before
    home.comes(ago=60 * 19)
    over, risk = rule("over", "tag over", on="overdue"), rule("risk", "tag risk", on="at-risk")
    assert [entry[0] for entry in tried(home, over, risk)] == ["risk"]
    home.comes(ago=60 * 25)
    assert [entry[0] for entry in tried(home, over, risk)] == ["over", "risk", "risk"]
    before = dump(home.store)
    tried(home, over, risk)
    assert dump(home.store) == before


def test_only_mentions_since_then_are_looked_at(tmp_path):
    home = arrivals_in(tmp_path, FakeClock())
    home.comes("old", ago=60 * 24 * 31)
    new = home.comes("new", ago=60 * 24 * 29)
    assert [entry[1] for entry in tried(home, rule("all", "tag x"))] == [new.newest]
    trial = Trial(replace(home.desk, settings=replace(home.settings, rules=())), home.clock.now() - timedelta(days=40))
    assert list(trial.runs()) == [] and trial.mentions == 2
