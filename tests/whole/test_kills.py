"""Two hundred mentions in many pages, and the program killed between any two requests: none lost, none twice."""

from __future__ import annotations

import pytest

from tests.servers import proxy as harm
from tests.servers.proxy import Proxy
from tests.whole.home import ended

COUNT = 200


def texts(home) -> list[str]:
    """What the home holds, sorted."""
    return sorted(row["text"].removeprefix("@brand ") for row in home.list("mentions"))


@pytest.mark.slow
@pytest.mark.parametrize("switches", [{}, {"notifications_v2": False, "link": "always"}], ids=["v2", "v1"])
def test_killed_between_any_two_requests_nothing_is_lost_and_nothing_comes_twice(desk, quirks, switches):
    server, home = quirks(max_limit=20, **switches), desk()
    server.mentions(COUNT)
    with Proxy(server.url) as proxy:
        home.add(proxy.url, server.token("brand"))
        proxy.clear()
        kills = whole = 0
        at = 2
        while not whole:
            # each start comes further than the one before it; the request hangs, so the kill meets it in full flight
            hanging = proxy.rule(harm.hang(), nth=at, times=1)
            process = home.start("sync")
            while not hanging.hits and process.poll() is None:
                try:
                    hanging.wait(timeout=0.05)
                except AssertionError:
                    pass
            if hanging.hits:
                process.kill()
                kills += 1
            else:
                whole = 1
            hanging.remove()
            assert ended(process).code in (0, -9)
            at = at % 7 + 2  # from the second request on: the first alone would never come anywhere
            assert kills < 60, "it never comes to an end"
        assert kills >= 5
        assert texts(home) == sorted(f"number {n}" for n in range(COUNT))
        server.mentions(5)
        assert home.run("sync").code == 0
        assert len(texts(home)) == COUNT + 5


@pytest.mark.parametrize("count", [37])
def test_killed_while_catching_up_from_a_cursor(desk, quirks, count):
    server, home = quirks(max_limit=10), desk()
    server.mentions(3)
    with Proxy(server.url) as proxy:
        home.add(proxy.url, server.token("brand"))
        assert home.run("sync").code == 0
        server.mentions(count)
        proxy.clear()
        for at in (2, 2, 2):
            hanging = proxy.rule(harm.hang("GET", "/api/v[12]/notifications"), nth=at, times=1)
            process = home.start("sync")
            hanging.wait()
            process.kill()
            ended(process)
            hanging.remove()
        assert home.run("sync").code == 0
        assert texts(home) == sorted([f"number {n}" for n in range(3)] + [f"number {n}" for n in range(count)])
