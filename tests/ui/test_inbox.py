"""The inbox under the fingers: keys in, rows and records out."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from commtui.model.records import Above, Conversation, Outgoing, Request
from commtui.model.states import ConversationStatus, OutgoingState
from tests.ui.fill import arrive, services_in
from tests.ui.screen import drive, inbox, lines, message, shown, typed

pytestmark = pytest.mark.usefixtures("waits_for_work")


def test_three_panes_are_there_and_keys_move_the_cursor(tmp_path):
    services = services_in(tmp_path, 30)

    async def scenario(app, pilot):
        assert "1 Mentions" in lines(app)[0] and "30 open" in lines(app)[0]
        assert lines(app)[1].startswith(">")
        await pilot.press("j", "j", "k")
        assert lines(app)[2].startswith(">") and not lines(app)[1].startswith(">")
        assert any("2 Replies" in line for line in lines(app)) and any("3 Posts" in line for line in lines(app))
        await pilot.press("G")
        assert "No. 29" in next(line for line in lines(app) if line.startswith(">"))

    drive(services, scenario)


def test_done_goes_on_to_the_next_and_undo_brings_row_and_cursor_back(tmp_path):
    services = services_in(tmp_path, 30)

    async def scenario(app, pilot):
        await pilot.press("j", "e")
        assert "29 open" in lines(app)[0]
        assert "No. 2" in lines(app)[2] and lines(app)[2].startswith(">")
        assert "done" in message(app) and "u: undo" in message(app)
        await pilot.press("j", "u")
        assert "30 open" in lines(app)[0]
        assert "No. 1" in lines(app)[2] and lines(app)[2].startswith(">")

    drive(services, scenario)


def test_a_reply_is_written_reviewed_held_and_recalled_with_its_text(tmp_path):
    services = services_in(tmp_path, 30)

    async def scenario(app, pilot):
        await pilot.press("r")
        await typed(pilot, "hello, ada")
        assert "10/500" in shown(app)
        await pilot.press("escape")
        assert "y send" in shown(app) and "reply to @edsger0, public, in 10s, from brand" in shown(app)
        await pilot.press("y")
        await pilot.pause()
        assert "29 open" in lines(app)[0]
        assert "sends in 10s" in message(app) and "u: undo" in message(app)
        reply = services.store.all(Outgoing)[0]
        assert (reply.text, reply.state) == ("hello, ada", OutgoingState.SCHEDULED)
        await pilot.press("u")
        assert services.store.get(Outgoing, reply.id).state is OutgoingState.DRAFT
        assert "30 open" in lines(app)[0] and "draft" in lines(app)[1]
        await pilot.press("r")
        await pilot.pause()
        assert "hello, ada" in shown(app)

    drive(services, scenario)


def test_an_arrival_moves_neither_the_cursor_nor_what_is_in_sight(tmp_path):
    services = services_in(tmp_path, 100)

    async def scenario(app, pilot):
        await pilot.press("ctrl+d", "ctrl+d", "j")
        before = lines(app)
        assert before[20].endswith(" 63 more below")
        arrive(services, 40, first=100)
        await pilot.pause()
        after = lines(app)
        assert "140 open" in after[0]
        assert after[1:20] == before[1:20] and after[21:] == before[21:]
        assert after[20].endswith(" 103 more below, 40 new")
        await pilot.press("G")
        await pilot.pause()
        assert "more below" not in shown(app)
        await pilot.press("g")
        await pilot.pause()
        assert lines(app)[20].endswith(" 121 more below, 21 new")  # 19 of them were in sight at the end

    drive(services, scenario)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)])
def test_the_thread_opens_and_is_read_at_every_size(tmp_path, size):
    services = services_in(tmp_path, 5)

    async def scenario(app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        assert "[bold]oops[/bold]" in shown(app).replace("\n  ", "")
        assert inbox(app).thread.is_open
        await pilot.press("q")
        assert not inbox(app).thread.is_open

    drive(services, scenario, size)
    assert sum(not conversation.unread for conversation in services.store.all(Conversation)) == 1


def test_a_mark_takes_a_verb_to_many_as_one_step(tmp_path):
    services = services_in(tmp_path, 10)

    async def scenario(app, pilot):
        await pilot.press("x", "x", "j", "x", "e")
        assert "7 open" in lines(app)[0]
        await pilot.press("u")
        assert "10 open" in lines(app)[0]

    drive(services, scenario)
    assert all(conversation.status is ConversationStatus.OPEN for conversation in services.store.all(Conversation))


def test_opening_a_thread_has_it_looked_at_and_says_what_is_gone(tmp_path):
    services = services_in(tmp_path, 3)
    first, second, _ = sorted(services.store.all(Conversation), key=lambda held: held.since)
    with services.store.write() as write:
        write.put(replace(first, above=Above.UNASKED))
        write.put(replace(second, above=Above.GONE))

    async def scenario(app, pilot):
        await pilot.press("enter")
        assert "not fetched yet" in shown(app)
        assert [request.argument for request in services.store.all(Request)] == [first.id]
        await pilot.press("q", "j", "enter")
        assert "deleted, blocked or hidden" in shown(app)
        assert {request.argument for request in services.store.all(Request)} == {first.id, second.id}

    drive(services, scenario)
