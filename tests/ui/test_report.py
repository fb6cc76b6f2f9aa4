"""The report's screen: its numbers are those of CSV and JSON, and each opens its rows."""

from __future__ import annotations

import csv
import re
import time
from itertools import count

import pytest
from textual.pilot import Pilot

from commtui.activity.refusals import Stopped
from commtui.cli import report_formats
from commtui.community import conversations, replies
from commtui.config.service_levels import ServiceLevel
from commtui.model import ids, times
from commtui.model.records import Conversation, Mention
from commtui.sentences.report import change
from commtui.triage.report import report
from commtui.triage.report_figures import rows
from commtui.ui.app import InboxApp
from commtui.ui.dialogs.report import GROUPINGS, ReportScreen
from commtui.ui.text.report_lines import LABEL
from commtui.ui.verbs.report import bounds
from tests.triage.desks import sent
from tests.triage.test_report import HOUR
from tests.ui.fill import arrive, services_in
from tests.ui.screen import drive, lines, shown, until
from tests.ui.terminal import inbox as on_terminal

LEVELS = (ServiceLevel("all", first=HOUR, next=2 * HOUR),)
NUMBER = re.compile(r"\d+[dh] \d+[hm]|\S+")


def filled(folder):
    """A home with some conversations: of every four one is answered, one done, one tagged and assigned."""
    services = services_in(folder, 12, service_levels=LEVELS)
    desk = services.desk()
    for number, each in enumerate(desk.store.all(Conversation)):
        if number % 4 == 0:
            item, _ = replies.reply(desk, each.id, "Hello")
            sent(desk, item, f"r{number}")
        elif number % 4 == 1:
            conversations.done(desk, [each.id])
        elif number % 4 == 2:
            conversations.tag(desk, [each.id], "press")
            conversations.assign(desk, [each.id], "kim")
    return services


async def opened(app: InboxApp, pilot: Pilot) -> ReportScreen:
    await pilot.press("space", "G")
    screen = app.screen
    assert isinstance(screen, ReportScreen)
    await read(pilot, screen)
    return screen


async def read(pilot: Pilot, screen: ReportScreen) -> None:
    """Waits until what is being read is shown."""
    await screen.workers.wait_for_complete([worker for worker in screen.workers if worker.node is screen])
    await pilot.pause()


async def whole(screen: ReportScreen, pilot: Pilot) -> list[str]:
    """Every line of the report, by paging through it with the keys that a person has."""
    await pilot.press("g")
    await pilot.pause()
    found: dict[int, str] = {}
    for _ in range(40):
        for y, text in enumerate(lines(screen.app)[1:-1]):
            found[screen.rows.top + y] = text
        if screen.rows.top + screen.rows.page >= len(screen.rows.numbers):
            break
        await pilot.press("pagedown")
        await pilot.pause()
    return [text.replace("[", " ").replace("]", " ")[2:] for _, text in sorted(found.items())]


def after(text: list[str], heading: str) -> list[list[str]]:
    """The words of each line below a heading, up to the empty one."""
    first = next(place for place, line in enumerate(text) if line.strip().startswith(heading)) + 1
    end = next((place for place, line in enumerate(text) if place >= first and not line), len(text))
    return [[line[:LABEL].strip(), *NUMBER.findall(line[LABEL:])] for line in text[first:end]]


@pytest.mark.parametrize("by", GROUPINGS)
def test_the_numbers_are_those_of_csv_and_json(tmp_path, by):
    services = filled(tmp_path)
    desk = services.desk()
    found = report(desk, *bounds(desk, 1), by)
    shown_object = report_formats.as_object(found)
    table = list(csv.DictReader(report_formats.comma_separated(found).splitlines()))

    async def scenario(app, pilot):
        screen = await opened(app, pilot)
        for _ in range(GROUPINGS.index(by)):
            await pilot.press("tab")
            await read(pilot, screen)
        text = await whole(screen, pilot)
        summary = after(text, "now")
        assert len(summary) == 11
        for label, *values, _ in summary:
            name = label.replace(" ", "_")
            as_read = [None if value == "-" else float(value.strip("%").replace(",", "")) for value in values]
            assert as_read == [shown_object[part]["figures"][name] for part in ("all", "before")], name
            assert as_read == [float(line[name]) if line[name] else None for line in table[:2]], name
        days = after(text, "answered #")
        assert [(int(line[1]), int(line[2])) for line in days] == [
            (day["inbound"], day["answered"]) for day in shown_object["days"]
        ]
        slots = after(text, "first answers")
        assert [int(line[1]) for line in slots] == [
            part["first_answers"] for part in shown_object["first_answers_by_time"]
        ]
        goals = after(text, "goals")
        assert [int(line[4]) for line in goals] == [goal["overdue"] for goal in shown_object["goals"]]
        if by:
            groups = [(line[0], int(line[1]), int(line[4])) for line in after(text, f"by {by}")]
            assert groups == [
                (group["group"] or "(none)", group["figures"]["inbound"], group["figures"]["overdue"])
                for group in shown_object["groups"]
            ]
            assert groups == [
                (line["group"] or "(none)", int(line["inbound"]), int(line["overdue"])) for line in table[2:]
            ]

    drive(services, scenario)


@pytest.mark.parametrize(("size", "columns"), [((40, 12), 8), ((80, 24), 24), ((120, 40), 24)])
def test_the_heat_map_and_the_table_have_what_the_width_has_room_for(tmp_path, size, columns):
    services = filled(tmp_path)
    desk = services.desk()
    heat = report(desk, *bounds(desk, 1)).heat_map

    async def scenario(app, pilot):
        screen = await opened(app, pilot)
        text = await whole(screen, pilot)
        assert max(map(len, text)) <= size[0]
        place = text.index("inbound by weekday and hour")
        assert len(text[place + 1].split()) == columns
        for day, name in enumerate(times.DAYS):
            label, *cells = text[place + 2 + day].split()
            assert label == name
            assert sum(int(cell.replace(".", "0")) for cell in cells) == sum(
                len(found) for (each, _), found in heat.items() if each == day
            )

    drive(services, scenario, size)


def test_a_number_opens_its_rows_one_of_them_the_thread_and_the_way_back_leads_to_each(tmp_path):
    services = filled(tmp_path)
    desk = services.desk()
    found = report(desk, *bounds(desk, 1))
    waiting = rows(found.whole)["waiting"][::-1]
    times_of = [services.store.get(Mention, each).created_at for each in waiting]
    assert times_of == sorted(times_of, reverse=True)

    async def scenario(app, pilot):
        screen = await opened(app, pilot)
        assert re.search(r"> inbound +\[12\] +0 ", shown(app)), shown(app)
        while "> waiting" not in shown(app):
            await pilot.press("j")
            await pilot.pause()
        assert f"[{len(waiting)}]" in shown(app)
        await pilot.press("enter")
        await pilot.pause()
        assert lines(app)[0].split()[:2] == ["waiting", str(len(waiting))]
        texts = [services.store.get(Mention, each).text for each in waiting]
        assert [each[:12] in line for each, line in zip(texts, lines(app)[1:], strict=False)] == [True] * len(waiting)
        await pilot.press("j", "j", "enter")
        await pilot.pause()
        assert not isinstance(app.screen, ReportScreen) and texts[2][:6] in shown(app)
        await pilot.press("q")
        await pilot.pause()
        assert lines(app)[0].split()[:2] == ["waiting", str(len(waiting))]
        assert lines(app)[3].startswith(">")
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, ReportScreen) and app.screen is not screen
        assert re.search(r"> waiting +\[\d+\]", shown(app)), shown(app)
        await pilot.press("right")
        await pilot.pause()
        assert re.search(rf"> waiting +{len(waiting)} +\[0\]", shown(app)), shown(app)
        await pilot.press("enter")
        await pilot.pause()
        assert "waiting, before: none" in lines(app)[-1]

    drive(services, scenario)


@pytest.mark.slow
@pytest.mark.parametrize("size", [(40, 12), (80, 24), (120, 40)])
def test_on_a_terminal_without_colours_a_number_and_its_rows_can_be_read(tmp_path, size):
    filled(tmp_path).store.close()
    with on_terminal(tmp_path, 0, size=size, NO_COLOR="1") as terminal:
        terminal.until("open")
        terminal.press("space", "G")
        assert re.search(r"> inbound +\[12\] ", terminal.until("overdue"))
        terminal.read(1.5)  # the cursor rests, and its row has its colour
        assert terminal.read(1.0) == b""  # nothing is painted while nothing changes
        assert 0 < len(terminal.press("j", settle=1.0)) < 400
        assert "> people" in terminal.text
        terminal.press("k", "enter")
        text = terminal.until("inbound  12")
        assert text.count("No. ") == min(12, size[1] - 2), text
        terminal.press("esc")
        assert re.search(r"> inbound +\[12\] ", terminal.until("overdue"))
        terminal.press("n")
        assert re.search(r"> inbound +12 +\[0\]", terminal.text), terminal.text
        assert not re.search(rb"\x1b\[[\d;]*(3[0-8]|4[0-8])[;m]", terminal.raw)


@pytest.mark.parametrize(
    ("name", "now", "before", "words"),
    [("inbound", 12, 10, "+20%"), ("inbound", 5, 10, "-50%"), ("inbound", 3, 0, "-"), ("inbound", 500, 1, ">999%"),
     ("answer_rate", 50.0, 47.5, "+2.5"), ("answer_rate", None, 1.0, "-"), ("inbound", 7, 7, "+0%")],
)  # fmt: skip
def test_a_change_in_words(name, now, before, words):
    assert change(name, now, before) == words


def test_people_open_as_persons_and_leaving_them_leads_back(tmp_path):
    services = filled(tmp_path)

    async def scenario(app, pilot):
        await opened(app, pilot)
        await pilot.press("j", "enter")
        await pilot.pause()
        assert lines(app)[0].startswith(" people  12")
        await pilot.press("j", "enter")
        await pilot.pause()
        assert "1 message" in shown(app) and "@example.net" in lines(app)[0]
        await pilot.press("q")
        await pilot.pause()
        assert lines(app)[0].startswith(" people  12") and lines(app)[2].startswith(">")
        await pilot.press("q", "q")
        await pilot.pause()
        assert "Mentions" in lines(app)[0]

    drive(services, scenario)


def test_every_number_has_the_ids_that_it_says(tmp_path):
    services = filled(tmp_path)

    async def scenario(app, pilot):
        screen = await opened(app, pilot)
        await pilot.press("tab")
        await read(pilot, screen)
        numbers = [cell for line in screen._place.read.lines for cell in line.cells if cell.ids is not None]
        counts = [cell for cell in numbers if cell.text.replace(",", "").isdigit()]
        assert len(counts) > 90
        assert [len(cell.ids) for cell in counts] == [int(cell.text) for cell in counts]
        assert {each[:1] for cell in numbers for each in cell.ids} <= {ids.MENTION, ids.CONVERSATION, ids.PERSON}

    drive(services, scenario)


def test_a_key_goes_through_the_periods(tmp_path):
    services = filled(tmp_path)
    desk = services.desk()
    assert [times.echo(at, "Europe/Berlin") for at in times.month_before(desk.now, "Europe/Berlin")] == [
        "Thu 1 Oct 2026 00:00 Europe/Berlin", "Sun 1 Nov 2026 00:00 Europe/Berlin",
    ]  # fmt: skip

    async def scenario(app, pilot):
        screen = await opened(app, pilot)
        seen = []
        for _ in range(4):
            await pilot.press("s")
            await read(pilot, screen)
            seen.append((re.search(r"Report  ([\w ]+\w)", lines(app)[0])[1], "[12]" in shown(app)))
        assert seen == [("last 90 days", True), ("month before", False), ("last 7 days", True), ("last 30 days", True)]

    drive(services, scenario)


def test_what_came_since_is_named_and_read_when_it_is_asked_for(tmp_path):
    services = filled(tmp_path)

    async def scenario(app, pilot):
        screen = await opened(app, pilot)
        arrive(services, 1, 50)
        await until(pilot, lambda: "what came since" in lines(app)[0])
        assert "[12]" in shown(app)
        await pilot.resize_terminal(90, 24)
        await pilot.pause()
        assert "what came since" in lines(app)[0]
        await pilot.press("R")
        await read(pilot, screen)
        assert "[13]" in shown(app) and "what came since" not in lines(app)[0]

    drive(services, scenario)


def test_leaving_gives_up_what_is_being_read(tmp_path, monkeypatch):
    services = filled(tmp_path)
    stopped = []

    def endless(desk, *_):
        for records in count(1):
            if not desk.goes_on(records * 1000):
                stopped.append(records)
                raise Stopped
            time.sleep(0.01)

    monkeypatch.setattr("commtui.ui.verbs.report.report", endless)

    async def scenario(app, pilot):
        await pilot.press("space", "G")
        await until(pilot, lambda: re.search(r"reading: \d+,000 records", lines(app)[0]))
        assert re.search(r"reading: \d+,000 records", lines(app)[1])
        await pilot.press("j", "k", "g", "G", "ctrl+d", "pageup", "n", "right", "enter", "s", "q")
        await until(pilot, lambda: len(stopped) == 2)  # the first one, and that of another period
        assert "Mentions" in lines(app)[0]

    drive(services, scenario)
