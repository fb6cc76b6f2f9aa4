"""Verbs on many replies, posts and acts, and one text for many: the screen's loop writes none of them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from commtui.activity import undo
from commtui.community import merging, replies
from commtui.marketing import posts
from commtui.model.records import Act, ActKind, Conversation, Mention, Outgoing
from commtui.model.states import OutgoingState
from commtui.outgoing import acts, changes
from commtui.store.store import Store
from commtui.store.write import Write
from commtui.ui.own_store import FEW
from tests.ui.fill import NOW, ScreenServices, services_in
from tests.ui.screen import composer, drive, inbox, message, shown, typed, until

MANY = 36
STATES = OutgoingState


class Writes:
    """How many records were written on the screen's loop, and how many in other threads."""

    def __init__(self) -> None:
        self._counts: Counter[bool] = Counter()

    def on_loop(self) -> int:
        return self._counts[True]

    def beside(self) -> int:
        return self._counts[False]

    def see(self, count: int) -> None:
        self._counts[threading.current_thread() is threading.main_thread()] += count


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commtui.activity.parts.PART", 15)


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> Writes:
    found, put, put_each = Writes(), Write.put, Write.put_each

    def counted_put(self: Write, record: Any) -> None:
        found.see(1)
        put(self, record)

    def counted_put_each(self: Write, kind: type[Any], records: Mapping[str, Any]) -> None:
        found.see(len(records))
        put_each(self, kind, records)

    monkeypatch.setattr(Write, "put", counted_put)
    monkeypatch.setattr(Write, "put_each", counted_put_each)
    return found


def scheduled(services: ScreenServices, count: int, state: OutgoingState = STATES.SCHEDULED) -> list[str]:
    """So many posts of tomorrow, a minute apart."""
    at = NOW + timedelta(days=1)
    items = [
        posts.write_post(services.desk(), f"no. {n}", ["brand"], at=at + timedelta(minutes=n))[0][0]
        for n in range(count)
    ]
    with services.store.write() as write:
        for item in items:
            write.put(replace(item, state=state))
    return [item.id for item in items]


def states(services: ScreenServices) -> dict[str, int]:
    return dict(Counter(item.state.value for item in services.store.all(Outgoing)))


async def ended(pilot: Any) -> None:
    await until(pilot, lambda: inbox(pilot.app).session.running is None)
    await pilot.pause()


CASES: list[tuple[str, OutgoingState, OutgoingState, str]] = [
    ("hold", STATES.SCHEDULED, STATES.HELD, ""),
    ("recall", STATES.SCHEDULED, STATES.DRAFT, ""),
    ("release", STATES.HELD, STATES.SCHEDULED, "y"),
    ("discard", STATES.HELD, STATES.DISCARDED, "y"),
    ("retry", STATES.FAILED, STATES.SCHEDULED, "y"),
    ("confirm", STATES.UNKNOWN, STATES.SENT, "y"),
    ("publish", STATES.DRAFT, STATES.SCHEDULED, "y"),
    ("later", STATES.SCHEDULED, STATES.SCHEDULED, ""),
    ("reschedule", STATES.HELD, STATES.SCHEDULED, "y"),
]


@pytest.mark.parametrize(("command", "before", "after", "answer"), CASES, ids=[case[0] for case in CASES])
@pytest.mark.parametrize("count", [2, MANY])
def test_of_many_marked_posts_none_is_written_on_the_loop(
    tmp_path: Path, writes: Writes, command: str, before: OutgoingState, after: OutgoingState, answer: str, count: int
) -> None:
    services = services_in(tmp_path, 1)
    scheduled(services, count, before)

    async def scenario(app: Any, pilot: Any) -> None:
        await pilot.press("3", "*")
        on_loop = writes.on_loop()
        inbox(app).do(command, "fri 9:00" if command == "reschedule" else "")
        if answer:
            await until(pilot, lambda: f"{count} items" in shown(app))
            await pilot.press(answer)
        await ended(pilot)
        assert states(services) == {after.value: count}
        if count == MANY:
            assert (writes.on_loop() - on_loop, writes.beside()) == (0, count)
            assert f"{count} posts" in message(app) and bool(inbox(app).panes.rows.marks) == (command == "later")
        else:
            assert (writes.on_loop() - on_loop, writes.beside()) == (count, 0)

    drive(services, scenario)


def test_progress_stands_on_the_screen_escape_stops_it_and_undo_asks_and_is_done_beside(
    tmp_path: Path, writes: Writes, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, passes, real = services_in(tmp_path, 1), threading.Semaphore(0), changes.hold
    scheduled(services, MANY)

    def hold(desk: Any, named: Any, *more: Any) -> Any:
        assert passes.acquire(timeout=60)
        return real(desk, named, *more)

    monkeypatch.setattr(changes, "hold", hold)

    async def scenario(app: Any, pilot: Any) -> None:
        await pilot.press("3", "*", "h")
        passes.release()
        await until(pilot, lambda: message(app) == f"hold: 15 of {MANY} (escape: stop)")
        await pilot.press("escape")
        passes.release()
        await ended(pilot)
        assert message(app) == "held: 30 posts; stopped, the others are as they were; u: undo"
        on_loop = writes.on_loop()
        await pilot.press("u")
        await until(pilot, lambda: "undo: schedule 30 posts again?" in shown(app))
        await pilot.press("y")
        await ended(pilot)
        assert states(services) == {"scheduled": MANY} and writes.on_loop() == on_loop

    drive(services, scenario)


def test_hold_all_and_release_all_are_done_beside(tmp_path: Path, writes: Writes) -> None:
    services = services_in(tmp_path, MANY)
    scheduled(services, MANY)
    for conversation in services.store.all(Conversation)[:3]:
        replies.reply(services.desk(), conversation.id, "hello")

    async def scenario(app: Any, pilot: Any) -> None:
        on_loop = writes.on_loop()
        await pilot.press("space", "h", "y")
        await ended(pilot)
        assert states(services) == {"held": MANY + 3} and message(app).startswith(f"held: {MANY + 3} items")
        await pilot.press("space", "L")
        await until(pilot, lambda: f"release all {MANY + 3} held, 3 at once, {MANY} later?" in shown(app))
        await pilot.press("y")
        await ended(pilot)
        assert states(services) == {"scheduled": MANY + 3} and writes.on_loop() == on_loop

    drive(services, scenario, (120, 30))


def test_a_question_that_was_read_for_waits_until_nothing_else_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, passes, real = services_in(tmp_path, 1), threading.Semaphore(0), changes.held_at_once
    scheduled(services, MANY)
    changes.hold_all(services.desk())

    def held_at_once(desk: Any) -> Any:
        assert passes.acquire(timeout=60)
        return real(desk)

    monkeypatch.setattr(changes, "held_at_once", held_at_once)

    async def scenario(app: Any, pilot: Any) -> None:
        await pilot.press("space", "L", "colon", "y")
        passes.release()
        await ended(pilot)
        await pilot.pause(0.3)
        assert shown(app).splitlines()[-1].strip().startswith(":y")
        await pilot.press("escape")
        await until(pilot, lambda: "release all" in shown(app))

    drive(services, scenario)
    assert states(services) == {"held": MANY}


def test_a_step_of_many_in_one_transaction_is_undone_beside(tmp_path: Path, writes: Writes) -> None:
    services = services_in(tmp_path, MANY)
    every = [conversation.id for conversation in services.store.all(Conversation)]
    replies.reply_to_each(services.desk(), every, "hello {name}")

    async def scenario(app: Any, pilot: Any) -> None:
        on_loop = writes.on_loop()
        await pilot.press("u")
        await ended(pilot)
        assert f"undo: reply of {MANY} conversations recalled; drafts again" in message(app)
        assert states(services) == {"draft": MANY} and writes.on_loop() == on_loop

    drive(services, scenario)


def waits(monkeypatch: pytest.MonkeyPatch, at: int) -> threading.Semaphore:
    """Lets the reply number `at` of one text for many wait for the semaphore."""
    passes, real, begun = threading.Semaphore(0), replies.reply, iter(range(10**6))

    def reply(*given: Any, **more: Any) -> Any:
        if next(begun) == at:
            assert passes.acquire(timeout=60)
        return real(*given, **more)

    monkeypatch.setattr(replies, "reply", reply)
    return passes


async def begin_replies(app: Any, pilot: Any) -> None:
    """Writes a text for all, and sends it; returns when ten are done."""
    await pilot.press("*", "r")
    await typed(pilot, "hello all")
    await pilot.press("escape", "y")
    await until(pilot, lambda: f"reply: 10 of {MANY}  esc stop" in shown(app))


def test_one_text_for_many_is_scheduled_beside_with_its_progress_in_the_composer(
    tmp_path: Path, writes: Writes, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, passes = services_in(tmp_path, MANY), waits(monkeypatch, 10)

    async def scenario(app: Any, pilot: Any) -> None:
        on_loop = writes.on_loop()
        await begin_replies(app, pilot)
        await pilot.press("y", "e", "x")  # no key of the review, and no letter of the text
        passes.release()
        await until(pilot, lambda: not composer(app).is_open)
        await pilot.pause()
        assert message(app).startswith(f"{MANY} replies to ") and "send in 10s; u: undo" in message(app)
        assert states(services) == {"scheduled": MANY} and writes.on_loop() == on_loop
        assert {item.text for item in services.store.all(Outgoing)} == {"hello all"}

    drive(services, scenario, (100, 30))


def test_one_text_for_many_that_is_stopped_schedules_none_and_is_reviewed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, passes = services_in(tmp_path, MANY), waits(monkeypatch, 10)

    async def scenario(app: Any, pilot: Any) -> None:
        await begin_replies(app, pilot)
        await pilot.press("escape")
        passes.release()
        await until(pilot, lambda: "stopped: nothing was done" in shown(app))
        assert services.store.all(Outgoing) == [] and "y send" in shown(app)
        await pilot.press("y")
        await until(pilot, lambda: not composer(app).is_open)

    drive(services, scenario, (100, 30))
    assert states(services) == {"scheduled": MANY}


def test_a_hang_up_while_one_text_for_many_is_scheduled_schedules_none_and_keeps_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, passes = services_in(tmp_path, MANY), waits(monkeypatch, 10)

    async def scenario(app: Any, pilot: Any) -> None:
        await begin_replies(app, pilot)
        app.on_hung_up()
        threading.Timer(0.5, passes.release).start()  # the program waits for the thread

    drive(services, scenario, (100, 30))
    assert services.store.all(Outgoing) == []

    async def again(app: Any, pilot: Any) -> None:
        await pilot.pause()
        assert f"reply to {MANY} conversations" in shown(app) and "hello all" in shown(app)

    drive(services, again, (100, 30))


def test_a_text_that_is_too_long_for_one_of_many_names_no_draft_and_stays(tmp_path: Path) -> None:
    services = services_in(tmp_path, MANY)
    with services.store.write() as write:
        [longest, *_] = services.store.all(Mention)
        write.put(replace(longest, author_name="x" * 500))

    async def scenario(app: Any, pilot: Any) -> None:
        await pilot.press("*", "r")
        await typed(pilot, "hi")
        composer(app).text_box.text = "hello {name}"
        composer(app).send()
        await until(pilot, lambda: "too many" in shown(app) or "too long" in shown(app))
        assert composer(app).is_open and "draft r" not in shown(app)

    drive(services, scenario, (100, 30))
    assert services.store.all(Outgoing) == []


def test_acts_on_many_are_asked_for_beside(tmp_path: Path, writes: Writes) -> None:
    services = services_in(tmp_path, MANY)

    async def scenario(app: Any, pilot: Any) -> None:
        await pilot.press("*")
        on_loop = writes.on_loop()
        inbox(app).do("favourite")
        await pilot.press("y")
        await ended(pilot)
        assert len(services.store.all(Act)) == MANY and writes.on_loop() == on_loop
        assert "will favourite @" in message(app)

    drive(services, scenario)


def test_many_acts_that_failed_are_tried_again_beside(tmp_path: Path, writes: Writes) -> None:
    services = services_in(tmp_path, MANY)
    conversations = [conversation.id for conversation in services.store.all(Conversation)]
    acts.act_on_each(services.desk(), ActKind.FAVOURITE, conversations)
    with services.store.write() as write:
        for act in services.store.all(Act):
            write.put(replace(act, state=STATES.FAILED))

    async def scenario(app: Any, pilot: Any) -> None:
        await pilot.press("*")
        on_loop = writes.on_loop()
        inbox(app).do("retry")
        await until(pilot, lambda: f"try again: {MANY} items?" in shown(app))
        await pilot.press("y")
        await ended(pilot)
        assert {act.state for act in services.store.all(Act)} == {STATES.SCHEDULED} and writes.on_loop() == on_loop

    drive(services, scenario)


def test_a_verb_on_the_conversations_of_many_replies_finds_them_in_its_thread(
    tmp_path: Path, writes: Writes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commtui.ui.verbs.targets.MARKED_MOST", MANY - 1)
    services = services_in(tmp_path, MANY)
    for conversation in services.store.all(Conversation):
        replies.reply(services.desk(), conversation.id, "hello")

    async def scenario(app: Any, pilot: Any) -> None:
        await pilot.press("2", "*")
        on_loop = writes.on_loop()
        inbox(app).do("tag", "vip")
        await ended(pilot)
        assert {item.tags for item in services.store.all(Conversation)} == {("vip",)} and writes.on_loop() == on_loop
        assert f"tagged vip: {MANY} conversations" in message(app)
        undo.undo(services.desk())

    drive(services, scenario)


def test_a_long_conversation_is_split_merged_and_put_together_again_beside(tmp_path: Path, writes: Writes) -> None:
    services = services_in(tmp_path, MANY)
    ids = [conversation.id for conversation in services.store.all(Conversation)]
    merging.merge(services.desk(), ids[1:])

    def live() -> list[int]:
        return sorted(item.mentions for item in services.store.all(Conversation) if not item.folded_into)

    async def scenario(app: Any, pilot: Any) -> None:
        on_loop = writes.on_loop()
        await pilot.press("*")
        inbox(app).do("merge")
        await ended(pilot)
        assert live() == [MANY] and writes.on_loop() == on_loop
        await pilot.press("u")
        await ended(pilot)
        assert live() == [1, MANY - 1] and writes.on_loop() == on_loop
        await pilot.press("G")
        inbox(app).do("split")
        await until(pilot, lambda: app.screen is not inbox(app))  # it has no lines before it is laid out
        await pilot.pause()
        assert "all that was merged" in shown(app)
        await pilot.press("enter")
        await ended(pilot)
        assert live() == [1] * MANY and writes.on_loop() == on_loop

    drive(services, scenario)


def test_one_text_for_many_that_is_stopped_too_late_is_sent_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, passes = services_in(tmp_path, MANY), waits(monkeypatch, MANY - 1)

    async def scenario(app: Any, pilot: Any) -> None:
        await pilot.press("*", "r")
        await typed(pilot, "hello all")
        await pilot.press("escape", "y")
        await until(pilot, lambda: f"reply: {MANY - 1} of {MANY}  esc stop" in shown(app))
        await pilot.press("escape", "escape", "y", "x")  # at once: nothing of it asks again before the thread has ended
        for _ in range(2):
            passes.release()
        await until(pilot, lambda: not composer(app).is_open)

    drive(services, scenario, (100, 30))
    assert states(services) == {"scheduled": MANY}


def test_the_people_whom_a_macro_answers_are_counted_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services, looked = services_in(tmp_path, MANY, macros={"sorry": ("reply Sorry, {name}!",)}), Writes()
    real = Store.author

    def author(self: Store, identity: str) -> str:
        looked.see(1)
        return real(self, identity)

    monkeypatch.setattr(Store, "author", author)

    async def scenario(app: Any, pilot: Any) -> None:
        await pilot.press("*")
        before = looked.on_loop()
        inbox(app).do("macro", "sorry")
        await until(pilot, lambda: f"macro sorry answers {MANY} conversations" in shown(app))
        assert looked.beside() == MANY and looked.on_loop() - before < FEW

    drive(services, scenario, (100, 30))


def test_what_is_no_draft_is_not_read_to_move_the_times_of_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services, read = services_in(tmp_path, 0), Writes()
    scheduled(services, MANY, STATES.FAILED)
    real = Store.get

    def get(self: Store, kind: type[Any], identity: Any) -> Any:
        read.see(kind is Outgoing)
        return real(self, kind, identity)

    async def scenario(app: Any, pilot: Any) -> None:
        await pilot.press("3", "*")
        await pilot.pause()
        monkeypatch.setattr(Store, "get", get)
        inbox(app).do("reschedule", "+1d")
        assert read.on_loop() < FEW
        await until(pilot, lambda: f"send +1d: {MANY} items?" in shown(app))

    drive(services, scenario, (100, 30))
