"""Verbs on many items run beside the screen: keys go on, and what a person does meanwhile loses and hides nothing."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commtui.activity import undo
from commtui.activity.outcome import Outcome
from commtui.community import conversations, replies
from commtui.model.records import Conversation, Outgoing
from commtui.model.states import ConversationStatus, OutgoingState, Queue
from commtui.outgoing import changes
from commtui.outgoing.form import PLAIN
from commtui.store.errors import StoreFull
from tests.ui.fill import ScreenServices, arrive, services_in
from tests.ui.screen import drive, inbox, message, shown, until

COUNT = 9


class Gate:
    """Stands before each part of a verb that runs in a thread: `let(n)` lets n parts pass."""

    def __init__(self) -> None:
        self._passes = threading.Semaphore(0)
        self.fails_with: Exception | None = None
        """Raised in place of the next part."""

    def let(self, parts: int) -> None:
        for _ in range(parts):
            self._passes.release()

    def before(self, function: Callable[..., Outcome]) -> Callable[..., Outcome]:
        def verb(desk: Any, named: Any, *more: Any) -> Outcome:
            if desk.goes_on is not None:
                assert self._passes.acquire(timeout=60)
                if self.fails_with is not None:
                    raise self.fails_with
            return function(desk, named, *more)

        return verb


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Verbs on more than three are done three at a time; `done` and `claim` wait before each part."""
    monkeypatch.setattr("commtui.activity.parts.PART", 3)
    monkeypatch.setattr("commtui.ui.verbs.many.FEW", 3)
    monkeypatch.setattr("commtui.ui.verbs.conversations.FEW", 3)
    gate = Gate()
    for name in ("done", "claim"):
        monkeypatch.setattr(conversations, name, gate.before(getattr(conversations, name)))
    return gate


@pytest.fixture
def services(tmp_path: Path) -> ScreenServices:
    return services_in(tmp_path, COUNT)


async def begin_done(pilot: Any, gate: Gate, parts: int) -> None:
    """Marks all, does them, and lets so many parts of that pass; returns when the message says so."""
    await pilot.press("*", "e")
    gate.let(parts)
    await until(pilot, lambda: message(pilot.app) == f"done: {3 * parts} of 9 (escape: stop)")


async def ended(pilot: Any) -> None:
    await until(pilot, lambda: inbox(pilot.app).session.running is None)
    await pilot.pause()


def status_counts(services: ScreenServices) -> dict[str, int]:
    return dict(Counter(item.status.value for item in services.store.all(Conversation)))


def test_it_says_how_far_it_is_and_then_what_it_did_and_so_does_its_undo(services: ScreenServices, gate: Gate) -> None:
    async def scenario(app, pilot):
        await begin_done(pilot, gate, 2)
        assert not inbox(app).panes.rows.marks
        gate.let(1)
        await ended(pilot)
        assert message(app) == "done: 9 conversations; u: undo" and status_counts(services) == {"done": 9}
        await pilot.press("u")
        await ended(pilot)
        assert message(app) == "undo: done of 9 conversations" and "9 open" in shown(app)
        await pilot.press("U")
        await ended(pilot)
        assert message(app) == "redo: done of 9 conversations" and status_counts(services) == {"done": 9}

    drive(services, scenario)


def test_keys_go_on_meanwhile_and_what_cannot_be_done_is_refused_with_a_sentence(
    services: ScreenServices, gate: Gate
) -> None:
    last = services.store.conversations.by_wait(Queue.OPEN)[-1]

    async def scenario(app, pilot):
        screen = inbox(app)
        await begin_done(pilot, gate, 1)
        for keys in ("*A", "u", "U"):
            await pilot.press(*keys)
            await pilot.pause()
            assert message(app) == "! not yet: done: 3 of 9", keys
        assert len(screen.panes.rows.marks) == COUNT - 3  # of the verb that was refused
        await pilot.press("*", "G", "t", "v", "i", "p", "enter")
        await until(pilot, lambda: "vip" in message(app))
        assert services.store.at(Conversation, last).tags == ("vip",)
        gate.let(2)
        await ended(pilot)
        assert message(app) == "done: 9 conversations; u: undo"
        assert services.store.at(Conversation, last).tags == ("vip",)
        await pilot.press("u")  # the tag: it began later
        await pilot.pause()
        assert "tag" in message(app) and status_counts(services) == {"done": 9}

    drive(services, scenario)


def test_escape_stops_it_between_two_parts_and_undo_takes_back_what_was_done(
    services: ScreenServices, gate: Gate
) -> None:
    async def scenario(app, pilot):
        await begin_done(pilot, gate, 1)
        await pilot.press("escape")
        gate.let(1)
        await ended(pilot)
        assert message(app) == "done: 6 conversations; stopped, the others are as they were; u: undo"
        assert status_counts(services) == {"done": 6, "open": 3}
        await pilot.press("u")
        await ended(pilot)
        assert status_counts(services) == {"open": 9}

    drive(services, scenario)


@pytest.mark.parametrize(("key", "done"), [("s", 3), ("w", 9)])
def test_quitting_meanwhile_asks_and_what_is_done_can_be_undone_later(
    services: ScreenServices, gate: Gate, key: str, done: int
) -> None:
    async def scenario(app, pilot):
        await begin_done(pilot, gate, 0)
        await pilot.press("q")
        await pilot.pause()
        words = " ".join(shown(app).split())
        assert "done: 0 of 9: w quit when it is done s stop it there and quit (undo takes it back)" in words
        await pilot.press("x")
        await pilot.pause()
        assert app.is_running and message(app) == "done: 0 of 9 (escape: stop)"
        await pilot.press("q", key)
        gate.let(3)
        await until(pilot, lambda: not app.is_running)

    assert drive(services, scenario).return_code == 0
    assert status_counts(services).get("done") == done
    undo.undo(services.desk())
    assert status_counts(services) == {"open": 9}


def test_a_terminal_that_hangs_up_leaves_whole_parts_that_can_be_undone(services: ScreenServices, gate: Gate) -> None:
    async def scenario(app, pilot):
        await begin_done(pilot, gate, 1)
        app.on_hung_up()
        gate.let(2)

    drive(services, scenario)
    assert status_counts(services)["done"] in (3, 6, 9)
    undo.undo(services.desk())
    assert status_counts(services) == {"open": 9}


def test_an_undo_of_many_goes_on_to_its_end(services: ScreenServices, gate: Gate) -> None:
    async def scenario(app, pilot):
        gate.let(3)
        await pilot.press("*", "e")
        await ended(pilot)
        await pilot.press("u")
        app.on_hung_up()

    drive(services, scenario)
    assert status_counts(services) in ({"open": 9}, {"done": 9})


def test_an_error_of_the_store_is_shown_with_what_was_done_before_it(services: ScreenServices, gate: Gate) -> None:
    async def scenario(app, pilot):
        await begin_done(pilot, gate, 2)
        gate.fails_with = StoreFull(services.store.file, "disk full")
        gate.let(1)
        await ended(pilot)
        assert message(app).startswith("! ") and message(app).endswith("; done: 6 of 9 are done")
        assert "3 open" in shown(app)
        await pilot.press("u")
        await ended(pilot)
        assert status_counts(services) == {"open": 9}

    drive(services, scenario, (120, 40))


def test_an_error_that_undoes_all_is_shown_and_the_marks_are_there_again(services: ScreenServices, gate: Gate) -> None:
    last = services.store.conversations.by_wait(Queue.OPEN)[-1]
    conversations.assign(services.desk(), [services.store.at(Conversation, last).id], "kim")

    async def scenario(app, pilot):
        gate.let(3)
        await pilot.press("*", "A")
        await ended(pilot)
        assert message(app).startswith("! ") and "kim" in message(app)
        assert len(inbox(app).panes.rows.marks) == COUNT

    drive(services, scenario)
    assert [item.assignee for item in services.store.all(Conversation)].count(None) == COUNT - 1
    assert all(item.status is ConversationStatus.OPEN for item in services.store.all(Conversation))


def test_a_thread_that_is_opened_meanwhile_is_read_in_a_thread_of_its_own(services: ScreenServices, gate: Gate) -> None:
    threads: list[str] = []
    real = conversations.read

    def read(desk: Any, named: Any, **more: Any) -> Outcome:
        threads.append(threading.current_thread().name)
        return real(desk, named, **more)

    async def scenario(app, pilot):
        await begin_done(pilot, gate, 0)
        await pilot.press("G", "enter")
        await until(pilot, lambda: [item.unread for item in services.store.all(Conversation)].count(False) == 1)
        assert len(threads) == 1 and threads[0] != threading.main_thread().name
        gate.let(3)
        await ended(pilot)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(conversations, "read", read)
        drive(services, scenario)


def test_a_verb_on_a_reply_is_done_in_a_thread_of_its_own_meanwhile(
    services: ScreenServices, gate: Gate, monkeypatch: Any
) -> None:
    threads: list[str] = []
    real = changes.hold

    def hold(desk: Any, *named: Any) -> Outcome:
        threads.append(threading.current_thread().name)
        return real(desk, *named)

    monkeypatch.setattr(changes, "hold", hold)
    arrive(services, 1, 90)
    last = services.store.at(Conversation, services.store.conversations.by_wait(Queue.OPEN)[-1])
    reply, _ = replies.reply(services.desk(), last.id, "hello", PLAIN)

    async def scenario(app, pilot):
        await begin_done(pilot, gate, 0)
        await pilot.press("2")
        inbox(app).do("hold")
        await until(pilot, lambda: services.store.get(Outgoing, reply.id).state is OutgoingState.HELD)
        assert len(threads) == 1 and threads[0] != threading.main_thread().name
        gate.let(3)
        await ended(pilot)

    drive(services, scenario)


def test_one_text_is_not_for_more_than_can_be_looked_at(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("commtui.ui.verbs.writing.MARKED_MOST", 3)
    monkeypatch.setattr("commtui.ui.verbs.spam_menu.MARKED_MOST", 3)

    async def scenario(app, pilot):
        await pilot.press("*", "r")
        await pilot.pause()
        assert message(app) == "! one text answers 3 conversations at most: 4 are marked"
        await pilot.press("!")
        await pilot.pause()
        assert "m mute here  s spam" in shown(app) and "on the network" not in shown(app)

    drive(services_in(tmp_path, 4), scenario)


def test_its_end_skips_nothing_of_a_round_that_began_meanwhile(services: ScreenServices, gate: Gate) -> None:
    first = services.store.conversations.by_wait(Queue.OPEN)[0]

    async def scenario(app, pilot):
        screen = inbox(app)
        await pilot.press("j", "j", "x", "x", "x", "x", "e")
        await until(pilot, lambda: screen.session.running is not None)
        await pilot.press("Q")
        await pilot.pause()
        assert screen.session.serving.seen == {first}
        gate.let(2)
        await ended(pilot)
        assert message(app) == "done: 4 conversations; u: undo"
        assert screen.thread.open_about == services.store.at(Conversation, first).id, shown(app)
        assert screen.session.serving.seen == {first} and screen.session.serving.served == 0

    drive(services, scenario)
