"""The command line on a real home, with a network of two lines in the place of main's: `python -m tests.cli.program`.

The tokens that it knows stand in COMMTUI_TEST_TOKENS as `token=user@host`, apart by spaces; others are refused.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from commtui.cli.app import main
from commtui.cli.services import CliError
from commtui.config.errors import ConfigError
from commtui.config.loading import load
from commtui.config.paths import Home, find_home
from commtui.config.settings import Account, Settings
from commtui.model.clock import Clock, SystemClock


class HomeServices:
    """What main hands to the command line, without engine and HTTP."""

    def __init__(self, home: Home, environ: Mapping[str, str] | None = None) -> None:
        self.home = home
        self.home.prepare()
        self.clock: Clock = SystemClock()
        self.environ = os.environ if environ is None else environ
        self.asked: list[str] = []
        """The tokens that were checked, in order."""
        self._desk: Any = None
        self.accounts = self
        self.synced: dict[str, Any] = {"engine": "here", "accounts": []}

    def settings(self) -> Settings:
        return load(self.home, self.environ)

    def desk(self) -> Any:
        from commtui.activity.desk import Desk
        from commtui.store.store import Store

        if self._desk is None:
            settings = self.settings()
            self._desk = Desk(Store(self.home.data), self.clock, settings, settings.me)
        return self._desk

    def sync(self, wait: bool) -> dict[str, Any]:
        return self.synced

    def run(self) -> int:
        raise CliError("the engine is held by commtui (pid 1 on here)")

    def holder(self) -> str | None:
        return None

    def key_problems(self) -> list[str]:
        """What is wrong with the config's [keys]. Raises ConfigError."""
        from commtui.ui.keys import keymap

        settings = self.settings()
        return list(keymap.build(settings.keymap, settings.keys).problems)

    def networks(self) -> list[str]:
        return ["demo", "mastodon"]

    def login_kind(self, network: str) -> str:
        return "none" if network == "demo" else "browser"

    def log_in(self, network: str, identifier: str, password: str, server: str, insecure_http: bool = False) -> Any:
        raise AssertionError("no network here logs in by password")

    def begin_login(self, network: str, server: str, insecure_http: bool = False) -> tuple[str, Callable[[str], str]]:
        return f"{server}/oauth/authorize", lambda code: f"token-of-{code}"

    def check(self, account: Account, token: str | None = None) -> dict[str, Any]:
        from commtui.config.secrets import Secrets

        if account.network == "demo":
            return {"user": "brand@demo.example", "handle": "@brand@demo.example", "name": "Brand", "ok": True,
                    "error": None, "refused": False}  # fmt: skip
        try:
            token = token or Secrets(self.home, account, self.environ).token()
        except ConfigError as error:
            raise CliError(str(error)) from None
        self.asked.append(token)
        known = dict(word.split("=") for word in self.environ.get("COMMTUI_TEST_TOKENS", "").split())
        user = known.get(token)
        problem = None if user else "the server refused the token"
        return {"user": user or "", "handle": f"@{user}", "name": "", "ok": bool(user), "error": problem,
                "refused": not user}  # fmt: skip

    def try_again(self, account: Account) -> None: ...

    def save_token(self, account: Account, token: str) -> None:
        from commtui.config.secrets import TOKEN, Secrets

        Secrets(self.home, account, self.environ).save(TOKEN, token)

    def forget(self, account: Account) -> None:
        from commtui.config.secrets import Secrets

        Secrets(self.home, account, self.environ).forget()


def services_at(folder: Path, **environ: str) -> HomeServices:
    return HomeServices(Home.at(folder), environ)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], lambda home: HomeServices(find_home(home, os.environ))))
