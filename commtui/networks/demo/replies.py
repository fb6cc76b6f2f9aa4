"""What people do after we said something: happenings that follow from one entry of the world's log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from commtui.model.abilities import Visibility
from commtui.networks.demo.answers import FURTHER, FURTHER_IN, THANKS, THANKS_IN, UNDER_POSTS
from commtui.networks.demo.people import PEOPLE, SPEAKING
from commtui.networks.demo.scenes import Does, Human, Mood
from commtui.networks.demo.timeline import Happening, Seed, whole_ms

UNIT: Final = 30.0
"""Seconds by which reactions are measured in a world without a pace of its own."""

SHORTEST: Final = 0.05
"""Nobody reacts at the very moment: a cursor that is given out must never be overtaken."""

_COURSE: Final = ("thank", "ask on", "like", "thank", "thank", "ask on")
"""How people take our replies, one after the other: two of three answer with thanks or a like, one asks on."""


def after_reply(
    seed: Seed, key: str, remote_id: str, at: datetime, to: Human, mood: Mood, count: int, visibility: Visibility
) -> Iterator[Happening]:
    """What `to` does after our reply number `count` (from 0), sent at `at`. Spammers do nothing."""
    if mood == Mood.SPAM:
        return
    dice = seed.dice(f"reply:{key}")
    course = _COURSE[count % len(_COURSE)]
    delay = max(seed.pace or UNIT, SHORTEST) * dice.uniform(0.7, 2.5)
    if course == "like" or dice.random() < 0.4:
        yield Happening(
            whole_ms(at + timedelta(seconds=delay * 0.6)), f"liked:{remote_id}", Does.LIKES, remote_id, to, mood=mood
        )
    if course == "like":
        return
    name = f"answer:{remote_id}"
    local = FURTHER_IN if course == "ask on" else THANKS_IN
    general = FURTHER if course == "ask on" else THANKS
    texts = local.get(to.language) or THANKS_IN.get(to.language) or general[mood]
    yield Happening(
        whole_ms(at + timedelta(seconds=delay)),
        name,
        Does.SAYS,
        seed.remote_id(name),
        to,
        dice.choice(texts),
        parent=remote_id,
        visibility=visibility,
        language=to.language,
        mood=mood,
    )


def after_post(seed: Seed, key: str, remote_id: str, at: datetime) -> Iterator[Happening]:
    """Likes, boosts and an answer or two under a post of ours, sent at `at`."""
    dice = seed.dice(f"post:{key}")
    unit = max(seed.pace or UNIT, SHORTEST)
    people = [human for language, humans in SPEAKING.items() if language != "spam" for human in humans]
    for number, human in enumerate(dice.sample(people, dice.randint(4, 9))):
        does = Does.BOOSTS if number % 3 == 2 else Does.LIKES
        when = whole_ms(at + timedelta(seconds=unit * dice.uniform(0.3, 8)))
        yield Happening(when, f"{does}:{number}:{remote_id}", does, remote_id, human)
    for number, (mood, user, text) in enumerate(dice.sample(UNDER_POSTS, dice.randint(1, 2))):
        name = f"under:{number}:{remote_id}"
        when = whole_ms(at + timedelta(seconds=unit * dice.uniform(1, 5)))
        yield Happening(
            when,
            name,
            Does.SAYS,
            seed.remote_id(name),
            PEOPLE[user],
            text,
            parent=remote_id,
            language=PEOPLE[user].language,
            mood=mood,
        )
