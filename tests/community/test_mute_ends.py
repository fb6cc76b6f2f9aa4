"""A mute that ends by itself: nothing runs for it, and every number and every row is as if something had."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commtui.activity import history, undo
from commtui.activity.desk import Desk
from commtui.activity.errors import BadTime
from commtui.cli.flat import Flattener
from commtui.community import conversations
from commtui.model.conversations import is_muted
from commtui.model.records import Conversation
from commtui.model.states import ConversationStatus
from commtui.triage import macros, query, shares, status, view_counts, views
from tests.clock import FakeClock
from tests.sentences import told
from tests.triage.desks import arrive, conversation_of, desk_on

HOUR = 3600.0


def clock_of(desk: Desk) -> FakeClock:
    assert isinstance(desk.clock, FakeClock)
    return desk.clock


def rows(desk: Desk, text: str = "") -> set[int]:
    return set(views.queue(desk, query.parse(text)))


def test_a_muted_conversation_is_back_at_the_moment_its_mute_ends(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    mention = arrive(desk, "1")
    outcome = conversations.mute(desk, [mention.conversation], "7d")
    assert "muted until Mon 30 Nov 10:00" in told(desk, outcome)
    assert rows(desk) == set() and len(rows(desk, "is:muted")) == 1
    clock_of(desk).advance(7 * 24 * HOUR - 1)
    arrive(desk, "2", answers="1")
    assert rows(desk) == set() and status.standing(desk).open == 0, "it stays quiet while they write"
    clock_of(desk).advance(1)
    assert len(rows(desk)) == 1 and rows(desk, "is:muted") == set()
    assert status.standing(desk).open == 1
    conversation = conversation_of(desk, mention)
    assert conversation.mentions == 2 and conversation.since == mention.created_at


def test_json_and_the_past_know_until_when(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    mention = arrive(desk, "1")
    conversations.mute(desk, [mention.id], "2h")
    flat = Flattener(desk).mention(mention, conversation_of(desk, mention))
    assert flat["muted"] is True and flat["muted_until"] == "2026-11-23T11:00:00.000Z"
    muted_at = desk.now
    clock_of(desk).advance(2 * HOUR)
    flat = Flattener(desk).mention(mention, conversation_of(desk, mention))
    assert flat["muted"] is False and flat["muted_until"] is None
    conversations.unmute(desk, [mention.id])
    conversations.mute(desk, [mention.id])
    past = history.conversation_at(desk, mention.id, muted_at)
    assert past is not None and past.conversation.muted_until == muted_at + timedelta(hours=2)


def test_a_mute_without_a_time_does_not_end_and_takes_the_place_of_one_that_does(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    mention = arrive(desk, "1")
    conversations.mute(desk, [mention.id], "2h")
    assert "muted: " in told(desk, conversations.mute(desk, [mention.id], " For ever "))
    clock_of(desk).advance(1000 * HOUR)
    assert rows(desk) == set()
    undo.undo(desk)
    assert len(rows(desk)) == 1, "undo brings the end back, which has passed"
    undo.undo(desk)
    assert conversation_of(desk, mention).muted is False


def test_a_time_that_is_over_or_no_time_mutes_nothing(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    mention = arrive(desk, "1")
    for text in ("yesterday", "soon", "2h ago"):
        with pytest.raises(BadTime):
            conversations.mute(desk, [mention.id], text)
    assert conversation_of(desk, mention).muted is False


def test_a_verb_after_the_end_leaves_no_mute_behind(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    mention = arrive(desk, "1")
    conversations.mute(desk, [mention.id], "1h")
    clock_of(desk).advance(HOUR)
    assert "already unmuted" in told(desk, conversations.unmute(desk, [mention.id]))
    conversations.snooze(desk, [mention.id], "3h")
    standing = status.standing(desk)
    assert (standing.open, standing.snoozed) == (0, 1) and len(rows(desk, "is:snoozed")) == 1
    assert conversation_of(desk, mention).muted is False


def test_a_macro_mutes_for_ever_or_until_a_time(tmp_path: Path) -> None:
    desk = desk_on(tmp_path, macros={"quiet": ("tag noise", "mute 2d"), "gone": ("mute",)})
    mention = arrive(desk, "1")
    macros.run_macro(desk, "quiet", [mention.id])
    assert conversation_of(desk, mention).muted_until == desk.now + timedelta(days=2)
    macros.run_macro(desk, "gone", [mention.id])
    assert conversation_of(desk, mention).muted_until is None and conversation_of(desk, mention).muted


class Slow:
    """What should be counted and shown, from every record."""

    def __init__(self, desk: Desk) -> None:
        self._now = desk.now
        self._all = [record for record in desk.store.all(Conversation) if not record.folded_into]
        self._who = desk.who

    def place(self, record: Conversation) -> str:
        if record.status is ConversationStatus.DONE:
            return "done"
        away = [record.muted_until] if record.muted and record.muted_until else []
        if record.muted and (not away or record.snoozed_for_answer):
            return "muted"
        if away and self._now < max(filter(None, (*away, record.snoozed_until))):
            return "muted"
        asleep = record.snoozed_for_answer or bool(record.snoozed_until and record.snoozed_until > self._now)
        return "snoozed" if asleep else record.status.value

    def counts(self) -> Counter[str]:
        return Counter(self.place(record) for record in self._all)

    def unread(self, account: str) -> int:
        return sum(self.place(r) == "open" and r.unread and r.account == account for r in self._all)

    def mine(self) -> int:
        return sum(self.place(record) == "open" and record.assignee == self._who for record in self._all)


steps = st.lists(
    st.one_of(
        st.tuples(st.just("mute"), st.integers(0, 3), st.sampled_from(("1h", "2h", "3h", ""))),
        st.tuples(st.just("snooze"), st.integers(0, 3), st.sampled_from(("1h", "2h", "3h", "answer"))),
        st.tuples(st.sampled_from(("unmute", "done", "reopen", "read", "claim")), st.integers(0, 3), st.just("")),
        st.tuples(st.just("arrive"), st.integers(0, 3), st.just("")),
        st.tuples(st.just("pass"), st.integers(1, 3), st.just("")),
        st.tuples(st.sampled_from(("undo", "redo")), st.just(0), st.just("")),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_all_numbers_and_rows_are_those_of_a_slow_count(given_steps: list[tuple[str, int, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = desk_on(Path(folder))
        ids = [arrive(desk, str(number)).conversation for number in range(4)]
        for count, (verb, number, value) in enumerate(given_steps):
            if verb == "pass":
                clock_of(desk).advance(number * HOUR)
            elif verb == "arrive":
                arrive(desk, f"more-{count}", answers=str(number))
            elif verb in ("undo", "redo"):
                getattr(undo, verb)(desk)
            else:
                getattr(conversations, verb)(desk, [ids[number]], *([value] if value else []))
            check(desk)
        desk.store.close()


def check(desk: Desk) -> None:
    slow, standing = Slow(desk), status.standing(desk)
    counts = slow.counts()
    assert (standing.open, standing.waiting, standing.snoozed) == tuple(
        counts[name] for name in ("open", "waiting", "snoozed")
    )
    shown = view_counts.counts(desk, standing)
    assert shown["done"] == str(counts["done"]) and shown["mine"] == str(slow.mine())
    for name in ("open", "waiting", "snoozed", "done"):
        assert len(rows(desk, f"is:{name}")) == counts[name], name
    assert len(rows(desk)) == counts["open"] and len(rows(desk, "is:mine")) == slow.mine()
    for account, unread in shares.unread(desk).items():
        assert unread == slow.unread(account)
    muted = [record for record in desk.store.all(Conversation) if is_muted(record, desk.now)]
    assert counts["muted"] == sum(record.status is not ConversationStatus.DONE for record in muted)
    assert len(rows(desk, "is:muted")) == len(muted), "those that are done among them"
