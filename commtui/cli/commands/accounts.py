"""`commtui account list|check|remove`."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from commtui.cli.output import json_array, out, say
from commtui.cli.parser import Parser
from commtui.cli.services import CliError, Services
from commtui.config.settings import Account, Settings
from commtui.model.records import AccountState
from commtui.model.suggestions import nearest
from commtui.model.visibility import Visibility
from commtui.triage.status import iso


def add(parser: Parser, name: str) -> None:
    if name == "account remove":
        parser.add_argument("name", metavar="NAME", help="the account's name in the config")
        return
    if name == "account check":
        parser.add_argument("name", nargs="?", metavar="NAME", help="only this account (default: all)")
    parser.add_format()


def run(services: Services, args: Namespace) -> int:
    if args.command == "account list":
        return _list(services, args.format)
    if args.command == "account check":
        return _check(services, args.name, args.format)
    return _remove(services, args.name)


def named(settings: Settings, name: str) -> Account:
    """Returns the account of a name or id. Raises CliError, which suggests the most similar name."""
    account = settings.account(name)
    if account is None:
        names = [other.name for other in settings.accounts]
        near = nearest(name, names)
        hint = f": do you mean {near}?" if near else "; there are: " + ", ".join(names) if names else ""
        raise CliError(f"no account {name!r}{hint}")
    return account


def row(account: Account, state: AccountState | None) -> dict[str, Any]:
    """Returns an account as the object of `account list --json`."""
    return {
        "id": account.id,
        "account": account.name,
        "network": account.network,
        "server": account.server or None,
        "user": account.user or None,
        "paused": account.paused,
        "health": state.health.value if state else "unknown",
        "since": iso(state.since) if state else None,
        "error": state.error if state else None,
        "synced_at": iso(state.synced_at) if state else None,
        "direct_messages": _direct(state) if state else None,
    }


def _direct(state: AccountState) -> bool:
    able = state.capabilities
    return able.direct_messages or Visibility.DIRECT in able.visibilities


def _list(services: Services, form: str) -> int:
    desk = services.desk()
    rows = [row(account, desk.store.get(AccountState, account.id)) for account in services.settings().accounts]
    if form == "json":
        json_array(rows)
        return 0
    for fields in rows:
        parts = [fields["account"], fields["network"], fields["user"] or "", fields["server"] or ""]
        error = f": {fields['error']}" if fields["error"] else ""
        parts.append("paused" if fields["paused"] else fields["health"] + error)
        parts.append("no direct messages" if fields["direct_messages"] is False else "")
        out("  ".join(filter(None, parts)))
    if not rows:
        say("no account yet: commtui account add NETWORK")
    return 0


def _check(services: Services, name: str | None, form: str) -> int:
    settings = services.settings()
    chosen = [named(settings, name)] if name else list(settings.accounts)
    if not chosen:
        raise CliError("no account yet: commtui account add NETWORK")
    if name:  # a person asks for this one
        services.accounts.try_again(chosen[0])
    answers = [(account.name, services.accounts.check(account)) for account in chosen]
    if form == "json":
        json_array({"account": account, **answer} for account, answer in answers)
    else:
        for account, answer in answers:
            out(f"{account} {'ok, ' + answer['handle'] if answer['ok'] else answer['error']}")
    if any(answer["refused"] for _, answer in answers):
        return 3
    return 0 if all(answer["ok"] for _, answer in answers) else 1


def _remove(services: Services, name: str) -> int:
    from commtui.config.edit import remove_account
    from commtui.config.errors import ConfigError

    account = named(services.settings(), name)
    remove_account(services.home, account.name)
    say(f"removed {account.name}; what it brought stays here, and nothing more is fetched or sent for it")
    try:
        services.accounts.forget(account)
    except ConfigError as error:
        raise ConfigError(f"its secrets stay: {error}") from None
    return 0
