"""A login on the real network, and short ways to do what the engine does."""

from __future__ import annotations

from functools import partial

from commtui.model import ids
from commtui.model.clock import SystemClock
from commtui.model.records import Act, Outgoing
from commtui.model.states import OutgoingState
from commtui.networks.base import Login
from commtui.networks.bluesky import Bluesky
from tests.networks.doing import fetched, of, run_on

__all__ = ["CLOCK", "KEPT", "act", "fetched", "login", "of", "outgoing", "run"]
CLOCK = SystemClock()
KEPT: dict[str, dict[str, str]] = {}
"""Stored secrets by account and app password: a session opened by one test serves the next."""


def login(network, name="brand", *, token=None, url=None, clock=CLOCK, secrets=None, **options):
    """A login of `name`. `secrets`: where sessions are kept; by default one place for each app password."""
    did, _, app_password = network.account(name)
    given = app_password if token is None else token
    kept = KEPT.setdefault(f"{network.pds_url} {name} {given}", {}) if secrets is None else secrets

    def save(key, value):
        assert value.strip(), "an empty secret"
        kept[key] = value

    return Login(
        account=f"a-{name}",
        server=url or network.pds_url,
        user=did,
        secret=lambda: given,
        save=save,
        load=kept.get,
        clock=clock,
        options={"cards": False, **options},
    )


run = partial(run_on, Bluesky)
"""`run(login, job)`."""


def outgoing(text, in_reply_to=None, key=None, **more):
    """A text as delivery hands it over."""
    now = CLOCK.now()
    return Outgoing(
        id=ids.fresh(ids.REPLY if in_reply_to else ids.VARIANT),
        account="a-brand",
        network="bluesky",
        text=text,
        state=OutgoingState.SENDING,
        created_at=now,
        key=key or ids.fresh("k"),
        in_reply_to_remote=in_reply_to,
        scheduled_at=now,
        sending_since=now,
        **more,
    )


def act(kind, target, text="", **extra):
    """An act as delivery hands it over."""
    now = CLOCK.now()
    identity = ids.fresh(ids.ACT)
    return Act(
        id=identity,
        account="a-brand",
        network="bluesky",
        kind=kind,
        target=target,
        state=OutgoingState.SENDING,
        created_at=now,
        scheduled_at=now,
        text=text,
        extra=extra,
    )
