"""An account's secrets. A token is read again at each use, so that a renewed one needs no restart."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commtui.config.errors import ConfigError
from commtui.config.paths import Home
from commtui.config.settings import Account
from commtui.system.files import make_private, replace_file
from commtui.system.masking import register
from commtui.system.secret_variables import value_of

if TYPE_CHECKING:
    import subprocess

TOKEN = "token"  # noqa: S105 - the name of the secret that an account logs in with
MOST_BYTES = 64 * 1024
KEYRING_SERVICE = "commtui"
LINK = "links are not followed here: set token_file, which may be one"
NAMES = "names"
"""The keyring's entry with the names of an account's other entries: a keyring cannot list them."""


class Secrets:
    """One account's secrets: its token and those that the network renews. Blocks: reads files, runs commands."""

    command_seconds = 30.0

    def __init__(self, home: Home, account: Account, environ: Mapping[str, str] | None = None) -> None:
        self._folder = home.secrets
        self._account = account
        self._environ = environ

    def __repr__(self) -> str:
        return f"Secrets({self._account.name!r})"

    def token(self) -> str:
        """The token, from where the config says. Raises ConfigError, with what is missing and what to do."""
        account = self._account
        if account.token_env:
            token = self._from_environment(account.token_env)
        elif account.token_command:
            token = self._from_command(account.token_command)
        elif account.token_file:
            try:
                token = read_private(account.token_file)
            except FileNotFoundError:
                raise ConfigError(f"account {account.name!r}: its token_file is missing", account.token_file) from None
        else:
            stored = self.load(TOKEN)
            if stored is None:
                place = "the keyring" if account.token_keyring else str(self.path(TOKEN))
                raise ConfigError(
                    f"account {account.name!r} has no token in {place}: log in with `commtui account add`, "
                    "or set token_env, token_command or token_file"
                )
            token = stored
        return self._clean(token)

    def load(self, name: str) -> str | None:
        """The stored secret of that name; None: there is none. Raises ConfigError if it cannot or must not be read."""
        if self._account.token_keyring:
            secret = self._keyring("get_password", name)
            return register(str(secret)) if secret else None
        path = self.path(name)
        try:
            return register(read_private(path, follow=False).rstrip("\n"))
        except FileNotFoundError:
            return None

    def save(self, name: str, value: str) -> None:
        """Stores a secret, whole or not at all. Raises ConfigError, also for an empty `value`."""
        if not value.strip():
            raise ConfigError(f"refused to store an empty {name} for account {self._account.name!r}; the old one stays")
        register(value)
        if self._account.token_keyring:
            self._keyring("set_password", name, value)
            names = self._names_in_keyring()
            if name not in (TOKEN, *names):
                self._keyring("set_password", NAMES, " ".join([*names, name]))
            return
        path = self.path(name)
        try:
            make_private(path.parent)
            replace_file(path, value.encode() + b"\n")
        except OSError as error:
            raise ConfigError(
                f"cannot store the {name} of account {self._account.name!r}: {error.strerror}", path
            ) from None

    def stored(self) -> dict[str, str]:
        """All that is stored where the account keeps its secrets, by name; an empty file, such as that of a lock, is no
        secret. Raises ConfigError."""
        names = (TOKEN, *self._names_in_keyring()) if self._account.token_keyring else self._files()
        return {name: secret for name in names if (secret := self.load(name))}

    def remove_stored(self) -> None:
        """Removes what `stored` gives. Raises ConfigError."""
        if self._account.token_keyring:
            self._remove_from_keyring()
        else:
            self._remove_files()

    def forget(self) -> None:
        """Removes the account's files in secrets/ and its entries in the keyring; a token from elsewhere stays.

        Raises ConfigError where a file cannot be removed or the keyring fails. The other files are removed then.
        """
        try:
            self._remove_files()
        finally:
            if self._account.token_keyring:
                self._remove_from_keyring()

    def _files(self) -> dict[str, Path]:
        """The account's files in secrets/, by the names of their secrets."""
        split = ((path.name.rpartition("."), path) for path in self._folder.glob("*.*"))
        return {name: path for (account, _, name), path in split if account == self._account.name}

    def _remove_files(self) -> None:
        stays: ConfigError | None = None
        for path in self._files().values():
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                stays = ConfigError(f"cannot remove the secret: {error.strerror}", path)
        if stays is not None:
            raise stays

    def _remove_from_keyring(self) -> None:
        for name in (*self._names_in_keyring(), NAMES, TOKEN):
            if self._keyring("get_password", name) is not None:
                self._keyring("delete_password", name)

    def path(self, name: str) -> Path:
        """The file of a stored secret. `name` has no dot, so that no two accounts share a file. Raises ValueError."""
        if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
            raise ValueError(f"no name for a secret: {name!r}")
        return self._folder / f"{self._account.name}.{name}"

    def _from_environment(self, variable: str) -> str:
        own = self._environ is None or self._environ is os.environ
        value = value_of(variable) if own else (self._environ or {}).get(variable)
        if value is None or not value.strip():
            raise ConfigError(f"account {self._account.name!r}: the environment variable {variable} is not set")
        return value

    def _from_command(self, command: tuple[str, ...]) -> str:
        """The first line of the command's output. No message repeats the output, which may hold the token."""
        import signal
        import subprocess

        subject = f"account {self._account.name!r}: the token command {command[0]!r}"
        try:
            # in a session of its own a prompt fails at once, and the command's children can be killed
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise ConfigError(f"{subject} cannot be run: {error.strerror}") from None
        output = b""
        with child:
            try:
                output = _output(child, self.command_seconds)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                raise ConfigError(
                    f"{subject} took longer than {self.command_seconds:g} s: does it wait for a person?"
                ) from None
            if len(output) > MOST_BYTES:
                os.killpg(child.pid, signal.SIGKILL)
                raise ConfigError(f"{subject} printed more than {MOST_BYTES:,} bytes: a token is one line")
        if child.returncode:
            raise ConfigError(f"{subject} failed (exit {child.returncode}): run it by hand to see why")
        lines = output.decode(errors="replace").splitlines()
        if not lines or not lines[0].strip():
            raise ConfigError(f"{subject} printed nothing")
        return lines[0]

    def _names_in_keyring(self) -> list[str]:
        return str(self._keyring("get_password", NAMES) or "").split()

    def _keyring(self, function: str, name: str, *value: str) -> Any:
        user = self._account.name if name == TOKEN else f"{self._account.name}.{name}"
        try:
            import importlib

            keyring = importlib.import_module("keyring")
        except ImportError:
            raise ConfigError(
                f"account {self._account.name!r}: token_keyring needs the extra: pip install 'commtui[keyring]'"
            ) from None
        try:
            return getattr(keyring, function)(KEYRING_SERVICE, user, *value)
        except Exception as error:  # noqa: BLE001 - each backend raises its own errors, and their text may quote the secret
            raise ConfigError(
                f"account {self._account.name!r}: the keyring failed ({type(error).__name__}): is it unlocked?"
            ) from None

    def _clean(self, text: str) -> str:
        token = text.strip()
        if not token:
            raise ConfigError(f"account {self._account.name!r}: its token is empty")
        if not (token.isascii() and token.isprintable()) or " " in token:
            raise ConfigError(f"account {self._account.name!r}: its token has characters that no token has")
        return register(token)


def _output(child: subprocess.Popen[bytes], seconds: float) -> bytes:
    """What a command prints until it has ended, or the first bytes of what has more than MOST_BYTES.

    Raises TimeoutExpired.
    """
    import selectors
    import subprocess

    from commtui.model.clock import SystemClock

    assert child.stdout is not None
    clock = SystemClock()
    end, output = clock.monotonic() + seconds, b""
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while len(output) <= MOST_BYTES:
            if not selector.select(max(end - clock.monotonic(), 0.0)):
                raise subprocess.TimeoutExpired(child.args, seconds)
            part = os.read(child.stdout.fileno(), MOST_BYTES + 1)
            if not part:
                child.wait(max(end - clock.monotonic(), 0.0))
                break
            output += part
    return output


def read_private(path: Path, follow: bool = True) -> str:
    """The text of a file that we own and nobody else can read. `follow`: a link is read, too.

    Owner and mode are those of the file that is read. Raises ConfigError; FileNotFoundError if missing.
    """
    try:
        # O_NONBLOCK: opening a pipe would wait for a writer
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW))
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno == errno.ELOOP and not follow:
            raise ConfigError(LINK, path) from None
        raise ConfigError(f"cannot read the secret: {error.strerror}", path) from None
    with os.fdopen(handle, "rb") as file:
        problem = exposed(os.fstat(handle), path)
        if problem:
            raise ConfigError(problem, path)
        data = file.read(MOST_BYTES)
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise ConfigError("this secret is not text", path) from None


def exposed(status: os.stat_result, path: Path) -> str | None:
    """What is wrong with a secret file's kind, owner or mode, and what to do; None: nothing."""
    import shlex

    if stat.S_ISLNK(status.st_mode):
        return LINK
    if not stat.S_ISREG(status.st_mode):
        return "a secret must be a regular file"
    if status.st_uid != os.geteuid():
        return f"this secret belongs to another user: chown {os.geteuid()} {shlex.quote(str(path))}"
    if status.st_mode & 0o077:
        return (
            f"others can read this secret (mode {stat.S_IMODE(status.st_mode):04o}): chmod 600 {shlex.quote(str(path))}"
        )
    return None
