"""Attachments from the web: bounded in bytes and time, of media types only, never from this machine or its networks."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from commtui.main.attachments import fetch as fetch_in_thread
from commtui.model.attachments import Fetched, NotFetched
from commtui.networks.attachments import fetch
from tests.networks.test_public_web import as_if_public, no_proxy, run, serving

__all__ = ["as_if_public", "no_proxy"]


def answer(head: str, body: bytes = b"picture"):
    return lambda path: (head, body)


def outcome(respond, most=1000, path="/cup.png", seconds=5.0):
    """What came, or the problem and its detail; and the requests."""

    async def work():
        async with serving(respond) as (port, heads):
            try:
                return await fetch(f"http://page.example:{port}{path}", most, seconds), heads
            except NotFetched as error:
                return (error.problem, error.detail), heads

    return run(work())


@pytest.mark.parametrize("kind", ["image/png", "IMAGE/PNG; charset=x", "image/x-png"])
def test_a_file_comes_with_its_type(as_if_public, kind):
    came, heads = outcome(answer(f"200 OK\r\nContent-Type: {kind}"))
    assert came == Fetched(b"picture", "image/png")
    assert b"image/*" in heads[0] and b"Cookie" not in heads[0] and b"Authorization" not in heads[0]


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/octet-stream", "image/unheard-of"])
def test_no_other_type_is_taken(as_if_public, kind):
    assert outcome(answer(f"200 OK\r\nContent-Type: {kind}"))[0] == ("type", kind)


def test_a_file_without_a_type_is_none(as_if_public):
    assert outcome(answer("200 OK"))[0] == ("type", "of no type")


@pytest.mark.parametrize("size", [1000, 1001])
@pytest.mark.parametrize("packed", [False, True])
def test_as_many_bytes_as_allowed_and_not_one_more(as_if_public, size, packed):
    body = b"x" * size
    coding = "\r\nContent-Encoding: gzip" if packed else ""
    came, _ = outcome(answer(f"200 OK\r\nContent-Type: image/png{coding}", gzip.compress(body) if packed else body))
    assert came == (Fetched(body, "image/png") if size <= 1000 else ("size", "1000"))


def test_what_the_server_refuses_is_its_status(as_if_public):
    assert outcome(answer("404 Not Found\r\nContent-Type: image/png"))[0] == ("status", "404")


def test_one_that_takes_too_long_is_given_up(as_if_public):
    async def work():
        async def hang(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n")
            await asyncio.sleep(5)

        server = await asyncio.start_server(hang, "127.0.0.1", 0)
        async with server:
            with pytest.raises(NotFetched) as caught:
                await fetch(f"http://page.example:{server.sockets[0].getsockname()[1]}/", 1000, 0.2)
        return caught.value.problem

    assert run(work()) == "time"


def test_a_redirect_into_this_machine_ends_it(as_if_public):
    came, heads = outcome(answer("302 Found\r\nLocation: http://127.9.9.9:1/x.png"))
    assert came[0] == "not-public" and len(heads) == 1


@pytest.mark.parametrize("address", ["http://127.0.0.1/a.png", "http://localhost/a", "http://[::1]/a", "file:///etc/x"])
def test_this_machine_is_never_asked(address):
    with pytest.raises(NotFetched) as caught:
        fetch_in_thread(address, 1000)
    assert caught.value.problem == "not-public"


@pytest.mark.parametrize("address", ["http://", "http://[", "http://a.example:port/", "http://\udc80.example/"])
def test_what_is_no_address_is_a_problem_and_no_fault(address):
    with pytest.raises(NotFetched):
        fetch_in_thread(address, 1000)
