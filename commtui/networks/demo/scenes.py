"""The forms in which the simulated community is written down: people, beats, scenes, posts."""

from __future__ import annotations

from enum import StrEnum

from commtui.model.abilities import Visibility
from commtui.model.record import record
from commtui.model.records import Media, Via


class Mood(StrEnum):
    """What a conversation is about; decides how its people answer us."""

    ASK = "ask"
    PRAISE = "praise"
    BUG = "bug"
    ANGRY = "angry"
    CHAT = "chat"
    SPAM = "spam"


class Does(StrEnum):
    """What happens in a beat."""

    SAYS = "says"
    OURS = "ours"
    """Our own text: `who` is ignored."""
    EDITS = "edits"
    DELETES = "deletes"
    LIKES = "like"
    BOOSTS = "boost"
    FOLLOWS = "follow"


@record
class Human:
    """Somebody in the simulated community."""

    user: str
    host: str
    name: str
    offset: float
    """Hours east of UTC: tells when they are awake."""
    language: str = "en"

    @property
    def handle(self) -> str:
        return f"@{self.user}@{self.host}"


@record
class Beat:
    """One thing that happens in a scene. `{bean}`, `{version}`, `{phone}`, `{city}` in a text are filled in."""

    who: str
    """The user of a Human."""
    text: str = ""
    does: Does = Does.SAYS
    after: float = 0
    """In the past only: minutes since the beat before."""
    to: int | None = -1
    """The beat that it answers, edits or deletes, by its place; -1 is the one before; None opens a thread."""
    via: Via | None = None
    """None: an answer where it answers us, else a mention."""
    spoiler: str = ""
    media: tuple[Media, ...] = ()


@record
class Scene:
    """A conversation as it is written down."""

    name: str
    mood: Mood
    beats: tuple[Beat, ...]
    hours: float = 0
    """In the past only: how long before the world's start it begins."""
    under: str | None = None
    """The name of our post that its first beat answers, or is about."""
    visibility: Visibility = Visibility.PUBLIC


@record
class PastPost:
    """A post of ours that was already out when the world began."""

    name: str
    hours: float
    """How long before the world's start."""
    text: str
