"""A token of another account than the config's: nothing is fetched, nothing is sent, and its health says so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from commtui.config.settings import Account
from commtui.marketing import posts
from commtui.model.abilities import Capabilities, Limits
from commtui.model.records import AccountState
from commtui.model.states import Health, OutgoingState
from commtui.networks.base import LoginRefused, Profile
from commtui.sync.session import PROFILE_AGE
from commtui.sync.whose import WrongLogin, check_login
from tests.sync.bench import Bench, account, run

OTHER = "other@demo.example"


class Logins:
    """Whose login the bench's network is: `user`; None: as the config says. `calls` counts what else is asked of it."""

    def __init__(self, bench: Bench) -> None:
        self.user: str | None = None
        self.calls: list[str] = []
        honest = bench.engine.connect

        async def connect(wanted: Account) -> Any:
            network = await honest(wanted)
            check = network.check

            async def checked() -> Profile:
                profile = await check()
                return replace(profile, user=self.user, handle=f"@{self.user}") if self.user else profile

            network.check = checked
            for method in ("fetch", "thread", "send", "find", "upload", "act", "stream"):
                setattr(network, method, self._counted(method, getattr(network, method)))
            return network

        bench.engine.connect = connect

    def _counted(self, method: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **more: Any) -> Any:
            self.calls.append(method)
            return real(*given, **more)

        return call


def state(bench: Bench) -> AccountState:
    [only] = bench.store.all(AccountState)
    return only


def while_running(bench: Bench, body: Callable[[], Any]) -> None:
    async def whole() -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(bench.engine.run(stop))
        await bench.clock.run(1)
        await body()
        stop.set()
        await bench.ended(task)

    run(whole())


def test_a_token_of_another_account_fetches_and_sends_nothing(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    logins = Logins(bench)
    logins.user = OTHER
    post = posts.write_post(bench.desk, "hello", ["brand"])[0][0]

    async def body() -> None:
        await bench.clock.run(120)
        assert logins.calls == []
        assert bench.item(post).state in (OutgoingState.SCHEDULED, OutgoingState.RETRYING)
        assert (state(bench).health, bench.mentions()) == (Health.REFUSED, [])
        assert OTHER in (state(bench).error or "")
        assert "brand@demo.example" in (state(bench).error or "")
        logins.user = None
        await bench.clock.run(1000)
        assert bench.item(post).state is OutgoingState.SENT
        assert state(bench).health is Health.OK

    while_running(bench, body)


@pytest.mark.parametrize("when", ["the token is refused", "the check is repeated"])
def test_a_token_that_becomes_another_account_s_ends_it(tmp_path: Path, when: str) -> None:
    bench = Bench(tmp_path)
    logins = Logins(bench)

    async def body() -> None:
        assert state(bench).health is Health.OK
        logins.user = OTHER
        if when == "the token is refused":

            async def refused(*given: Any) -> Any:
                raise LoginRefused("over")
                yield

            setattr(bench.network, "fetch", refused)  # noqa: B010 - mypy: it is no method of this type
            await bench.clock.run(61)
        else:
            bench.clock.advance(PROFILE_AGE.total_seconds())  # at once: a fetch a minute would be made for a day
            await bench.clock.run(61)
        assert state(bench).health is Health.REFUSED
        logins.calls.clear()
        post = posts.write_post(bench.desk, "hello", ["brand"])[0][0]
        await bench.clock.run(120)
        assert logins.calls == []
        assert bench.item(post).state is OutgoingState.SCHEDULED

    while_running(bench, body)


def test_a_login_that_is_refused_once_is_tried_again_at_once_by_the_token_as_it_is_then(tmp_path: Path) -> None:
    bench = Bench(tmp_path)

    async def body() -> None:
        async def refused(*given: Any) -> Any:
            raise LoginRefused("over")
            yield

        setattr(bench.network, "fetch", refused)  # noqa: B010 - mypy: it is no method of this type
        before = len(bench.made)
        await bench.clock.run(61)
        assert len(bench.made) == before + 1
        assert state(bench).health is Health.OK

    while_running(bench, body)


def test_an_account_without_a_user_is_that_of_its_first_login(tmp_path: Path) -> None:
    bench = Bench(tmp_path, account(user=""))
    logins = Logins(bench)
    logins.user = "first@demo.example"

    async def job() -> None:
        assert await bench.runner().fetch()
        logins.user = OTHER
        bench.clock.advance(timedelta(days=1).total_seconds())
        assert not await bench.runner().fetch()
        assert state(bench).health is Health.REFUSED
        logins.user = "First@demo.example"
        assert await bench.runner().fetch()

    run(job())


PROFILE = Profile(
    "brand@xn--bcher-kva.example", "@Brand@bücher.example", "Brand", Limits(), Capabilities(),
    names=("brand", "brand@social.bücher.example"),
)  # fmt: skip


@pytest.mark.parametrize(
    "user",
    [
        "brand@xn--bcher-kva.example",
        "brand@bücher.example",
        "@Brand@BÜCHER.example",
        "brand",
        "brand@social.xn--bcher-kva.example",
    ],
)
def test_a_login_may_be_called_by_each_of_its_names(user: str) -> None:
    check_login(account(user=user), AccountState(id="a", name="brand", network="demo"), PROFILE)


@pytest.mark.parametrize("user", ["brand2@xn--bcher-kva.example", "brand@example", "bücher.example", "did:plc:x"])
def test_another_name_is_another_login(user: str) -> None:
    with pytest.raises(WrongLogin) as wrong:
        check_login(account(user=user), AccountState(id="a", name="brand", network="demo"), PROFILE)
    assert (wrong.value.expected, wrong.value.user) == (user, PROFILE.user)
