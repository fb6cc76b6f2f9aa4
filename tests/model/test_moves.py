"""Moves of a time that is set already."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.model.moves import Move, parse_move
from commtui.model.times import WhenError, in_zone, wall_zone

NOW = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)  # a Friday
BERLIN = "Europe/Berlin"
AT = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("+1d", datetime(2026, 11, 29, 9, 30, tzinfo=UTC)),
        ("+ 2h", datetime(2026, 11, 28, 11, 30, tzinfo=UTC)),
        ("-30m", datetime(2026, 11, 28, 9, 0, tzinfo=UTC)),
        ("+1w2d3h", datetime(2026, 12, 7, 12, 30, tzinfo=UTC)),
        ("2 hours earlier", datetime(2026, 11, 28, 7, 30, tzinfo=UTC)),
        ("1D LATER", datetime(2026, 11, 29, 9, 30, tzinfo=UTC)),
        ("same hour thu", datetime(2026, 12, 3, 9, 30, tzinfo=UTC)),
        ("mon same time", datetime(2026, 11, 30, 9, 30, tzinfo=UTC)),
        ("mon at the same hour", datetime(2026, 11, 30, 9, 30, tzinfo=UTC)),
        ("same hour", datetime(2026, 11, 28, 9, 30, tzinfo=UTC)),
    ],
)
def test_a_move_is_relative_to_the_time_that_is_set(text: str, moved: datetime) -> None:
    move = parse_move(text)
    assert move is not None and move.applied(AT, NOW, BERLIN) == moved


@pytest.mark.parametrize(
    "text", ["2h", "tomorrow", "fri 14:30", "1d", "", "+", "-", "+x", "later", "1d sooner", "+1d +2h"]
)
def test_a_time_is_no_move(text: str) -> None:
    assert parse_move(text) is None


@pytest.mark.parametrize(("text", "why"), [("+0m", "moves nothing"), ("+1h1h", "twice"), ("-0d", "moves nothing")])
def test_a_wrong_move_says_why(text: str, why: str) -> None:
    with pytest.raises(WhenError, match=why):
        parse_move(text)


@pytest.mark.parametrize("text", ["-3d", "-24h", "same hour today"])
def test_a_time_that_has_passed_is_refused(text: str) -> None:
    move, at = parse_move(text), NOW + timedelta(hours=1)
    assert move is not None
    early = at.replace(hour=9) if text.startswith("same") else at
    with pytest.raises(WhenError, match="has passed"):
        move.applied(early, NOW, BERLIN)


def test_days_keep_the_hour_when_the_clocks_change_and_hours_are_elapsed() -> None:
    saturday = datetime(2027, 3, 27, 8, 0, tzinfo=UTC)  # 9:00 in Berlin; summer time begins on the 28th
    day, hours = parse_move("+1d"), parse_move("+24h")
    assert day is not None and hours is not None
    assert in_zone(day.applied(saturday, NOW, BERLIN), wall_zone(BERLIN)).hour == 9
    assert hours.applied(saturday, NOW, BERLIN) - saturday == timedelta(hours=24)


def test_far_away_is_refused() -> None:
    move = parse_move("+999999999w")
    assert move is not None
    with pytest.raises(WhenError):
        move.applied(AT, NOW, "UTC")


@given(st.integers(1, 5000), st.sampled_from("mhdw"), st.integers(0, 1_600_000))
def test_there_and_back_is_where_it_was_in_utc(count: int, unit: str, minutes: int) -> None:
    there, back = parse_move(f"+{count}{unit}"), parse_move(f"-{count}{unit}")
    assert isinstance(there, Move) and isinstance(back, Move)
    at, long_ago = NOW + timedelta(minutes=minutes), datetime(1970, 1, 1, tzinfo=UTC)
    assert back.applied(there.applied(at, long_ago, "UTC"), long_ago, "UTC") == at
