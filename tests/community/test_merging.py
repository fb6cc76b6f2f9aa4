"""Merging and splitting by hand: each mention stands in one conversation, keeps the one that it came to, and nothing is
lost, whatever is undone and whoever writes meanwhile."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from commtui.activity import history, undo
from commtui.activity.desk import Desk
from commtui.activity.grouping import thread_of
from commtui.activity.refusals import CannotMerge, CannotSplit, WouldMix
from commtui.community import conversations, merging, replies
from commtui.model.abilities import Visibility
from commtui.model.records import Conversation, Mention, Note, Outgoing, Via
from commtui.model.states import ConversationStatus
from commtui.triage import query, shares, similar, status, views
from commtui.triage.verbs import VERBS
from tests.clock import FakeClock
from tests.sentences import refused, told
from tests.triage.desks import OTHER, OWNER, arrive, conversation_of, desk_on, mention, sent


def texts(desk: Desk, conversation: Conversation) -> list[str]:
    return [text.text for text in views.thread(desk, conversation)]


def live(desk: Desk) -> list[Conversation]:
    return [record for record in desk.store.all(Conversation) if not record.folded_into]


def merged_two(desk: Desk) -> tuple[Mention, Mention]:
    one, two = arrive(desk, "1", "my order", ago=60), arrive(desk, "2", "the order again", ago=30)
    conversations.tag(desk, [one.id], "bug")
    conversations.assign(desk, [two.id], "anna")
    conversations.done(desk, [two.id])
    merging.merge(desk, [two.id, one.id])
    return mention(desk, "1"), mention(desk, "2")


def test_the_elder_conversation_has_all_and_both_ids_go_on_working(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    one, two = merged_two(desk)
    elder = conversation_of(desk, one)
    assert one.conversation == two.conversation == elder.id and two.came_to == "c" + two.id[1:]
    assert (elder.mentions, elder.tags, elder.assignee, elder.unread) == (2, ("bug",), "anna", True)
    assert elder.newest == two.id and texts(desk, elder) == ["my order", "the order again"]
    assert conversation_of(desk, "c" + two.id[1:]).id == elder.id
    assert status.standing(desk).open == 1


DIRECT = {"via": Via.DIRECT, "visibility": Visibility.DIRECT}
PRIVATE, UNLISTED = {"visibility": Visibility.PRIVATE}, {"visibility": Visibility.UNLISTED}


@pytest.mark.parametrize(
    ("one", "two", "seen"),
    [
        (DIRECT, {}, "public direct"),
        ({"via": Via.DIRECT}, UNLISTED, "public direct"),  # a network whose direct messages have no other visibility
        (PRIVATE, {}, "public private"),
        (DIRECT, PRIVATE, "private direct"),
        (UNLISTED, {}, ""),
        (DIRECT, DIRECT, ""),
    ],
)
def test_what_not_the_same_people_see_is_merged_only_where_that_is_agreed(tmp_path, one, two, seen):
    desk = desk_on(tmp_path)
    ids = [arrive(desk, "1", ago=60, **one).id, arrive(desk, "2", ago=30, **two).id]
    if seen:
        with pytest.raises(WouldMix) as raised:
            merging.merge(desk, ids)
        assert list(raised.value.audiences) == seen.split()
        assert len(live(desk)) == 2 and list(desk.store.log.steps()) == []
        merging.merge(desk, ids, agreed=True)
    else:
        merging.merge(desk, ids)
    assert len(live(desk)) == 1


def test_a_split_gives_each_its_own_back(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    one, two = arrive(desk, "1", ago=60), arrive(desk, "2", ago=30)
    conversations.tag(desk, [one.id], "bug")
    conversations.note(desk, [two.id], "a note")
    conversations.snooze(desk, [two.id], "3h")
    conversations.prioritize(desk, [two.id], "high")
    replies.reply(desk, one.id, "our answer")
    before = sorted(live(desk), key=lambda record: record.id)
    outcome = merging.merge(desk, [one.id, two.id])
    assert "merged 2 into one: " in told(desk, outcome)
    assert "split into 2: " in told(desk, merging.split(desk, one.conversation))
    assert sorted(live(desk), key=lambda record: record.id) == before
    assert [note.conversation for note in desk.store.all(Note)] == [two.conversation]
    assert {item.conversation for item in desk.store.all(Outgoing)} == {one.conversation}


def test_new_mentions_of_a_merged_thread_join_it_and_go_with_their_own(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    one, two = merged_two(desk)
    three = arrive(desk, "3", "still nothing", answers="2")
    assert three.conversation == one.conversation and three.came_to == two.came_to
    merging.split(desk, one.conversation)
    assert texts(desk, conversation_of(desk, mention(desk, "3"))) == ["the order again", "still nothing"]
    back = conversation_of(desk, mention(desk, "2"))
    assert (back.status, back.unread, back.since) == (ConversationStatus.OPEN, True, three.created_at)
    assert (back.tags, back.assignee) == ((), "anna") and mention(desk, "3").came_to is None


def test_an_undo_after_more_was_written_loses_nothing_and_leaves_nobody_unseen(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    one, two = merged_two(desk)
    arrive(desk, "3", "still nothing", answers="2")
    outcome = undo.undo(desk)
    assert outcome.undone is not None and outcome.undone.changed
    back = conversation_of(desk, mention(desk, "3"))
    assert back.id == "c" + two.id[1:] and texts(desk, back) == ["the order again", "still nothing"]
    assert (back.status, back.unread, back.mentions) == (ConversationStatus.OPEN, True, 2)
    assert texts(desk, conversation_of(desk, one)) == ["my order"]
    arrive(desk, "4", "and one more", answers="3")
    undo.redo(desk)
    whole = conversation_of(desk, one)
    assert whole.mentions == 4 and mention(desk, "4").conversation == whole.id
    merging.split(desk, whole.id)
    assert texts(desk, conversation_of(desk, mention(desk, "4"))) == [
        "the order again",
        "still nothing",
        "and one more",
    ]


def test_what_was_decided_about_the_merged_one_holds_for_its_parts(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    one, _ = merged_two(desk)
    conversations.tag(desk, [one.id], "late")
    conversations.untag(desk, [one.id], "bug")
    conversations.done(desk, [one.id])
    merging.split(desk, one.conversation)
    first, second = conversation_of(desk, mention(desk, "1")), conversation_of(desk, mention(desk, "2"))
    assert (first.tags, first.assignee, first.status) == (("late",), None, ConversationStatus.DONE)
    assert (second.tags, second.assignee, second.status) == (("late",), "anna", ConversationStatus.DONE)


def test_a_reply_goes_with_what_it_answers_though_it_is_out(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    one, two = merged_two(desk)
    replies.reply(desk, two.id, "on its way")
    out = sent(desk, desk.store.all(Outgoing)[0], "r1")
    later = arrive(desk, "3", "thanks", answers="r1")
    assert (out.conversation, later.came_to) == (one.conversation, two.came_to)
    merging.split(desk, one.conversation)
    assert sorted(texts(desk, conversation_of(desk, mention(desk, "2")))) == ["on its way", "thanks", "the order again"]
    merging.merge(desk, [one.id, two.id])
    undo.undo(desk)
    assert sorted(texts(desk, conversation_of(desk, mention(desk, "2")))) == ["on its way", "thanks", "the order again"]


def test_a_message_is_split_off_with_what_answers_it(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    one = arrive(desk, "1", "a question", ago=60)
    two = arrive(desk, "2", "another matter", answers="1", ago=50)
    replies.reply(desk, two.id, "our answer")
    sent(desk, desk.store.all(Outgoing)[0], "r1")
    arrive(desk, "3", "thanks", answers="r1", ago=40)
    arrive(desk, "4", "a second question", answers="1", ago=30)
    outcome = merging.split(desk, two.id)
    assert "a conversation of its own: " in told(desk, outcome)
    new = conversation_of(desk, mention(desk, "2"))
    assert new.id != one.conversation and new.mentions == 2
    assert sorted(texts(desk, new)) == ["another matter", "our answer", "thanks"]
    assert texts(desk, conversation_of(desk, one)) == ["a question", "a second question"]
    assert arrive(desk, "5", "one more", answers="3").conversation == new.id
    undo.undo(desk)
    assert len(live(desk)) == 1 and conversation_of(desk, one).mentions == 5
    undo.redo(desk)
    assert mention(desk, "5").conversation == new.id and len(live(desk)) == 2


def test_what_cannot_be_merged_or_split_is_refused(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    one = arrive(desk, "1")
    arrive(desk, "2", answers="1")
    with refused(desk, CannotMerge, "at least two"):
        merging.merge(desk, [one.id, mention(desk, "2").id])
    with refused(desk, CannotSplit, "was not merged"):
        merging.split(desk, one.conversation)
    with refused(desk, CannotSplit, "nothing would be left"):
        merging.split(desk, one.id)
    three = arrive(desk, "3")
    with desk.store.write() as write:
        record = desk.store.get(Conversation, three.conversation)
        assert record is not None
        write.put(replace(record, account=OTHER.id))
    with refused(desk, CannotMerge, "different accounts"):
        merging.merge(desk, [one.id, three.id])
    assert len(live(desk)) == 2 and OWNER.id != OTHER.id


def test_a_thread_that_turns_out_to_be_one_with_a_merged_one_joins_that_part(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    one, two = arrive(desk, "1", "first", ago=60), arrive(desk, "2", "second", ago=50)
    below = arrive(desk, "4", "below", answers="3", ago=10)
    merging.merge(desk, [one.id, two.id])
    arrive(desk, "3", "between", answers="2", ago=20)
    whole = conversation_of(desk, one)
    assert texts(desk, whole) == ["first", "second", "between", "below"]
    assert conversation_of(desk, below.conversation).id == whole.id
    merging.split(desk, whole.id)
    assert texts(desk, conversation_of(desk, one)) == ["first"]
    assert texts(desk, conversation_of(desk, mention(desk, "4"))) == ["second", "between", "below"]


def test_only_an_open_one_of_the_same_author_with_the_same_words_is_suggested(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    one = arrive(desk, "1", "My order 1234 has not arrived", ago=60)
    two = arrive(desk, "2", "@brand order 1234 still has not arrived, hello?", ago=30)
    arrive(desk, "3", "order 1234 has not arrived", author="@bo@example.org", author_id="bo")
    arrive(desk, "4", "What a lovely coffee that was", ago=20)
    arrive(desk, "5", "order 1234 has not arrived", ago=60 * 50)
    found = similar.similar(desk, conversation_of(desk, one))
    assert found is not None and found.id == two.conversation
    conversations.done(desk, [two.id])
    assert similar.similar(desk, conversation_of(desk, one)) is None
    assert similar.similar(desk, conversation_of(desk, two)) is None


class Model:
    """Which mentions are of one thread, and which threads stand in one conversation."""

    def __init__(self) -> None:
        self.thread: dict[str, str] = {}
        self.group: dict[str, str] = {}
        self.done: list[tuple[dict[str, str], dict[str, str]]] = []
        self.undone: list[tuple[dict[str, str], dict[str, str]]] = []

    def step(self, threads: dict[str, str], groups: dict[str, str]) -> None:
        """Changes the threads of mentions, and the groups of threads; remembers what they were."""
        self.done.append(self._change(threads, groups))
        self.undone.clear()

    def _change(self, threads: dict[str, str], groups: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        before = {name: self.thread[name] for name in threads}, {name: self.group[name] for name in groups}
        self.thread |= threads
        self.group |= groups
        return before

    def back(
        self, taken: list[tuple[dict[str, str], dict[str, str]]], to: list[tuple[dict[str, str], dict[str, str]]]
    ) -> None:
        if not taken:
            return
        threads, groups = taken.pop()
        moved = {self.thread[name]: old for name, old in threads.items()}
        for name, thread in self.thread.items():  # who wrote there since goes where it goes
            if thread in moved and thread.startswith("off") and name not in threads:
                threads[name] = moved[thread]
        to.append(self._change(threads, groups))

    def partition(self, named: dict[str, str]) -> set[frozenset[str]]:
        kinds: dict[str, set[str]] = {}
        for name, kind in named.items():
            kinds.setdefault(kind, set()).add(name)
        return set(map(frozenset, kinds.values()))


moves = st.lists(
    st.one_of(
        st.tuples(st.just("open"), st.just(0), st.just(0)),
        st.tuples(st.just("answer"), st.integers(0, 30), st.just(0)),
        st.tuples(st.just("merge"), st.integers(0, 30), st.integers(0, 30)),
        st.tuples(st.just("apart"), st.integers(0, 30), st.just(0)),
        st.tuples(st.just("off"), st.integers(0, 30), st.just(0)),
        st.tuples(st.sampled_from(("undo", "redo")), st.just(0), st.just(0)),
    ),
    min_size=3,
    max_size=16,
)


@settings(max_examples=80, deadline=None)
@given(moves)
def test_each_mention_is_in_one_conversation_and_all_counts_are_those_of_a_slow_count(
    given_moves: list[tuple[str, int, int]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock, model = FakeClock(), Model()
        desk = desk_on(Path(folder), clock)
        parents: dict[str, str] = {}
        begin = [("open", 0, 0), ("open", 0, 0), ("answer", 0, 0)]
        for count, (what, one, other) in enumerate([*begin, *given_moves]):
            clock.advance(60)
            names, name = list(model.thread), f"n{count}"
            if what == "open":
                arrive(desk, name)
                model.thread[name] = model.group[name] = name
            elif what == "answer":
                parents[name] = names[one % len(names)]
                arrive(desk, name, answers=parents[name])
                model.thread[name] = model.thread[parents[name]]
            elif what == "merge":
                first, second = names[one % len(names)], names[other % len(names)]
                groups = {model.group[model.thread[first]], model.group[model.thread[second]]}
                try:
                    merging.merge(desk, [mention(desk, first).id, mention(desk, second).id])
                except CannotMerge:
                    assert len(groups) == 1
                else:
                    model.step({}, {thread: min(groups) for thread, group in model.group.items() if group in groups})
            elif what == "apart":
                group = model.group[model.thread[names[one % len(names)]]]
                inside = {thread for thread in set(model.thread.values()) if model.group[thread] == group}
                try:
                    merging.split(desk, mention(desk, names[one % len(names)]).conversation)
                except CannotSplit:
                    assert len(inside) == 1
                else:
                    model.step({}, {thread: thread for thread in model.group if model.group[thread] == group})
            elif what == "off":
                top = names[one % len(names)]
                group = model.group[model.thread[top]]
                inside_names = [other for other in names if model.group[model.thread[other]] == group]
                leaving = below(top, parents, inside_names)
                try:
                    merging.split(desk, mention(desk, top).id)
                except CannotSplit:
                    assert len(leaving) == len(inside_names)
                else:
                    model.group[f"off{count}"] = f"off{count}"
                    model.step(dict.fromkeys(leaving, f"off{count}"), {})
            elif what == "undo":
                undo.undo(desk)
                model.back(model.done, model.undone)
            else:
                undo.redo(desk)
                model.back(model.undone, model.done)
            check(desk, model)
        desk.store.close()


def below(top: str, parents: dict[str, str], among: Iterable[str]) -> set[str]:
    leaving = {top}
    for name in among:  # in the order in which they came
        if parents.get(name) in leaving:
            leaving.add(name)
    return leaving


def check(desk: Desk, model: Model) -> None:
    stored = desk.store.all(Mention)
    by_name = {record.remote_id: record for record in stored}
    assert by_name.keys() == model.thread.keys()
    records = {record.id: record for record in live(desk)}
    assert all(record.conversation in records for record in stored), "in a conversation that is there"
    stands = {name: record.conversation for name, record in by_name.items()}
    came = {name: thread_of(desk.store, record) for name, record in by_name.items()}
    assert model.partition(came) == model.partition(model.thread)
    groups = {name: model.group[thread] for name, thread in model.thread.items()}
    assert model.partition(stands) == model.partition(groups)
    for record in records.values():
        own = [other for other in stored if other.conversation == record.id]
        newest = max(other.created_at for other in own)
        assert (record.mentions, record.newest_at) == (len(own), newest)
        assert record.newest in {other.id for other in own if other.created_at == newest}
        assert record.merge is None
    open_ones = [record for record in records.values() if record.status is ConversationStatus.OPEN]
    assert status.standing(desk).open == len(views.queue(desk, query.parse(""))) == len(open_ones)
    assert sum(shares.unread(desk).values()) == sum(record.unread for record in open_ones)


links = st.lists(
    st.tuples(
        st.sampled_from(("open", "merge", "apart", "link", "undo", "redo", "done")),
        st.integers(0, 9),
        st.integers(0, 9),
    ),
    min_size=4,
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(links)
def test_links_that_turn_up_later_lose_nothing_either(given_links: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = FakeClock()
        desk = desk_on(Path(folder), clock)
        names: list[str] = []
        for count, (what, one, other) in enumerate([("open", 0, 0), ("open", 0, 0), *given_links]):
            clock.advance(60)
            if what == "open":
                names.append(f"n{count}")
                arrive(desk, names[-1], answers=f"later-{count}")
            elif what == "link":  # what one of them answers arrives, and answers another
                answered = mention(desk, names[one % len(names)]).in_reply_to or ""
                if answered not in names and answered != "":
                    names.append(answered)
                    arrive(desk, answered, answers=names[other % (len(names) - 1)])
            elif what in ("merge", "apart"):
                try:
                    first, second = (mention(desk, names[number % len(names)]) for number in (one, other))
                    merging.merge(desk, [first.id, second.id]) if what == "merge" else merging.split(
                        desk, first.conversation
                    )
                except (CannotMerge, CannotSplit):
                    pass
            elif what == "done":
                conversations.done(desk, [mention(desk, names[one % len(names)]).id])
            else:
                getattr(undo, what)(desk)
            stored = desk.store.all(Mention)
            records = {record.id: record for record in live(desk)}
            assert {record.remote_id for record in stored} == set(names)
            for record in records.values():
                own = [mine for mine in stored if mine.conversation == record.id]
                assert record.mentions == len(own) > 0
                assert record.newest_at == max(mine.created_at for mine in own)
            assert sum(record.mentions for record in records.values()) == len(stored)
        desk.store.close()


def test_many_are_merged_in_one_step(tmp_path: Path) -> None:
    desk = desk_on(tmp_path)
    ids = [arrive(desk, str(number)).conversation for number in range(60)]
    VERBS["merge"].call(desk, ids)
    assert len(live(desk)) == 1 and live(desk)[0].mentions == 60
    undo.undo(desk)
    assert len(live(desk)) == 60
    more = [arrive(desk, str(number)).conversation for number in range(60, 101)]
    with pytest.raises(CannotMerge):
        VERBS["merge"].call(desk, [*ids, *more])


def test_the_past_shows_together_what_was_merged_then_and_apart_what_was_not(tmp_path: Path) -> None:
    clock = FakeClock()
    desk = desk_on(tmp_path, clock)
    one, two = arrive(desk, "1", "first", ago=60), arrive(desk, "2", "second", ago=30)
    moments = []
    for step in ("nothing", "merge", "split"):
        clock.advance(60)
        if step == "merge":
            merging.merge(desk, [one.id, two.id])
        elif step == "split":
            merging.split(desk, one.conversation)
        moments.append(desk.now)

    def past(item: Mention, moment: datetime) -> tuple[bool, list[str], int]:
        found = history.conversation_at(desk, item.id, moment)
        assert found is not None
        texts = [mention.text for mention in found.mentions]
        return found.conversation.id == one.conversation, texts, found.conversation.mentions

    together = (True, ["first", "second"], 2)
    for moment in (moments[0], moments[2]):
        assert (past(one, moment), past(two, moment)) == ((True, ["first"], 1), (False, ["second"], 1))
    assert past(one, moments[1]) == past(two, moments[1]) == together
