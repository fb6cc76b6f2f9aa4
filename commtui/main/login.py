"""Logging in and checking a login, for `commtui account`: the networks' own ways, behind one face."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec.structs import replace

from commtui.cli.services import CliError
from commtui.config.settings import Account
from commtui.model.clock import Clock
from commtui.networks.base import Login, LoginRefused, NetworkError

if TYPE_CHECKING:
    from commtui.main.services import HomeServices

T = TypeVar("T")


class NetworkLogin:
    """How a network logs in: without anything, by browser and code, by name and password, or by a token alone.

    A network's class says so: `needs_token`, `login_flow` (as networks.mastodon.oauth.OAuth), `log_in` (as
    networks.bluesky.login.log_in).
    """

    def __init__(self, network: str, clock: Clock) -> None:
        """Raises CliError for an unknown network."""
        from commtui.networks import plugins

        try:
            kind = plugins.load(network)
        except plugins.BrokenNetwork as error:
            raise CliError(str(error), 2) from error
        self._flow = getattr(kind, "login_flow", None)
        self._log_in = getattr(kind, "log_in", None)
        self._network, self._clock = network, clock
        self.kind = (
            "none" if not kind.needs_token else "browser" if self._flow else "password" if self._log_in else "token"
        )

    def log_in(self, identifier: str, password: str, server: str, insecure_http: bool) -> tuple[str, str, bool]:
        """The lasting name, the server, and whether direct messages may be read. Raises CliError."""
        if self._log_in is None:
            raise CliError(f"{self._network} has no login by name and password", 2)
        found = _asked(self._log_in(identifier, password, server, clock=self._clock, insecure_http=insecure_http))
        return str(found.user), str(found.server), bool(found.direct_messages)

    def begin(self, server: str, insecure_http: bool = False) -> tuple[str, Callable[[str], str]]:
        """The address to open, and what makes a token of the code. Raises CliError."""
        flow = self._flow
        if flow is None:
            ways = "--token-env, --token-command or --token-file"
            raise CliError(f"{self._network} has no login by browser: give the token by {ways}", 2)

        async def register() -> tuple[Any, str]:
            made = flow(server, self._clock, insecure_http)
            try:
                app = await made.register()
                return app, made.authorize_url(app)
            finally:
                await made.aclose()

        app, address = _asked(register())

        def exchange(code: str) -> str:
            async def ask() -> str:
                made = flow(server, self._clock, insecure_http)
                try:
                    return str(await made.exchange(app, code))
                finally:
                    await made.aclose()

            return _asked(ask())

        return address, exchange


def _asked(work: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(work)
    except NetworkError as error:
        raise CliError(str(error)) from error


def check(services: HomeServices, account: Account, token: str | None) -> dict[str, Any]:
    """`{"user", "handle", "name", "ok", "error", "refused"}`; the limits are kept for an account of the config."""
    from commtui.config.watch import SettingsFile
    from commtui.sync.connect import connector, login_for
    from commtui.sync.session import Session

    settings = SettingsFile(services.home, services.environ)

    async def connect(wanted: Account) -> Any:
        if settings.current.account(wanted.name) == wanted and token is None:
            return await connector(services.home, services.clock)(wanted)
        from commtui.networks import plugins

        kind = plugins.load(wanted.network)
        # a session that is opened for this look is not kept: the account may get another name, or none
        given: Login = login_for(services.home, services.clock, wanted, kind.needs_token)
        given = replace(given, save=lambda name, value: None, load=lambda name: None)
        return kind(given if token is None else replace(given, secret=lambda: token))

    async def ask() -> dict[str, Any]:
        session = Session(account, services.store, services.clock, lambda: settings.current, connect)
        known = settings.current.account(account.name) is not None
        network = None
        try:
            if known:
                await session.open()
                profile = session.profile
            else:
                network = await connect(account)
                profile = await network.check()
                # known from now on, also before the first sync
                made = replace(account, user=profile.user)
                Session(made, services.store, services.clock, lambda: settings.current, connect).greet(profile)
            assert profile is not None
            return {
                "user": profile.user,
                "handle": profile.handle,
                "name": profile.name,
                "ok": True,
                "error": None,
                "refused": False,
            }
        except NetworkError as error:
            refused = isinstance(error, LoginRefused)
            return {"user": "", "handle": "", "name": "", "ok": False, "error": str(error), "refused": refused}
        finally:
            await session.close()
            if network is not None:
                await network.aclose()

    return asyncio.run(ask())
