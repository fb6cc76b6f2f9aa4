"""The report as HTML in a real browser: it renders, asks for nothing and runs nothing, light or dark."""

from __future__ import annotations

import re

import pytest

from commtui.cli import report_html
from commtui.ui.painter.colour import READABLE, TRUE, contrast
from tests.cli.chromium import chromium
from tests.cli.test_report_html import made

SHOWN = "Array.from(document.querySelectorAll({!r})).map(each => {{const box = each.getBoundingClientRect();"
BOXES = SHOWN + " return [box.width, box.height, box.right]}})"
COLOURS = """
[['body', 'color', 'body', 'background-color'], ['svg text', 'fill', 'body', 'background-color']].map(
  ([one, its, other, ground]) => [[one, its], [other, ground]].map(
    ([name, what]) => getComputedStyle(document.querySelector(name)).getPropertyValue(what)))
"""


@pytest.fixture(scope="module")
def tab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    found = made(folder / "home")
    found.groups[0].name = "<script>document.title = 'run'</script><img src='https://evil.example/x.png'>"
    page = folder / "report.html"
    page.write_text("\n".join(report_html.page(found)), encoding="utf-8")
    with chromium(folder) as opened:
        opened.open(page.as_uri())
        yield opened, page, found


@pytest.mark.slow
def test_it_asks_for_nothing_and_runs_nothing(tab):
    opened, page, found = tab
    requests = [event["request"]["url"] for method, event in opened.events if method == "Network.requestWillBeSent"]
    assert requests == [page.as_uri()]
    assert not [event for method, event in opened.events if method in ("Log.entryAdded", "Runtime.exceptionThrown")]
    assert opened.ask("document.scripts.length + document.images.length") == 0
    assert opened.ask("document.title").startswith("Tue 13 Oct 2026")
    assert found.groups[0].name in opened.ask("document.body.innerText")


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 1000])
def test_every_plot_has_a_size_and_stays_within_the_page(tab, width):
    opened, _, found = tab
    opened.show("light", width)
    plots = opened.ask(BOXES.format("svg"))
    assert len(plots) == 3
    assert all(wide > 200 and high > 40 and right <= width for wide, high, right in plots), plots
    columns = opened.ask(BOXES.format("svg rect.part"))
    counts = [len(day.answered) for day in found.days]
    assert [high > 0 for _, high, _ in columns[: len(counts)]] == [count > 0 for count in counts]
    cells = opened.ask(BOXES.format("svg rect.heat"))
    assert len(cells) == 7 * 24 and all(wide > 5 and high > 5 for wide, high, _ in cells)
    assert opened.ask("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
def test_it_can_be_read_by_day_and_by_night(tab):
    opened, _, _ = tab
    grounds = []
    for scheme in ("light", "dark"):
        opened.show(scheme)
        pairs = [[rgb(colour) for colour in pair] for pair in opened.ask(COLOURS)]
        assert all(contrast(*pair) >= READABLE for pair in pairs), (scheme, pairs)
        text, ground = pairs[0]
        heat = mixed(rgb(opened.ask("getComputedStyle(document.querySelector('.heat')).fill")), ground, 0.7)
        assert contrast(text, heat) >= READABLE, scheme
        grounds.append(ground)
    assert grounds[0] != grounds[1]


def rgb(words: str) -> int:
    """`rgb(22, 25, 29)` as the painter's colours have it."""
    red, green, blue = (int(number) for number in re.findall(r"\d+", words)[:3])
    return TRUE + (red << 16 | green << 8 | blue)


def mixed(one: int, other: int, share: float) -> int:
    """`share` of a colour over another one."""
    parts = ((each - TRUE) >> shift & 255 for shift in (16, 8, 0) for each in (one, other))
    red, green, blue = (round(next(parts) * share + next(parts) * (1 - share)) for _ in range(3))
    return TRUE + (red << 16 | green << 8 | blue)
