"""A login on a server of the tests, and short ways to do what the engine does."""

import asyncio
from datetime import timedelta

from commtui.model.clock import SystemClock
from commtui.networks.base import EventKind, Login
from commtui.networks.mastodon import Mastodon

CLOCK = SystemClock()


def login(server, token=None, *, user="brand", url=None, clock=CLOCK, **options):
    def unused(*_):
        raise AssertionError("Mastodon renews no secrets")

    given = token if token is not None else server.token(user)
    return Login(
        account=f"a-{user}",
        server=url or server.url,
        user=f"{user}@{server.host}",
        secret=lambda: given,
        save=unused,
        load=unused,
        clock=clock,
        options=options,
    )


def run(made, job):
    """Runs `job(network)` with a network made for that login, on a loop of its own."""

    async def whole():
        network = Mastodon(made)
        try:
            async with asyncio.timeout(60):
                return await job(network)
        finally:
            await network.aclose()

    return asyncio.run(whole())


async def fetched(network, cursor=None, days=30):
    """All batches."""
    since = network.login.clock.now() - timedelta(days=days)
    return [batch async for batch in network.fetch(cursor, since)]


def of(batches, kind=EventKind.MENTION):
    """The items of that kind, in the order in which they came."""
    return [item for batch in batches for item in batch.items if item.kind is kind]


def ids(batches):
    """The remote ids of the mentions."""
    return [item.status.remote_id for item in of(batches)]
