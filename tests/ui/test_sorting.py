"""Orders of the mentions: chosen from a list, one for each filter, seen in the title, the first rows in sight."""

from __future__ import annotations

from datetime import timedelta
from json import dumps
from pathlib import Path

from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.community import conversations
from commtui.config.service_levels import EVERYBODY, ServiceLevel
from commtui.model.records import Conversation, Mention
from tests.ui.fill import ScreenServices, arrive, services_in
from tests.ui.screen import drive, inbox, lines, message, shown, until
from tests.ui.terminal import inbox as terminal_inbox


def order_of(services: ScreenServices, numbers) -> list[Conversation]:
    found = [services.store.at(Conversation, number) for number in numbers]
    return [conversation for conversation in found if conversation]


def test_an_order_is_chosen_and_its_first_rows_are_in_sight(tmp_path: Path) -> None:
    services = services_in(tmp_path, 40)

    async def scenario(app, pilot):
        screen = inbox(app)
        assert "longest waiting first" in lines(app)[0]
        await pilot.press("G")
        assert screen.panes.rows.top > 0
        await pilot.press("S", *"new", "enter")
        await pilot.pause()
        assert "newest first" in lines(app)[0] and message(app) == "newest first"
        rows = order_of(services, screen.panes.rows.numbers)
        assert rows == sorted(rows, key=lambda row: row.newest_at, reverse=True)
        assert screen.panes.rows.at == screen.panes.rows.top == 0 and "No. 39:" in lines(app)[1]
        row = screen.panes.rows.number
        arrive(services, 1, 500)
        await pilot.pause()
        assert order_of(services, screen.panes.rows.numbers)[0].text.startswith("No. 500")
        assert screen.panes.rows.number == row
        await pilot.press("S", *"auth", "enter")
        await pilot.pause()
        rows = order_of(services, screen.panes.rows.numbers)
        assert [row.author for row in rows] == sorted(row.author for row in rows) and screen.panes.rows.at == 0

    drive(services, scenario)


def test_where_there_are_service_levels_what_is_due_next_is_first(tmp_path: Path) -> None:
    hour = timedelta(hours=1)
    levels = (ServiceLevel("press", first=31 * hour, tags=("press",)), ServiceLevel("all", first=40 * hour))
    services = services_in(tmp_path, 3, service_levels=levels)
    third = services.store.get(Mention, arrive(services, 1, 3)[0])
    assert third is not None
    conversations.tag(services.desk(), [third.conversation], "press")

    def numbers(app) -> list[str]:
        return [row.text[:5] for row in order_of(services, inbox(app).panes.rows.numbers)]

    async def scenario(app, pilot):
        assert numbers(app) == ["No. 3", "No. 0", "No. 1", "No. 2"]
        assert "due first" in lines(app)[0] and lines(app)[1].rstrip().endswith("#press at risk 1h")
        assert "next due 1h" in lines(app)[0]
        await pilot.press("S", *"long", "enter")
        await pilot.pause()
        assert numbers(app) == ["No. 0", "No. 1", "No. 2", "No. 3"] and "longest waiting first" in lines(app)[0]

    async def again(app, pilot):
        assert numbers(app) == ["No. 0", "No. 1", "No. 2", "No. 3"] and "longest waiting first" in lines(app)[0]
        await pilot.press("S", *"due", "enter")
        await pilot.pause()
        assert numbers(app)[0] == "No. 3" and inbox(app).panes.pane.orders == {}
        services.settings = replace(services.settings, service_levels=EVERYBODY)
        inbox(app).follow(everything=True)
        await pilot.pause()
        assert numbers(app)[0] == "No. 0" and "longest waiting first" in lines(app)[0]

    drive(services, scenario)
    drive(services, again)


def test_a_filtered_list_shows_its_first_rows_once_it_is_sorted(tmp_path: Path) -> None:
    services = services_in(tmp_path, 40)

    async def scenario(app, pilot):
        await pilot.press("backslash", *"is:open", "enter", "G", "S", *"new", "enter")
        await pilot.pause()
        rows = inbox(app).panes.rows
        assert rows.at == rows.top == 0 and "No. 39:" in lines(app)[1]

    drive(services, scenario)


def test_the_newest_first_show_the_age_of_the_newest_mention(tmp_path: Path) -> None:
    services = services_in(tmp_path, 3)  # they came 30 hours ago
    first = services.store.all(Conversation)[0]
    with services.store.write() as write:
        write.put(replace(first, newest_at=services.clock.now() - timedelta(minutes=7)))

    async def scenario(app, pilot):
        assert " 1d" in lines(app)[1][:12]
        await pilot.press("S", *"new", "enter")
        await pilot.pause()
        assert "No. 0" in lines(app)[1] and " 7m" in lines(app)[1][:12] and " 1d" in lines(app)[2][:12]

    drive(services, scenario)


def test_the_ages_are_those_of_the_order_that_is_left_for(tmp_path: Path) -> None:
    services = services_in(tmp_path, 3)
    with services.store.write() as write:
        for conversation in services.store.all(Conversation):
            write.put(replace(conversation, newest_at=services.clock.now() - timedelta(minutes=7)))

    def ages(app):
        return [line[3:7].strip(" *!") for line in lines(app)[1:4]]

    async def scenario(app, pilot):
        assert ages(app) == ["1d"] * 3
        await pilot.press("semicolon", *"No", "enter")
        await until(pilot, lambda: "searching" not in lines(app)[0])
        assert ages(app) == ["7m"] * 3
        await pilot.press("escape")
        await pilot.pause()
        assert ages(app) == ["1d"] * 3
        await pilot.press("backslash", *"is:open", "enter")
        await pilot.pause()
        await pilot.press("S", *"new", "enter")
        await pilot.pause()
        assert ages(app) == ["7m"] * 3
        await pilot.press("escape")
        await pilot.pause()
        assert ages(app) == ["1d"] * 3

    drive(services, scenario)


def test_the_last_line_says_how_many_rows_are_above_and_below(tmp_path: Path) -> None:
    services = services_in(tmp_path, 60)

    async def scenario(app, pilot):
        rows = inbox(app).panes.rows

        def said():
            return lines(app)[rows.region.bottom - 1].strip()

        assert said() == f"{60 - rows.page} more below"
        await pilot.press("ctrl+d", "ctrl+d")
        await pilot.pause()
        assert said() == f"{rows.top} above, {60 - rows.page - rows.top} more below" and rows.top
        await pilot.press("G")
        await pilot.pause()
        assert said() == f"{60 - rows.page} above"
        await pilot.press("S", *"new", "enter", "G")
        arrive(services, 3, 100)
        await pilot.pause()
        assert said() == f"{63 - rows.page} above, 3 new"
        await pilot.press("g")
        await pilot.pause()
        assert said() == f"{63 - rows.page} more below"

    drive(services, scenario)


def test_each_filter_keeps_its_order_also_until_the_next_start(tmp_path: Path) -> None:
    services = services_in(tmp_path, 6)

    async def first(app, pilot):
        await pilot.press("S", *"prio", "enter", "space", "n")
        await pilot.pause()
        assert "by priority" not in lines(app)[0]
        await pilot.press("S", *"new", "enter", "space", "o")
        await pilot.pause()
        assert "by priority" in lines(app)[0]

    async def second(app, pilot):
        assert "by priority" in lines(app)[0]
        await pilot.press("space", "n")
        await pilot.pause()
        assert "newest first" in lines(app)[0]

    drive(services, first)
    drive(services, second)


def test_a_file_of_the_last_exit_with_odd_orders_counts_for_nothing(tmp_path: Path) -> None:
    services = services_in(tmp_path, 2)
    for orders in (["newest"], {"": "by luck", "is:done": []}, 7):
        (services.home.state / "ui.json").write_text(dumps({"panes": {"mentions": {"orders": orders}}}))

        async def scenario(app, pilot):
            assert "longest waiting first" in lines(app)[0]

        drive(services, scenario)


def test_what_is_urgent_comes_first_and_its_row_says_so(tmp_path: Path) -> None:
    services = services_in(tmp_path, 5)

    async def scenario(app, pilot):
        await pilot.press("j", "j", "P", *"urg", "enter")
        await pilot.pause()
        assert "priority urgent" in message(app)
        await pilot.press("S", *"prio", "enter", "g")
        await pilot.pause()
        assert "No. 2" in lines(app)[1] and "urgent" in lines(app)[1]
        await pilot.press("colon", *"sort", "space", *"by", "space", *"luck", "enter")
        await pilot.pause()
        assert "no order 'by luck'" in shown(app)

    drive(services, scenario)
    desk = Desk(services.store, services.clock, services.settings, "lea")
    assert conversations.prioritize(desk, [services.store.all(Conversation)[0].id], "low").value == "low"


def test_replies_and_posts_are_sorted_by_their_time(tmp_path: Path) -> None:
    async def scenario(app, pilot):
        await pilot.press("2", "S")
        await pilot.pause()
        assert message(app) == "replies and posts are sorted by time"

    drive(services_in(tmp_path, 2), scenario)


def test_on_a_terminal_the_newest_come_first_and_neither_title_nor_keys_are_written_again(tmp_path: Path) -> None:
    with terminal_inbox(tmp_path, 30) as terminal:
        terminal.until("longest waiting first")
        terminal.press("S", "n", "enter")
        terminal.until("newest first")
        terminal.press("g")
        assert "No. 29" in terminal.text.splitlines()[1]
        assert "r reply" in terminal.text.splitlines()[-1]
        moved = terminal.press("j", "j", "k")
        assert moved and b"newest" not in moved and b"reply" not in moved
        assert b"edit" in terminal.press("2")
