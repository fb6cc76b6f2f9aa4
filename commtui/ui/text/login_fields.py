"""What is asked for a login, and the account that is made of the answers."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from commtui.config import readers
from commtui.config.readers import Wrong
from commtui.config.settings import Account
from commtui.model.logins import LoginError, Part
from commtui.model.servers import AddressError, is_unencrypted, server_address
from commtui.ui.text.form_lines import Field

BROWSER: Final = "browser"
PASTED: Final = "pasted"
KEYRING: Final = "keyring"
_WAYS: Final = (
    (BROWSER, "a browser and a code"),
    (PASTED, "a token, pasted here"),
    ("env", "an environment variable"),
    ("command", "a command"),
    ("file", "a file of my own"),
)
_STORES: Final = (("file", "a file for you alone"), (KEYRING, "the system's keyring"))
_SERVER: Final = Field("server", "Server", "The address that you log in at, such as mastodon.social.")
_OPTIONAL_SERVER: Final = Field(
    "server", "Server", "Only for a server that the handle does not lead to.", "found by the handle"
)
_NAME: Final = Field("name", "Account name", "What you call this account on this machine.", "the login's own")
_STORE: Final = Field(
    "store", "Token in", "The file is in the folder secrets/ of this home. The keyring needs the extra `keyring`.",
    options=_STORES,
)  # fmt: skip
_GIVEN: Final[Mapping[str, Field]] = {
    PASTED: Field("token", "Token", "Preferences, Development, New application: read, write, follow.", is_secret=True),
    "env": Field("token", "Variable", "The name of the environment variable that holds the token."),
    "command": Field("token", "Command", "Its first line of output is the token, as in: pass show commtui/brand"),
    "file": Field("token", "File", "A file of mode 0600 that holds the token."),
}


def login_fields(kind: str, values: Mapping[str, str]) -> list[Field]:
    """What is asked, by how the network logs in (browser, password, token, none) and by what is chosen so far."""
    if kind == "none":
        return [_NAME]
    if kind == "password":
        user = Field("user", "Handle", "Your handle, such as you.bsky.social; a DID or an e-mail address works too.")
        password = Field(
            "password", "App password", "Made in Settings, Privacy and security, App passwords. It is not shown.",
            is_secret=True,
        )  # fmt: skip
        return [user, password, _OPTIONAL_SERVER, _STORE, _NAME]
    ways, way = _ways(kind), way_of(kind, values)
    fields = [_SERVER, Field("way", "Log in by", "", options=ways)]
    if way != BROWSER:
        fields.append(_GIVEN[way])
    if way in (BROWSER, PASTED):
        fields.append(_STORE)
    return [*fields, _NAME]


def way_of(kind: str, values: Mapping[str, str]) -> str:
    """Which way to log in is chosen; empty where there is one only."""
    if kind not in ("browser", "token"):
        return ""
    return values.get("way") or _ways(kind)[0][0]


def _ways(kind: str) -> tuple[tuple[str, str], ...]:
    return _WAYS if kind == "browser" else _WAYS[1:]


CODE: Final = Field("code", "Code")
"""Also the address of the page that shows it."""


def account_of(network: str, kind: str, values: Mapping[str, str]) -> Account:
    """The account as far as it is known before the login. Raises LoginError, about the field that is wrong."""
    shown = {field.id for field in login_fields(kind, values)}
    given = {key: value.strip() for key, value in values.items() if key in shown}
    for part, missing in _MISSING.items():
        if part in shown and not given.get(part) and (part, kind) != ("server", "password"):
            raise LoginError(missing, part)
    name = given.get("name", "")
    if name:
        _read(readers.name, name, "name", "the name here")
    server = _server(given.get("server", ""), kind)
    way, token = way_of(kind, values), given.get("token", "")
    command = _words(token) if way == "command" else None
    if way == "env":
        _read(readers.environment_name, token, "token", "this")
    return Account(
        name=name or network,
        network=network,
        server=server,
        token_env=token if way == "env" else None,
        token_command=command,
        token_file=Path(token).expanduser().absolute() if way == "file" else None,
        token_keyring=given.get("store") == KEYRING,
    )


_MISSING: Final[Mapping[Part, str]] = {
    "server": "the server's address is missing, such as mastodon.social",
    "user": "your handle is missing, such as you.bsky.social",
    "password": "the app password is missing",
    "token": "this is missing",
}


def _server(given: str, kind: str) -> str:
    if not given:
        return ""
    try:
        server = server_address(given, keep_path=kind == "token")
    except AddressError as error:
        raise LoginError(str(error), "server") from None
    if is_unencrypted(server):
        raise LoginError(
            "plain http would send the token unencrypted: use https (--insecure-http of the command line allows it)",
            "server",
        )
    return server


def _read(reader: Callable[[str], object], value: str, part: Part, subject: str) -> None:
    try:
        reader(value)
    except Wrong as wrong:
        raise LoginError(f"{subject} must be {wrong}", part) from None


def _words(command: str) -> tuple[str, ...]:
    try:
        return tuple(shlex.split(command))
    except ValueError:
        raise LoginError("this is not a command: its quotes don't match", "token") from None


def title_of(network: str) -> str:
    """The dialog's title."""
    return f"log in to {_NAMES.get(network, network)}"


_NAMES: Final[Mapping[str, str]] = {"mastodon": "Mastodon", "bluesky": "Bluesky", "demo": "the demo's network"}
