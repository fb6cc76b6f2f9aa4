"""Short ways to do with a network what the engine does."""

import asyncio
from datetime import timedelta

from commtui.networks.base import EventKind


def run_on(kind, made, job):
    """Runs `job(network)` with a network of that kind made for that login, on a loop of its own."""

    async def whole():
        network = kind(made)
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
