"""What a server sends is read up to a bound: bytes as they are decoded, depth, events in a second."""

from __future__ import annotations

import asyncio
import gzip
import json
import tracemalloc
import zlib
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.networks.answers import Unreadable
from commtui.networks.base import AnswerLost, Malformed, NetworkError
from commtui.networks.decoding import PIECE, Decoder
from commtui.networks.http import MOST_BYTES, Http
from commtui.networks.json_texts import NESTING, decode
from commtui.networks.mastodon import streaming
from tests.clock import FakeClock

MIB = 1 << 20


def packed(size: int, times: int = 1) -> bytes:
    """So many blanks, packed by gzip and packed again."""
    part = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    data = b"".join(part.compress(b" " * MIB) for _ in range(size // MIB)) + part.flush()
    for _ in range(times - 1):
        data = gzip.compress(data)
    return data


def ask(method: str, body: bytes, *head: str, status: int = 200) -> Any:
    """The answer to a request from a real server that answers with these header lines and this body."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        lines = "\r\n".join((f"HTTP/1.1 {status} X", *head, f"Content-Length: {len(body)}", "Connection: close"))
        writer.write(lines.encode("latin-1") + b"\r\n\r\n" + body)
        try:
            await writer.drain()
            writer.close()
        except OSError:  # the client has seen enough
            pass

    async def job() -> Any:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        http = Http(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", FakeClock())
        try:
            return await http.call(method, "/api/v1/x")
        finally:
            await http.aclose()
            server.close()

    return asyncio.run(job())


BOMBS = {
    "gzip": (packed(64 * MIB), "gzip"),
    "gzip in gzip": (packed(64 * MIB, 2), "gzip, gzip"),
    "gzip three times": (packed(64 * MIB, 3), "gzip, gzip, gzip"),
    "gzip in gzip, one named": (packed(64 * MIB, 2), "gzip"),
    "deflate in gzip": (gzip.compress(zlib.compress(b" " * 64 * MIB)), "deflate, gzip"),
    "members without content": (gzip.compress(b"") * (MOST_BYTES // 20 + 1), "gzip"),
    "what was not asked for": (b"\x0b\x02\x80 x", "br"),
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_packed_answer_takes_no_more_memory_than_the_longest_one(bomb: str, method: str) -> None:
    body, coding = BOMBS[bomb]
    tracemalloc.start()
    with pytest.raises((AnswerLost, Malformed)):
        ask(method, body, f"Content-Encoding: {coding}").json()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < len(body) * 3 + 4 * MOST_BYTES


def test_a_long_page_is_too_large_and_a_long_refusal_is_read_at_its_beginning() -> None:
    with pytest.raises(Unreadable):
        ask("GET", packed(9 * MIB), "Content-Encoding: gzip")
    with pytest.raises(NetworkError) as refused:
        ask("POST", gzip.compress(b"no " * 5 * MIB), "Content-Encoding: gzip", "Content-Type: text/plain", status=422)
    assert "refused: no no" in str(refused.value)


@pytest.mark.parametrize(
    "coding", ["gzip", "x-gzip", "GZIP", "deflate", "raw deflate", "identity", "", "members", "padded"]
)
def test_a_packed_answer_is_read(coding: str) -> None:
    text = json.dumps({"text": "hello " * 10_000}).encode()
    raw = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    bodies = {
        "deflate": zlib.compress(text),
        "raw deflate": raw.compress(text) + raw.flush(),
        "identity": text,
        "": text,
        "members": gzip.compress(text[:100]) + gzip.compress(text[100:]),
        "padded": gzip.compress(text) + b"\0" * 512,
    }
    named = {"raw deflate": "deflate", "members": "gzip", "padded": "gzip"}.get(coding, coding)
    answer = ask("GET", bodies.get(coding, gzip.compress(text)), f"Content-Encoding: {named}")
    assert answer.json() == json.loads(text)


@given(st.binary(max_size=3000), st.lists(st.integers(1, 500)), st.sampled_from(["gzip", "deflate", "identity"]))
def test_a_decoder_gives_what_was_packed_however_it_is_cut(data: bytes, cuts: list[int], coding: str) -> None:
    body = gzip.compress(data) if coding == "gzip" else zlib.compress(data) if coding == "deflate" else data
    decoder, pieces, start = Decoder(coding), [], 0
    for cut in [*cuts, len(body)]:
        pieces += decoder.pieces(body[start : start + cut])
        start += cut
    assert b"".join(pieces) == data
    assert all(0 < len(piece) <= PIECE for piece in pieces)


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate"]))
def test_a_decoder_meets_garbage_with_an_error_of_the_network(data: bytes, coding: str) -> None:
    try:
        list(Decoder(coding).pieces(data))
    except Malformed:
        pass


@pytest.mark.parametrize("deep", [b"[" * 100_000, b'{"a":' * 100_000, b'[{"a":' * 500 + b"1" + b"}]" * 500, b"]" * 500])
def test_json_that_is_nested_too_deep_is_no_fault(deep: bytes) -> None:
    with pytest.raises(Malformed):
        ask("GET", deep).json()


def test_json_as_deep_as_allowed_is_read_and_brackets_in_texts_do_not_count() -> None:
    deep = b"[" * NESTING + b"]" * NESTING
    assert decode(deep) is not None
    text = {"text": '[[[{{{ "\\" [' * 1000, "more \\": ["\\\\", '\\"', "{"]}
    assert decode(json.dumps(text)) == text


@given(
    st.recursive(
        st.none() | st.text() | st.integers(-(2**60), 2**60),
        lambda some: st.lists(some) | st.dictionaries(st.text(), some),
    )
)
def test_json_is_read_as_the_standard_library_reads_it(value: Any) -> None:
    text = json.dumps(value)
    assert decode(text.encode()) == json.loads(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))


# -- streams


async def parts(*data: bytes) -> AsyncIterator[bytes]:
    for part in data:
        yield part


def events(*data: bytes) -> list[streaming.Event]:
    async def job() -> list[streaming.Event]:
        return [event async for event in streaming.read_sse(parts(*data))]

    return asyncio.run(job())


@pytest.mark.parametrize("line", [b"data: x", b"data:", b"x", b"event: y"])
def test_an_event_of_endless_lines_is_too_large(line: bytes) -> None:
    with pytest.raises(Malformed):
        events(b"event: notification\n", *([line + b"\n"] * (2 * MOST_BYTES // (len(line) + streaming.LINE_COST))))


def test_a_line_that_arrives_byte_by_byte_is_read_once() -> None:
    text = b"event: notification\r\ndata: " + b"x" * 200_000 + b"\r\n\r\n"
    [event] = events(*(text[place : place + 1] for place in range(len(text))))
    assert (event.name, len(event.payload)) == ("notification", 200_000)


def test_a_flood_of_events_is_read_at_a_bounded_pace() -> None:
    clock = FakeClock()

    async def flood() -> Any:
        while True:
            yield streaming.Event("notification", "")

    async def job() -> int:
        read = 0
        async with aclosing(streaming.slowed(flood(), clock)) as stream:

            async def reads() -> None:
                nonlocal read
                async for _ in stream:
                    read += 1

            task = asyncio.create_task(reads())
            await clock.run(9.5)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        return read

    assert asyncio.run(job()) == 10 * streaming.MOST_EVENTS
