"""Logging in: addresses as people give them, the code flow without a browser, and who the login is."""

import asyncio

import pytest

from commtui.model.abilities import Limits
from commtui.networks import gates
from commtui.networks.base import LoginRefused, Malformed, Refused, Unreachable
from commtui.networks.mastodon.entities import Application, Instance
from commtui.networks.mastodon.instance import limits
from commtui.networks.mastodon.oauth import OAuth
from commtui.networks.payloads import read
from tests.networks.mastodon.logins import CLOCK, login, run
from tests.servers.mock import free_port
from tests.servers.proxy import Proxy, answer, drop_answer, html


@pytest.fixture(autouse=True)
def _gates():
    gates.forget()


def flow(server, job, **more):
    async def whole():
        oauth = OAuth(server, CLOCK, **more)
        try:
            return await job(oauth)
        finally:
            await oauth.aclose()

    return asyncio.run(whole())


def test_code_flow_gives_a_token_that_works(quirks):
    server = quirks()

    async def job(oauth):
        app = await oauth.register()
        code = server.authorize("brand", oauth.authorize_url(app))
        assert app.client_secret not in repr(app)
        return await oauth.exchange(app, f"  {code}\n")

    token = flow(server.url, job)
    profile = run(login(server, token=token), lambda network: network.check())
    assert profile.user == f"brand@{server.host}"


def test_code_flow_on_the_mock_with_a_pasted_address(mastodon):
    async def job(oauth):
        app = await oauth.register()
        assert "urn%3Aietf%3Awg%3Aoauth%3A2.0%3Aoob" in oauth.authorize_url(app)
        code = mastodon.authorize("brand", app.client_id)
        return await oauth.exchange(app, f"{mastodon.url}/oauth/authorize/native?code={code}")

    token = flow(mastodon.url, job)
    profile = run(login(mastodon, token=token), lambda network: network.check())
    assert (profile.user, profile.handle) == (f"brand@{mastodon.host}", f"@brand@{mastodon.host}")


@pytest.mark.parametrize("code", ["", "wrong", "code=", "https://x.example/?code=wrong"])
def test_code_that_is_wrong_is_one_clear_line(quirks, code):
    server = quirks()

    async def job(oauth):
        await oauth.exchange(await oauth.register(), code)

    with pytest.raises(Refused, match="code") as wrong:
        flow(server.url, job)
    assert "\n" not in str(wrong.value)


def test_code_can_be_used_once(quirks):
    server = quirks()

    async def job(oauth):
        app = await oauth.register()
        code = server.authorize("brand", oauth.authorize_url(app))
        assert await oauth.exchange(app, code)
        with pytest.raises(Refused):
            await oauth.exchange(app, code)
        with pytest.raises(Refused):
            await oauth.exchange(Application(app.client_id, "other"), code)

    flow(server.url, job)


def test_server_that_is_no_mastodon_is_one_clear_line(quirks):
    server = quirks(not_mastodon=True)
    with pytest.raises(Malformed, match="does not answer like a Mastodon server") as wrong:
        flow(server.url, lambda oauth: oauth.register())
    assert "\n" not in str(wrong.value)


@pytest.mark.parametrize(
    "effect",
    [html(200), answer(200, "[]"), answer(200, "{}"), answer(200, ""), html(405), html(403), answer(404, "no")],
    ids=["html", "list", "object", "empty", "405", "403", "404"],
)
def test_whatever_a_stranger_answers_is_one_clear_line(quirks, effect):
    with Proxy(quirks().url) as proxy:
        proxy.rule(effect)
        with pytest.raises(Malformed, match="Mastodon server") as wrong:
            flow(proxy.url, lambda oauth: oauth.register())
    assert "\n" not in str(wrong.value)


def test_address_where_nothing_listens_names_it_and_asks_whether_it_is_right():
    with pytest.raises(Unreachable, match=r"is http://127\.0\.0\.1:\d+ the right address") as wrong:
        flow(f"127.0.0.1:{free_port()}", lambda oauth: oauth.register())
    assert "\n" not in str(wrong.value)


def test_lost_answer_while_logging_in_is_safe_to_begin_again(quirks):
    with Proxy(quirks().url) as proxy:
        proxy.rule(drop_answer("POST"))
        with pytest.raises(Unreachable):
            flow(proxy.url, lambda oauth: oauth.register())


def test_plain_http_to_another_machine_needs_to_be_asked_for():
    with pytest.raises(Refused, match="--insecure-http"):
        flow("http://mastodon.example", lambda oauth: oauth.register())


# -- check -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("preset", ["mastodon", "strict", "sparse", "broken"])
def test_check_tells_the_servers_limits_and_asks_for_them_once(quirks, preset):
    server = quirks(preset, max_characters=7777, max_media_attachments=9)

    async def job(network):
        first = await network.check()
        before = len(server.requests)
        assert await network.check() == first
        assert len(server.requests) == before + 1
        return first

    profile = run(login(server), job)
    assert profile.user == f"brand@{server.host}" and profile.handle == f"@brand@{server.host}"
    types = ("image/jpeg", "image/png", "image/gif", "image/webp")
    assert profile.limits == Limits(
        7777,
        None,
        "mastodon",
        23,
        9,
        image_bytes=10_485_760,
        image_pixels=33_177_600,
        alt_characters=1500,
        media_types=types,
    )
    assert profile.capabilities.streaming is (preset in ("mastodon", "strict"))
    assert profile.extra["id"] == server.account("brand").id


@pytest.mark.parametrize(
    ("instance", "characters"),
    [
        ({}, 500),
        ({"max_toot_chars": 5000}, 5000),
        ({"configuration": {"statuses": {"max_characters": 11}}}, 11),
        ({"configuration": None}, 500),
        ({"configuration": {"statuses": []}}, 500),
        ({"configuration": {"statuses": {"max_characters": "many"}}}, 500),
    ],
)
def test_limits_of_any_description_of_a_server(instance, characters):
    assert limits(read(instance, Instance)).characters == characters


def test_token_without_the_scope_to_write_is_reported_when_it_writes(quirks):
    server = quirks()
    token = server.token("brand", "read")

    async def job(network):
        await network.check()
        with pytest.raises(Refused) as refused:
            await network.http.call("POST", "/api/v1/statuses", body={"status": "x"})
        assert refused.value.status == 403

    run(login(server, token=token), job)


def test_token_of_nobody_is_a_refused_login(quirks):
    for preset in ("mastodon", "sparse", "broken"):
        with pytest.raises(LoginRefused) as refused:
            run(login(quirks(preset), token="nobody"), lambda network: network.check())
        assert "account add" in str(refused.value) and "nobody" not in str(refused.value)
