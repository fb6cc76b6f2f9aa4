"""The events that we have no part in: the past and the arrivals, a pure function of (seed, start, pace, lively)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from commtui.model.abilities import Visibility
from commtui.model.clock import to_iso
from commtui.model.records import Media, Via
from commtui.networks.demo.scenes import Beat, Does, Human, Mood, Scene
from commtui.networks.demo.script import ARRIVALS, FILLINGS, PEOPLE, SPEAKING, Script

QUIET: Final = 20
"""After the lively part of the world, the gaps between arrivals are this many times as long."""
SLEEPY_AFTER: Final = 1000
"""After so many quiet arrivals the gaps grow by the same factor again, so that a year-old world opens at once."""


class Seed(Struct, frozen=True):
    """What a world is made from, without what we say in it. `start` is aware, in whole milliseconds."""

    seed: int
    start: datetime
    pace: float
    """Seconds between arrivals, on average; 0: nothing arrives unless we say something."""
    lively: int
    """How many arrivals come at that pace, before the community grows quiet."""
    history: bool = False
    """Whether the two months before the past are in it."""

    def remote_id(self, name: str) -> str:
        """The id of what has `name` in the script: the same in equal worlds, another in any other."""
        whole = f"{self.seed}\x1f{to_iso(self.start)}\x1f{name}"
        return hashlib.blake2b(whole.encode(), digest_size=8).hexdigest()

    def random(self, name: str) -> Random:
        """A generator that gives the same numbers for `name` in every run of this world."""
        return Random(f"{self.seed}|{name}")


class WorldEvent(Struct, frozen=True):
    """Something that happens at a moment. Sorted by (at, rank, name)."""

    at: datetime
    name: str
    """Unique in the world; the second half of a cursor."""
    does: Does
    remote_id: str
    """The text that it adds, edits, deletes or likes; empty for a follow."""
    who: Human | None = None
    """None: us."""
    text: str = ""
    parent: str | None = None
    via: Via | None = None
    visibility: Visibility = Visibility.PUBLIC
    spoiler: str = ""
    language: str | None = None
    media: tuple[Media, ...] = ()
    mood: Mood = Mood.CHAT
    rank: int = 0
    """0: from the script; 1: added at that moment by a test, after what the script has."""

    @property
    def key(self) -> tuple[datetime, int, str]:
        return (self.at, self.rank, self.name)


def whole_ms(moment: datetime) -> datetime:
    """The moment in whole milliseconds, which is what a cursor holds."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _event(seed: Seed, people: Mapping[str, Human], scene: Scene, place: str, number: int, at: datetime) -> WorldEvent:
    """The event of beat `number` of `scene` at `at`; `place` makes the scene's names unique."""
    beat = scene.beats[number]
    under = seed.remote_id(f"post:{scene.under}") if scene.under else None
    answered = number - 1 if beat.to is None else -1 if beat.to == "post" else beat.to
    if beat.does in (Does.LIKES, Does.BOOSTS):
        subject, parent = under or "", None
    elif beat.does in (Does.EDITS, Does.DELETES):
        subject, parent = seed.remote_id(f"{place}:{answered}"), None
    else:
        subject = seed.remote_id(f"{place}:{number}")
        while answered >= 0 and scene.beats[answered].does not in (Does.SAYS, Does.OURS):
            answered -= 1
        parent = under if answered < 0 else seed.remote_id(f"{place}:{answered}")
    human = people.get(beat.who)
    return WorldEvent(
        at=whole_ms(at),
        name=f"{place}:{number}",
        does=beat.does,
        remote_id=subject,
        who=human,
        text=beat.text,
        parent=parent,
        via=beat.via,
        visibility=scene.visibility,
        spoiler=beat.spoiler,
        language=human.writes_in if human else "en",
        media=beat.media,
        mood=scene.mood,
    )


def past(seed: Seed, script: Script) -> Iterator[WorldEvent]:
    """The events of the last days before the world's start, in no order."""
    for post in script.past_posts:
        at = seed.start - timedelta(hours=post.hours)
        yield WorldEvent(
            whole_ms(at),
            f"post:{post.name}",
            Does.OURS,
            seed.remote_id(f"post:{post.name}"),
            text=post.text,
            language="en",
        )
    for scene in script.past:
        random = seed.random(f"past:{scene.name}")
        at = seed.start - timedelta(hours=scene.hours * random.uniform(0.97, 1.0))
        latest = seed.start - timedelta(seconds=30 * len(scene.beats))
        for number, beat in enumerate(scene.beats):
            at = min(
                at + timedelta(minutes=beat.after * random.uniform(0.9, 1.1)), latest + timedelta(seconds=30 * number)
            )
            yield _event(seed, script.people, scene, f"past:{scene.name}", number, at)


BEATS: Final = sum(len(scene.beats) for scene in ARRIVALS)


@lru_cache(maxsize=4)
def _order(seed: int, cycle: int) -> tuple[tuple[int, int], ...]:
    """One round of all scenes of arrivals: (scene, beat) for each slot, the beats of a scene a few slots apart."""
    scenes = list(range(len(ARRIVALS)))
    Random(f"{seed}|order|{cycle}").shuffle(scenes)
    width = BEATS / len(scenes)
    places = [
        (position * width + 3.3 * beat, scene, beat)
        for position, scene in enumerate(scenes)
        for beat in range(len(ARRIVALS[scene].beats))
    ]
    return tuple((scene, beat) for _, scene, beat in sorted(places))


def _moment(seed: Seed, slot: int) -> datetime:
    jitter = seed.random(f"slot:{slot}").uniform(0.2, 0.8)
    sleepy = seed.lively + SLEEPY_AFTER
    if slot < seed.lively:
        units = slot + jitter
    elif slot < sleepy:
        units = seed.lively + (slot - seed.lively + jitter) * QUIET
    else:
        units = seed.lively + SLEEPY_AFTER * QUIET + (slot - sleepy + jitter) * QUIET * QUIET
    return seed.start + timedelta(seconds=seed.pace * units)


def arrival(seed: Seed, slot: int) -> WorldEvent | None:
    """What arrives in the first network in `slot` (0, 1, ...), later than in every slot before; None in a world without
    a pace."""
    if seed.pace <= 0:
        return None
    cycle, position = divmod(slot, BEATS)
    index, number = _order(seed.seed, cycle)[position]
    scene = ARRIVALS[index]
    event = _event(seed, PEOPLE, scene, f"arrival:{cycle}:{scene.name}", number, _moment(seed, slot))
    text = _filled(seed, event.text, f"{cycle}:{scene.name}")
    who = event.who
    if cycle and who and scene.mood != Mood.SPAM:
        who = _stand_in(seed, who, scene.beats, cycle, scene.name)
    return replace(event, text=text, who=who)


def _filled(seed: Seed, text: str, name: str) -> str:
    for word, choices in FILLINGS.items():
        if "{" + word + "}" in text:
            text = text.replace("{" + word + "}", seed.random(f"{word}:{name}").choice(choices))
    return text


def _stand_in(seed: Seed, who: Human, beats: tuple[Beat, ...], cycle: int, name: str) -> Human:
    """Who says it in a later round: somebody of the same language, awake when the round begins if there is one.

    Within a scene each person keeps the part: all speakers of a language are shifted by the same number of steps.
    """
    speakers = SPEAKING[who.language]
    begins = _moment(seed, cycle * BEATS)
    cast = {beat.who for beat in beats}
    steps = seed.random(f"cast:{cycle}:{name}").randrange(len(speakers))
    for extra in range(len(speakers)):
        shifted = {
            user: speakers[(speakers.index(PEOPLE[user]) + steps + extra) % len(speakers)]
            for user in cast
            if user in PEOPLE and PEOPLE[user] in speakers
        }
        if all(_awake(human, begins) for human in shifted.values()):
            return shifted[who.user]
    return speakers[(speakers.index(who) + steps) % len(speakers)]


def _awake(human: Human, moment: datetime) -> bool:
    return 7 <= (moment + timedelta(hours=human.offset)).hour < 23
