"""From an account of the config to its network, with its secrets at hand."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from msgspec.structs import replace

from commtui.config.errors import ConfigError
from commtui.config.paths import Home
from commtui.config.secrets import Secrets
from commtui.config.settings import Account
from commtui.model.clock import Clock
from commtui.model.records import AccountState
from commtui.networks.base import Login, LoginRefused, Network, NetworkError
from commtui.store.store import Store
from commtui.sync.stored_points import StoredPoints
from commtui.sync.stored_waits import StoredWaits
from commtui.system.files import turn
from commtui.system.threads import in_thread

Connect = Callable[[Account], Awaitable[Network]]


def connector(home: Home, clock: Clock, store: Store) -> Connect:
    """What opens an account's network. It reads the token once (a command may take seconds, so in a thread)."""

    from commtui.networks import boundary, plugins

    async def connect(account: Account) -> Network:
        try:
            kind = await in_thread(partial(plugins.load, account.network, home.plugins), "import of a network")
        except plugins.EndsProgram as error:
            raise NetworkError(f"{error}: set apart; `commtui account check {account.name}` tries it again") from error
        except plugins.BrokenNetwork as error:
            raise NetworkError(str(error)) from error
        login = await in_thread(partial(login_for, home, clock, account, kind.needs_token), "token")
        return boundary.connect(kind, with_store(login, store, account))

    return connect


def with_store(login: Login, store: Store, account: Account) -> Login:
    """The login with what the store keeps for it from one run of the program to the next."""

    def dates_off() -> float:
        state = store.get(AccountState, account.id)
        return state.dates_off if state is not None else 0.0

    waits, spent = StoredWaits(store, login.clock, account), StoredPoints(store, login.clock, account)
    return replace(login, waits=waits, spent=spent, dates_off=dates_off)


def login_for(home: Home, clock: Clock, account: Account, needs_token: bool = True) -> Login:
    """The login of an account. Blocks. Where the token can't be read, `secret` raises LoginRefused."""
    secrets = Secrets(home, account)
    problem: ConfigError | None = None
    token = ""
    try:
        token = secrets.token() if needs_token else ""
    except ConfigError as error:
        problem = error

    def secret() -> str:
        if problem is not None:
            raise LoginRefused(str(problem))
        return token

    return Login(
        account=account.id,
        server=account.server,
        user=account.user,
        secret=secret,
        save=secrets.save,
        load=secrets.load,
        clock=clock,
        insecure_http=account.insecure_http,
        turn=partial(turn, secrets.path("lock"), clock),
        options={"folder": str(home.state), **account.options},
    )
