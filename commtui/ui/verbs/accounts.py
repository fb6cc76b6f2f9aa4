"""Accounts from the screen: the first one, another one, a check, and removal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from commtui.config.edit import remove_account
from commtui.config.errors import ConfigError
from commtui.config.settings import Account
from commtui.model.logins import LoginError
from commtui.model.records import AccountState
from commtui.store.errors import StoreError
from commtui.system.threads import in_thread
from commtui.ui.dialogs.login import KINDS, LoggedIn, LoginScreen
from commtui.ui.dialogs.welcome import WelcomeScreen
from commtui.ui.host import Host
from commtui.ui.text.errors import NotDone
from commtui.ui.text.matching import Choice
from commtui.ui.verbs import beside, prompts
from commtui.ui.widgets.picker import Picking


def first_run(host: Host) -> None:
    """Shows the ways to begin, where no account ever was."""

    def chosen(way: str | None) -> None:
        if way is None:
            host.program.leave()
        elif way == "demo":
            host.services.show_demo = True
            host.program.leave()
        elif way:
            _log_in(host, way, lambda: first_run(host))

    def has_account() -> bool:
        return bool(host.services.desk().settings.accounts)

    host.push(WelcomeScreen(has_account, host.program.keymap), chosen)


def add(host: Host, argument: str = "") -> None:
    """Adds an account of a network; without one, of a network from a list."""
    if argument:
        _log_in(host, argument)
        return
    choices = [Choice(network, "", words) for network, words in _NETWORKS.items()]
    prompts.pick(host, Picking("add an account on", choices, new="another network"), lambda taken: add(host, taken[0]))


_NETWORKS: Final[Mapping[str, str]] = {
    "mastodon": "also Pleroma, GoToSocial and others",
    "bluesky": "with your handle and an app password",
}


def accounts(host: Host, argument: str = "") -> None:
    """Lists the accounts; the one that is taken can be checked or removed."""
    settings = host.desk.settings
    if not settings.accounts:
        add(host)
        return
    if argument:
        account = settings.account(argument)
        if account is None:
            raise NotDone(f"no account {argument!r}; there are: {', '.join(known.name for known in settings.accounts)}")
        _ask_what(host, account)
        return
    choices = [Choice(account.name, _health(host, account), _where(account)) for account in settings.accounts]
    prompts.pick(host, Picking("account", choices), lambda taken: accounts(host, taken[0]))


def _where(account: Account) -> str:
    return " ".join(filter(None, (account.network, account.user, account.server)))


def _health(host: Host, account: Account) -> str:
    if account.paused:
        return "paused"
    state = host.desk.store.get(AccountState, account.id)
    return state.health.value if state else "new"


def _ask_what(host: Host, account: Account) -> None:
    prompts.choose(
        host,
        f"{account.name} ({_where(account)}):  c check the login  r remove it  any other key: back",
        {"c": lambda: _check(host, account), "r": lambda: _confirm_removal(host, account)},
    )


def _check(host: Host, account: Account) -> None:
    host.tell(f"asking {account.server or account.network}")

    async def ask() -> None:
        try:
            answer: Mapping[str, Any] = await in_thread(lambda: host.services.accounts.check(account), "check")
        except (LoginError, ConfigError) as error:
            host.tell(f"{account.name}: {error}", bad=True)
        except StoreError as error:
            from commtui.sentences.store import explain  # rarely needed

            host.tell(explain(error, brief=True), bad=True)
        else:
            if answer["ok"]:
                host.tell(f"{account.name}: ok, {answer['handle']}")
            else:
                host.tell(f"{account.name}: {answer['error']}", bad=True)

    host.run_worker(ask(), group="check", exclusive=True)


def _confirm_removal(host: Host, account: Account) -> None:
    problems: list[str] = []

    def remove() -> None:
        remove_account(host.services.home, account.name)
        try:
            host.services.accounts.forget(account)
        except ConfigError as error:
            problems.append(str(error))

    def removed() -> None:
        host.follow(everything=True)
        if problems:
            host.tell(f"removed {account.name}, but its secrets stay: {problems[0]}", bad=True)
        else:
            host.tell(f"removed {account.name}; what it brought stays here, and nothing more is fetched or sent for it")

    question = f"remove {account.name}? nothing more is fetched or sent for it"
    prompts.confirm(host, question, lambda: beside.change_config(host, remove, removed))


def _log_in(host: Host, network: str, left: Callable[[], None] = lambda: None) -> None:
    """Opens the dialog; `left` is called where nothing was added."""
    if network not in KINDS and network not in host.services.accounts.networks():
        raise NotDone(f"no network {network!r}; there are: {', '.join(host.services.accounts.networks())}")

    def ended(logged_in: LoggedIn | None) -> None:
        if logged_in is None:
            left()
            return
        added = logged_in.added
        host.renew()
        host.follow(everything=True)
        less = "; without direct messages, which this app password may not read" if logged_in.lacks_direct else ""
        host.tell(f"added {added.account.name}: {added.handle} on {network}; its mentions appear here{less}")

    host.push(LoginScreen(host.services, network), ended)
