"""What happens by itself: the past and the arrivals as happenings, a pure function of (seed, start, pace, lively)."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from commtui.model.abilities import Visibility
from commtui.model.clock import to_iso
from commtui.model.record import record
from commtui.model.records import Media, Via
from commtui.networks.demo.arrivals import ARRIVALS, FILLINGS
from commtui.networks.demo.past import PAST
from commtui.networks.demo.people import PEOPLE, SPEAKING
from commtui.networks.demo.posts import PAST_POSTS
from commtui.networks.demo.scenes import Beat, Does, Human, Mood, Scene

QUIET: Final = 20
"""After the lively part of the world, arrivals are this many times as far apart."""
SLEEPY_AFTER: Final = 1000
"""After so many quiet arrivals they are as much farther apart again: a world left alone for a year opens at once."""


@record
class Seed:
    """Everything that a world is made from, but for what we say in it. `start` is aware, in whole milliseconds."""

    seed: int
    start: datetime
    pace: float
    """Seconds between arrivals, on average; 0: nobody says anything of their own accord."""
    lively: int
    """How many arrivals come at that pace, before the community grows quiet."""

    def remote_id(self, name: str) -> str:
        """The id of a thing by its name in the script: equal for equal worlds, other in any other."""
        whole = f"{self.seed}\x1f{to_iso(self.start)}\x1f{name}"
        return hashlib.blake2b(whole.encode(), digest_size=8).hexdigest()

    def dice(self, name: str) -> random.Random:
        """Chance that falls alike in every run of this world."""
        return random.Random(f"{self.seed}|{name}")


@record
class Happening:
    """One thing that is due at a moment. Sorted by (at, rank, name)."""

    at: datetime
    name: str
    """Unique in the world; the second half of a cursor."""
    does: Does
    remote_id: str
    """The text that it makes, changes, takes away or likes; empty for a follow."""
    who: Human | None = None
    """None: we ourselves."""
    text: str = ""
    parent: str | None = None
    via: Via | None = None
    visibility: Visibility = Visibility.PUBLIC
    spoiler: str = ""
    language: str | None = None
    media: tuple[Media, ...] = ()
    mood: Mood = Mood.CHAT
    rank: int = 0
    """0: due by itself; 1: said at that moment from outside (tests), after what was due."""

    @property
    def key(self) -> tuple[datetime, int, str]:
        return (self.at, self.rank, self.name)


def whole_ms(moment: datetime) -> datetime:
    """The moment without what a cursor does not hold."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _happening(seed: Seed, scene: Scene, place: str, number: int, at: datetime) -> Happening:
    """The beat `number` of `scene` as it takes place at `at`; `place` makes the scene's names unique."""
    beat = scene.beats[number]
    under = seed.remote_id(f"post:{scene.under}") if scene.under else None
    answered = number - 1 if beat.to == -1 else beat.to
    if beat.does in (Does.LIKES, Does.BOOSTS):
        subject, parent = under or "", None
    elif beat.does in (Does.EDITS, Does.DELETES):
        subject, parent = seed.remote_id(f"{place}:{answered}"), None
    else:
        subject = seed.remote_id(f"{place}:{number}")
        while answered is not None and answered >= 0 and scene.beats[answered].does not in (Does.SAYS, Does.OURS):
            answered -= 1
        parent = under if answered is None or answered < 0 else seed.remote_id(f"{place}:{answered}")
    human = PEOPLE.get(beat.who)
    return Happening(
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
        language=human.language if human and human.language != "spam" else "en",
        media=beat.media,
        mood=scene.mood,
    )


def past(seed: Seed) -> Iterator[Happening]:
    """What had happened before the world's start, in no order."""
    for post in PAST_POSTS:
        at = seed.start - timedelta(hours=post.hours)
        yield Happening(
            whole_ms(at),
            f"post:{post.name}",
            Does.OURS,
            seed.remote_id(f"post:{post.name}"),
            text=post.text,
            language="en",
        )
    for scene in PAST:
        dice = seed.dice(f"past:{scene.name}")
        at = seed.start - timedelta(hours=scene.hours * dice.uniform(0.97, 1.0))
        latest = seed.start - timedelta(seconds=30 * len(scene.beats))
        for number, beat in enumerate(scene.beats):
            at = min(
                at + timedelta(minutes=beat.after * dice.uniform(0.9, 1.1)), latest + timedelta(seconds=30 * number)
            )
            yield _happening(seed, scene, f"past:{scene.name}", number, at)


BEATS: Final = sum(len(scene.beats) for scene in ARRIVALS)


@lru_cache(maxsize=4)
def _order(seed: int, cycle: int) -> tuple[tuple[int, int], ...]:
    """One telling of all the arrivals' scenes: (scene, beat) for each slot, those of one scene a few slots apart."""
    scenes = list(range(len(ARRIVALS)))
    random.Random(f"{seed}|order|{cycle}").shuffle(scenes)
    width = BEATS / len(scenes)
    places = [
        (position * width + 3.3 * beat, scene, beat)
        for position, scene in enumerate(scenes)
        for beat in range(len(ARRIVALS[scene].beats))
    ]
    return tuple((scene, beat) for _, scene, beat in sorted(places))


def _moment(seed: Seed, slot: int) -> datetime:
    jitter = seed.dice(f"slot:{slot}").uniform(0.2, 0.8)
    sleepy = seed.lively + SLEEPY_AFTER
    if slot < seed.lively:
        units = slot + jitter
    elif slot < sleepy:
        units = seed.lively + (slot - seed.lively + jitter) * QUIET
    else:
        units = seed.lively + SLEEPY_AFTER * QUIET + (slot - sleepy + jitter) * QUIET * QUIET
    return seed.start + timedelta(seconds=seed.pace * units)


def arrival(seed: Seed, slot: int) -> Happening | None:
    """What arrives in `slot` (0, 1, ...), later than in every slot before; None in a world without a pace."""
    if seed.pace <= 0:
        return None
    cycle, position = divmod(slot, BEATS)
    index, number = _order(seed.seed, cycle)[position]
    scene = ARRIVALS[index]
    happening = _happening(seed, scene, f"arrival:{cycle}:{scene.name}", number, _moment(seed, slot))
    text = _filled(seed, happening.text, f"{cycle}:{scene.name}")
    who = happening.who
    if cycle and who and scene.mood != Mood.SPAM:
        who = _stand_in(seed, who, scene.beats, cycle, scene.name)
    return replace(happening, text=text, who=who)


def _filled(seed: Seed, text: str, name: str) -> str:
    for word, choices in FILLINGS.items():
        if "{" + word + "}" in text:
            text = text.replace("{" + word + "}", seed.dice(f"{word}:{name}").choice(choices))
    return text


def _stand_in(seed: Seed, who: Human, beats: tuple[Beat, ...], cycle: int, name: str) -> Human:
    """Who says it in a later telling: somebody of the same language who is awake when the telling begins, if anybody.

    Within a scene everybody keeps their part: the cast of a language is turned by the same number of steps.
    """
    speakers = SPEAKING[who.language]
    begins = _moment(seed, cycle * BEATS)
    cast = {beat.who for beat in beats}
    steps = seed.dice(f"cast:{cycle}:{name}").randrange(len(speakers))
    for extra in range(len(speakers)):
        turned = {
            user: speakers[(speakers.index(PEOPLE[user]) + steps + extra) % len(speakers)]
            for user in cast
            if user in PEOPLE and PEOPLE[user] in speakers
        }
        if all(_awake(human, begins) for human in turned.values()):
            return turned[who.user]
    return speakers[(speakers.index(who) + steps) % len(speakers)]


def _awake(human: Human, moment: datetime) -> bool:
    return 7 <= (moment + timedelta(hours=human.offset)).hour < 23
