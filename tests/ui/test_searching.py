"""A filter that takes long: the screen goes on, and says that it searches until the rows are there."""

import pytest

from commtui.model import ids
from commtui.store.errors import NewerRecord
from commtui.triage import search
from commtui.ui.live import filter_search
from commtui.ui.panes import mentions
from tests.ui.fill import arrive, services_in
from tests.ui.screen import drive, inbox, lines, message, shown, typed, until


class Gate:
    """Makes every search go on for ever, until it is opened."""

    def __init__(self, monkeypatch):
        self.open, self.slices = False, 0
        real = search.search

        def gated(*given):
            while not self.open:
                self.slices += 1
                yield
            return (yield from real(*given))

        monkeypatch.setattr(search, "search", gated)
        monkeypatch.setattr(mentions, "AT_ONCE", 0)
        monkeypatch.setattr(filter_search, "SLICE", 0)
        monkeypatch.setattr(filter_search, "REST", 0.1)  # the pilot waits after each key until the processor rests


async def filtered(pilot, words):
    await pilot.press("backslash")
    await typed(pilot, words)
    await pilot.press("enter")


def test_the_title_says_searching_while_keys_go_on_and_the_rows_come_when_they_are_found(tmp_path, monkeypatch):
    services, gate = services_in(tmp_path, 30), Gate(monkeypatch)

    async def scenario(app, pilot):
        await pilot.press("j", "j")
        await filtered(pilot, "is:open")
        assert "(searching ...)" in lines(app)[0] and "Searching for" in shown(app)
        await pilot.press("2", "1", "j")
        before = gate.slices
        await until(pilot, lambda: gate.slices > before + 3)
        gate.open = True
        await until(pilot, lambda: "searching" not in lines(app)[0])
        assert len(inbox(app).panes.rows.numbers) == 30 and "(30)" in lines(app)[0]
        assert "No. 2" in next(line for line in lines(app) if line.startswith(">"))

    drive(services, scenario)


def test_escape_and_another_filter_end_a_search(tmp_path, monkeypatch):
    services, gate = services_in(tmp_path, 30), Gate(monkeypatch)

    async def scenario(app, pilot):
        await pilot.press("j", "j")
        here = inbox(app).panes.pointed
        await filtered(pilot, "nobody-says-this")
        await pilot.press("escape")
        assert "filter" not in lines(app)[0]
        assert len(inbox(app).panes.rows.numbers) == 30 and inbox(app).panes.pointed == here
        before = gate.slices
        await pilot.pause(0.1)
        assert gate.slices == before
        await filtered(pilot, "nobody-says-this")
        await pilot.press("backslash", *["backspace"] * len("nobody-says-this"))
        await typed(pilot, "is:open")
        await pilot.press("enter")
        assert "is:open (searching ...)" in lines(app)[0]
        gate.open = True
        await until(pilot, lambda: "is:open (30)" in lines(app)[0])
        assert inbox(app).panes.pointed == here

    drive(services, scenario)


def test_what_arrives_while_a_search_goes_on_is_among_what_it_finds(tmp_path, monkeypatch):
    services, gate = services_in(tmp_path, 3), Gate(monkeypatch)

    async def scenario(app, pilot):
        await filtered(pilot, "is:open")
        (new,) = arrive(services, 1, 77)
        await pilot.pause()
        gate.open = True
        await until(pilot, lambda: "(4)" in lines(app)[0])
        assert ids.number(ids.conversation_id(new)) in inbox(app).panes.rows.numbers

    drive(services, scenario)


def test_the_place_of_the_last_exit_is_taken_up_when_the_search_is_through(tmp_path, monkeypatch):
    services = services_in(tmp_path, 30)

    async def first(app, pilot):
        await filtered(pilot, "is:open")
        await pilot.press("j", "j", "x", "j")

    drive(services, first)
    gate = Gate(monkeypatch)

    async def interrupted(app, pilot):
        assert "(searching ...)" in lines(app)[0]
        inbox(app).position.save()

    drive(services, interrupted)

    async def again(app, pilot):
        assert "(searching ...)" in lines(app)[0]
        gate.open = True
        await until(pilot, lambda: "(30)" in lines(app)[0])
        assert "No. 4" in next(line for line in lines(app) if line.startswith(">"))
        assert len(inbox(app).panes.rows.marks) == 1

    drive(services, again)


def test_a_store_that_fails_in_a_search_is_reported(tmp_path, monkeypatch):
    services, gate = services_in(tmp_path, 3), Gate(monkeypatch)

    async def scenario(app, pilot):
        def failing(*given):
            yield
            raise NewerRecord(9, 1)

        monkeypatch.setattr(search, "search", failing)
        await filtered(pilot, "is:open")
        await until(pilot, lambda: "newer commtui" in shown(app))

    drive(services, scenario)
    assert not gate.slices


def test_the_keys_that_a_filter_without_rows_names_show_all_again(tmp_path):
    services = services_in(tmp_path, 3)

    async def scenario(app, pilot):
        await pilot.press("backslash")
        await typed(pilot, "nowhere")
        await pilot.press("enter")
        assert "escape shows all again" in shown(app)
        await pilot.press("backslash", "ctrl+u", "enter")
        assert "no filter" in message(app) and "Nothing matches" not in shown(app)

    drive(services, scenario)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)])
def test_the_list_is_full_after_a_search_whose_row_is_near_the_end(tmp_path, size):
    services = services_in(tmp_path, 60)

    async def scenario(app, pilot):
        rows = inbox(app).panes.rows
        for key, words in (("semicolon", "58"), ("backslash", "58")):
            await pilot.press("g", key)
            await typed(pilot, words)
            await pilot.press("enter", "escape")
            await pilot.pause()
            assert rows.top + rows.page == 60 and "No. 58" in next(line for line in lines(app) if line.startswith(">"))

    drive(services, scenario, size)


def test_the_cursor_returns_to_its_row_where_what_was_found_is_not_in_the_list(tmp_path):
    services = services_in(tmp_path, 60)

    async def scenario(app, pilot):
        await pilot.press("e", "ctrl+d", "ctrl+d", "ctrl+d", "j")
        await pilot.pause()
        rows = inbox(app).panes.rows
        before = rows.number, rows.top
        await pilot.press("semicolon", "0", "enter")
        await until(pilot, lambda: "searching" not in lines(app)[0])
        assert "No. 0:" in shown(app)
        await pilot.press("G", "escape")
        await pilot.pause()
        assert (rows.number, rows.top) == before and message(app) == "search ended"

    drive(services, scenario)
