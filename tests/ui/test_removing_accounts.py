"""An account that is removed takes its entries out of the keyring, by the screen and by the shell."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from commtui.config.edit import add_account
from commtui.config.loading import load
from commtui.config.paths import Home
from commtui.config.settings import Account
from tests.ui.terminal import ROOT, Terminal

KEYRING = """\
import json, os, pathlib
FILE = pathlib.Path(__file__).with_name("kept.json")
def _kept(): return json.loads(FILE.read_text())
def get_password(service, user):
    if os.environ.get("LOCKED"): raise RuntimeError("locked")
    return _kept().get(user)
def set_password(service, user, value): FILE.write_text(json.dumps({**_kept(), user: value}))
def delete_password(service, user):
    FILE.write_text(json.dumps({name: value for name, value in _kept().items() if name != user}))
"""
KEPT = {"brand": "secret-token", "brand.session": "x", "brand.names": "session", "shop": "another"}


@pytest.fixture
def ring(tmp_path):
    """A folder with a keyring that keeps its entries in a file; the home's account has some."""
    folder = tmp_path / "ring"
    folder.mkdir()
    (folder / "keyring.py").write_text(KEYRING)
    (folder / "kept.json").write_text(json.dumps(KEPT))
    home = Home.at(tmp_path / "home")
    home.prepare()
    add_account(home, Account(name="brand", network="demo", user="brand@demo.example", token_keyring=True))
    return folder


def kept(ring):
    return json.loads((ring / "kept.json").read_text())


@pytest.mark.slow
@pytest.mark.parametrize("locked", [False, True])
def test_the_screen_says_whether_the_secrets_are_gone(ring, tmp_path, locked):
    env = {"PYTHONPATH": f"{ROOT}:{ring}", **({"LOCKED": "1"} if locked else {})}
    with Terminal([sys.executable, "-m", "commtui", "--home", str(tmp_path / "home")], (80, 24), **env) as terminal:
        terminal.until("1 Mentions")
        terminal.press(" ", "C", "enter", "r", "y")
        kept_back = "removed brand, but its secrets stay: account 'brand': the keyring failed"
        terminal.says(kept_back if locked else "removed brand; what it")
    assert kept(ring) == (KEPT if locked else {"shop": "another"})
    assert load(Home.at(tmp_path / "home"), {}).accounts == ()


@pytest.mark.slow
@pytest.mark.parametrize("locked", [False, True])
def test_the_shell_says_whether_the_secrets_are_gone(ring, tmp_path, locked):
    env = {"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{ROOT}:{ring}", **({"LOCKED": "1"} if locked else {})}
    command = [sys.executable, "-m", "commtui", "--home", str(tmp_path / "home"), "account", "remove", "brand"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert "removed brand" in done.stderr and ("its secrets stay: " in done.stderr) is locked
    assert done.returncode == int(locked) and "Traceback" not in done.stderr
    assert kept(ring) == (KEPT if locked else {"shop": "another"})
