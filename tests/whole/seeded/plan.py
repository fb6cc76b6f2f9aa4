"""What happens in a run: the server, what is written, and the lives of the engine, all chosen by the seed."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, field
from typing import Any, get_args

from tests.servers.quirks.settings import PostAnswer, Rewriting

TEXTS = (
    "plain words",
    "see www.example.org and https://example.org/a?b=1&c=2",
    "AT&amp;T :smile: :) <3 >:(",
    "<b>x</b> a<br>b ![alt](https://e.example/i.png) [^1] <!-- c -->",
    '"quoted" -- it\'s **bold** and _leaning_...',
    "two\n\nparagraphs and a #tag",
    "こんにちは \U0001f44d\U0001f3fd e\u0301",
)
KINDS = ("reply", "direct reply", "public", "unlisted", "private")
DAY = 86_400.0


@dataclass(frozen=True)
class Item:
    """A text that is written before the life of number `life`."""

    kind: str
    text: str
    life: int
    hold: float


@dataclass(frozen=True)
class Life:
    """One life of the engine, from its start to its end after `seconds`, or to its kill."""

    seconds: float
    kill_at: int | None = None
    """Killed at that request of it, counted from 1."""
    kill_moment: str = "before"
    """Before or after the server has done what the request asks for."""
    second: bool = False
    """Another engine is started on the same home at the same time."""
    jump: float = 0.0
    """Seconds by which the server's clock has moved against ours when it begins."""
    backup: bool = False
    """A backup is made before it."""
    restore: bool = False
    """The home of the backup takes the place of this one before it."""
    decide: str = ""
    """What a person does before it about what needs one: retry, release, or nothing."""


@dataclass(frozen=True)
class Plan:
    """A whole run."""

    seed: int
    server: dict[str, Any]
    items: tuple[Item, ...]
    lives: tuple[Life, ...]
    failing_reads: tuple[int, ...] = field(default=())
    """Which of the reads, counted from 0, are answered 502."""

    def __str__(self) -> str:
        parts = [f"seed {self.seed}", f"  server {self.server}", f"  failing reads {self.failing_reads}"]
        parts += [f"  {item}" for item in self.items]
        parts += [f"  {number}: " + _brief(life) for number, life in enumerate(self.lives)]
        return "\n".join(parts)


def _brief(life: Life) -> str:
    return ", ".join(f"{name}={value}" for name, value in asdict(life).items() if value)


def make(seed: int) -> Plan:
    """The plan of a seed: the same in every run."""
    choose = random.Random(seed)
    count = choose.randint(3, 6)
    lives = _lives(choose, count)
    items: list[Item] = []
    for number in range(choose.randint(2, 4)):
        if items and choose.random() < 0.15:
            items.append(items[-1])  # two equal texts are two posts
            continue
        text = f"item {number}x{seed}: {choose.choice(TEXTS)}"
        hold = choose.choice((0.0, 0.0, 10.0, 60.0))
        items.append(Item(choose.choice(KINDS), text, choose.randrange(1, count), hold))
    reads = tuple(sorted(choose.sample(range(60), choose.choice((0, 0, 3, 20)))))
    return Plan(seed, _server(choose), tuple(items), tuple(lives), reads)


def _lives(choose: random.Random, count: int) -> list[Life]:
    """The first one fetches; the last two, of a day and of two hours, meet no fault."""
    backup = choose.randrange(1, count) if choose.random() < 0.3 else None
    restore = choose.randrange(backup + 1, count + 1) if backup is not None else None
    lives = [Life(60.0)]
    for number in range(1, count):
        kill = choose.random() < 0.4
        lives.append(
            Life(
                choose.choice((5.0, 40.0, 400.0, 7200.0)),
                choose.randint(1, 12) if kill else None,
                choose.choice(("before", "after")),
                choose.random() < 0.2,
                choose.choice((-DAY, -300.0, 300.0, DAY)) if choose.random() < 0.2 else 0.0,
                number == backup,
                number == restore,
                choose.choice(("", "", "", "retry", "release")),
            )
        )
    return [*lives, Life(DAY, restore=restore == count), Life(7200.0)]


def _server(choose: random.Random) -> dict[str, Any]:
    answers = [answer for answer in get_args(PostAnswer) if answer != "right"]
    return {
        "idempotency": choose.choice(("honoured", "honoured", "ignored", "ignored", "ignored", "error")),
        "rewrites": frozenset(choose.sample(get_args(Rewriting), choose.choice((0, 0, 1, 2, 4)))),
        "source": choose.choice(("original", "original", "rewritten", "none")),
        "source_field": choose.random() < 0.2,
        "own_list": choose.choice(("all", "all", "all", "public", "none")),
        "home_timeline": choose.random() < 0.7,
        "conversations": choose.random() < 0.7,
        "lag": choose.choice((0.0, 0.0, 0.0, 20.0, 45.0, 400.0)),
        "created_at_off": choose.choice((0.0, 0.0, 0.0, 5.0, -5.0, 300.0, -300.0)),
        "date": choose.choice(("right", "right", "right", "none")),
        "flood": choose.choice((0, 0, 0, 0, 0, 0, 30, 100)),
        "status_ids": choose.choice(("snowflake", "ulid", "hex")),
        "listed_twice": choose.random() < 0.1,
        "link": choose.choice(("normal", "normal", "none", "always")),
        "errors": choose.choice(("json", "json", "text", "empty", "html")),
        "wraps_boosted": choose.random() < 0.15,
        "post_answers": [choose.choice(("right", choose.choice(answers))) for _ in range(choose.randint(1, 6))],
    }
