"""A login on a server of the tests, and short ways to do what the engine does."""

from functools import partial

from commtui.model.clock import SystemClock
from commtui.networks.base import Login
from commtui.networks.mastodon import Mastodon
from tests.networks.doing import fetched, of, run_on

__all__ = ["CLOCK", "fetched", "ids", "login", "of", "run"]
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


run = partial(run_on, Mastodon)
"""`run(login, job)`."""


def ids(batches):
    """The remote ids of the mentions."""
    return [item.status.remote_id for item in of(batches)]
