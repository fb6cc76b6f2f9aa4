"""Languages of what comes in are guessed where the network names none; whatever fails there costs the hint alone."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from commtui.model.languages import spoken
from commtui.model.records import Conversation, Mention
from commtui.networks.base import Batch, EventKind, Incoming
from commtui.sync import language_hints
from commtui.sync.inbound import keep_batch
from commtui.sync.language_hints import IDLE, PAUSE, SECONDS, LanguageHints
from commtui.system.languages import has_library
from commtui.triage import query
from commtui.triage.views import listed_mentions
from tests import fake_languages as fake
from tests.clock import FakeClock
from tests.sync.arriving import Arrivals, arrivals_in, rule
from tests.sync.bench import Bench, run
from tests.triage.desks import conversation_of, status

GERMAN = "Wann wird mein Paket endlich geliefert?"
REAL = pytest.mark.skipif(not has_library(), reason="needs py3langid, the extra languages")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def home(tmp_path: Path, clock: FakeClock) -> Arrivals:
    return arrivals_in(tmp_path / "home", clock, rule("german", "tag deutsch", when="lang:de"))


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    folder = tmp_path / "library"
    monkeypatch.syspath_prepend(folder)
    return lambda answer: fake.write_library(folder, answer)


async def comes(home: Arrivals, hints: LanguageHints, *texts: str, **fields: Any) -> list[Mention]:
    """As a fetch does it: the hints of a batch, then the batch."""
    items = [home.item(text, **fields) for text in texts]
    keep_batch(home.session, Batch(tuple(items), f"cursor {home.count}"), first=False, hints=await hints.of(items))
    return [home.mention(item.status.remote_id) for item in items if item.status]


def of(home: Arrivals, wanted: bool = True) -> LanguageHints:
    return LanguageHints(home.clock, lambda: wanted)


@REAL
def test_a_guess_is_found_by_queries_and_rules_and_never_replaces_what_the_network_names(home: Arrivals) -> None:
    async def job() -> None:
        hints = of(home)
        (guessed,) = await comes(home, hints, f"@brand {GERMAN} https://shop.example/x")
        (named,) = await comes(home, hints, GERMAN, language="nl")
        (undetermined,) = await comes(home, hints, GERMAN, language="und")
        (short,) = await comes(home, hints, "@brand ok")
        await hints.close()
        assert [str(spoken(one)) for one in (guessed, named, undetermined, short)] == ["de?", "nl", "de?", ""]
        assert (undetermined.language, named.language_guess) == ("und", None)
        of_rule = {found.id for found in home.store.all(Conversation) if "deutsch" in found.tags}
        assert of_rule == {guessed.conversation, undetermined.conversation}
        for asked, expected in (("lang:de", of_rule), ("lang:nl", {named.conversation}), ("lang:und", set())):
            found = {mention.conversation for mention, _ in listed_mentions(home.desk, query.parse(asked))}
            assert found == expected

    run(job())


@REAL
def test_the_row_has_the_language_of_the_newest_and_an_edit_keeps_the_guess(home: Arrivals) -> None:
    async def job() -> None:
        hints = of(home)
        (first,) = await comes(home, hints, GERMAN)
        await comes(home, hints, "Thanks, it came today.", answers=first.remote_id, language="en")
        row = conversation_of(home.desk, first)
        assert (row.mentions, str(spoken(row))) == (2, "en")
        edit = Incoming(EventKind.EDITED, status=status(first.remote_id, home.clock.now(), "Where is it?"))
        keep_batch(home.session, Batch((edit,), "edited"), first=False, hints=await hints.of([edit]))
        again = home.mention(first.remote_id)
        assert (again.text, str(spoken(again))) == ("Where is it?", "de?")
        await hints.close()

    run(job())


def test_nothing_is_guessed_unless_the_config_asks_and_then_no_process_stays(home: Arrivals, library: Any) -> None:
    library(fake.SAYS_GERMAN)
    wanted = [False]

    async def job() -> None:
        hints, before = LanguageHints(home.clock, lambda: wanted[0]), fake.children()
        (off,) = await comes(home, hints, GERMAN)
        assert fake.children() == before
        wanted[0] = True
        (on,) = await comes(home, hints, GERMAN)
        assert len(fake.children() - before) == 1
        wanted[0] = False
        (off_again,) = await comes(home, hints, GERMAN)
        assert fake.children() == before
        assert [one.language_guess for one in (off, on, off_again)] == [None, "de", None]

    run(job())


def test_what_guesses_ends_when_nothing_came_for_two_minutes_and_begins_anew(
    home: Arrivals, clock: FakeClock, library: Any
) -> None:
    library(fake.SAYS_GERMAN)

    async def job() -> None:
        hints, before = of(home), fake.children()
        await comes(home, hints, GERMAN)
        await clock.run(IDLE - 1)
        await comes(home, hints, GERMAN)
        await clock.run(IDLE - 1)
        assert len(fake.children() - before) == 1
        await clock.run(1)
        while fake.children() != before:  # it is killed, and then waited for
            await asyncio.sleep(0.01)
        (again,) = await comes(home, hints, GERMAN)
        assert again.language_guess == "de"
        await hints.close()
        assert fake.children() == before

    run(job())


@pytest.mark.parametrize("answer", [fake.ENDS, fake.RAISES, fake.CRASHES])
def test_a_library_that_fails_costs_the_hints_of_some_minutes_and_one_line(
    home: Arrivals, clock: FakeClock, library: Any, caplog: pytest.LogCaptureFixture, answer: str
) -> None:
    library(answer)

    async def job() -> None:
        hints = of(home)
        with caplog.at_level(logging.WARNING, "commtui"):
            (one,) = await comes(home, hints, GERMAN)
            (two,) = await comes(home, hints, GERMAN)
        library(fake.SAYS_GERMAN)
        clock.advance(PAUSE - 1)
        (three,) = await comes(home, hints, GERMAN)
        clock.advance(2)
        (four,) = await comes(home, hints, GERMAN)
        await hints.close()
        assert [mention.language_guess for mention in (one, two, three, four)] == [None, None, None, "de"]
        (line,) = [record.getMessage() for record in caplog.records]
        assert line.startswith("languages are not guessed for the next 10 minutes: ")

    run(job())


def test_a_library_that_hangs_keeps_a_batch_for_its_time_and_no_longer(
    home: Arrivals, clock: FakeClock, library: Any
) -> None:
    library(fake.HANGS)

    async def job() -> None:
        hints, before = of(home), fake.children()
        coming = asyncio.create_task(comes(home, hints, GERMAN))
        while not clock.sleeping:
            await asyncio.sleep(0.01)
        await clock.run(SECONDS - 1)
        assert not coming.done()
        clock.advance(1)
        (mention,) = await coming
        assert mention.language_guess is None
        (next_one,) = await comes(home, hints, GERMAN)
        assert next_one.language_guess is None
        assert fake.children() == before
        assert clock.slept == [SECONDS]

    run(job())


def test_without_the_library_everything_comes_and_one_line_says_so(
    home: Arrivals, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(language_hints, "has_library", lambda: False)

    async def job() -> None:
        hints = of(home)
        with caplog.at_level(logging.WARNING, "commtui"):
            come = [*await comes(home, hints, GERMAN), *await comes(home, hints, GERMAN)]
        assert [mention.language_guess for mention in come] == [None, None]
        assert [record.getMessage() for record in caplog.records] == [
            "languages are not guessed: the extra `languages` is not installed"
        ]

    run(job())


@pytest.mark.parametrize("code", ["x", "../../etc", "de\n", "deutsch-und-so", 7, ["de"]])
def test_a_code_that_is_none_is_no_guess(home: Arrivals, library: Any, code: object) -> None:
    library(f"return {code!r}, 0.9")

    async def job() -> None:
        hints = of(home)
        (mention,) = await comes(home, hints, GERMAN)
        await hints.close()
        assert mention.language_guess is None

    run(job())


def test_an_engine_ends_what_guesses_with_itself(tmp_path: Path, library: Any) -> None:
    library(fake.SAYS_GERMAN)
    bench = Bench(tmp_path / "bench")
    bench.home.config.write_text(f"detect_language = true\n{bench.home.config.read_text()}")
    bench.restart()

    async def job() -> None:
        before, stop = fake.children(), asyncio.Event()
        engine = asyncio.create_task(bench.engine.run(stop))
        while not list(bench.store.all(Mention)):  # the first fetch needs no time of the clock
            await asyncio.sleep(0.01)
        guesses = {mention.language_guess for mention in bench.mentions() if mention.language is None}
        assert guesses == {"de"}
        assert len(fake.children() - before) == 1
        stop.set()
        await bench.ended(engine)
        assert fake.children() == before

    run(job())
