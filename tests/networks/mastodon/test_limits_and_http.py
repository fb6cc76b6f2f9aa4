"""Rate limits by account and by host, redirects, tokens, broken connections: what every network's HTTP keeps."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui import __version__
from commtui.networks import gates
from commtui.networks.base import AnswerLost, LoginRefused, Malformed, RateLimited, Refused, Unreachable
from commtui.networks.http import Http
from commtui.networks.mastodon.instance import is_mastodon_itself
from tests.clock import FakeClock
from tests.networks.mastodon.logins import CLOCK, fetched, login, run
from tests.servers.proxy import Proxy, answer, redirect, reset, too_many

VERIFY = "/api/v1/accounts/verify_credentials"


@pytest.fixture(autouse=True)
def _gates():
    gates.forget()


def ask(server, user="brand", clock=CLOCK, times=1, **more):
    """So many GETs as that user, with one login."""

    async def job(network):
        for _ in range(times):
            await network.http.get(VERIFY)

    return run(login(server, user=user, clock=clock, **more), job)


def same_time(server):
    """A clock that stands still, for the server and for us."""
    clock = FakeClock(datetime.now(UTC).replace(microsecond=0))
    server.clock = clock.now
    return clock


@pytest.mark.parametrize("form", ["iso", "epoch"])
def test_what_remains_is_never_exceeded_and_the_reset_opens_again(quirks, form):
    server = quirks(limit=5, limit_reset=form)
    clock = same_time(server)
    with pytest.raises(RateLimited) as limited:
        ask(server, clock=clock, times=8)
    assert server.count("GET", VERIFY) == 5
    assert 295 <= limited.value.retry_after <= 300
    with pytest.raises(RateLimited):
        ask(server, clock=clock)
    assert server.count("GET", VERIFY) == 5
    clock.advance(301)
    ask(server, clock=clock)
    assert server.count("GET", VERIFY) == 6


def test_requests_at_the_same_time_do_not_exceed_what_remains(quirks):
    server = quirks(limit=10)
    clock = same_time(server)

    async def job(network):
        await network.http.get(VERIFY)
        asked = [network.http.get(VERIFY) for _ in range(30)]
        return await asyncio.gather(*asked, return_exceptions=True)

    batches = run(login(server, clock=clock), job)
    assert server.count("GET", VERIFY) == 10
    assert sum(isinstance(row, RateLimited) for row in batches) == 21
    assert not any(request.answered == 429 for request in server.requests)


@pytest.mark.parametrize(("form", "seconds"), [("retry-after", 90), ("iso", 90), ("epoch", 90), ("none", 5)])
def test_429_says_how_long_to_wait_and_nothing_is_asked_before(quirks, form, seconds):
    server = quirks()
    clock = FakeClock(datetime.now(UTC))
    with Proxy(server.url) as proxy:
        proxy.rule(too_many(90, form, now=clock.now()), times=1)
        with pytest.raises(RateLimited) as limited:
            ask(server, clock=clock, url=proxy.url)
        assert seconds - 3 <= limited.value.retry_after <= seconds + 1
        with pytest.raises(RateLimited):
            ask(server, clock=clock, url=proxy.url)
        assert proxy.count() == 1
        clock.advance(seconds + 2)
        ask(server, clock=clock, url=proxy.url)
        assert proxy.count() == 2


def test_429_by_address_stops_every_account_of_the_host_and_no_other_host(quirks):
    server, other = quirks("strict", limit=3), quirks()
    clock = same_time(server)
    ask(server, "brand", clock, times=2)
    server.quirks.limit = 2
    with pytest.raises(RateLimited) as limited:
        ask(server, "brand", clock)
    assert limited.value.host_wide
    before = len(server.requests)
    for user in ("ada", "grace"):
        with pytest.raises(RateLimited):
            ask(server, user, clock)
    assert len(server.requests) == before
    ask(other, "ada", clock)


def test_429_by_token_stops_one_account_where_the_server_is_known_to_limit_tokens(quirks):
    server = quirks(limit=6)
    clock = same_time(server)

    async def job(network):
        await network.check()
        server.quirks.limit = 1
        await network.http.get(VERIFY)

    with pytest.raises(RateLimited) as limited:
        run(login(server, clock=clock), job)
    assert not limited.value.host_wide
    server.quirks.limit = 6
    ask(server, "ada", clock)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("4.5.0", True),
        ("4.6.0-nightly.2026-11-20+glitch", True),
        ("0.20.1+git-1a2b3c4", False),
        ("4.2.0 (compatible; Hollo 0.6.0)", False),
        ("2.7.2 (compatible; Pleroma 2.9.1)", False),
        ("4.0.0 (not true Mastodon; snac/2.80)", False),
        ("", False),
    ],
)
def test_mastodon_itself_is_told_from_what_is_compatible(version, expected):
    assert is_mastodon_itself(version) is expected


def test_server_without_capacity_stops_all_accounts_for_as_long_as_it_says(quirks):
    server = quirks(capacity=1)
    clock = same_time(server)

    with pytest.raises(RateLimited) as limited:
        ask(server, clock=clock)
    assert (limited.value.retry_after, limited.value.host_wide) == (30, True)
    with pytest.raises(RateLimited):
        ask(server, "ada", clock)
    assert len(server.requests) == 1


def test_posts_used_up_do_not_stop_reading(quirks):
    server = quirks()
    clock = same_time(server)
    headers = {"X-RateLimit-Limit": "300", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "10000"}
    with Proxy(server.url) as proxy:
        proxy.rule(answer(200, {"id": "1"}, headers, "POST", "/api/v1/statuses"))

        async def job(network):
            await network.http.call("POST", "/api/v1/statuses", body={})
            await network.http.get(VERIFY)
            with pytest.raises(RateLimited):
                await network.http.call("POST", "/api/v1/statuses", body={})

        run(login(server, clock=clock, url=proxy.url), job)
        assert proxy.count("POST") == 1


def test_fetch_that_meets_a_limit_keeps_what_came_before_and_goes_on_later(quirks):
    server = quirks(limit=3)
    clock = same_time(server)
    expected = [status.id for status in server.mentions(200)]
    cursor, brought = None, []

    async def job(network):
        nonlocal cursor
        async for batch in network.fetch(cursor, clock.now() - timedelta(days=30)):
            cursor = batch.cursor
            brought.extend(item.remote_id for item in batch.items)

    for _ in range(20):
        try:
            run(login(server, clock=clock), job)
            break
        except RateLimited as limited:
            clock.advance(limited.retry_after + 1)
    assert sorted(set(brought)) == sorted(expected)
    assert not any(request.answered == 429 for request in server.requests)


# -- redirects and schemes ---------------------------------------------------------------------------------------


def test_token_never_follows_a_redirect_to_another_host_or_port(quirks):
    server, thief = quirks(), quirks()
    with Proxy(server.url) as proxy:
        proxy.rule(redirect(f"{thief.url}{VERIFY}"))
        for job in (lambda n: n.check(), lambda n: fetched(n)):
            with pytest.raises(Refused, match="redirects to"):
                run(login(server, url=proxy.url), job)
        with pytest.raises(AnswerLost, match="redirect"):
            run(login(server, url=proxy.url), lambda n: n.http.call("POST", "/api/v1/statuses"))
    assert thief.requests == []


def test_redirect_on_the_same_host_is_followed_for_reads_and_not_for_ever(quirks):
    server = quirks()
    with Proxy(server.url) as proxy:
        proxy.rule(redirect(VERIFY, 301, "GET", "/old"))
        proxy.rule(redirect("/round", 302, "GET", "/round"))

        async def job(network):
            assert (await network.http.get("/old")).json()["username"] == "brand"
            with pytest.raises(Malformed, match="round in redirects"):
                await network.http.get("/round")

        run(login(server, url=proxy.url), job)
        assert proxy.count("GET", "/round") == 6


@pytest.mark.parametrize("server", ["http://mastodon.example", "http://192.0.2.7", "http://localhost.example"])
def test_plain_http_to_another_machine_is_refused_before_anything_is_sent(server):
    async def job():
        http = Http(server, CLOCK, token=lambda: "secret")
        try:
            with pytest.raises(Refused, match="--insecure-http"):
                await http.get("/")
        finally:
            await http.aclose()

    asyncio.run(job())


# -- tokens ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "  ", "two words", "new\nline", "tökén", "\x1b[2J"])
def test_token_that_cannot_be_one_is_a_refused_login_that_does_not_show_it(quirks, token):
    server = quirks()
    with pytest.raises(LoginRefused) as refused:
        run(login(server, token=token), lambda network: network.check())
    assert not token.strip() or token.strip() not in str(refused.value)
    assert server.requests == []


def test_no_log_line_has_the_token(quirks, caplog):
    caplog.set_level(logging.DEBUG)
    server = quirks("strict", streaming="websocket")
    token = server.token("brand")

    async def job(network):
        await network.check()
        await fetched(network)
        async for _ in network.stream():
            break
        with pytest.raises(Refused):
            await network.http.call("POST", "/api/v1/statuses", body={"status": ""})

    run(login(server), job)
    ours = [record for record in caplog.records if record.name != "websockets.server"]  # the test's own server
    assert {"httpx", "commtui.networks.mastodon.inbound"} <= {record.name for record in ours}
    assert all(token not in record.getMessage() and token not in str(record.args) for record in ours)


# -- connections and answers -------------------------------------------------------------------------------------


def test_reset_kept_alive_connection_is_tried_again_for_a_read_and_never_for_a_post(quirks):
    server = quirks()
    with Proxy(server.url) as proxy:

        async def job(network):
            await network.http.get(VERIFY)
            proxy.rule(reset(), times=1)
            await network.http.get(VERIFY)
            assert proxy.count("GET", VERIFY) == 3
            proxy.rule(reset(), times=1)
            with pytest.raises(AnswerLost):
                await network.http.call("POST", "/api/v1/statuses", body={"status": "x"})
            assert proxy.count("POST") == 1

        run(login(server, url=proxy.url), job)


def test_post_never_uses_a_connection_that_may_be_dead(quirks):
    server = quirks()
    with Proxy(server.url) as proxy:

        async def job(network):
            for _ in range(3):
                await network.http.get(VERIFY)
            assert proxy.connections == 1
            proxy.cut_connections()
            await network.http.call("POST", "/api/v1/statuses", body={"status": "x"})
            assert proxy.connections == 2

        run(login(server, url=proxy.url), job)


def test_every_request_says_who_we_are(quirks):
    server = quirks()
    ask(server)
    assert server.requests[0].headers["user-agent"] == f"commtui/{__version__}"


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        ('{"error": "no \\u001b[31mway\\u202e"}', "application/json", "no way"),
        ('{"error": "a", "error_description": "b"}', "application/json", ": b"),
        ("plain\nwords", "text/plain", "plain words"),
        ("<html><title>Oops</title></html>", "text/html", "HTTP 418, an HTML page"),
        ("", "text/plain", "HTTP 418"),
        ("[1]", "application/json", "HTTP 418"),
        ('{"error": {"deep": 1}}', "application/json", "HTTP 418"),
        ("x" * 9_000_000, "text/plain", "xxx"),
    ],
)
def test_refusal_is_one_clean_line_whatever_the_server_writes(quirks, body, kind, said):
    server = quirks()
    with Proxy(server.url) as proxy:
        proxy.rule(answer(418, body, {"Content-Type": kind}, "POST"))
        with pytest.raises(Refused) as refused:
            run(login(server, url=proxy.url), lambda network: network.http.call("POST", "/api/v1/statuses"))
    assert said in str(refused.value)
    assert str(refused.value).isprintable() and len(str(refused.value)) < 300
    assert refused.value.status == 418


@pytest.mark.parametrize("status", [500, 502, 503, 408])
def test_server_in_trouble_is_unreachable_for_a_read(quirks, status):
    server = quirks()
    with Proxy(server.url) as proxy:
        proxy.rule(answer(status, "", {"Retry-After": "7"}))
        with pytest.raises(Unreachable) as trouble:
            ask(server, url=proxy.url)
    assert trouble.value.retry_after == 7


NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30", 30),
        ("1.5", 1.5),
        (str(int(NOW.timestamp()) + 90), 90),
        ("2026-11-23T12:05:00.000Z", 300),
        ("2026-11-23T12:05:00", 300),
        ("Mon, 23 Nov 2026 12:01:00 GMT", 60),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("nan", None),
        ("1e400", None),
    ],
)
def test_time_to_wait_is_read_in_every_form(text, seconds):
    assert gates.seconds_until(text, NOW) == seconds


@given(st.text(max_size=40))
def test_time_to_wait_of_garbage_raises_nothing(text):
    gates.seconds_until(text, NOW)
    wait = gates.wait_told({"retry-after": text, "date": text}, NOW)
    assert wait is None or 1 <= wait <= gates.LONGEST_WAIT
