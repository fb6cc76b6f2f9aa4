"""The stream: it only says that something came, by server-sent events or a WebSocket."""

import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.networks import gates, payloads
from commtui.networks.base import EventKind, LoginRefused, Unreachable, Unsupported
from commtui.networks.http import Http
from commtui.networks.mastodon import streaming
from commtui.networks.mastodon.entities import Instance
from tests.networks.mastodon.logins import CLOCK, fetched, ids, login, of, run

STYLES = ["sse", "websocket"]


@pytest.fixture(autouse=True)
def _gates():
    gates.forget()


async def listen(server, network):
    """Where a first fetch ended, and a stream, once the server has it."""
    cursor = (await fetched(network))[-1].cursor
    stream = network.stream()
    await anext(stream)
    await asyncio.to_thread(server.streams.wait)
    return cursor, stream


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("stated", ["right", "wss", "missing"])
def test_stream_speaks_at_its_start_and_when_something_comes(quirks, style, stated):
    server = quirks(streaming=style, streaming_url=stated)

    async def job(network):
        cursor, stream = await listen(server, network)
        mention = server.mention("ada", "hello")
        await anext(stream)
        assert ids(await fetched(network, cursor)) == [mention.id]
        await stream.aclose()

    run(login(server), job)


@pytest.mark.parametrize("style", STYLES)
def test_what_it_tells_of_comes_at_once_on_a_server_that_gives_nothing_above_what_is_deleted(quirks, style):
    server = quirks(streaming=style, unknown_id="empty")
    old = server.mention("ada", "hello")

    async def job(network):
        cursor, stream = await listen(server, network)
        server.delete(old)
        mention = server.mention("ada", "hello again")
        await anext(stream)
        assert ids(await fetched(network, cursor)) == [mention.id]
        before = server.count("GET", "/api/v[12]/notifications")
        assert await fetched(network, cursor) == []  # it was told of once
        assert server.count("GET", "/api/v[12]/notifications") == before + 1
        await stream.aclose()

    run(login(server), job)


@pytest.mark.parametrize("style", STYLES)
def test_cut_stream_raises_and_what_came_meanwhile_is_caught_up(quirks, style):
    server = quirks(streaming=style)

    async def job(network):
        cursor, stream = await listen(server, network)
        server.streams.drop()
        with pytest.raises(Unreachable, match="stream"):
            await anext(stream)
        mention = server.mention("ada", "while you were away")
        again = network.stream()
        await anext(again)
        assert ids(await fetched(network, cursor)) == [mention.id]
        await again.aclose()

    run(login(server), job)


@pytest.mark.parametrize("style", STYLES)
def test_edit_and_deletion_told_by_the_stream_come_with_the_next_fetch_once(quirks, style):
    server = quirks(streaming=style)
    edited, deleted = server.mentions(2)
    elsewhere = server.post("grace", "not about us")

    async def job(network):
        cursor, stream = await listen(server, network)
        server.delete(deleted)
        server.tell("brand", "status.update", elsewhere)
        server.edit(edited, "@brand changed")
        await anext(stream)
        batch = await fetched(network, cursor)
        assert [item.remote_id for item in of(batch, EventKind.DELETED)] == [deleted.id]
        assert [item.status.text for item in of(batch, EventKind.EDITED)] == ["@brand changed"]
        assert of(await fetched(network, batch[-1].cursor), EventKind.EDITED) == []
        await stream.aclose()

    run(login(server), job)


def test_posts_of_the_home_timeline_wake_nobody(quirks):
    server = quirks()

    async def job(network):
        stream = network.stream()
        await anext(stream)
        await asyncio.to_thread(server.streams.wait)
        for number in range(5):
            server.post("brand", f"our own {number}")
        mention = server.mention("ada", "hello")
        await anext(stream)
        later = asyncio.ensure_future(anext(stream))
        server.tell("brand", "update", mention)
        await network.check()
        assert not later.done()
        later.cancel()
        await asyncio.gather(later, return_exceptions=True)
        await stream.aclose()

    run(login(server), job)


def test_server_without_a_stream_says_so_at_once(quirks):
    with pytest.raises(Unsupported, match="polled"):
        run(login(quirks("sparse")), lambda network: anext(network.stream()))


def test_server_that_is_not_there_is_unreachable(quirks):
    server = quirks()

    async def job(network):
        await network.check()
        server.stop()
        await anext(network.stream())

    with pytest.raises(Unreachable):
        run(login(server), job)


def test_revoked_token_is_a_refused_login_or_no_stream(quirks):
    server = quirks()
    token = server.token("brand")

    async def job(network):
        await network.check()
        server.revoke(token)
        await anext(network.stream())

    with pytest.raises((LoginRefused, Unsupported)):
        run(login(server, token=token), job)


@pytest.mark.parametrize(
    ("server", "stated", "expected"),
    [
        ("http://127.0.0.1:3000", "wss://127.0.0.1:3000", ["http://127.0.0.1:3000"]),
        ("http://127.0.0.1:3000", "wss://127.0.0.1", ["http://127.0.0.1:3000"]),
        ("https://a.example", "wss://stream.a.example", ["https://stream.a.example", "https://a.example"]),
        ("https://a.example", "ws://stream.a.example", ["https://stream.a.example", "https://a.example"]),
        ("https://a.example", "wss://stream.a.example:4000", ["https://stream.a.example:4000", "https://a.example"]),
        ("https://a.example", "", ["https://a.example"]),
        ("https://a.example", "gopher://b.example", ["https://a.example"]),
        ("https://a.example", "wss://a.example:port", ["https://a.example"]),
    ],
)
def test_address_of_the_stream_keeps_encryption_and_the_scheme_of_the_server(server, stated, expected):
    async def job():
        http = Http(server, CLOCK)
        await http.aclose()
        return http

    http = asyncio.run(job())
    assert (
        streaming.bases(http, payloads.read({"configuration": {"urls": {"streaming": stated}}}, Instance)) == expected
    )
    assert streaming.bases(http, payloads.read({"urls": {"streaming_api": stated}}, Instance)) == expected


def read(parts):
    async def job():
        async def source():
            for part in parts:
                yield part

        return [(event.name, event.payload) async for event in streaming.read_sse(source())]

    return asyncio.run(job())


TEXT = b":thump\n\nevent: update\ndata: {\ndata: }\n\nevent:delete\r\ndata:7\r\n\r\ndata: nameless\n\nevent: open"


@given(st.lists(st.integers(0, len(TEXT)), max_size=12))
def test_events_are_the_same_wherever_the_parts_are_cut(cuts):
    places = [0, *sorted(cuts), len(TEXT)]
    parts = [TEXT[a:b] for a, b in pairwise(places)]
    assert read(parts) == [("update", "{\n}"), ("delete", "7")]


@given(st.lists(st.binary(max_size=50), max_size=10))
def test_garbage_on_the_stream_raises_nothing(parts):
    read(parts)


@given(st.one_of(st.text(), st.binary(max_size=50)))
def test_garbage_in_a_message_is_no_event(message):
    assert streaming.read_message(message) is None


def test_message_carries_its_payload_as_a_string_or_a_bare_id():
    assert streaming.read_message('{"event":"delete","payload":"7"}') == streaming.Event("delete", "7")
    assert streaming.read_message('{"event":"delete","payload":7}') == streaming.Event("delete", "7")
    assert streaming.read_message('{"event":"ping"}') == streaming.Event("ping", "")
