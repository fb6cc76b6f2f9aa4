"""Times that have been: read, and never one that is still to come."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model import past_time
from commtui.model.times import WhenError

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2h", "2026-11-23T10:00:00"),
        ("3 days ago", "2026-11-20T12:00:00"),
        ("2026-11-20", "2026-11-19T23:00:00"),
        ("2026-11-20 14:30", "2026-11-20T13:30:00"),
        ("2026-11-20t14:30:00z", "2026-11-20T14:30:00"),
        ("2026-11-20T14:30+02:00", "2026-11-20T12:30:00"),
        ("09:15", "2026-11-23T08:15:00"),
        ("Nov 20 2026 2pm", "2026-11-20T13:00:00"),
    ],
)
def test_a_time_is_read_in_the_persons_zone(said, meant):
    assert past_time.parse(said, NOW, "Europe/Berlin") == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize("said", ["2030-01-01", "23:59", "2026-11-23T12:00:01Z"])
def test_the_future_is_refused_with_what_was_understood(said):
    with pytest.raises(WhenError, match="is in the future: understood as"):
        past_time.parse(said, NOW, "Europe/Berlin")


@pytest.mark.parametrize("said", ["13pm", "0am", "20 nov 0pm", "20 nov 2026 13am", "9.75pm", "25:00", "9:75", "9am pm"])
def test_an_hour_that_no_clock_has_is_refused(said):
    with pytest.raises(WhenError, match="cannot be read as a time in the past"):
        past_time.parse(said, NOW, "Europe/Berlin")


@pytest.mark.parametrize("said", ["", " ", "soon", "x" * 500, "2h later", "0000-00-00", "999999999w", "\x1b[2J"])
def test_what_is_no_time_is_refused(said):
    with pytest.raises(WhenError):
        past_time.parse(said, NOW, "Europe/Berlin")


@given(st.text(max_size=40))
def test_any_text_is_a_time_that_has_been_or_an_error_in_words(said):
    try:
        found = past_time.parse(said, NOW, "UTC")
    except WhenError:
        return
    assert found <= NOW
