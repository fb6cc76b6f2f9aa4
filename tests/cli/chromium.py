"""Headless Chromium, asked by its own protocol: what a page asks for, and what it looks like."""

from __future__ import annotations

import subprocess
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
from websockets.sync.client import ClientConnection, connect

from tests.programs import need

FLAGS: Final = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
    "--remote-debugging-port=0", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
"""The last one: no name is looked up, whatever a page or Chromium itself wants."""


class Tab:
    """A page. `events`: what Chromium said of it, as (method, parameters)."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection, self._number = connection, 0
        self.events: list[tuple[str, dict[str, Any]]] = []

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The answer to a command. AssertionError where Chromium refuses it."""
        self._number += 1
        self._connection.send(
            msgspec.json.encode({"id": self._number, "method": method, "params": parameters}).decode()
        )
        while True:
            message = self._read()
            if message.get("id") == self._number:
                assert "error" not in message, message
                return message["result"]

    def _read(self) -> dict[str, Any]:
        message: dict[str, Any] = msgspec.json.decode(self._connection.recv(timeout=60))
        if "method" in message:
            self.events.append((message["method"], message["params"]))
        return message

    def open(self, address: str) -> None:
        """Opens an address and waits until it is loaded."""
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")
        self.call("Page.navigate", url=address)
        while not any(method == "Page.loadEventFired" for method, _ in self.events):
            self._read()

    def ask(self, expression: str) -> Any:
        """The value of an expression of JavaScript."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def show(self, scheme: str, width: int = 1000, height: int = 1200) -> None:
        """Takes another size of the window, and `light` or `dark`."""
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def picture(self) -> bytes:
        """What is shown, as PNG."""
        return b64decode(self.call("Page.captureScreenshot")["data"])


@contextmanager
def chromium(folder: Path) -> Iterator[Tab]:
    """A new Chromium with an empty page; `folder`: where it keeps its files. Where it is missing: programs.need."""
    program = need("chromium", "chromium")
    profile = folder / "chromium"
    with (folder / "chromium.log").open("wb") as log:
        process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"], stdout=log, stderr=log
        )
    try:
        with connect(_address(profile, process), max_size=None) as connection:
            yield Tab(connection)
    finally:
        process.terminate()
        process.wait(30)


def _address(profile: Path, process: subprocess.Popen[bytes]) -> str:
    """The address of its page's protocol, once it listens."""
    import urllib.request

    port, deadline = profile / "DevToolsActivePort", time.monotonic() + 60
    while not (port.exists() and port.read_text().count("\n")):
        assert process.poll() is None and time.monotonic() < deadline, "Chromium did not start: see chromium.log"
        time.sleep(0.05)
    with urllib.request.urlopen(f"http://127.0.0.1:{port.read_text().splitlines()[0]}/json/list") as answer:
        pages: list[dict[str, str]] = msgspec.json.decode(answer.read())
    return next(page["webSocketDebuggerUrl"] for page in pages if page["type"] == "page")
