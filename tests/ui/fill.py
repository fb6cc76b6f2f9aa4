"""A home for the screen's tests: filled through the store and intake, without a network."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.community import intake
from commtui.community.deadlines import Deadlines
from commtui.community.joining import Owner
from commtui.config.paths import Home
from commtui.config.saved_files import SavedFiles
from commtui.config.settings import Account, Settings
from commtui.model.abilities import Capabilities, Limits, Visibility
from commtui.model.attachments import Fetched, NotFetched
from commtui.model.engine import EngineState
from commtui.model.incoming import Status
from commtui.model.records import AccountState, Via
from commtui.model.states import Health
from commtui.store.store import Store

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ACCOUNT = Account(name="brand", network="mastodon", server="https://example.social", user="brand@example.social")
OWNER = Owner(ACCOUNT.id, ACCOUNT.network)
SETTINGS = Settings(me="lea", teammates=("lea", "kim"), zone="Europe/Berlin", accounts=(ACCOUNT,))
PEOPLE = ("ada", "grace", "alan", "katherine", "linus", "margaret", "edsger", "barbara")
TEXTS = (
    "How do I export my data? The button in [Settings] does nothing.",
    "Love the new release, thank you all!",
    "Is there a way to get an invoice for last month? \u2764\ufe0f",
    "The app crashes on start since yesterday, Pixel 8, Android 16. Log: [bold]oops[/bold]",
    "\u3053\u3093\u306b\u3061\u306f\u3001\u65e5\u672c\u8a9e\u306e\u30b5\u30dd\u30fc\u30c8\u306f\u3042\u308a\u307e\u3059\u304b\uff1f",
    "When will the API support webhooks? We would need them for our integration, and so would many others here.",
)


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing in the screen's tests sleeps by the clock")


class NoEngine:
    """Sends and fetches nothing."""

    def __init__(self) -> None:
        self.started = 0

    def start(self) -> None:
        self.started += 1

    def stop(self) -> None:
        pass

    def state(self) -> EngineState:
        return EngineState("here")


@dataclass
class ScreenServices:
    """Services for the screen, over a store in a folder."""

    store: Store
    clock: SetClock
    home: Home
    settings: Settings = SETTINGS
    demo: bool = False
    engine: NoEngine = field(default_factory=NoEngine)
    problem: str | None = None
    syncs: int = 0
    send_in_background: bool = False
    answers: dict[str, Fetched | NotFetched] = field(default_factory=dict)
    """Address -> what comes of it from the web."""
    fetched: list[tuple[str, int]] = field(default_factory=list)
    show_demo: bool = False
    environ: dict[str, str] = field(default_factory=dict)
    accounts: Any = None

    @cached_property
    def saved_files(self) -> SavedFiles:
        return SavedFiles(self.home.replies)

    def desk(self) -> Desk:
        return Desk(self.store, self.clock, self.settings, self.settings.me, self.saved_files)

    def settings_problem(self) -> str | None:
        return self.problem

    def sync_now(self) -> None:
        self.syncs += 1

    def fetch_file(self, address: str, most: int) -> Fetched:
        self.fetched.append((address, most))
        answer = self.answers[address]
        if isinstance(answer, NotFetched):
            raise answer
        return answer


def services_in(folder: Path, mentions: int = 0, **changes: Any) -> ScreenServices:
    """A home with `mentions` open conversations, a minute apart; the oldest first."""
    home = Home.at(folder)
    home.prepare()
    services = ScreenServices(Store(home.data), SetClock(), home)
    services.settings = replace(SETTINGS, **changes)
    services.store.deadlines = Deadlines(lambda: services.settings)
    if services.settings.accounts:
        with services.store.write() as write:
            write.put(
                AccountState(
                    id=ACCOUNT.id,
                    name="brand",
                    network="mastodon",
                    health=Health.OK,
                    synced_at=NOW,
                    limits=Limits(characters=500),
                    capabilities=Capabilities(edit=True, favourite=True, boost=True, visibilities=tuple(Visibility)),
                )
            )
    arrive(services, mentions)
    return services


def status(number: int, at: datetime, **changes: Any) -> Status:
    """A status of a made-up person: always the same for a number."""
    chance = random.Random(number)
    person = chance.choice(PEOPLE)
    return replace(
        Status(
            remote_id=f"s{number}",
            author=f"@{person}{number}@example.net",
            author_name=person.title(),
            author_id=f"u{number}",
            text=f"No. {number}: {chance.choice(TEXTS)}",
            created_at=at,
            url=f"https://example.net/@{person}{number}/{number}",
        ),
        **changes,
    )


def arrive(services: ScreenServices, count: int, first: int = 0, via: Via = Via.MENTION, **changes: Any) -> list[str]:
    """`count` new mentions in one batch, each its own conversation; their ids."""
    found = []
    with services.store.write() as write:
        for number in range(first, first + count):
            at = services.clock.now() - timedelta(hours=30) + timedelta(minutes=number)
            mention = intake.add_mention(services.store, write, OWNER, status(number, at, **changes), via, at)
            if mention:
                found.append(mention.id)
    return found
