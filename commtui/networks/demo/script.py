"""The script of the simulated community, read from data/*.toml: who lives there, what they say, what we post."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from commtui.networks.demo.scenes import (
    CalendarEntry,
    DemoCampaign,
    Episode,
    Human,
    Mood,
    OldPost,
    PastPost,
    Scene,
)


class Brand(Struct, frozen=True, forbid_unknown_fields=True):
    """Us."""

    user: str
    name: str


class UnderPost(Struct, frozen=True, forbid_unknown_fields=True):
    """An answer to a post of ours."""

    mood: Mood
    who: str
    text: str


class _People(Struct, forbid_unknown_fields=True):
    brand: Brand
    human: tuple[Human, ...]


class _Past(Struct, forbid_unknown_fields=True):
    scene: tuple[Scene, ...]


class _Arrivals(Struct, forbid_unknown_fields=True):
    fillings: dict[str, tuple[str, ...]]
    scene: tuple[Scene, ...]


class _Answers(Struct, forbid_unknown_fields=True):
    thanks: dict[Mood, tuple[str, ...]]
    further: dict[Mood, tuple[str, ...]]
    thanks_in: dict[str, tuple[str, ...]]
    further_in: dict[str, tuple[str, ...]]
    under_post: tuple[UnderPost, ...]


class _History(Struct, forbid_unknown_fields=True):
    human: tuple[Human, ...]
    post: tuple[OldPost, ...]
    episode: tuple[Episode, ...]


class _Second(Struct, forbid_unknown_fields=True):
    brand: Brand
    human: tuple[Human, ...]
    scene: tuple[Scene, ...]
    post: tuple[OldPost, ...]
    episode: tuple[Episode, ...]


class Script(Struct, frozen=True):
    """What happens in one network."""

    brand: Brand
    people: Mapping[str, Human]
    """By user."""
    past: tuple[Scene, ...]
    past_posts: tuple[PastPost, ...]
    arrivals: tuple[Scene, ...]
    """What goes on arriving."""
    old_posts: tuple[OldPost, ...]
    episodes: tuple[Episode, ...]
    """What was before `past`."""


class _Posts(Struct, forbid_unknown_fields=True):
    past: tuple[PastPost, ...]
    calendar: tuple[CalendarEntry, ...]
    campaign: tuple[DemoCampaign, ...]


_T = TypeVar("_T")


def _read(name: str, kind: type[_T]) -> _T:
    return msgspec.toml.decode(Path(__file__).with_name("data").joinpath(f"{name}.toml").read_bytes(), type=kind)


_people: Final = _read("people", _People)
BRAND: Final = _people.brand
PEOPLE: Final = {human.user: human for human in _people.human}
"""By user."""
SPEAKING: Final = {
    language: tuple(human for human in _people.human if human.language == language)
    for language in dict.fromkeys(human.language for human in _people.human)
}
"""The people of each language, in a fixed order."""

PAST: Final = _read("past", _Past).scene

_arrivals: Final = _read("arrivals", _Arrivals)
ARRIVALS: Final = _arrivals.scene
FILLINGS: Final = _arrivals.fillings
"""Word in braces -> what may stand in its place."""

ANSWERS: Final = _read("answers", _Answers)
"""How people answer us: `thanks` and `further` questions by mood, `thanks_in` and `further_in` by language."""

_posts: Final = _read("posts", _Posts)
PAST_POSTS: Final = _posts.past
CALENDAR: Final = _posts.calendar
CAMPAIGNS: Final = _posts.campaign

_history: Final = _read("history", _History)
FIRST: Final = Script(
    BRAND,
    {**PEOPLE, **{human.user: human for human in _history.human}},
    PAST,
    PAST_POSTS,
    ARRIVALS,
    _history.post,
    _history.episode,
)
_second: Final = _read("second", _Second)
SECOND: Final = Script(
    _second.brand,
    {human.user: human for human in _second.human},
    _second.scene,
    (),
    (),
    _second.post,
    _second.episode,
)
