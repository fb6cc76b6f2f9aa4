"""The first start on a real terminal: the ways to begin, and the login on the screen against real servers."""

from __future__ import annotations

import re
import socket
import sys
from contextlib import contextmanager

import pytest

from commtui.config.loading import load
from commtui.config.paths import Home
from tests.ui.terminal import ROOT, Terminal

SIZES = [(80, 24), (40, 12), (120, 40)]


@contextmanager
def started(folder, size=(80, 24), **env):
    """The program without an account, its first page on the screen."""
    with Terminal([sys.executable, "-m", "commtui", "--home", str(folder)], size, **env) as terminal:
        terminal.until("No account is here yet")
        yield terminal


def leave(terminal, *keys):
    terminal.press(*keys, "q")
    assert terminal.process.wait(60) == 0


def flowing(terminal):
    """The screen's text without line breaks and spaces: long sentences and addresses are wrapped."""
    return re.sub(r"\s+", "", terminal.text)


def accounts(folder):
    return load(Home.at(folder), {}).accounts


def begin_mastodon(terminal, server):
    """Up to the page that asks for the code."""
    terminal.press("m", server.url, "enter")
    terminal.until("> Code")


def authorized(terminal, mastodon):
    """The code for the address on the screen."""
    client = re.search(r"client_id=([^&]+)&", flowing(terminal))
    assert client, terminal.text
    return mastodon.authorize("brand", client[1])


@pytest.mark.parametrize("size", SIZES)
def test_without_an_account_three_ways_to_begin_are_shown(tmp_path, size):
    with started(tmp_path, size) as terminal:
        for words in ("Demo: a simulated network", "Mastodon: log in", "Bluesky: log in", "q leave"):
            assert re.sub(r"\s", "", words) in flowing(terminal)
        terminal.press("x", "r", "enter")
        terminal.until("No account is here yet")
        leave(terminal)
    assert accounts(tmp_path) == ()


def test_escape_does_not_leave_the_first_page_by_accident(tmp_path):
    with started(tmp_path) as terminal:
        terminal.press("m")
        terminal.until("log in to Mastodon")
        terminal.press("esc", "esc")
        terminal.until(lambda text: "No account is here yet" in text and "q leaves" in text)
        assert terminal.process.poll() is None
        terminal.press("x")
        terminal.until("b Bluesky  q leave")
        leave(terminal)


def test_the_demo_begins_in_a_home_of_its_own(tmp_path):
    with started(tmp_path) as terminal:
        terminal.press("d")
        terminal.until("DEMO")
        terminal.until(" rolf ")
        terminal.press("q", settle=1)
        assert terminal.process.wait(60) == 0
    assert accounts(tmp_path) == ()
    assert [account.network for account in accounts(tmp_path / "state" / "demo")] == ["demo", "demo2"]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_a_login_by_browser_ends_in_the_inbox_which_fetches(tmp_path, mastodon, size):
    mastodon.post("ada", "@brand hello from ada")
    with started(tmp_path, size) as terminal:
        begin_mastodon(terminal, mastodon)
        terminal.press("wrong", "enter")
        terminal.says("does not accept the code")
        assert "wrong" in terminal.text, "what was typed stays"
        terminal.press("ctrl+u", authorized(terminal, mastodon), "enter")
        terminal.says("added brand: @brand")
        terminal.until("hello from")
    (account,) = accounts(tmp_path)
    token = (tmp_path / "secrets" / "brand.token").read_text().strip()
    assert (account.name, account.network, account.server) == ("brand", "mastodon", mastodon.url)
    assert token.encode() not in terminal.raw
    for path in (tmp_path / "state").rglob("*"):
        assert path.is_dir() or token.encode() not in path.read_bytes()


@pytest.mark.slow
def test_a_pasted_token_is_never_shown(tmp_path, mastodon):
    token = mastodon.token("brand")
    with started(tmp_path) as terminal:
        terminal.press("m", mastodon.url, "tab", "\x1b[C", "tab")
        terminal.until("> Token")
        terminal.press("not-a-token", "enter")
        terminal.says("does not accept the login")
        terminal.until(lambda text: "!" in text)
        assert accounts(tmp_path) == ()
        terminal.press("ctrl+u", f"\x1b[200~{token}\n\x1b[201~", "enter")
        terminal.until("added brand")
    assert token.encode() not in terminal.raw and b"not-a-token" not in terminal.raw
    assert (tmp_path / "secrets" / "brand.token").read_text().strip() == token


@pytest.mark.slow
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(tmp_path, quirks):
    stranger, gone = quirks(not_mastodon=True), quirks()
    gone.stop()
    wrong = [
        ("", "address is missing"),
        ("no address", "is no server's address"),
        ("http://mastodon.example", "plain http would send the token unencrypted"),
        (gone.url, "cannot reach"),
        (stranger.url, "does not answer like a Mastodon server"),
    ]
    with started(tmp_path) as terminal:
        terminal.press("m", "tab", "tab", "tab", "shop", "\x1b[Z", "\x1b[Z", "\x1b[Z")
        for server, sentence in wrong:
            terminal.press("ctrl+u", server, "enter")
            terminal.says(sentence)
            assert re.search(rf"> Server *{re.escape(server)}", terminal.text), terminal.text
            assert re.search(r"Account name +shop", terminal.text), terminal.text
        leave(terminal, "esc")
    assert accounts(tmp_path) == ()


def test_what_is_typed_ahead_goes_into_the_form(tmp_path):
    with started(tmp_path) as terminal:
        terminal.press("mhttp://mastodon.example\r")
        terminal.says("plain http would send the token unencrypted")
        assert re.search(r"> Server +http://mastodon.example", terminal.text)


def test_a_keyring_that_is_missing_is_told_before_the_login(tmp_path, quirks):
    server = quirks()
    with started(tmp_path, PYTHONPATH=f"{ROOT}:{_without_keyring(tmp_path)}") as terminal:
        terminal.press("m", server.url, "tab", "tab", "\x1b[C", "enter")
        terminal.says("token_keyring needs the extra")
        assert server.count("POST", "/api/v1/apps") == 0


def _without_keyring(folder):
    """A folder in which `keyring` is no module that can be imported, whether it is installed or not."""
    hidden = folder / "hidden"
    hidden.mkdir()
    (hidden / "keyring.py").write_text("raise ImportError\n")
    return hidden


def test_escape_stops_waiting_for_a_server_that_is_silent(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent, started(tmp_path) as terminal:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        terminal.press("m", address, "enter")
        terminal.until("esc stops waiting")
        terminal.press("esc")
        terminal.until("enter logs in")
        assert address in terminal.text
        terminal.press("esc")
        terminal.until("No account is here yet")
        leave(terminal)


@pytest.mark.slow
def test_an_account_that_a_shell_adds_ends_the_first_page(tmp_path, mastodon):
    from commtui.config.edit import add_account
    from commtui.config.settings import Account

    with started(tmp_path) as terminal:
        add_account(Home.at(tmp_path), Account(name="brand", network="demo", user="brand@demo.example"))
        terminal.until("1 Mentions")


@pytest.mark.slow
def test_an_account_is_added_later_checked_and_removed(tmp_path, mastodon):
    with started(tmp_path) as terminal:
        begin_mastodon(terminal, mastodon)
        terminal.press(authorized(terminal, mastodon), "enter")
        terminal.says("added brand: @brand")
        terminal.press(" ", "N", "mastodon", "enter")
        terminal.until("log in to Mastodon")
        terminal.press("tab", "tab", "tab", "BRAND", "\x1b[A", "\x1b[A", "\x1b[A", mastodon.url, "enter")
        terminal.says("an account is named 'BRAND' already")
        terminal.press("esc")
        terminal.until("1 Mentions")
        terminal.press(" ", "C", "enter", "c")
        terminal.says("brand: ok, @brand")
        terminal.press(" ", "C", "enter", "r", "n")
        assert [account.name for account in accounts(tmp_path)] == ["brand"]
        terminal.press(" ", "C", "enter", "r", "y")
        terminal.says("removed brand")
        terminal.says("No account yet")
    assert accounts(tmp_path) == () and list((tmp_path / "secrets").glob("brand.*")) == []
