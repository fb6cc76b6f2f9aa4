"""Logging in, tokens that expire, refreshes that are lost half-way, and who is told when it is over."""

import asyncio
import http.server
import threading
from typing import ClassVar

import pytest
from msgspec.structs import replace

from commtui.networks.base import Gone, LoginRefused, RateLimited, Refused
from commtui.networks.bluesky import login, xrpc
from commtui.networks.bluesky.atproto_lexicon import Claims
from tests.networks.bluesky import logins
from tests.networks.bluesky.logins import CLOCK, run
from tests.servers import proxy

pytestmark = pytest.mark.slow
CREATE = "/xrpc/com.atproto.server.createSession"
REFRESH = "/xrpc/com.atproto.server.refreshSession"
LIST = "/xrpc/app.bsky.notification.listNotifications"
SESSION = "/xrpc/com.atproto.server.getSession"


async def check(network):
    return await network.check()


def counted(through):
    return tuple(through.count(path=path) for path in (CREATE, REFRESH, SESSION))


@pytest.fixture
def secrets():
    return {}


@pytest.fixture
def made(network, through, secrets):
    """A login through the proxy whose session is kept in `secrets`."""
    return logins.login(network, "frank", url=through.url, secrets=secrets)


def test_session_is_opened_once_and_kept_over_restarts(network, through, made, secrets):
    profile = run(made, check)
    assert (profile.user, profile.handle, profile.name) == (network.did("frank"), "@frank.test", "frank.test")
    assert (profile.limits.characters, profile.limits.bytes, profile.limits.counting) == (300, 3000, "graphemes")
    assert counted(through) == (1, 0, 1)
    assert set(secrets) == {"access", "refresh", "session"}
    run(made, check)
    assert counted(through) == (1, 0, 2)


def test_expired_access_token_is_refreshed_and_the_call_made_again(network, through, made, secrets):
    run(made, check)
    old = dict(secrets)
    secrets["access"] = expired = network.forged("frank", -60)
    assert run(made, check).handle == "@frank.test"
    assert counted(through) == (1, 1, 3)
    assert secrets["refresh"] not in ("", old["refresh"])  # rotated
    assert secrets["access"] not in ("", expired)


@pytest.mark.parametrize(
    "harm",
    [
        proxy.drop_answer("POST", REFRESH),
        proxy.cut(10, "POST", REFRESH),
        proxy.answer(200, {"accessJwt": "", "refreshJwt": ""}, None, "POST", REFRESH, forward=True),
        proxy.answer(500, {"error": "InternalServerError"}, None, "POST", REFRESH, forward=True),
        proxy.answer(400, {"error": "ExpiredToken", "message": "Token has been revoked"}, None, "POST", REFRESH),
    ],
    ids=["answer-lost", "answer-cut", "empty-tokens", "500", "revoked"],
)
def test_refresh_lost_half_way_is_made_good_by_the_app_password(network, through, made, secrets, harm):
    run(made, check)
    secrets["access"] = network.forged("frank", -60)
    through.rule(harm, times=1)
    assert run(made, check).handle == "@frank.test"
    assert counted(through) == (2, 1, 3)
    assert all(secrets.values())
    run(made, check)
    assert counted(through) == (2, 1, 4)


def test_refresh_that_never_arrived_is_tried_again_later_without_a_new_session(network, through, made, secrets):
    run(made, check)
    secrets["access"] = network.forged("frank", -60)
    kept = dict(secrets)
    through.rule(proxy.too_many(9, method="POST", path=REFRESH), times=1)
    with pytest.raises(RateLimited) as raised:
        run(made, check)
    assert raised.value.retry_after == 9
    assert secrets == kept
    assert counted(through) == (1, 1, 2)


def test_both_ways_expired_at_once_by_many_requests_is_one_refresh(network, through, made, secrets):
    run(made, check)
    secrets["access"] = network.forged("frank", -60)

    async def many(client):
        return await asyncio.gather(*(client.check() for _ in range(5)))

    assert len(run(made, many)) == 5
    assert counted(through)[:2] == (1, 1)


def test_revoked_app_password_is_a_refused_login(network, through):
    network.account("carol")
    secrets = {}
    mine = logins.login(network, "carol", url=through.url, secrets=secrets)
    assert run(mine, check).handle == "@carol.test"
    network.revoke("carol")
    secrets["access"] = network.forged("carol", -60)
    with pytest.raises(LoginRefused, match="log in anew") as refused:
        run(mine, check)
    assert "\n" not in str(refused.value)
    assert counted(through) == (2, 1, 2)


def test_new_app_password_does_not_go_on_with_the_old_ones_session(network, through, secrets):
    run(logins.login(network, "frank", url=through.url, secrets=secrets), check)
    with pytest.raises(LoginRefused):
        run(logins.login(network, "frank", token="wrong", url=through.url, secrets=secrets), check)
    other = network.app_password("frank", label="other")
    run(logins.login(network, "frank", token=other, url=through.url, secrets=secrets), check)
    assert counted(through) == (3, 0, 2)


def test_secrets_that_cannot_be_kept_do_not_end_the_session(network, through, made, caplog):
    def full(name, value):
        raise OSError("no space left on device")

    assert run(replace(made, save=full), check).handle == "@frank.test"
    assert "cannot be stored (OSError)" in caplog.text
    assert network.account("frank")[2] not in caplog.text


def test_429_waits_as_told_and_asks_nothing_meanwhile(network, through, made):
    run(made, check)
    through.rule(proxy.too_many(30, method="GET", path=LIST), times=1)

    async def twice(client):
        messages = []
        for _ in range(2):
            with pytest.raises(RateLimited) as limited:
                await logins.fetched(client)
            messages.append(limited.value.retry_after)
        return messages

    first, second = run(made, twice)
    assert first == 30
    assert 29 <= second <= 30
    assert through.count(path=LIST) == 1


def test_login_attempts_are_bounded_by_the_servers_headers(network, through):
    """The PDS lets 30 logins through in five minutes and says in its headers how many are left."""
    network.account("dave")
    refused = []
    for _ in range(33):
        with pytest.raises((LoginRefused, RateLimited)) as raised:
            run(logins.login(network, "dave", token="wrong", url=through.url, secrets={}), check)
        refused.append(raised.value)
    assert [type(error) for error in refused] == [LoginRefused] * 30 + [RateLimited] * 3
    assert all(0 < error.retry_after <= 300 for error in refused[30:] if isinstance(error, RateLimited))
    assert through.count(path=CREATE) <= 31
    assert [request.answered for request in through.of(path=CREATE)].count(401) == 30


# -- the account behind a handle


def found(identifier, password, network, server=None, **more):
    given = network.pds_url if server is None else server
    return asyncio.run(login.log_in(identifier, password, given, clock=CLOCK, **more))


@pytest.mark.parametrize(
    "form", ["frank.test", "@frank.test", "Frank.Test", "at://frank.test", "frank@example.test", "did"]
)
def test_account_is_found_by_handle_did_and_email(network, form):
    did, _, password = network.account("frank")
    got = found(did if form == "did" else form, password, network)
    assert got == login.Found(did, network.pds_url, "@frank.test", direct_messages=False)


def test_account_found_without_a_server_by_its_document(network):
    did, _, password = network.account("frank")
    places = login.Places(plc=network.plc_url)
    got = found(did, password, network, server="", places=places)
    assert got.user == did
    assert got.server == f"http://localhost:{network.ports['pds']}"


class _Handles(http.server.BaseHTTPRequestHandler):
    dids: ClassVar[dict[str, str]] = {}

    def do_GET(self):
        handle, _, path = self.path.lstrip("/").partition("/")
        did = self.dids.get(handle)
        good = did is not None and path == ".well-known/atproto-did"
        self.send_response(200 if good else 404)
        self.end_headers()
        self.wfile.write((did or "").encode() + b"\n" if good else b"")

    def log_message(self, *_):
        pass


@pytest.fixture
def places(network):
    """Where handles are looked up: a web server of ours for their domains, then the PDS."""
    _Handles.dids = {"frank.test": network.did("frank"), "liar.test": network.did("frank")}
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handles)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    web = f"http://127.0.0.1:{server.server_port}/{{handle}}"
    yield login.Places(plc=network.plc_url, handles=web, resolver=network.pds_url)
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "name", ["frank", "ada"]
)  # by its domain; by the resolver, as for handles that DNS alone knows
def test_handle_leads_to_did_and_server(network, places, name):
    got = asyncio.run(login.resolve(f"@{name}.test", clock=CLOCK, places=places))
    assert got == login.Found(network.did(name), f"http://localhost:{network.ports['pds']}", f"@{name}.test")


def test_handle_that_the_account_does_not_bear_is_refused(network, places):
    with pytest.raises(Refused, match="does not bear this name"):
        asyncio.run(login.resolve("liar.test", clock=CLOCK, places=places))


@pytest.mark.parametrize(
    ("name", "error"), [("nobody.test", Gone), ("not a handle", Refused), ("", Refused), ("did:plc:short", Refused)]
)
def test_what_leads_nowhere_is_said_in_one_line(places, name, error):
    with pytest.raises(error) as raised:
        asyncio.run(login.resolve(name, clock=CLOCK, places=places))
    assert "\n" not in str(raised.value)


def test_wrong_app_password_says_what_is_wanted(network):
    with pytest.raises(LoginRefused, match="app password"):
        found("frank.test", "wrong", network)


# -- what a token says of itself


def test_log_in_tells_whether_the_app_password_may_read_direct_messages(network):
    password = network.app_password("frank", privileged=True)
    assert found("frank.test", password, network).direct_messages is True
    assert found("frank.test", network.account("frank")[2], network).direct_messages is False


def test_scope_is_read_from_the_token_and_garbage_is_no_fault():
    assert xrpc.claims("a.eyJzY29wZSI6ICJ4In0.b").scope == "x"
    for bad in ("", "a", "a.b", "a.%%.c", "a.W10.c", "a." + "é" + ".c"):
        assert xrpc.claims(bad) == Claims()
