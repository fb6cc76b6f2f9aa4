"""The two months before the demo's past: what data/*.toml have of it, at times that the seed chooses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from msgspec import Struct

from commtui.networks.demo.scenes import OURS, Does, Episode, Human, OldPost
from commtui.networks.demo.script import Script
from commtui.networks.demo.timeline import Seed, WorldEvent, whole_ms

FIRST_DAY: Final = 60
"""How many days before the start it begins: the report on a month has a month before it."""
LAST_DAY: Final = 2
"""On which day before the start the last conversation begins."""
PAST: Final = timedelta(days=4)
"""How long before the start the past begins, which a first fetch brings."""
ENDS: Final = timedelta(hours=2)
"""How long before the start all of it is over."""
LATELY: Final = 8
"""So many of the last days have LIVELIER times as many conversations."""
LIVELIER: Final = 2.5
WEEKEND: Final = 0.45
"""How much is written on a day of the weekend, beside another day."""
BUSY: Final = (1, 4, 7, 6, 4, 3, 5, 4, 3, 3, 4, 5, 6, 7, 5, 2)
"""How much people write in the hours of their day, from 7 o'clock on."""
DELAYS: Final = (4, 9, 14, 22, 35, 50, 75, 110, 160, 230)
"""Minutes until we answer, during the day; a late answer takes LATE more."""
LATE: Final = timedelta(hours=22)
SILENT: Final = 0.35
"""How often nobody thanks us for an answer that ended the matter."""
OPEN: Final = (7, 19)
"""The hours, in UTC, in which we answer."""


class OldConversation(Struct, frozen=True):
    """An episode, when it was."""

    episode: Episode
    said: tuple[WorldEvent, ...]
    """In turn. `who` is None where it is ours."""


class PastLife(Struct, frozen=True):
    """All that happened then."""

    posts: tuple[tuple[OldPost, WorldEvent], ...]
    reactions: tuple[WorldEvent, ...]
    """Likes and boosts."""
    conversations: tuple[OldConversation, ...]


def past_life(seed: Seed, script: Script) -> PastLife:
    """What happened then, the same for equal seeds."""
    posts = tuple((post, _post(seed, post)) for post in script.old_posts)
    reactions = [event for post, ours in posts for event in _reactions(seed, post, ours, [*script.people.values()])]
    days = _days(seed, script.episodes)
    conversations: list[OldConversation] = []
    begun: dict[str, datetime] = {}
    for number, (episode, day) in enumerate(zip(script.episodes, days, strict=True)):
        conversation = _conversation(seed, script, number, episode, day, begun.get(episode.same))
        conversations.append(conversation)
        if episode.same:
            begun[episode.same] = conversation.said[0].at
    return PastLife(posts, tuple(reactions), tuple(conversations))


def old_events(seed: Seed, script: Script) -> Iterator[WorldEvent]:
    """The same as events of the world, in no order."""
    life = past_life(seed, script)
    yield from (ours for _, ours in life.posts)
    yield from life.reactions
    for conversation in life.conversations:
        yield from conversation.said


def _post(seed: Seed, post: OldPost) -> WorldEvent:
    day = (seed.start - timedelta(days=post.days)).replace(hour=9, minute=0, second=0, microsecond=0)
    at = day + timedelta(minutes=30 * seed.random(f"old post:{post.name}").randrange(6))
    name = f"old-post:{post.name}"
    return WorldEvent(at, name, Does.OURS, seed.remote_id(name), text=post.text, language="en")


def _reactions(seed: Seed, post: OldPost, ours: WorldEvent, people: list[Human]) -> Iterator[WorldEvent]:
    random = seed.random(f"liked:{post.name}")
    fans = [human for human in people if human.language != "spam" and not human.bot]
    for does, count in ((Does.LIKES, post.likes), (Does.BOOSTS, post.boosts)):
        for human in random.sample(fans, min(count, len(fans))):
            at = whole_ms(ours.at + timedelta(minutes=random.expovariate(1 / 240)))
            name = f"{does}:{ours.name}:{human.user}"
            yield WorldEvent(min(at, seed.start - PAST), name, does, ours.remote_id, human)


def _days(seed: Seed, episodes: Sequence[Episode]) -> list[datetime]:
    """The midnights (UTC) of the days on which they begin: those of one person in the order of the script."""
    midnight = seed.start.replace(hour=0, minute=0, second=0, microsecond=0)
    days = [midnight - timedelta(days=number) for number in range(FIRST_DAY, LAST_DAY - 1, -1)]
    weights = [
        (WEEKEND if day.weekday() >= 5 else 1.0) * (LIVELIER if midnight - day <= timedelta(days=LATELY) else 1.0)
        for day in days
    ]
    chosen = seed.random("history:days").choices(days, weights, k=len(episodes))
    by_person: dict[str, list[datetime]] = {}
    for episode, day in zip(episodes, chosen, strict=True):
        by_person.setdefault(episode.who, []).append(day)
    in_order = {who: iter(sorted(each)) for who, each in by_person.items()}
    return [next(in_order[episode.who]) for episode in episodes]


def _conversation(
    seed: Seed, script: Script, number: int, episode: Episode, day: datetime, after: datetime | None
) -> OldConversation:
    """`after`: when the one begins that it is merged with."""
    human, random = script.people[episode.who], seed.random(f"history:{number}")
    under = next((post for post in script.old_posts if post.name == episode.under), None)
    parent = None
    if under is not None:
        ours = _post(seed, under)
        day, parent = ours.at.replace(hour=0, minute=0), ours.remote_id
    at = _awake_at(random, human, day)
    if under is not None:
        at = max(at, ours.at + timedelta(minutes=random.uniform(5, 300)))
    if after is not None:
        at = after + timedelta(minutes=random.uniform(4, 25))
    said: list[WorldEvent] = []
    thanks = len(episode.say) > 2 and not episode.say[-1].startswith(OURS)
    say = episode.say[:-1] if thanks and random.random() < SILENT else episode.say
    for turn, text in enumerate(say):
        is_ours = text.startswith(OURS)
        if said and is_ours:
            at = _answered_at(random, at, late=(episode.late or episode.reopened) and turn == 1)
        elif said:
            at += timedelta(minutes=random.uniform(4, 150))
        if at > seed.start - ENDS:
            break
        name = f"history:{number}:{turn}"
        event = WorldEvent(
            at=whole_ms(at),
            name=name,
            does=Does.OURS if is_ours else Does.SAYS,
            remote_id=seed.remote_id(name),
            who=None if is_ours else human,
            text=text.removeprefix(OURS),
            parent=parent,
            visibility=episode.visibility,
            language=human.writes_in,
        )
        said.append(event)
        parent = event.remote_id
    return OldConversation(episode, tuple(said))


def _awake_at(random: Random, human: Human, day: datetime) -> datetime:
    (hour,) = random.choices(range(7, 7 + len(BUSY)), BUSY)
    return day + timedelta(hours=hour - human.offset, minutes=random.uniform(0, 60))


def _answered_at(random: Random, at: datetime, *, late: bool) -> datetime:
    """When we answer what came at `at`: at night nobody does."""
    at += timedelta(minutes=random.choice(DELAYS) * random.uniform(0.8, 1.2)) + (LATE if late else timedelta())
    begin, end = OPEN
    if begin <= at.hour < end:
        return at
    morning = at.replace(hour=begin, minute=5, second=0, microsecond=0) + timedelta(minutes=random.uniform(0, 70))
    return morning if at.hour < begin else morning + timedelta(days=1)
