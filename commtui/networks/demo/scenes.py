"""The records of the script (data/*.toml): people, beats, scenes, posts."""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from typing import Final, Literal

from msgspec import Struct, field

from commtui.model.abilities import Visibility
from commtui.model.records import Media, Via


class Mood(StrEnum):
    """What a conversation is about; it decides how its people answer us."""

    ASK = "ask"
    PRAISE = "praise"
    BUG = "bug"
    ANGRY = "angry"
    CHAT = "chat"
    SPAM = "spam"


class Does(StrEnum):
    """The kind of a beat."""

    SAYS = "says"
    OURS = "ours"
    """Our own text: `who` is ignored."""
    EDITS = "edits"
    DELETES = "deletes"
    LIKES = "like"
    BOOSTS = "boost"
    FOLLOWS = "follow"


class Human(Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody in the simulated community."""

    user: str
    host: str
    name: str
    offset: float
    """Hours east of UTC: by it they are awake or asleep."""
    language: str = "en"
    bot: bool = False
    dotted: bool = False
    """Their handle is a domain name: `@mira.plaza.example`."""

    @property
    def handle(self) -> str:
        return f"@{self.user}{'.' if self.dotted else '@'}{self.host}"

    @property
    def writes_in(self) -> str | None:
        """The language that the network names for their texts: for spam none."""
        return self.language if self.language != "spam" else None


class Beat(Struct, frozen=True, forbid_unknown_fields=True):
    """One event of a scene. `{bean}`, `{version}`, `{phone}`, `{city}` in a text are filled in."""

    who: str = ""
    """The user of a Human; empty where it is us, or nobody in particular."""
    text: str = ""
    does: Does = Does.SAYS
    after: float = 0
    """In the past only: minutes since the beat before."""
    to: int | Literal["post"] | None = None
    """The number of the beat that it answers, edits or deletes; None: the one before; `post`: our post."""
    via: Via | None = None
    """None: an answer where it answers us, else a mention."""
    spoiler: str = ""
    media: tuple[Media, ...] = ()


class Scene(Struct, frozen=True, forbid_unknown_fields=True):
    """A conversation of the script."""

    name: str
    mood: Mood
    beats: tuple[Beat, ...] = field(name="beat")
    hours: float = 0
    """In the past only: how long before the world's start it begins."""
    under: str | None = None
    """The name of our post that its first beat answers, or is about."""
    visibility: Visibility = Visibility.PUBLIC


class PastPost(Struct, frozen=True, forbid_unknown_fields=True):
    """A post of ours that was already out when the world began."""

    name: str
    hours: float
    """How long before the world's start."""
    text: str
    campaign: str | None = None


class OldPost(Struct, frozen=True, forbid_unknown_fields=True):
    """A post of ours of the months before the world began."""

    name: str
    days: float
    """How long before the world's start."""
    text: str
    likes: int = 0
    boosts: int = 0


class Episode(Struct, frozen=True, forbid_unknown_fields=True):
    """A conversation of the months before the world began, and what we did with it."""

    who: str
    say: tuple[str, ...]
    """What is said in turn; ours begins with OURS."""
    tags: tuple[str, ...] = ()
    note: str = ""
    late: bool = False
    """Our first answer took long."""
    reopened: bool = False
    """It was marked as done by mistake before we answered, and opened again."""
    left: Literal["done", "waiting", "snoozed", "muted"] = "done"
    """How it stands at the end."""
    under: str = ""
    """The name of an old post that it answers."""
    visibility: Visibility = Visibility.PUBLIC
    same: str = ""
    """Two episodes of the same word are merged."""


OURS: Final = "> "


class DemoCampaign(Struct, frozen=True, forbid_unknown_fields=True):
    """A campaign of a demo that begins."""

    name: str
    intention: str
    goal: str
    """How many of what: `3 posts`."""
    days: int
    """By when, after the start."""
    audience: str
    message: str
    tags: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()


class CalendarEntry(Struct, frozen=True, forbid_unknown_fields=True):
    """A post of ours in the calendar of a demo that begins."""

    text: str
    campaign: str | None = None
    minutes: float | None = None
    """How long after the start it goes out; None: see `time_of_day`."""
    days: int = 0
    """How many days after the start, at `time_of_day`."""
    time_of_day: time | None = None
    """None, and no `minutes`: a draft, or a series."""
    repeat: str = ""
    """When it goes out again and again, as for `post --repeat`."""
