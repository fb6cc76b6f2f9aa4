"""What people do after we wrote something: the events that follow from one entry of the world's log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from commtui.model.abilities import Visibility
from commtui.networks.demo.scenes import Does, Human, Mood
from commtui.networks.demo.script import ANSWERS, Script
from commtui.networks.demo.timeline import Seed, WorldEvent, whole_ms

UNIT: Final = 30.0
"""Seconds that take the place of the pace in a world without one."""

SHORTEST: Final = 0.05
"""Seconds until the first reaction: an event must never come before a cursor that was given out."""

_REACTIONS: Final = ("thank", "ask", "like", "thank", "thank", "ask")
"""The reactions to our replies, in turn: two of three are thanks or a like, one is a further question."""


def after_reply(
    seed: Seed, key: str, remote_id: str, at: datetime, to: Human, mood: Mood, count: int, visibility: Visibility
) -> Iterator[WorldEvent]:
    """What `to` does after our reply number `count` (from 0), sent at `at`. Spammers do nothing."""
    if mood == Mood.SPAM:
        return
    random = seed.random(f"reply:{key}")
    reaction = _REACTIONS[count % len(_REACTIONS)]
    delay = max(seed.pace or UNIT, SHORTEST) * random.uniform(0.7, 2.5)
    if reaction == "like" or random.random() < 0.4:
        yield WorldEvent(
            whole_ms(at + timedelta(seconds=delay * 0.6)), f"liked:{remote_id}", Does.LIKES, remote_id, to, mood=mood
        )
    if reaction == "like":
        return
    name = f"answer:{remote_id}"
    local = ANSWERS.further_in if reaction == "ask" else ANSWERS.thanks_in
    general = ANSWERS.further if reaction == "ask" else ANSWERS.thanks
    texts = local.get(to.language) or ANSWERS.thanks_in.get(to.language) or general[mood]
    yield WorldEvent(
        whole_ms(at + timedelta(seconds=delay)),
        name,
        Does.SAYS,
        seed.remote_id(name),
        to,
        random.choice(texts),
        parent=remote_id,
        visibility=visibility,
        language=to.language,
        mood=mood,
    )


def after_post(seed: Seed, script: Script, key: str, remote_id: str, at: datetime) -> Iterator[WorldEvent]:
    """Likes, boosts and an answer or two to a post of ours that was sent at `at`."""
    random = seed.random(f"post:{key}")
    unit = max(seed.pace or UNIT, SHORTEST)
    people = [human for human in script.people.values() if human.language != "spam" and not human.bot]
    for number, human in enumerate(random.sample(people, random.randint(4, 9))):
        does = Does.BOOSTS if number % 3 == 2 else Does.LIKES
        when = whole_ms(at + timedelta(seconds=unit * random.uniform(0.3, 8)))
        yield WorldEvent(when, f"{does}:{number}:{remote_id}", does, remote_id, human)
    under = [answer for answer in ANSWERS.under_post if answer.who in script.people]
    for number, answer in enumerate(random.sample(under, random.randint(1, 2))):
        name = f"under:{number}:{remote_id}"
        when = whole_ms(at + timedelta(seconds=unit * random.uniform(1, 5)))
        yield WorldEvent(
            when,
            name,
            Does.SAYS,
            seed.remote_id(name),
            script.people[answer.who],
            answer.text,
            parent=remote_id,
            language=script.people[answer.who].language,
            mood=answer.mood,
        )
