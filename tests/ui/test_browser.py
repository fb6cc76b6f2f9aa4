"""`o` opens a page in a browser that may stay in the foreground: the screen does not wait for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.fill import services_in
from tests.ui.screen import drive, inbox, shown, until


def script(folder: Path, lines: str) -> Path:
    path = folder / "browser.sh"
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def browser(tmp_path, monkeypatch):
    """Sets the browser to a script of these lines. No other one is found."""

    def use(lines: str) -> None:
        for name in ("SSH_CONNECTION", "SSH_TTY", "DISPLAY", "WAYLAND_DISPLAY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("BROWSER", f"{script(tmp_path, lines)} %s")
        monkeypatch.setenv("PATH", str(tmp_path))

    return use


def test_the_cursor_moves_while_a_browser_is_in_the_foreground(tmp_path, browser):
    opened, go_on = tmp_path / "opened", tmp_path / "go-on"
    browser(f'echo "$1" > {opened}\nwhile [ ! -e {go_on} ]; do /bin/sleep 0.05; done\necho end >> {opened}')
    services = services_in(tmp_path / "home", 3)

    async def scenario(app, pilot):
        await pilot.press("o")
        assert "opening https://example.net/" in shown(app)
        await until(pilot, lambda: opened.exists() and opened.read_text())
        await pilot.press("j")
        await pilot.pause()
        assert inbox(app).panes.rows.at == 1
        assert opened.read_text().startswith("https://example.net/") and "end" not in opened.read_text()
        go_on.touch()

    drive(services, scenario)


def test_where_no_browser_opens_it_the_address_is_shown(tmp_path, browser):
    browser("exit 3")
    services = services_in(tmp_path / "home", 1)

    async def scenario(app, pilot):
        await pilot.press("o")
        await until(pilot, lambda: "no browser here" in shown(app))
        assert "https://example.net/" in shown(app)

    drive(services, scenario)
