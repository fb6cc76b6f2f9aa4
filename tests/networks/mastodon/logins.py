"""Logins on a server of the tests, and the tools of the tests for Mastodon."""

from functools import partial

from commtui.networks.base import Login
from commtui.networks.contract.hooks import run_on
from commtui.networks.mastodon import Mastodon
from tests.networks import tools
from tests.networks.tools import CLOCK, fetched, of

__all__ = ["CLOCK", "act", "fetched", "ids", "login", "of", "outgoing", "run"]


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
outgoing = partial(tools.outgoing, "mastodon")
act = partial(tools.act, "mastodon")


def ids(batches):
    """The remote ids of the mentions."""
    return [item.status.remote_id for item in of(batches)]
