"""What a network gives, a plug-in's too, is clean behind the boundary, and says no secret of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from msgspec.structs import replace

from commtui.model.abilities import Capabilities, Limits
from commtui.model.incoming import Status
from commtui.model.records import Media
from commtui.networks import boundary
from commtui.networks.base import (
    AnswerLost,
    Batch,
    EventKind,
    Incoming,
    Login,
    Malformed,
    Network,
    Profile,
    RateLimited,
    Sent,
    Thread,
)
from commtui.system import masking
from tests.nasty import NASTY, filled, raw, strings_in
from tests.networks.tools import CLOCK, outgoing

AT = datetime(2026, 11, 20, tzinfo=UTC)
SECRET = "tok-4711-abcdef-ghijkl"
GOOD = Status("1", "@ada@example.com", "Ada", "2", "Hello", AT)


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has read one secret."""
    monkeypatch.setattr(masking, "_known", {})
    masking.register(SECRET)


class Hostile:
    """A network whose answers are what the test puts in `answer`."""

    name, title, capabilities, needs_token = "hostile", "Hostile", Capabilities(), False
    answer: Any = None

    def __init__(self, login: Login) -> None:
        self.closed = False

    async def check(self) -> Any:
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

    async def thread(self, remote_id: str, most: int = 20) -> Any:
        return await self.check()

    send = find = thread

    async def upload(self, media: Any) -> Any:
        return await self.check()

    act = upload

    async def fetch(self, cursor: Any, since: Any) -> AsyncIterator[Any]:
        try:
            yield await self.check()
        finally:
            self.closed = True

    stream = check

    async def aclose(self) -> None:
        return None


def behind(answer: Any) -> Network:
    kind = type("Answering", (Hostile,), {"answer": answer})
    login = Login("a1", "", "us", lambda: "", lambda name, value: None, lambda name: None, CLOCK)
    return boundary.connect(cast(type[Network], kind), login)


def ask(network: Network, call: str) -> Any:
    async def fetched() -> Any:
        return [batch async for batch in network.fetch(None, AT)]

    item = outgoing("hostile", "x")
    arguments: dict[str, tuple[Any, ...]] = {
        "check": (), "thread": ("1",), "send": (item, ()), "find": (item, ()), "upload": (Media("/x"),), "act": (item,),
    }  # fmt: skip
    return asyncio.run(fetched() if call == "fetch" else getattr(network, call)(*arguments[call]))


CALLS = {
    "check": Profile,
    "thread": Thread,
    "send": Sent,
    "find": Sent,
    "upload": Media,
    "act": Sent,
    "fetch": Batch,
}
KNOWN = {"check": {"limits": Limits()}}
"""What is no text of anybody's: the rule by which texts are counted is one of ours."""


@pytest.mark.parametrize("bad", NASTY)
@pytest.mark.parametrize("call", CALLS)
def test_every_string_of_an_answer_is_clean(call: str, bad: str) -> None:
    answer = ask(behind(filled(CALLS[call], lambda: bad, **KNOWN.get(call, {}))), call)
    assert answer and not [text for text in strings_in(answer) if raw(text)]


@pytest.mark.parametrize("call", CALLS)
def test_no_answer_says_a_secret_of_ours(call: str) -> None:
    said = f'\n"{SECRET}" \\ {SECRET}'
    answer = ask(behind(filled(CALLS[call], lambda: said, **KNOWN.get(call, {}))), call)
    assert answer and not [text for text in strings_in(answer) if SECRET in text]


def test_a_short_secret_stays_in_what_people_write() -> None:
    masking.register("sunshine")
    thread = ask(behind(Thread((replace(GOOD, text="Here is only sunshine."),), ())), "thread")
    assert thread.ancestors[0].text == "Here is only sunshine."
    with pytest.raises(Malformed, match=r"no \[secret\] today"):
        ask(behind(Malformed("no sunshine today")), "thread")


@pytest.mark.parametrize("bad", [*NASTY, f"invalid token {SECRET}", f"https://x/?t={SECRET}", "x" * 5000])
@pytest.mark.parametrize("call", CALLS)
def test_an_errors_words_are_one_clean_line_without_secrets(call: str, bad: str) -> None:
    with pytest.raises(RateLimited) as caught:
        ask(behind(RateLimited(bad, 5.0, host_wide=True)), call)
    words = str(caught.value)
    assert not raw(words) and "\n" not in words and SECRET not in words and len(words) <= 500
    assert caught.value.retry_after == 5.0 and caught.value.host_wide


def test_a_secret_is_not_cut_in_two() -> None:
    """A part of a secret is not replaced: so it is replaced before the words are cut."""
    for length in range(480, 500):
        with pytest.raises(Malformed) as caught:
            ask(behind(Malformed("x" * length + SECRET)), "check")
        assert "tok" not in str(caught.value)


@pytest.mark.parametrize("wrong", [None, "text", 5, Hostile, Status(cast(str, None), "a", "b", "c", "d", AT)])
@pytest.mark.parametrize("call", ["check", "thread", "send", "upload", "fetch"])
def test_what_is_no_answer_is_an_error_that_delivery_knows(call: str, wrong: Any) -> None:
    with pytest.raises(AnswerLost if call in ("send", "upload") else Malformed):
        ask(behind(wrong), call)


def test_a_rule_of_counting_that_nobody_knows_is_an_error_of_the_network() -> None:
    profile = filled(Profile, lambda: "x", limits=Limits(counting="words"))
    with pytest.raises(Malformed, match="counts texts by 'words': characters, mastodon, graphemes"):
        ask(behind(profile), "check")


def test_one_odd_item_costs_that_item() -> None:
    odd = replace(GOOD, text=cast(str, 5))
    items = tuple(Incoming(EventKind.MENTION, status=status) for status in (GOOD, odd, replace(GOOD, remote_id="3")))
    [batch] = ask(behind(Batch((*items, cast(Incoming, None)), "cursor", skipped=1)), "fetch")
    assert [item.status.remote_id for item in batch.items] == ["1", "3"]
    assert batch.skipped == 3 and batch.cursor == "cursor"


def test_a_plug_ins_generator_is_closed() -> None:
    async def begun() -> bool:
        network = behind(Batch((), None))
        fetching = network.fetch(None, AT)
        async for _ in fetching:
            break
        await fetching.aclose()  # type: ignore[attr-defined]
        return cast(bool, network._network._worker._network.closed)  # type: ignore[attr-defined]

    assert asyncio.run(begun())
