"""The dialog that adds an account. Requests are made in a thread: the screen never waits for a network."""

from __future__ import annotations

import os
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final, cast

from msgspec import Struct
from msgspec.structs import replace
from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.worker import Worker

from commtui.config.errors import ConfigError
from commtui.config.new_account import Added, add_checked
from commtui.config.secrets import TOKEN, Secrets
from commtui.config.settings import Account
from commtui.model.logins import LoginError
from commtui.sentences.store import explain
from commtui.store.errors import StoreError
from commtui.system import browser
from commtui.system.masking import register
from commtui.system.threads import in_thread
from commtui.ui.painter.clipboard import copy
from commtui.ui.services import Services
from commtui.ui.text.cells import wrap
from commtui.ui.text.copied import copied_words
from commtui.ui.text.form_lines import Field
from commtui.ui.text.login_fields import BROWSER, CODE, PASTED, account_of, login_fields, title_of, way_of
from commtui.ui.text.rows import Pieces
from commtui.ui.widgets.form import Form
from commtui.ui.widgets.lines import OneLine

KINDS: Final[Mapping[str, str]] = {"mastodon": "browser", "bluesky": "password", "demo": "none", "demo2": "none"}
"""How our own networks log in: the form stands at once. Others are asked."""
FIELDS_KEYS: Final = "enter logs in  tab next field  esc back"
CODE_KEYS: Final = "enter logs in  ctrl+y copy address  ctrl+o open it  esc back"


class LoggedIn(Struct, frozen=True):
    """An account that was added."""

    added: Added
    lacks_direct: bool = False
    """The secret that was given may not read direct messages."""


class LoginScreen(Screen[LoggedIn | None]):
    """Ends with the account that was added, or None. What is typed stays until then, whatever goes wrong."""

    AUTO_FOCUS = "Form"

    def __init__(self, services: Services, network: str) -> None:
        super().__init__()
        self._services, self._network = services, network
        self._kind = KINDS.get(network, "")
        self._title, self._keys_line = OneLine(), OneLine()
        self._form = Form(self._head, self._fields, self._submit, self._other_key)
        self._work: Worker[None] | None = None
        self._address = ""
        """Where the person allows the access; empty while fields are asked for."""
        self._exchange: Callable[[str], str] = str
        self._account = Account()

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._form
        yield self._keys_line

    def on_mount(self) -> None:
        self._title.say((("title-here", f" commtui: {title_of(self._network)} "),), "bar")
        self._show_keys()
        if not self._kind:
            self._start(self._ask_kind(), f"looking at {self._network}")

    def on_resize(self, event: events.Resize) -> None:
        self._show_keys()

    def _show_keys(self, words: str = "") -> None:
        self._keys_line.say((("bar-dim", f" {words or (CODE_KEYS if self._address else FIELDS_KEYS)}"),), "bar", most=3)

    # what is asked

    def _fields(self, values: Mapping[str, str]) -> list[Field]:
        if self._address:
            return [CODE]
        return login_fields(self._kind, values) if self._kind else []

    def _head(self, width: int) -> list[Pieces]:
        if not self._address:
            return [()]
        words = "Open this address in a browser, allow the access, and paste the code that is shown:"
        lines: list[Pieces] = [(("plain", f" {line}"),) for line in wrap(words, width - 2)]
        step = width - 1
        for at in range(0, len(self._address), step):
            lines.append(((f"link {self._address}", self._address[at : at + step]),))
        return lines

    # keys

    def _other_key(self, key: str) -> None:
        if key in ("escape", "ctrl+c"):
            if self._work is not None:
                self._end_work()
            elif self._address:
                self._back_to_fields()
            else:
                self.dismiss(None)
        elif self._work is not None or not self._address:
            return
        elif key == "ctrl+y":
            copied = copy(self._address, os.environ)
            if copied.sequence:
                cast("Any", self.app).to_terminal(copied.sequence)
            self._show_keys(copied_words(copied, self._address, os.environ.get("TERM", ""), "the address"))
        elif key == "ctrl+o":
            self._open_browser()

    def _open_browser(self) -> None:
        if browser.is_remote(os.environ):
            self._show_keys("over SSH a browser would open on the wrong machine: ctrl+y copies the address")
            return
        try:
            browser.start(browser.opener_of(self._address))
        except OSError as error:
            self._show_keys(f"no browser can be started: {error.strerror}")
        else:
            self._show_keys("opening a browser")

    def _back_to_fields(self) -> None:
        self._address = ""
        self._form.forget("code")
        self._form.ask(self._head, self._fields)
        self._show_keys()

    def _submit(self) -> None:
        try:
            if self._address:
                self._start(self._take_code(self._form.values.get("code", "")), "asking for the login")
                return
            values = self._form.values
            account = account_of(self._network, self._kind, values)
            self._check_name(values.get("name", "").strip())
        except LoginError as error:
            self._complain(error)
            return
        self._account = account
        if self._kind == "password":
            self._start(self._log_in(values), f"asking {account.server or values['user'].strip()}")
        elif way_of(self._kind, values) == BROWSER:
            self._start(self._begin(), f"asking {account.server}")
        else:
            token = values["token"].strip() if way_of(self._kind, values) == PASTED else None
            self._start(self._finish(account, token), f"asking {account.server or self._network}")

    def _check_name(self, name: str) -> None:
        known = self._services.desk().settings.accounts
        if any(name and other.name.casefold() == name.casefold() for other in known):
            raise LoginError(f"an account is named {name!r} already: choose another name", "name")

    # work

    def _start(self, work: Coroutine[Any, Any, None], words: str) -> None:
        self._form.is_busy = True
        self._form.complain("", "")
        self._show_keys(f"{words}; esc stops waiting")
        self._work = self.run_worker(self._guarded(work), exclusive=True)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Does it; what went wrong is said at the field that it is about."""
        try:
            await work
        except LoginError as error:
            self._ended()
            self._complain(error)
        except ConfigError as error:
            self._ended()
            self._complain(LoginError(str(error), "token"))
        except StoreError as error:
            self._ended()
            self._complain(LoginError(explain(error, brief=True)))

    def _end_work(self) -> None:
        """Stops waiting: the thread goes on and what it gets is left."""
        if self._work is not None:
            self._work.cancel()
        self._ended()

    def _ended(self) -> None:
        self._work, self._form.is_busy = None, False
        self._show_keys()

    def _complain(self, error: LoginError) -> None:
        fields = [field.id for field in self._fields(self._form.values)]
        wanted = (error.part, "password", "user") if error.part in ("token", "password") else (error.part, "server")
        self._form.complain(next((part for part in wanted if part in fields), ""), str(error))

    async def _ask_kind(self) -> None:
        self._kind = await in_thread(lambda: self._services.accounts.login_kind(self._network), "login")
        self._ended()
        self._form.ask(self._head, self._fields)

    async def _begin(self) -> None:
        """Makes us known to the server, which gives the address for the person."""
        account, services = self._account, self._services

        def ask() -> tuple[str, Callable[[str], str]]:
            if account.token_keyring:  # an error of the keyring is told before the person has logged in
                Secrets(services.home, account, services.environ).load(TOKEN)
            return services.accounts.begin_login(account.network, account.server, account.insecure_http)

        self._address, self._exchange = await in_thread(ask, "login")
        self._ended()
        self._form.ask(self._head, self._fields)

    async def _take_code(self, code: str) -> None:
        if not code.strip():
            raise LoginError("no code was given: open the address, allow the access, and copy the code", "code")
        token = await in_thread(lambda: register(self._exchange(code)), "login")
        try:
            await self._finish(self._account, token)
        except (LoginError, ConfigError, StoreError):
            self._back_to_fields()  # the code is used up
            raise

    async def _log_in(self, values: Mapping[str, str]) -> None:
        """By name and password."""
        account, name, password = self._account, values["user"].strip(), register(values["password"].strip())
        user, server, direct = await in_thread(
            lambda: self._services.accounts.log_in(
                account.network, name, password, account.server, account.insecure_http
            ),
            "login",
        )
        options = {"direct_messages": True} if direct else {}
        await self._finish(replace(account, user=user, server=server, options=options), password, not direct)

    async def _finish(self, account: Account, token: str | None, lacks_direct: bool = False) -> None:
        """Checks the login, and adds it: from there on nothing is asked, so that escape never leaves half of it."""
        services = self._services
        name = self._form.values.get("name", "").strip() or None
        if token is not None:
            register(token)
        answer = await in_thread(lambda: services.accounts.check(account, token), "login")
        if account.token_keyring:
            self._show_keys("the keyring is asked")
        self._work = None  # no key stops it now
        added = await in_thread(
            lambda: add_checked(services.home, services.environ, services.accounts, account, answer, name, token),
            "login",
        )
        self._form.forget("password", "token", "code")
        self.dismiss(LoggedIn(added, lacks_direct))
