"""A variable that holds a token is known to this process, and to no child of it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from commtui.config.errors import ConfigError
from commtui.config.loading import load
from commtui.config.paths import Home
from commtui.config.secrets import Secrets
from commtui.config.settings import Account
from commtui.system import masking, secret_variables
from commtui.system.editor import edit

TOKEN = "tok-of-a-variable-1"
CONFIG = """
[[account]]
name = "brand"
network = "mastodon"
user = "brand@m.example"
token_env = "BRAND_TOKEN"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr(secret_variables, "_taken", {})
    monkeypatch.setenv("BRAND_TOKEN", TOKEN)
    home = Home.at(tmp_path / "home")
    home.prepare()
    home.config.write_text(CONFIG)
    return home


def test_a_token_is_taken_out_of_the_environment_and_still_known(home: Home) -> None:
    account = load(home).accounts[0]
    assert "BRAND_TOKEN" not in os.environ
    assert TOKEN in masking.known_secrets()
    assert Secrets(home, account).token() == TOKEN
    assert Secrets(home, account, os.environ).token() == TOKEN


def test_a_variable_that_is_set_again_has_its_new_value(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    account = load(home).accounts[0]
    monkeypatch.setenv("BRAND_TOKEN", "another-token-2")
    assert Secrets(home, account).token() == "another-token-2"
    load(home, os.environ)
    assert "BRAND_TOKEN" not in os.environ and Secrets(home, account).token() == "another-token-2"


def test_the_environment_of_a_test_is_left_alone(home: Home) -> None:
    environ = {"BRAND_TOKEN": "one"}
    account = load(home, environ).accounts[0]
    assert environ and os.environ["BRAND_TOKEN"] == TOKEN
    with pytest.raises(ConfigError, match="is not set"):
        Secrets(home, account, {}).token()


def test_no_child_inherits_it(home: Home, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    program = tmp_path / "child.py"
    program.write_text(
        "import json, os, sys\n"
        f"with open({str(seen)!r}, 'a') as file:\n    file.write(json.dumps(dict(os.environ)) + '\\n')\n"
        "print('token-of-a-command')\n"
    )
    load(home)
    other = Account(name="two", network="mastodon", token_command=(sys.executable, str(program)))
    assert Secrets(home, other).token() == "token-of-a-command"
    edit("text", {"EDITOR": f"{sys.executable} {program}"})
    environments = [json.loads(line) for line in seen.read_text().splitlines()]
    assert len(environments) == 2
    assert all(environment["PATH"] == os.environ["PATH"] for environment in environments)
    assert TOKEN not in seen.read_text() and "BRAND_TOKEN" not in seen.read_text()


def test_another_process_of_the_program_has_all_of_them(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    load(home)
    whole = secret_variables.whole_environment()
    assert whole == {**os.environ, "BRAND_TOKEN": TOKEN} and "BRAND_TOKEN" not in os.environ
    monkeypatch.setenv("BRAND_TOKEN", "another-token-2")
    assert secret_variables.whole_environment()["BRAND_TOKEN"] == "another-token-2"
