"""The report as HTML: one file that fetches nothing, with the figures of the other formats."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from commtui.cli import report_formats, report_html
from commtui.sentences.report import goal_cells, goal_words
from commtui.triage.report import report
from commtui.triage.report_figures import By
from tests.clock import FakeClock
from tests.triage.desks import BRAND, OTHER, desk_on
from tests.triage.month import NOW, Month
from tests.triage.test_report import HOURS, LEVELS, SINCE, UNTIL

EMPTY = {"meta"}
"""Elements without an end."""
FETCHING = {"src", "href", "xlink:href", "srcset", "action", "data", "poster", "background"}


class Page(HTMLParser):
    """The cells of the table, the titles of the picture, every element and attribute; fails at a wrong end."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.within: list[str] = []
        self.elements: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.rows: list[list[str]] = []
        self.titles: list[str] = []
        self.days: list[tuple[int, ...]] = []
        self.feed(text)
        assert self.within == []

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes |= dict(attrs)
        if tag not in EMPTY:
            self.within.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.within.pop() == tag

    def handle_data(self, data):
        if self.within[-1:] in (["th"], ["td"]):
            self.rows[-1][-1] += data
        elif self.within[-2:] == ["rect", "title"]:
            self.titles.append(data)
        elif self.within[-2:] == ["g", "title"]:
            self.days.append(tuple(map(int, re.findall(r"(?:inbound|answered) (\d+)", data))))


def made(tmp_path):
    desk = desk_on(tmp_path, FakeClock(NOW), service_levels=LEVELS, hours=HOURS)
    Month(5, (BRAND.id, OTHER.id)).fill(desk.store, 200)
    return report(desk, SINCE, UNTIL, By.TEAMMATE)


def test_the_page_has_the_figures_of_the_other_formats_and_every_cell_of_the_heat_map(tmp_path):
    found = made(tmp_path)
    page = Page("\n".join(report_html.page(found)))
    table = [line.strip("| ").split(" | ") for line in report_formats.markdown(found) if line.startswith("| ")]
    assert page.rows[1 : len(table)] == table[1:]
    assert page.rows[len(table) + 1 :] == [[goal_words(goal), *goal_cells(goal)] for goal in found.goals]
    goals = report_formats.as_object(found)["goals"]
    assert [row[4:] for row in page.rows[len(table) + 1 :]] == [
        [str(goal["overdue"]), {True: "met", False: "not met", None: ""}[goal["met"]]] for goal in goals
    ]
    assert page.days == [(day["inbound"], day["answered"]) for day in report_formats.as_object(found)["days"]]
    counts = [int(title.rpartition(" ")[2]) for title in page.titles]
    assert len(counts) == 7 * 24 and sum(counts) == len(found.whole.inbound)
    assert counts == [len(found.heat_map.get((day, hour), ())) for day in range(7) for hour in range(24)]
    shown = report_formats.as_object(found)["heat_map"]
    assert [cell["inbound"] for cell in shown] == [count for count in counts if count]
    lines = list(report_formats.text(found._replace(by=By.HOUR)))
    first = lines.index("heat map: inbound by weekday and hour") + 2
    grid = [re.findall(r"\S+", line)[1:] for line in lines[first : first + 7]]
    assert [int(cell.replace(".", "0")) for row in grid for cell in row] == counts


def test_the_page_fetches_nothing_and_shows_names_as_they_are(tmp_path):
    found = made(tmp_path)
    hostile = '<script src="https://evil.example">&'
    found.groups[0].name = hostile
    text = "\n".join(report_html.page(found))
    page = Page(text)
    assert not FETCHING & page.attributes.keys()
    assert not any(name.startswith("on") for name in page.attributes)
    assert {"script", "link", "img", "iframe", "image", "use"}.isdisjoint(page.elements)
    assert "url(" not in text and "@import" not in text
    assert page.rows[3][0] == hostile
