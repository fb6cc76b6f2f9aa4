"""Rules on waits, whatever happens: each runs once for each event."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from msgspec.structs import replace

from commtui.activity.undo import undo
from commtui.community import conversations
from commtui.config.paths import Home
from commtui.model.records import Conversation
from commtui.triage.backup import backup, restore
from tests.clock import FakeClock
from tests.sync.arriving import rule
from tests.sync.timed_desk import HOUR, LATE, LEVELS, OVER, Desk

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
