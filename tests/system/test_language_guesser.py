"""Languages are guessed in a process of its own: right where it is sure, and without harm where the library fails."""

from __future__ import annotations

import asyncio
import tomllib
from collections import Counter
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commtui.model.facets import language
from commtui.model.languages import is_enough, words_of
from commtui.system.languages import AT_ONCE, Guesser, NotGuessed, has_library
from tests import fake_languages as fake

POSTS = tomllib.loads((Path(__file__).parents[2] / "benchmarks" / "language_posts.toml").read_text())


def run(job: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(job)


async def guessed(*texts: str) -> list[str]:
    guesser = Guesser()
    try:
        return await guesser.guess(texts)
    finally:
        await guesser.close()


# the library itself


def test_of_the_posts_none_is_wrong_and_few_have_no_guess() -> None:
    pytest.importorskip("py3langid", reason="needs py3langid, the extra languages")
    told = [(code, words_of(text)) for code, texts in POSTS.items() for text in texts]
    asked = [(code, words) for code, words in told if is_enough(words)]
    answers = run(guessed(*(words for _, words in asked)))
    outcome = Counter(
        "right" if answer == code else "none" if not answer else f"{code} as {answer}"
        for (code, _), answer in zip(asked, answers, strict=True)
    )
    assert len(asked) > 3 * AT_ONCE
    assert outcome.keys() == {"right", "none"} and outcome["right"] > 190, outcome
    assert all(is_enough(words) is (code != "none") for code, words in told)


@pytest.fixture(scope="module")
def known() -> set[str]:
    langid = pytest.importorskip("py3langid.langid", reason="needs py3langid, the extra languages")
    return set(langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE).labels)


ANY = st.text(max_size=500) | st.text(st.characters(codec="utf-8"), max_size=60).map(lambda text: text * 9)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(ANY, max_size=AT_ONCE + 5))
def test_any_text_gets_a_known_code_or_none(known: set[str], texts: list[str]) -> None:
    async def job() -> list[str]:
        return await GUESSER.guess(texts)

    answers = LOOP.run(job())
    assert len(answers) == len(texts)
    assert all(answer == "" or (answer in known and language(answer) == answer) for answer in answers)


GUESSER = Guesser()
"""One for all examples: its process takes a second to begin."""
LOOP = asyncio.Runner()


@pytest.fixture(scope="module", autouse=True)
def _ended() -> Any:
    yield
    LOOP.run(GUESSER.close())
    LOOP.close()


# what it costs when a library fails


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts a library that does as a test says in the place of the real one."""

    def write(answer: str, before: str = "") -> None:
        fake.write_library(tmp_path, answer, before)

    monkeypatch.syspath_prepend(tmp_path)
    return write


@pytest.mark.parametrize("answer", [fake.ENDS, fake.RAISES, fake.CRASHES, "return 7, 0.1", "return None"])
def test_a_library_that_fails_costs_the_guess_and_the_next_call_begins_anew(library, answer) -> None:
    library(answer)

    async def job() -> None:
        guesser, before = Guesser(), fake.children()
        with pytest.raises(NotGuessed):
            await guesser.guess(["Guten Tag"])
        assert fake.children() == before
        library(fake.SAYS_GERMAN)
        assert has_library() and await guesser.guess(["Guten Tag"] * (AT_ONCE + 1)) == ["de"] * (AT_ONCE + 1)
        await guesser.close()
        assert fake.children() == before

    run(job())


@pytest.mark.parametrize("fault", [OSError("no memory"), RuntimeError("can't start new thread"), MemoryError()])
def test_a_process_that_cannot_begin_costs_the_guess(monkeypatch, fault) -> None:
    async def begin(*given: object, **more: object) -> None:
        raise fault

    monkeypatch.setattr(asyncio, "create_subprocess_exec", begin)
    with pytest.raises(NotGuessed):
        run(guessed("Guten Tag"))


def test_what_the_library_prints_is_no_answer(library) -> None:
    library('print("[]"); return "de", 0.9', before='print("loaded")')
    assert run(guessed("Guten Tag")) == ["de"]


def test_a_cancelled_call_ends_the_process_and_its_answer_is_not_taken_for_the_next_one(library) -> None:
    library("time.sleep(0.0 if 'quick' in text else 600); return 'de', 0.9")

    async def job() -> None:
        guesser, before = Guesser(), fake.children()
        assert await guesser.guess(["quick"]) == ["de"]
        hanging = asyncio.create_task(guesser.guess(["slow"]))
        second = asyncio.create_task(guesser.guess(["quick"]))
        await asyncio.sleep(0.05)
        assert not hanging.done() and not second.done()
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
        assert await second == ["de"]
        await guesser.close()
        assert fake.children() == before

    run(job())


def test_without_texts_no_process_begins(library) -> None:
    library(fake.ENDS)
    before = fake.children()
    assert run(guessed()) == []
    assert fake.children() == before
