"""The activity: what was done, by whom, in which process; enter opens it, undo takes that very step back."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commtui.activity import passive_log
from commtui.activity.desk import Desk
from commtui.community import conversations, replies
from commtui.config.settings import KEYMAPS
from commtui.marketing import posts
from commtui.model.log_records import Process
from commtui.model.records import Conversation, Outgoing
from commtui.model.states import ConversationStatus, OutgoingState
from commtui.networks.base import Refused
from commtui.outgoing import changes
from commtui.store.store import Store
from commtui.store.tinydb_sqlite.connection import Connection
from commtui.sync.ledger import Ledger
from commtui.triage.verbs import VERBS
from commtui.ui.keys.keymap import build
from tests.activity.test_parts import counted
from tests.ui.fill import services_in
from tests.ui.screen import drive, inbox, lines, shown, type_into
from tests.ui.terminal import inbox as on_terminal
from tests.ui.test_mouse import mouse


def ids_of(services):
    return [held.id for held in sorted(services.store.all(Conversation), key=lambda held: held.since)]


def done_and_assigned(folder):
    """The first of three conversations is done, then the second is assigned to kim; services, and the ids of both."""
    services = services_in(folder, 3)
    first, second, _ = ids_of(services)
    conversations.done(services.desk(), [first])
    conversations.assign(services.desk(), [second], "kim")
    return services, first, second


def rows(app):
    return [line for line in lines(app)[1:-1] if line.strip()]


async def opened(pilot):
    await pilot.press("H")
    await pilot.pause()
    await pilot.pause()


def test_it_lists_what_was_done_newest_first_and_follows_other_processes(tmp_path):

    services = services_in(tmp_path, 3)
    first, second, _ = ids_of(services)
    conversations.done(services.desk(), [first])
    kim = Store(services.home.data, Process(command="commtui assign", pid=77, host="vm"))

    async def scenario(app, pilot):
        await opened(pilot)
        assert [("lea" in row, "done" in row) for row in rows(app)] == [(True, True)]
        conversations.assign(Desk(kim, services.clock, services.settings, "kim"), [second], "kim")
        services.store.poll()
        await pilot.pause()
        newest, older = rows(app)
        assert "kim" in newest and "assign" in newest and "(assign 77 on vm)" in newest
        assert older.startswith(">")  # the cursor stays on its step
        await pilot.press("q")
        assert "Mentions" in lines(app)[0]

    drive(services, scenario, (120, 30))


def test_a_failure_stands_with_its_reason_and_a_reply_with_whom_it_answers(tmp_path):

    services = services_in(tmp_path, 1)
    item, _ = replies.reply(services.desk(), ids_of(services)[0], "So sorry")
    ledger = Ledger(services.store, services.clock)
    ledger.refuse(ledger.begin(item), Refused("422: text is too long"))

    async def scenario(app, pilot):
        await opened(pilot)
        failed, replied = rows(app)
        assert "commtui" in failed and "failed" in failed and "422: text is too long: So sorry" in failed
        assert "to @" in failed
        assert "reply" in replied and "So sorry" in replied

    drive(services, scenario)


def test_enter_opens_what_a_step_is_about_also_where_no_pane_has_it(tmp_path):

    services = services_in(tmp_path, 3)
    first = ids_of(services)[0]
    conversations.done(services.desk(), [first])

    async def scenario(app, pilot):
        await opened(pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert inbox(app).thread.open_about == first
        await pilot.press("q")
        assert not inbox(app).thread.is_open
        await pilot.pause()
        await pilot.press("q")
        await pilot.pause()
        assert "2 open" in lines(app)[0]

    drive(services, scenario)


@pytest.mark.parametrize("key", ["q", "escape"])
def test_out_of_what_a_step_opened_leads_back_to_that_step_among_the_same_ones(tmp_path, key):
    services, first, second = done_and_assigned(tmp_path)
    for number in range(60):
        conversations.tag(services.desk(), [second], f"t{number}")

    async def scenario(app, pilot):
        await opened(pilot)
        await type_into(pilot, "backslash", "lea", "enter", "G", "G")
        await pilot.pause()
        assert rows(app)[-1].startswith(">") and "done" in rows(app)[-1]
        await pilot.press("enter")
        await pilot.pause()
        assert inbox(app).thread.open_about == first
        await pilot.press(key)
        await pilot.pause()
        await pilot.pause()
        assert "with: lea" in lines(app)[0]
        (pointed,) = (row for row in rows(app) if row.startswith(">"))
        assert "done" in pointed
        await pilot.press("q", "g", "enter", "q")  # a thread that was opened elsewhere leads to no list of steps
        await pilot.pause()
        assert "Mentions" in lines(app)[0] and "2 open" in lines(app)[0]

    drive(services, scenario)


def test_undo_takes_that_very_step_back(tmp_path):
    services, first, second = done_and_assigned(tmp_path)

    async def scenario(app, pilot):
        await opened(pilot)
        await pilot.press("j", "u")
        await pilot.pause()
        assert "undo: done of @" in lines(app)[-1]
        assert "undo" in rows(app)[0]
        await pilot.press("u")
        await pilot.pause()
        assert "already undone" in lines(app)[-1]

    drive(services, scenario)
    assert services.store.get(Conversation, first).status is ConversationStatus.OPEN
    assert services.store.get(Conversation, second).assignee == "kim"


def test_an_undo_that_would_send_asks_first(tmp_path):
    services = services_in(tmp_path, 1)
    item, _ = replies.reply(services.desk(), ids_of(services)[0], "So sorry")
    changes.discard(services.desk(), [item.id])

    async def scenario(app, pilot):
        await opened(pilot)
        await pilot.press("u", "n")
        await pilot.pause()
        assert services.store.get(Outgoing, item.id).state is OutgoingState.DISCARDED
        await pilot.press("u")
        assert "schedule 'So sorry' again?" in lines(app)[-1]
        await pilot.press("y")
        await pilot.pause()

    drive(services, scenario)
    assert services.store.get(Outgoing, item.id).state is OutgoingState.SCHEDULED


def test_a_step_on_many_is_undone_beside_the_screen(tmp_path, monkeypatch):
    from commtui.activity import parts

    monkeypatch.setattr(parts, "PART", 5)
    services = services_in(tmp_path, 12)
    VERBS["done"].call(services.desk(), ids_of(services))

    async def scenario(app, pilot):
        await opened(pilot)
        assert len(rows(app)) == 1 and "and 10 more" in rows(app)[0]
        await pilot.press("u")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "12 open" in lines(app)[0]

    drive(services, scenario)


def test_words_narrow_it_and_none_show_all_again(tmp_path):
    services, _, _ = done_and_assigned(tmp_path)

    async def scenario(app, pilot):
        await opened(pilot)
        await type_into(pilot, "backslash", "kim assign", "enter")
        assert "with: kim assign" in lines(app)[0]
        assert ["assign" in row for row in rows(app)] == [True]
        await pilot.press("backslash", "ctrl+u", "x", "x", "enter")
        await pilot.pause()
        assert "no step has these words" in shown(app)
        await pilot.press("backslash", "ctrl+u", "enter")
        await pilot.pause()
        assert len(rows(app)) == 2

    drive(services, scenario)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 50)])
def test_it_goes_on_into_the_past_as_far_as_one_scrolls(tmp_path, size):

    services = services_in(tmp_path, 1)
    for number in range(130):
        conversations.tag(services.desk(), ids_of(services), f"t{number}")

    async def scenario(app, pilot):
        await opened(pilot)
        assert "t129" in shown(app)
        for _ in range(8):
            await pilot.press("G")
            await pilot.pause()
        assert "t0:" in shown(app)

    drive(services, scenario, size)


def test_opening_it_costs_as_many_reads_however_long_the_history_is(tmp_path, monkeypatch):

    services = services_in(tmp_path, 1)
    run: list[str] = []
    for name in ("all", "run_many"):
        monkeypatch.setattr(Connection, name, counted(getattr(Connection, name), run))
    reads = []

    def tag(count, first):
        for number in range(first, first + count):
            conversations.tag(services.desk(), ids_of(services), f"t{number}")

    async def scenario(app, pilot):
        run.clear()
        await opened(pilot)
        reads.append(sum("log" in sql for sql in run))  # a look for news may come between

    tag(60, 0)
    drive(services, scenario)
    tag(400, 60)
    drive(services, scenario)
    assert reads[1] <= reads[0]


@pytest.mark.parametrize("preset", KEYMAPS)
def test_it_is_on_a_key_of_its_own_in_every_preset(preset):
    assert build(preset, {}).command_of["H"] == "activity"


def test_on_a_terminal_opening_writes_one_screen_and_a_step_of_the_cursor_two_rows(tmp_path):
    services = services_in(tmp_path, 4)
    for number in range(30):
        conversations.tag(services.desk(), ids_of(services)[:1], f"t{number}")
    services.store.close()
    with on_terminal(tmp_path) as terminal:
        terminal.until("Mentions")
        terminal.press("j")
        opened_bytes = terminal.press("H")
        text = terminal.until("Activity")
        assert "t29" in text and "t20" in text and "undo this" in text
        assert len(opened_bytes) <= 24 * 80 * 1.15
        terminal.press("j")
        terminal.read(1)
        assert len(terminal.press("j")) <= 2 * 80 * 1.15 + 48
        terminal.read(1)  # the row that the cursor rests on takes its colour
        assert b"x does nothing here; ?: help" in terminal.press("x")
        assert terminal.press("x") == b""  # it stands there already
        terminal.press("esc")
        terminal.until("4 open")


def test_the_leaders_menu_and_the_command_line_open_it(tmp_path):

    services = services_in(tmp_path, 1)
    conversations.done(services.desk(), ids_of(services))

    async def scenario(app, pilot):
        for keys in (("space", "H"), ("colon", "l", "o", "g", "space", "d", "o", "n", "e", "enter")):
            await pilot.press(*keys)
            await pilot.pause()
            await pilot.pause()
            assert "Activity" in lines(app)[0] and len(rows(app)) == 1
            await pilot.press("escape")
            await pilot.pause()

    drive(services, scenario)


def test_a_click_points_to_a_step_and_a_double_click_opens_it(tmp_path):
    services = services_in(tmp_path, 3)
    first, second, _ = ids_of(services)
    conversations.assign(services.desk(), [first], "kim")
    conversations.assign(services.desk(), [second], "kim")

    async def scenario(app, pilot):
        await opened(pilot)
        await mouse(app, pilot, "click", 10, 2)
        assert rows(app)[1].startswith(">")
        await mouse(app, pilot, "double", 10, 2)
        await pilot.pause()
        assert inbox(app).thread.open_about == first

    drive(services, scenario)


def test_what_the_program_did_to_no_item_and_the_begin_of_a_try_are_not_listed(tmp_path):
    services = services_in(tmp_path, 1)
    item, _ = replies.reply(services.desk(), ids_of(services)[0], "So sorry")
    Ledger(services.store, services.clock).begin(item)
    with services.store.write() as write:
        passive_log.log_intake(write, services.clock.now(), "join", (), "brand")
        write.log(replace(next(services.store.log.steps()), op_id="join", who="commtui", verb="join", ids=()))

    async def scenario(app, pilot):
        await opened(pilot)
        assert [" reply " in row for row in rows(app)] == [True]

    drive(services, scenario)


def test_a_step_on_several_posts_says_how_many(tmp_path):
    services = services_in(tmp_path, 1)
    desk = services.desk()
    for text in ("a", "b", "c"):
        posts.write_post(desk, text, ["brand"], at="tomorrow 10:00")
    changes.hold(desk, [item.id for item in desk.store.all(Outgoing)])

    async def scenario(app, pilot):
        await opened(pilot)
        assert "hold" in rows(app)[0] and "3 posts" in rows(app)[0] and "more" not in rows(app)[0]

    drive(services, scenario)
