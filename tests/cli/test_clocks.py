"""Where clocks or the rules of a zone change: what the shell says of a post's time."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.zones import folder_with


@pytest.mark.parametrize(
    ("at", "goes_out", "words"),
    [
        ("2031-03-30 02:30", "03:00", "02:30 does not exist that day: this is the first minute after the gap"),
        ("2031-10-26 02:30", "02:30", "02:30 comes twice that day: this is the first"),
        ("2031-10-26 02:30 +01:00", "02:30+01:00", ""),
        ("2031-03-30 03:00", "03:00", ""),
    ],
)
def test_a_time_that_clocks_leave_out_or_show_twice_is_explained_where_it_is_echoed(
    busy: Shell, at: str, goes_out: str, words: str
) -> None:
    said = busy("post", "news", "--account", "brand", "--at", at).out
    assert f" {goes_out} Europe/Berlin" in said
    assert words in said if words else "that day" not in said
    made = said.split()[0]
    shown = " ".join(busy("show", made).out.split())
    assert words in shown if words else "that day" not in shown
    moved = busy("reschedule", made, at).err
    assert words in moved if words else "that day" not in moved


@pytest.mark.slow
def test_sync_of_a_machine_with_other_rules_moves_it_and_show_says_why(busy: Shell, tmp_path: Path) -> None:
    made = busy("post", "news", "--account", "brand", "--at", "2031-06-27 09:00", "--json").json[0]
    rules = str(folder_with(tmp_path / "zones", Europe__Berlin="Europe/London"))
    busy("sync", "--no-wait", code=None, PYTHONTZPATH=rules)
    item = next(item for item in busy("list", "posts", "--json").json if item["id"] == made["id"])
    at, before = (datetime.fromisoformat(each["scheduled_at"]) for each in (item, made))
    assert at - before == timedelta(hours=1)
    shown = busy("show", made["id"], PYTHONTZPATH=rules).out
    assert "Fri 27 Jun 2031 09:00 Europe/Berlin" in " ".join(shown.split())
    assert "the rules of Europe/Berlin have changed: the same time by the clock, 08:00 UTC, was 07:00 UTC" in " ".join(
        shown.split()
    )
    assert "the rules of Europe/Berlin have changed" in busy("log", made["id"], PYTHONTZPATH=rules).out
