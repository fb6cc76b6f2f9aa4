"""Logins on the real network, and the tools of the tests for Bluesky."""

from __future__ import annotations

from functools import partial

from commtui.networks.base import Login
from commtui.networks.bluesky import Bluesky
from commtui.networks.contract.hooks import run_on
from tests.networks import tools
from tests.networks.tools import CLOCK, fetched, of

__all__ = ["CLOCK", "SECRETS", "act", "fetched", "login", "of", "outgoing", "run"]
SECRETS: dict[str, dict[str, str]] = {}
"""Stored secrets by account and app password: a session opened by one test serves the next."""


def login(network, name="brand", *, token=None, url=None, clock=CLOCK, secrets=None, **options):
    """A login of `name`. `secrets`: where sessions are stored; by default one place for each app password."""
    did, _, app_password = network.account(name)
    given = app_password if token is None else token
    stored = SECRETS.setdefault(f"{network.pds_url} {name} {given}", {}) if secrets is None else secrets

    def save(key, value):
        assert value.strip(), "an empty secret"
        stored[key] = value

    return Login(
        account=f"a-{name}",
        server=url or network.pds_url,
        user=did,
        secret=lambda: given,
        save=save,
        load=stored.get,
        clock=clock,
        options={"cards": False, **options},
    )


run = partial(run_on, Bluesky)
"""`run(login, job)`."""
outgoing = partial(tools.outgoing, "bluesky")
act = partial(tools.act, "bluesky")
