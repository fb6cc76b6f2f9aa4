"""When our answer is due, in the store: at every change of a conversation, and anew when the config changes."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from commtui.activity.undo import undo
from commtui.cli.flat import Flattener
from commtui.community import conversations, people, replies
from commtui.community.deadlines import AT_ONCE, Deadlines
from commtui.config.service_levels import ServiceLevel, WorkingHours
from commtui.model import ids
from commtui.model.clock import to_iso
from commtui.model.records import Conversation, Outgoing
from commtui.model.states import Order
from commtui.store.store import Store
from commtui.store.tinydb_sqlite.connection import Connection
from commtui.triage import query, queues, status, views
from tests.clock import FakeClock
from tests.sync.bench import Bench, deliver_for, run, synced
from tests.triage.desks import arrive, conversation_of, desk_on, settings

HOUR = timedelta(hours=1)
LEVELS = (
    ServiceLevel("press", first=HOUR, next=HOUR, tags=("press",)),
    ServiceLevel("urgent", first=2 * HOUR, priorities=("urgent",)),
    ServiceLevel("all", first=8 * HOUR, next=4 * HOUR),
)


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def desk(tmp_path, clock):
    return desk_on(tmp_path, clock, service_levels=LEVELS)


def due(desk, item):
    return conversation_of(desk, item).due_at


def test_every_verb_that_changes_the_level_changes_what_is_due(desk):
    one = arrive(desk, "1", ago=30)
    came = one.created_at
    assert due(desk, one) == came + 8 * HOUR
    conversations.tag(desk, [one.id], "press")
    assert due(desk, one) == came + HOUR
    undo(desk)
    assert due(desk, one) == came + 8 * HOUR
    conversations.prioritize(desk, [one.id], "urgent")
    assert due(desk, one) == came + 2 * HOUR
    conversations.snooze(desk, [one.id], "3h")
    assert due(desk, one) == came + 2 * HOUR
    conversations.mute(desk, [one.id])
    assert due(desk, one) is None
    conversations.unmute(desk, [one.id])
    assert due(desk, one) == came + 2 * HOUR


def test_reopening_starts_the_clock_anew(desk, clock):
    one = arrive(desk, "1")
    conversations.done(desk, [one.id])
    assert due(desk, one) is None
    clock.advance(7200)
    conversations.reopen(desk, [one.id])
    assert due(desk, one) == desk.now + 8 * HOUR
    clock.advance(60)
    conversations.reopen(desk, [one.id])  # it is open: nothing starts
    assert due(desk, one) == desk.now - timedelta(minutes=1) + 8 * HOUR


def test_what_waited_for_them_and_is_snoozed_is_reopened_at_its_time(desk, clock):
    one = arrive(desk, "1")
    conversations.done(desk, [one.id])
    conversations.snooze(desk, [one.id], "2h")
    assert due(desk, one) == desk.now + 10 * HOUR
    clock.advance(60)
    conversations.snooze(desk, [one.id], "3h")  # nobody waits for us yet
    assert due(desk, one) == desk.now + 11 * HOUR
    arrive(desk, "2", answers="1")  # before that time
    assert due(desk, one) == desk.now + 8 * HOUR
    conversations.done(desk, [one.id])
    conversations.snooze(desk, [one.id], "3h")
    conversations.reopen(desk, [one.id])
    assert due(desk, one) == desk.now + 8 * HOUR


@pytest.mark.parametrize("until", ["2h", "answer"])
def test_snoozing_does_not_stop_the_clock_and_their_next_message_does_not_start_it_anew(desk, clock, until):
    one = arrive(desk, "1")
    conversations.snooze(desk, [one.id], until)
    assert due(desk, one) == one.created_at + 8 * HOUR
    clock.advance(3600)
    arrive(desk, "2", answers="1")
    assert due(desk, one) == one.created_at + 8 * HOUR


def test_the_clock_stands_still_while_we_wait_for_them(desk, clock):
    one = arrive(desk, "1")
    conversations.done(desk, [one.id])
    conversations.snooze(desk, [one.id], "answer")
    assert due(desk, one) is None
    assert query.status_of(conversation_of(desk, one), desk.now) == "snoozed"
    clock.advance(3600)
    two = arrive(desk, "2", answers="1")
    assert due(desk, one) == two.created_at + 8 * HOUR


def test_done_without_a_reply_counts_as_unanswered(desk, clock):
    one = arrive(desk, "1")
    conversations.done(desk, [one.id])
    clock.advance(3600)
    two = arrive(desk, "2", answers="1")
    assert due(desk, one) == two.created_at + 8 * HOUR  # the target of a first answer


def test_a_reply_on_its_way_stops_the_clock_and_its_recall_does_not_start_it_anew(desk, clock):
    one = arrive(desk, "1")
    replies.reply(desk, one.id, "Hello")
    assert due(desk, one) is None
    clock.advance(5)
    undo(desk)
    assert due(desk, one) == one.created_at + 8 * HOUR


def test_after_an_answer_that_was_sent_the_next_one_is_due(tmp_path):
    async def scenario():
        bench = Bench(tmp_path)
        runner = await synced(bench)
        first = bench.mentions()[0]
        replies.reply(bench.desk, first.id, "Hello", hold=timedelta(0))
        assert not bench.store.get(Conversation, first.conversation).answered
        await deliver_for(bench, runner, 60)
        (item,) = bench.store.all(Outgoing)
        return bench.store.get(Conversation, first.conversation).answered, item.state.value

    assert run(scenario()) == (True, "sent")


def test_the_next_answer_has_its_own_target(desk):
    one = arrive(desk, "1")
    with desk.store.write() as write:
        write.put(replace(conversation_of(desk, one), answered=True))
    assert due(desk, one) == one.created_at + 4 * HOUR


def test_what_is_overdue_is_counted_named_found_and_sorted(desk, clock):
    slow, soon, late = (arrive(desk, name, ago=ago) for name, ago in (("slow", 470), ("soon", 100), ("late", 50)))
    conversations.prioritize(desk, [soon.id], "urgent")
    conversations.tag(desk, [late.id], "press")
    sleeping = arrive(desk, "sleeping", ago=600)
    conversations.snooze(desk, [sleeping.id], "2h")

    def named(numbers):
        return [views.conversation_at(desk, number).newest for number in numbers]

    def overdue():
        found = named(views.queue(desk, query.parse("is:overdue")))
        assert status.standing(desk).overdue == len(found) == len(queues.overdue(desk, 50))
        return set(found)

    def at_risk():
        return status.standing(desk).at_risk

    assert named(queues.open_sorted(desk, Order.DUE)) == [slow.id, late.id, soon.id]
    assert (overdue(), at_risk()) == (set(), 3)
    assert status.standing(desk).next_due == (slow.conversation, slow.created_at + 8 * HOUR)
    assert queues.next_change(desk) == slow.created_at + 8 * HOUR
    clock.advance(601)
    assert (overdue(), at_risk()) == ({slow.id, late.id}, 1)
    assert status.standing(desk).next_due == (soon.conversation, soon.created_at + 2 * HOUR)
    assert queues.next_change(desk) == soon.created_at + 2 * HOUR
    clock.advance(600)
    assert overdue() == {slow.id, late.id, soon.id}
    assert queues.next_change(desk) is None
    assert (at_risk(), status.standing(desk).next_due) == (0, None)
    clock.advance(5820)
    assert at_risk() == 0  # asleep
    clock.advance(1380)
    assert overdue() == {slow.id, late.id, soon.id, sleeping.id}


def test_a_woken_conversation_is_at_risk_before_it_is_overdue(desk, clock):
    one = arrive(desk, "1")
    conversations.snooze(desk, [one.id], "7h")
    clock.advance(6.5 * 3600)
    assert status.standing(desk).at_risk == 0
    clock.advance(3600)
    assert (status.standing(desk).at_risk, status.standing(desk).overdue) == (1, 0)
    clock.advance(3600)
    assert (status.standing(desk).at_risk, status.standing(desk).overdue) == (0, 1)


def test_without_service_levels_an_answer_is_overdue_after_a_day_and_never_at_risk(tmp_path, clock):
    desk = desk_on(tmp_path, clock)
    one = arrive(desk, "1")
    clock.advance(20 * 3600)
    conversation = conversation_of(desk, one)
    assert (conversation.due_at, conversation.risk_at) == (one.created_at + timedelta(days=1), None)
    found = status.standing(desk)
    assert (found.overdue, found.at_risk, found.next_due) == (0, 0, None)
    clock.advance(4 * 3600 + 1)
    found = status.standing(desk)
    assert (found.overdue, found.at_risk) == (1, 0)


def test_a_change_of_levels_or_hours_is_computed_anew_in_parts(tmp_path, clock):
    desk = desk_on(tmp_path, clock, service_levels=LEVELS)
    for number in range(AT_ONCE + 5):
        arrive(desk, f"{number}")
    done = arrive(desk, "done")
    conversations.done(desk, [done.id])
    weekend = settings(service_levels=LEVELS, hours=WorkingHours(("mon-fri 9:00-17:00",), "UTC"))
    deadlines = Deadlines(lambda: weekend)
    turns = 0
    while deadlines.renew_some(desk.store):
        turns += 1
    assert turns == 2
    assert {desk.store.get(Conversation, record.id).due_by for record in desk.store.all(Conversation)} == {
        deadlines(conversation_of(desk, done), desk.store.people.is_vip).due_by,
        conversation_of(desk, done).due_by,
    }
    open_ones = [record for record in desk.store.all(Conversation) if record.id != done.conversation]
    assert all(record.due_at == deadlines(record, desk.store.people.is_vip).due_at for record in open_ones)
    assert not deadlines.renew_some(desk.store)


def test_a_conversation_that_cannot_be_read_is_tried_once(tmp_path, clock, monkeypatch):
    desk = desk_on(tmp_path, clock, service_levels=LEVELS)
    damaged, other = arrive(desk, "damaged"), arrive(desk, "other")
    connection = desk.store._db._sqlite.connection
    number = ids.number(damaged.conversation)
    connection.run("UPDATE conversations SET doc = replace(doc, 'hello', 'hallo') WHERE doc_id = ?", (number,))
    assert desk.store.get(Conversation, damaged.conversation) is None
    deadlines = Deadlines(lambda: settings(service_levels=LEVELS[2:]))
    deadlines.renew(desk.store)
    assert (
        conversation_of(desk, other).due_by == deadlines(conversation_of(desk, other), desk.store.people.is_vip).due_by
    )
    run: list[str] = []
    every = Connection.run
    monkeypatch.setattr(Connection, "run", lambda *arguments: (run.append(arguments[1]), every(*arguments)))
    assert not deadlines.renew_some(desk.store)
    assert run == []


def test_a_restart_with_other_levels_is_noticed_by_the_engine(tmp_path):
    async def scenario():
        bench = Bench(tmp_path)
        await synced(bench)
        before = {record.id: record.due_at for record in bench.store.all(Conversation) if record.due_at}
        text = bench.home.config.read_text()
        bench.home.config.write_text(f'{text}\n[[service_level]]\nname = "all"\nfirst = "1h"\nnext = "1h"\n')
        bench.restart()
        stop = asyncio.Event()
        task = asyncio.create_task(bench.engine.run(stop))
        await bench.clock.run(1)
        stop.set()
        await bench.ended(task)
        records = bench.store.all(Conversation)
        return before, {record.id: record.due_at for record in records if record.id in before}

    before, after = run(scenario())
    assert before and {before[identity] - after[identity] for identity in before} == {timedelta(hours=23)}


def test_a_store_that_was_written_without_deadlines_gets_them(tmp_path):
    desk = desk_on(tmp_path)
    desk.store.deadlines = None
    one = arrive(desk, "1")
    assert due(desk, one) is None
    assert Deadlines(lambda: desk.settings).renew_some(desk.store)
    assert due(desk, one) == one.created_at + timedelta(hours=24)
    desk.store.close()
    assert Store(tmp_path).get(Conversation, one.conversation).due_at == one.created_at + timedelta(hours=24)


def test_holidays_of_a_part_that_does_not_exist_are_those_of_the_country(tmp_path):
    clock = FakeClock(datetime(2026, 12, 25, 12, 0, tzinfo=UTC))
    hours = WorkingHours(("mon-sun 9:00-17:00",), "UTC", "DE-ZZ")
    desk = desk_on(tmp_path, clock, hours=hours, service_levels=LEVELS)
    one = arrive(desk, "1")
    assert due(desk, one) == datetime(2026, 12, 27, 17, 0, tzinfo=UTC)  # 25 and 26 December are closed


def test_bots_start_no_clock(desk, clock):
    one = arrive(desk, "1", bot=True)
    assert (one.bot, due(desk, one)) == (True, None)
    clock.advance(60)
    arrive(desk, "2", answers="1", bot=True)
    assert (due(desk, one), conversation_of(desk, one).since) == (None, one.created_at)
    clock.advance(60)
    three = arrive(desk, "3", answers="1")
    assert due(desk, one) == three.created_at + 8 * HOUR  # a person waits now
    clock.advance(60)
    arrive(desk, "4", answers="1", bot=True)
    assert due(desk, one) == three.created_at + 8 * HOUR
    conversations.done(desk, [one.id])
    arrive(desk, "5", answers="1", bot=True)
    assert due(desk, one) is None
    assert status.standing(desk).open == 1


def test_of_two_folded_conversations_the_person_counts(desk, clock):
    person = arrive(desk, "person", answers="later", ago=30)
    assert due(desk, person) == person.created_at + 8 * HOUR
    arrive(desk, "later", ago=60, bot=True)  # what the person answered
    assert due(desk, person) == person.created_at + 8 * HOUR
    assert not conversation_of(desk, person).by_bot


def test_the_service_level_of_a_conversation_is_named_in_its_json(desk):
    one = arrive(desk, "1", ago=50)
    conversations.tag(desk, [one.id], "press")
    conversation = conversation_of(desk, one)
    fields = Flattener(desk).mention(one, conversation)
    assert (fields["due_at"], fields["service_level"]) == (to_iso(one.created_at + HOUR), "press")
    assert (fields["at_risk"], fields["overdue"], fields["bot"]) == (True, False, False)


def test_lists_are_in_the_order_of_what_is_due_where_there_are_service_levels(tmp_path, clock):
    def listed(folder, **changes):
        desk = desk_on(tmp_path / folder, clock, **changes)
        arrive(desk, "slow", ago=90)
        late = arrive(desk, "late", ago=50)
        conversations.tag(desk, [late.id], "press")
        return [mention.remote_id for mention, _ in views.listed_mentions(desk)]

    assert listed("without") == ["slow", "late"]
    assert listed("with", service_levels=LEVELS) == ["late", "slow"]


def test_a_level_for_vips_follows_marks_and_links_and_their_undo(tmp_path, clock):
    levels = (ServiceLevel("vips", first=HOUR, marks=("vip",)), ServiceLevel("all", first=8 * HOUR))
    desk = desk_on(tmp_path, clock, service_levels=levels)
    bob: dict[str, Any] = {"author": "@bob@example.org", "author_name": "Bob", "author_id": "bob-1"}
    one, two, other = arrive(desk, "1"), arrive(desk, "2"), arrive(desk, "3", **bob)
    conversations.done(desk, [two.id])

    def hours():
        return [found and (found - clock.now()) / HOUR for found in (due(desk, item) for item in (one, two, other))]

    assert hours() == [8, None, 8]
    people.mark(desk, one.author, "vip")
    assert hours() == [1, None, 8]
    assert views.service_level(desk, conversation_of(desk, one)) == "vips"
    conversations.reopen(desk, [two.id])
    assert hours() == [1, 1, 8]
    people.link(desk, one.author, other.author)
    assert hours() == [1, 1, 1]
    undo(desk)
    assert hours() == [1, 1, 8]
    people.link(desk, other.author, one.author)
    people.unlink(desk, one.author)
    assert hours() == [1, 1, 8]
    undo(desk)
    assert hours() == [1, 1, 1]
    people.mark(desk, other.author, "none")
    assert hours() == [8, 8, 8]
    undo(desk)
    assert hours() == [1, 1, 1]
    arrive(desk, "4", answers="1", **bob)
    four = arrive(desk, "5", **bob)
    assert due(desk, four) == clock.now() + HOUR
