"""`commtui account add`: log in with a code from a browser, with a name and a password, or with an existing token."""

from __future__ import annotations

import shlex
import sys
from argparse import Namespace
from pathlib import Path

from msgspec.structs import replace

from commtui.cli.output import out, say
from commtui.cli.parser import Parser
from commtui.cli.services import CliError, Services
from commtui.cli.start import BadValue
from commtui.config.readers import Wrong
from commtui.config.readers import name as readable_name
from commtui.config.secrets import TOKEN, Secrets
from commtui.config.settings import Account, Settings
from commtui.model.logins import LoginError
from commtui.model.servers import AddressError, is_unencrypted, server_address
from commtui.model.suggestions import nearest


def add(parser: Parser, name: str) -> None:
    parser.add_argument("network", metavar="NETWORK", help="mastodon, bluesky, demo, or another that is installed")
    parser.add_argument("--server", metavar="URL", help="the server's address, such as https://mastodon.social")
    parser.add_argument("--name", metavar="N", help="what you call it here (default: the login's own name)")
    parser.add_argument("--user", metavar="NAME", help="who logs in, where the network asks: handle, DID or e-mail")
    token = parser.add_mutually_exclusive_group()
    token.add_argument("--token-env", metavar="NAME", help="the environment variable that holds the token")
    token.add_argument("--token-command", metavar="CMD", help="a command whose first line of output is the token")
    token.add_argument("--token-file", metavar="PATH", help="a file of mode 0600 that holds the token")
    token.add_argument("--keyring", action="store_true", help="keep the token in the system's keyring")
    parser.add_argument(
        "--insecure-http",
        action="store_true",
        help="allow plain http to another machine: the token travels unencrypted",
    )


def run(services: Services, args: Namespace) -> int:
    settings = services.settings()
    account = _account_of(services, settings, args)
    kind = services.accounts.login_kind(args.network)
    if kind == "password":
        return _by_password(services, account, args)
    if kind == "none" or account.token_env or account.token_command or account.token_file:
        return _finish(services, account, args.name, None)
    # also without --name: an error of the keyring is shown before the login
    stored = Secrets(services.home, account, services.environ).load(TOKEN) if account.token_keyring else None
    if stored and args.name:
        return _finish(services, account, args.name, None)
    address, exchange = services.accounts.begin_login(account.network, account.server, account.insecure_http)
    out(address)
    sys.stdout.flush()  # a script reads it before it answers
    say("Open this address in a browser on any machine, allow the access, and paste the code that is shown.")
    token = exchange(_code())
    return _finish(services, account, args.name, token)


def _account_of(services: Services, settings: Settings, args: Namespace) -> Account:
    """Returns the account as far as it is known before the login. Raises BadValue, CliError before a token is sent."""
    known = services.accounts.networks()
    if args.network not in known:
        near = nearest(args.network, known)
        raise BadValue(
            f"no network {args.network!r}" + (f": do you mean {near}?" if near else f"; there is {', '.join(known)}")
        )
    kind = services.accounts.login_kind(args.network)
    if kind in ("browser", "token") and not args.server:
        raise BadValue(f"--server is missing: the address of the {args.network} server")
    if args.name is not None:
        try:
            readable_name(args.name)
        except Wrong as wrong:
            raise BadValue(f"--name must be {wrong}") from None
        if any(other.name.casefold() == args.name.casefold() for other in settings.accounts):
            raise CliError(f"an account is named {args.name!r} already: choose another --name")
    try:
        server = server_address(args.server, keep_path=kind == "token") if args.server else ""
    except AddressError as error:
        raise BadValue(str(error)) from None
    if not args.insecure_http and is_unencrypted(server):
        raise BadValue("plain http would send the token unencrypted: use https, or --insecure-http if you must")
    try:
        command = tuple(shlex.split(args.token_command)) if args.token_command else None
    except ValueError:
        raise BadValue("--token-command is not a command: its quotes don't match") from None
    return Account(
        name=args.name or args.network,
        network=args.network,
        server=server,
        token_env=args.token_env,
        token_command=command,
        token_file=Path(args.token_file).expanduser().absolute() if args.token_file else None,
        token_keyring=args.keyring,
        insecure_http=args.insecure_http,
    )


def _by_password(services: Services, account: Account, args: Namespace) -> int:
    """Logs in with a name and an (app) password: from a token option, else prompted for without echo."""
    name = args.user or _line("Handle, DID or e-mail: ", "nobody was named")
    given = account.token_env or account.token_command or account.token_file
    password = Secrets(services.home, account, services.environ).token() if given else _password()
    user, server, direct = services.accounts.log_in(
        account.network, name, password, account.server, account.insecure_http
    )
    logged_in = replace(account, user=user, server=server, options={"direct_messages": True} if direct else {})
    if not direct:
        say("Direct messages are left out: this password may not read them. One that may (made so at the network) can.")
    return _finish(services, logged_in, args.name, None if given else password)


def _password() -> str:
    if sys.stdin is not None and sys.stdin.isatty():
        from getpass import getpass

        return getpass("App password (it is not shown): ", sys.stderr)
    return _line("", "no password was given")


def _code() -> str:
    return _line("Code: ", "no code was given")


def _line(prompt: str, missing: str) -> str:
    """Returns a line of standard input. Raises CliError if there is none or it is empty."""
    if sys.stdin is None:
        raise CliError(f"{missing}: nothing was added")
    if sys.stdin.isatty():
        sys.stderr.write(prompt)
        sys.stderr.flush()
    line = sys.stdin.readline().strip()
    if not line:
        raise CliError(f"{missing}: nothing was added")
    return line


def _finish(services: Services, account: Account, name: str | None, token: str | None) -> int:
    """Checks the login, stores the secret, then the config: a failure leaves nothing behind. Returns the exit code."""
    from commtui.config.new_account import add_checked

    answer = services.accounts.check(account, token)
    try:
        added = add_checked(services.home, services.environ, services.accounts, account, answer, name, token)
    except LoginError as error:
        raise CliError(f"{error}; nothing was added") from None
    say(f"added {added.account.name}: {added.handle} on {account.network}; `commtui sync` fetches its mentions")
    return 0
