"""Servers that fail at one address, or refuse without saying for how long."""

import asyncio

import pytest

from commtui.model.abilities import Proofs
from commtui.networks import gates
from commtui.networks.base import RateLimited, Refused, Unreachable
from commtui.networks.mastodon.oauth import OAuth
from tests.networks.mastodon.logins import CLOCK, login, run
from tests.networks.mastodon.test_limits_and_http import VERIFY, ask, same_time
from tests.servers.proxy import Proxy, answer


@pytest.fixture(autouse=True)
def _gates():
    gates.forget()


@pytest.mark.parametrize("status", [400, 403, 404, 422, 500, 502, 503])
def test_a_login_works_where_only_the_old_description_of_the_server_answers(quirks, status):
    server = quirks(instance_v2_error=status, max_characters=777)
    profile = run(login(server), lambda network: network.check())
    assert profile.user == f"brand@{server.host}"
    assert profile.limits.characters == 777


@pytest.mark.parametrize("body", ["<html>no</html>", "[]", "", "[" * 100_000])
def test_a_login_works_where_the_new_description_is_none(quirks, body):
    server = quirks(max_characters=777)
    with Proxy(server.url) as proxy:
        proxy.rule(answer(200, body, {"Content-Type": "text/html"}, "GET", "/api/v2/instance"))
        profile = run(login(server, url=proxy.url), lambda network: network.check())
    assert profile.limits.characters == 777


@pytest.mark.parametrize(("status", "body"), [(403, ""), (404, "{}"), (405, "no"), (200, "<html>no</html>")])
def test_a_login_works_where_no_description_is_given_and_limits_come_later(quirks, status, body):
    server = quirks(max_characters=777)
    with Proxy(server.url) as proxy:
        proxy.rule(answer(status, body, {"Content-Type": "text/html"}, "GET", "/api/v[12]/instance"))

        async def job(network):
            first = await network.check()
            proxy.clear()
            return first, await network.check()

        first, then = run(login(server, url=proxy.url), job)
    assert first.user == then.user == f"brand@{server.host}"
    assert first.capabilities.proofs == Proofs(), "what is not known proves nothing"
    assert then.limits.characters == 777


@pytest.mark.parametrize("fails", [1, 2])
def test_a_description_that_fails_counts_for_more_than_one_that_is_missing(quirks, fails):
    server = quirks()
    with Proxy(server.url) as proxy:
        proxy.rule(answer(502, "", {}, "GET", f"/api/v{fails}/instance"))
        proxy.rule(answer(404, "", {}, "GET", f"/api/v{3 - fails}/instance"))
        with pytest.raises(Unreachable) as error:
            run(login(server, url=proxy.url), lambda network: network.check())
    assert error.value.status == 502


def test_a_refusal_that_says_no_time_is_tried_after_seconds_that_grow(quirks):
    server = quirks()
    clock = same_time(server)
    with Proxy(server.url) as proxy:
        proxy.rule(answer(429, "", {}))
        waits = []
        for _ in range(10):
            with pytest.raises(RateLimited) as limited:
                ask(server, clock=clock, url=proxy.url)
            waits.append(limited.value.retry_after)
            clock.advance(limited.value.retry_after + 0.001)
        assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]
        assert proxy.count() == 10
        proxy.clear()
        ask(server, clock=clock, url=proxy.url)
        proxy.rule(answer(429, "", {}))
        with pytest.raises(RateLimited) as limited:
            ask(server, clock=clock, url=proxy.url)
        assert limited.value.retry_after == 5


PAGE = "\n".join(["Server Error", "Traceback (most recent call last):", *("  File x, line 3" for _ in range(200))])


@pytest.mark.parametrize(
    ("status", "kind", "error"),
    [(500, "text/plain", Unreachable), (400, "text/plain", Refused), (422, "text/html", Refused)],
)
def test_a_page_for_developers_is_shortened(quirks, status, kind, error):
    server = quirks()
    with Proxy(server.url) as proxy:
        proxy.rule(answer(status, PAGE, {"Content-Type": kind}, "GET", VERIFY))
        with pytest.raises(error) as raised:
            run(login(server, url=proxy.url), lambda network: network.http.get(VERIFY))
    assert "Traceback" not in str(raised.value)
    assert len(str(raised.value)) < 100


def test_a_wrong_code_at_which_the_server_fails_is_told_as_one(quirks):
    server = quirks(wrong_code="debug page")

    async def job():
        flow = OAuth(server.url, CLOCK)
        try:
            app = await flow.register()
            await flow.exchange(app, "not-the-code")
        finally:
            await flow.aclose()

    with pytest.raises(Unreachable, match="the code may be cut off") as raised:
        asyncio.run(job())
    assert "File" not in str(raised.value)
