"""Logging in and checking a login, for both front ends: the networks' own ways behind one interface."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from commtui.config import paths
from commtui.config.errors import ConfigError
from commtui.config.loading import load
from commtui.config.log import set_up
from commtui.config.secrets import TOKEN, Secrets
from commtui.config.settings import Account
from commtui.config.watch import SettingsFile
from commtui.model.clock import Clock
from commtui.model.logins import LoginError, Part
from commtui.model.spans import span_text
from commtui.networks import boundary, plugins
from commtui.networks.base import Login, LoginRefused, Network, NetworkError, Profile, RateLimited, Refused
from commtui.networks.boundary import error_line
from commtui.store.errors import StoreError
from commtui.store.store import Store
from commtui.sync.connect import connector, login_for
from commtui.sync.faults import FAULTS, Fault
from commtui.sync.session import Session

log = logging.getLogger("commtui.accounts")
T = TypeVar("T")


class Accounts:
    """What `config.logins.Logins` promises. Every call blocks; any thread may make it."""

    def __init__(
        self,
        home: paths.Home,
        environ: Mapping[str, str],
        clock: Clock,
        open_store: Callable[[], AbstractContextManager[Store]],
    ) -> None:
        self._home, self._environ, self._clock, self._open_store = home, environ, clock, open_store

    def networks(self) -> list[str]:
        """The names of the networks that can be added."""
        return plugins.installed_names()

    def login_kind(self, network: str) -> str:
        """none, browser, password or token. Raises LoginError for an unknown network."""
        return self._login(network).kind

    def begin_login(self, network: str, server: str, insecure_http: bool = False) -> tuple[str, Callable[[str], str]]:
        """The address to open, and what makes a token of the code. Raises LoginError."""
        return self._login(network).begin(server, insecure_http)

    def log_in(
        self, network: str, identifier: str, password: str, server: str, insecure_http: bool = False
    ) -> tuple[str, str, bool]:
        """The lasting name, the server, and whether direct messages may be read. Raises LoginError."""
        return self._login(network).log_in(identifier, password, server, insecure_http)

    def _login(self, network: str) -> NetworkLogin:
        return NetworkLogin(network, self._clock, self._home.plugins)

    def check(self, account: Account, token: str | None = None) -> dict[str, Any]:
        """`{"user", "handle", "name", "ok", "error", "refused"}`; the limits are kept for an account of the config."""
        self._begin_log()
        return asyncio.run(self._check(account, token))

    def try_again(self, account: Account) -> None:
        """The next check uses its plug-in, though it has ended the program before."""
        try:
            plugins.load(account.network, self._home.plugins, try_again=True)
        except plugins.BrokenNetwork:
            return  # the check says so

    def save_token(self, account: Account, token: str) -> None:
        """Stores a token. Raises ConfigError."""
        Secrets(self._home, account).save(TOKEN, token)

    def forget(self, account: Account) -> None:
        """Removes its stored secrets. Raises ConfigError where a file cannot be removed or a keyring fails."""
        Secrets(self._home, account).forget()

    def _begin_log(self) -> None:
        """Sees to it that nothing is logged onto the terminal."""
        try:
            set_up(self._home)
        except ConfigError:  # a home that cannot be written is checked all the same
            logging.getLogger().addHandler(logging.NullHandler())

    async def _check(self, account: Account, token: str | None) -> dict[str, Any]:
        try:
            profile = await self._profile(account, token)
        except NetworkError as error:
            return _unknown(error, is_new=load(self._home, self._environ).account(account.name) != account)
        except (StoreError, ConfigError, LoginError):
            raise
        except FAULTS as fault:  # a plug-in's, as a rule
            log.exception("%s: a fault at the check of its login", account.name)
            return _unknown(Fault(fault))
        return {
            "user": profile.user,
            "handle": profile.handle,
            "name": profile.name,
            "ok": True,
            "error": None,
            "refused": False,
        }

    async def _profile(self, account: Account, token: str | None) -> Profile:
        """Who the login is, by one request; its limits are kept. Raises NetworkError."""
        with self._open_store() as store:
            return await self._profile_by(store, account, token)

    async def _profile_by(self, store: Store, account: Account, token: str | None) -> Profile:
        settings = SettingsFile(self._home, self._environ)

        async def connect(wanted: Account) -> Network:
            if settings.current.account(wanted.name) == wanted and token is None:
                return await connector(self._home, self._clock, store)(wanted)
            return self._passing_connection(wanted, token)

        session = Session(account, store, self._clock, lambda: settings.current, connect)
        if settings.current.account(account.name) is not None:
            try:
                await session.open()
            except StoreError as error:
                if session.profile is None:
                    raise
                log.warning("%s: what its check says cannot be kept: %s", account.name, error)  # a read-only home
            finally:
                await session.close()
            assert session.profile is not None
            return session.profile
        network = await connect(account)
        try:
            profile = await network.check()
        finally:
            await network.aclose()
        # known from now on, also before the first sync
        named = replace(account, user=profile.user)
        Session(named, store, self._clock, lambda: settings.current, connect).record_login(profile)
        return profile

    def _passing_connection(self, account: Account, token: str | None) -> Network:
        """A connection whose session is not kept: the account may get another name, or none."""
        kind = plugins.load(account.network, self._home.plugins)
        login: Login = login_for(self._home, self._clock, account, kind.needs_token)
        login = replace(login, save=lambda name, value: None, load=lambda name: None)
        return boundary.connect(kind, login if token is None else replace(login, secret=lambda: token))


def _unknown(error: NetworkError, is_new: bool = False) -> dict[str, Any]:
    """`is_new`: the login is just being added, so that logging in anew is no way out."""
    refused = isinstance(error, LoginRefused)
    line = error_line(error.args[0]) if is_new and refused and error.args else _line(error)
    return {"user": "", "handle": "", "name": "", "ok": False, "error": line, "refused": refused}


def _line(error: NetworkError) -> str:
    """The error in a line; of a limit also when to try again."""
    line = error_line(error)
    if isinstance(error, RateLimited):
        line += f": it limits how often it is asked; try again in {_span(error.retry_after or 0.0)}"
    return line


def _span(seconds: float) -> str:
    """A wait as people say it, rounded up: whole minutes from two minutes on."""
    unit = 60 if seconds > 120 else 1
    return span_text(timedelta(seconds=math.ceil(seconds / unit) * unit))


class NetworkLogin:
    """How a network logs in: without anything, by browser and code, by name and password, or by a token alone.

    A network's class says so: `needs_token`, `login_flow` (as networks.mastodon.oauth.OAuth), `log_in` (as
    networks.bluesky.login.log_in).
    """

    def __init__(self, network: str, clock: Clock, ends: Path) -> None:
        """`ends`: where it is kept that a plug-in ended the program. Raises LoginError for an unknown network."""
        try:
            kind = plugins.load(network, ends, try_again=True)
        except plugins.BrokenNetwork as error:
            raise LoginError(error_line(error), is_usage=True) from error
        self._flow = getattr(kind, "login_flow", None)
        self._log_in = getattr(kind, "log_in", None)
        self._network, self._clock = network, clock
        self.kind = (
            "none" if not kind.needs_token else "browser" if self._flow else "password" if self._log_in else "token"
        )

    def log_in(self, identifier: str, password: str, server: str, insecure_http: bool) -> tuple[str, str, bool]:
        """The lasting name, the server, and whether direct messages may be read. Raises LoginError."""
        if self._log_in is None:
            raise LoginError(f"{self._network} has no login by name and password", is_usage=True)
        login = _ask(
            self._log_in(identifier, password, server, clock=self._clock, insecure_http=insecure_http),
            _of_password_login,
        )
        return str(login.user), str(login.server), bool(login.direct_messages)

    def begin(self, server: str, insecure_http: bool = False) -> tuple[str, Callable[[str], str]]:
        """The address to open, and what makes a token of the code. Raises LoginError."""
        flow = self._flow
        if flow is None:
            ways = "--token-env, --token-command or --token-file"
            raise LoginError(f"{self._network} has no login by browser: give the token by {ways}", is_usage=True)

        async def register() -> tuple[Any, str]:
            opened = flow(server, self._clock, insecure_http)
            try:
                app = await opened.register()
                return app, opened.authorize_url(app)
            finally:
                await opened.aclose()

        app, address = _ask(register(), lambda error: "server")

        def exchange(code: str) -> str:
            async def ask() -> str:
                opened = flow(server, self._clock, insecure_http)
                try:
                    return str(await opened.exchange(app, code))
                finally:
                    await opened.aclose()

            return _ask(ask(), lambda error: "code")

        return address, exchange


def _ask(work: Coroutine[Any, Any, T], part_of: Callable[[NetworkError], Part]) -> T:
    """What `work` returns. Raises LoginError; `part_of`: what an error is about."""
    try:
        return asyncio.run(work)
    except NetworkError as error:
        part: Part = "whole" if isinstance(error, RateLimited) else part_of(error)
        raise LoginError(_line(error), part) from error


def _of_password_login(error: NetworkError) -> Part:
    if isinstance(error, LoginRefused):
        return "password"
    return "user" if isinstance(error, Refused) else "server"
