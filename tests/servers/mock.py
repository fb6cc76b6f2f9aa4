"""`mastodon_mock` as a process of its own over real HTTP, and the other people on it as plain calls.

Do not trust it for visibility, mutes, mention HTML, near scheduled dates and OAuth strictness: `quirks` is for those.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

LOCKED_TRIES = 10
"""Its requests are transactions that read before they write: where two of them meet, SQLite refuses the second at once,
whatever its busy_timeout (https://www.sqlite.org/rescode.html#busy_snapshot), and nothing of it is kept."""
SEEDED = ("brand", "ada", "grace", "alan")
# ends with its stdin, so that even a test run that is killed leaves no server behind
_PROGRAM = """
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
from mastodon_mock.cli import main
main(sys.argv[1:])
"""


def free_port() -> int:
    """A port on loopback that nobody holds at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class MastodonMock:
    """One server. Users are named without `@`; one that does not exist yet is made when first named."""

    def __init__(self, ratelimit: int | None = None) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="mastodon-mock-"))
        self.port = free_port()
        self.ratelimit = ratelimit
        self.process: subprocess.Popen[bytes] | None = None
        self._tokens: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self.http = httpx.Client(trust_env=False, timeout=30)

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`; the same after `stop` and `start`."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        """The server's name in handles, which is its domain: `127.0.0.1:PORT`."""
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> MastodonMock:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> MastodonMock:
        """Starts the server and waits until it answers. What it knew before a `stop` is still there."""
        for _ in range(3):
            self._write_config()
            log = (self.home / "log").open("ab")
            config = str(self.home / "mm.toml")
            command = [sys.executable, "-c", _PROGRAM, "serve", "--config", config, "--log-level", "warning"]
            self.process = subprocess.Popen(command, cwd=self.home, stdout=log, stderr=log, stdin=subprocess.PIPE)
            log.close()
            if self._ready():
                self._tokens = {**{name: f"{name}_token" for name in SEEDED}, **self._tokens}
                return self
            self.stop()
            if self._tokens:
                break
            self.port = free_port()
        raise RuntimeError(f"mastodon_mock did not start: {(self.home / 'log').read_text()[-2000:]}")

    def _write_config(self) -> None:
        lines = [
            f'domain = "{self.host}"\nmedia_storage_path = "{self.home / "media"}"',
            f'[server]\nhost = "127.0.0.1"\nport = {self.port}',
            f'[database]\npath = "{self.home / "mm.sqlite"}"',
            "[auth]\nenforce_scopes = true",
            "[streaming]\nheartbeat_seconds = 1.0",
        ]
        if self.ratelimit:
            lines.append(f"[ratelimit]\nenabled = true\nlimit = {self.ratelimit}")
        lines += [f'[[seed.accounts]]\nusername = "{n}"\naccess_token = "{n}_token"' for n in SEEDED]
        (self.home / "mm.toml").write_text("\n".join(lines) + "\n")

    def _ready(self) -> bool:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self.process and self.process.poll() is None:
            try:
                if self.http.get(f"{self.url}/health").text == "OK":
                    return True
            except httpx.TransportError:
                time.sleep(0.05)
        return False

    def stop(self) -> None:
        """Ends the server; connections to it are refused until `start`."""
        if self.process is None:
            return
        assert self.process.stdin is not None
        self.process.stdin.close()  # SIGTERM would wait for every open stream
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def close(self) -> None:
        """Ends the server for good and removes what it wrote."""
        self.stop()
        self.http.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def call(self, user: str | None, method: str, path: str, **options: Any) -> httpx.Response:
        """Any request as `user`, without raising; `options` are httpx's."""
        headers = {**options.pop("headers", {})}
        if user is not None:
            headers["Authorization"] = f"Bearer {self.token(user)}"
        return self.http.request(method, f"{self.url}{path}", headers=headers, **options)

    def _json(self, user: str | None, method: str, path: str, **options: Any) -> Any:
        for _ in range(LOCKED_TRIES):
            logged = self._log_size()
            answer = self.call(user, method, path, **options)
            if not answer.is_error:
                return answer.json()
            log = self._log_from(logged)
            if answer.status_code != 500 or "database is locked" not in log:
                break
            time.sleep(0.1)
        raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text[:500]}\n{log[-3000:]}")

    def _log_size(self) -> int:
        return (self.home / "log").stat().st_size

    def _log_from(self, size: int) -> str:
        return (self.home / "log").read_bytes()[size:].decode(errors="replace")

    def token(self, user: str) -> str:
        """The access token of `user` with read, write and follow."""
        if user not in self._tokens:
            made = self._json(None, "POST", "/api/v1/_mock/dev_user", json={"username": user})
            self._tokens[user] = made["access_token"]
        return self._tokens[user]

    def login(self, user: str) -> str:
        """Another, fresh token of the same user, which `revoke` can end."""
        self.token(user)
        return str(self._json(None, "POST", "/api/v1/_mock/login", json={"username": user})["access_token"])

    def revoke(self, token: str) -> None:
        """Ends a token: every request with it is answered 401 from now on."""
        self.http.post(f"{self.url}/oauth/revoke", data={"token": token}).raise_for_status()

    def authorize(self, user: str, client_id: str = "") -> str:
        """What a person does in the browser: agrees, and copies the code that is shown."""
        self.token(user)
        form = {"username": user, "client_id": client_id, "redirect_uri": "urn:ietf:wg:oauth:2.0:oob"}
        page = self.http.post(f"{self.url}/oauth/authorize", data=form).text
        return page.split("Authorization code: ", 1)[1].split("<", 1)[0]

    def account_id(self, user: str) -> str:
        """The id of the user's account."""
        if user not in self._ids:
            self._ids[user] = self._json(user, "GET", "/api/v1/accounts/verify_credentials")["id"]
        return self._ids[user]

    def post(
        self,
        user: str,
        text: str,
        in_reply_to: str | None = None,
        visibility: str = "public",
        **fields: Any,
    ) -> dict[str, Any]:
        """Posts as `user` and gives the Status. A text with `@name` notifies that user, if it is a known one."""
        body = {"status": text, "visibility": visibility, **fields}
        if in_reply_to is not None:
            body["in_reply_to_id"] = in_reply_to
        status: dict[str, Any] = self._json(user, "POST", "/api/v1/statuses", json=body)
        return status

    def edit(self, user: str, status_id: str, text: str) -> dict[str, Any]:
        """Edits a status of the user's."""
        status: dict[str, Any] = self._json(user, "PUT", f"/api/v1/statuses/{status_id}", json={"status": text})
        return status

    def delete(self, user: str, status_id: str) -> None:
        """Deletes a status of the user's."""
        self._json(user, "DELETE", f"/api/v1/statuses/{status_id}")

    def status(self, status_id: str, user: str = "ada") -> dict[str, Any] | None:
        """The status as `user` sees it, None if there is none."""
        answer = self.call(user, "GET", f"/api/v1/statuses/{quote(status_id, safe='')}")
        return None if answer.status_code == 404 else answer.json()

    def _all(self, user: str, path: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        url: str | None = f"{path}?limit=40"
        while url:
            answer = self.call(user, "GET", url.removeprefix(self.url))
            answer.raise_for_status()
            rows += answer.json()
            url = answer.links.get("next", {}).get("url")
        return rows

    def notifications(self, user: str) -> list[dict[str, Any]]:
        """Every notification of the user, newest first."""
        return self._all(user, "/api/v1/notifications")

    def statuses(self, user: str) -> list[dict[str, Any]]:
        """Every status of the user, newest first: what really got out."""
        return self._all(user, f"/api/v1/accounts/{self.account_id(user)}/statuses")

    def context(self, status_id: str, user: str = "ada") -> dict[str, list[dict[str, Any]]]:
        """`ancestors` and `descendants`, each oldest first."""
        found: dict[str, list[dict[str, Any]]] = self._json(user, "GET", f"/api/v1/statuses/{status_id}/context")
        return found

    def favourite(self, user: str, status_id: str) -> None:
        """The user likes a status."""
        self._json(user, "POST", f"/api/v1/statuses/{status_id}/favourite")

    def reblog(self, user: str, status_id: str) -> None:
        """The user boosts a status."""
        self._json(user, "POST", f"/api/v1/statuses/{status_id}/reblog")

    def follow(self, user: str, whom: str) -> None:
        """The user follows another."""
        self._json(user, "POST", f"/api/v1/accounts/{self.account_id(whom)}/follow")

    def faults(
        self,
        path: str | None = None,
        methods: list[str] | None = None,
        count: int | None = None,
        **effect: Any,
    ) -> str:
        """Makes the mock fail before it acts; gives the rule's id.

        `path` may have `*`; effect: type (status, ratelimit, latency, malformed, timeout), status, body, headers,
        delay_ms. What is lost after the server acted is the proxy's work.
        """
        rule = {"match": {"path": path, "methods": methods}, "effect": effect, "count": count}
        made = self._json(None, "POST", "/api/v1/_mock/faults", json=rule)
        return str(made.get("id") or made.get("rule", {}).get("id"))

    def clear_faults(self) -> None:
        """Takes every fault back."""
        self._json(None, "DELETE", "/api/v1/_mock/faults")

    def reset(self) -> None:
        """Back to the seeded users, without statuses and faults."""
        self._json(None, "POST", "/api/v1/_mock/reset")
        self._tokens = {name: f"{name}_token" for name in SEEDED}
        self._ids = {}
