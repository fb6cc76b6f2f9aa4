"""The script of the simulated community, read from data/*.toml: who lives there, what they say, what we post."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from commtui.model.abilities import Visibility
from commtui.model.records import Media, Via
from commtui.networks.demo.scenes import Beat, CalendarEntry, Does, Human, Mood, PastPost, Scene


def _table(name: str) -> dict[str, Any]:
    with Path(__file__).with_name("data").joinpath(f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _scene(table: dict[str, Any]) -> Scene:
    beats = tuple(_beat(beat) for beat in table.pop("beat"))
    mood, visibility = Mood(table.pop("mood")), Visibility(table.pop("visibility", Visibility.PUBLIC))
    return Scene(beats=beats, mood=mood, visibility=visibility, **table)


def _beat(table: dict[str, Any]) -> Beat:
    if table.get("to") == "post":
        table["to"] = None
    return Beat(
        does=Does(table.pop("does", Does.SAYS)),
        via=Via(table.pop("via")) if "via" in table else None,
        media=tuple(Media(**media) for media in table.pop("media", ())),
        **table,
    )


def _by_mood(table: Mapping[str, list[str]]) -> dict[Mood, tuple[str, ...]]:
    return {Mood(mood): tuple(texts) for mood, texts in table.items()}


def _tuples(table: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(texts) for key, texts in table.items()}


_people: Final = _table("people")
BRAND_USER: Final[str] = _people["brand"]["user"]
BRAND_NAME: Final[str] = _people["brand"]["name"]
PEOPLE: Final = {table["user"]: Human(**table) for table in _people["human"]}
"""By user."""
SPEAKING: Final[dict[str, tuple[Human, ...]]] = {
    language: tuple(human for human in PEOPLE.values() if human.language == language)
    for language in dict.fromkeys(human.language for human in PEOPLE.values())
}
"""The people of each language, in a fixed order."""

PAST: Final = tuple(_scene(table) for table in _table("past")["scene"])

_arrivals: Final = _table("arrivals")
ARRIVALS: Final = tuple(_scene(table) for table in _arrivals["scene"])
FILLINGS: Final = _tuples(_arrivals["fillings"])
"""Word in braces -> what may stand in its place."""

_answers: Final = _table("answers")
THANKS: Final = _by_mood(_answers["thanks"])
FURTHER: Final = _by_mood(_answers["further"])
THANKS_IN: Final = _tuples(_answers["thanks_in"])
FURTHER_IN: Final = _tuples(_answers["further_in"])
UNDER_POSTS: Final = tuple((Mood(table["mood"]), table["who"], table["text"]) for table in _answers["under_post"])
"""Mood, user and text of those who answer a post of ours."""

_posts: Final = _table("posts")
PAST_POSTS: Final = tuple(PastPost(**table) for table in _posts["past"])
CALENDAR: Final = tuple(CalendarEntry(**table) for table in _posts["calendar"])
