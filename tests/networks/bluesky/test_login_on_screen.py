"""The login on the screen with a handle and an app password, which is never shown."""

import sys

import pytest

from commtui.config.loading import load
from commtui.config.paths import Home
from tests.ui.terminal import Terminal

pytestmark = pytest.mark.slow


def test_a_handle_and_an_app_password_end_in_the_inbox(network, tmp_path):
    did, _, password = network.account("ada")
    network.post("brand", "@ada.test welcome here")
    network.process_all()
    with Terminal([sys.executable, "-m", "commtui", "--home", str(tmp_path)]) as terminal:
        terminal.until("No account is here yet")
        terminal.press("b", "nonsense", "tab", "wrong", "tab", network.pds_url, "enter")
        terminal.until("is no handle")
        terminal.press("ctrl+u", "ada.test", "enter")
        terminal.says("is it an app password?")
        assert "(5 characters, not shown)" in terminal.text and "ada.test" in terminal.text
        terminal.press("ctrl+u", password, "enter")
        terminal.until("welcome here")
        assert "added ada.test: @ada.test on bluesky" in terminal.text
    assert password.encode() not in terminal.raw
    (account,) = load(Home.at(tmp_path), {}).accounts
    assert (account.user, account.server) == (did, network.pds_url)
    assert (tmp_path / "secrets" / "ada.test.token").read_text().strip() == password
    for path in (tmp_path / "state").rglob("*"):
        assert path.is_dir() or password.encode() not in path.read_bytes()
