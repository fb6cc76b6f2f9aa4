"""Another name of an account, or another place of its secrets: they move along, or nothing changes."""

import asyncio
import os
import sys

import pytest

from commtui.config.errors import ConfigError
from commtui.config.loading import load
from commtui.config.login_changes import change_account
from commtui.config.secrets import Secrets
from commtui.model.clock import SystemClock
from commtui.system.files import turn

TEXT = """\
[[account]]
name = "brand"  # ours
network = "mastodon"
server = "https://example.social"
user = "brand@example.social"

[[account]]
name = "shop"
network = "mastodon"
server = "https://example.social"
user = "shop@example.social"
"""
KEYRING = """\
kept = {}
def get_password(service, user): return kept.get(user)
def set_password(service, user, value): kept[user] = value
def delete_password(service, user): del kept[user]
"""


@pytest.fixture
def accounts(home):
    home.config.write_text(TEXT)
    brand, shop = load(home, {}).accounts
    Secrets(home, brand).save("token", "the-token-of-brand")
    Secrets(home, brand).save("session", "the-session-of-brand")
    Secrets(home, shop).save("token", "the-token-of-shop")
    return brand, shop


@pytest.fixture
def keyring(tmp_path, monkeypatch):
    (tmp_path / "keyring.py").write_text(KEYRING)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "keyring", raising=False)
    yield lambda: sys.modules["keyring"].kept
    sys.modules.pop("keyring", None)


def test_an_account_with_another_name_has_its_secrets_and_is_the_same_one(home, accounts):
    settings = change_account(home, accounts[0], "name", "roastery")
    account = settings.accounts[0]
    assert (account.name, account.id) == ("roastery", accounts[0].id)
    assert Secrets(home, account).stored() == {"token": "the-token-of-brand", "session": "the-session-of-brand"}
    assert sorted(os.listdir(home.secrets)) == ["roastery.session", "roastery.token", "shop.token"]
    assert "# ours" in home.config.read_text()


def test_an_account_that_has_logged_in_by_turns_can_have_another_name(home, accounts):
    async def log_in():
        async with turn(Secrets(home, accounts[0]).path("lock"), SystemClock()):
            pass

    asyncio.run(log_in())
    account = change_account(home, accounts[0], "name", "roastery").accounts[0]
    assert Secrets(home, account).stored() == {"token": "the-token-of-brand", "session": "the-session-of-brand"}
    assert sorted(os.listdir(home.secrets)) == ["roastery.session", "roastery.token", "shop.token"]


@pytest.mark.parametrize("name", ["shop", "Shop", "../brand", "", None])
def test_a_name_that_cannot_be_leaves_everything_as_it_was(home, accounts, name):
    before = {path.name: path.read_text() for path in home.secrets.iterdir()}
    with pytest.raises(ConfigError):
        change_account(home, accounts[0], "name", name)
    assert {path.name: path.read_text() for path in home.secrets.iterdir()} == before
    assert home.config.read_text() == TEXT


def test_secrets_move_into_the_keyring_and_back(home, accounts, keyring):
    inside = change_account(home, accounts[0], "token_keyring", True).accounts[0]
    assert Secrets(home, inside).token() == "the-token-of-brand"
    assert os.listdir(home.secrets) == ["shop.token"]
    assert set(keyring()) == {"brand", "brand.session", "brand.names"}
    outside = change_account(home, inside, "token_keyring", None).accounts[0]
    assert Secrets(home, outside).stored() == {"token": "the-token-of-brand", "session": "the-session-of-brand"}
    assert keyring() == {} and len(os.listdir(home.secrets)) == 3


def test_without_a_keyring_nothing_changes(home, accounts):
    with pytest.raises(ConfigError, match="needs the extra"):
        change_account(home, accounts[0], "token_keyring", True)
    assert home.config.read_text() == TEXT and len(os.listdir(home.secrets)) == 3


def test_other_settings_are_only_written(home, accounts):
    settings = change_account(home, accounts[0], "token_command", "pass show 'brand token'")
    assert settings.accounts[0].token_command == ("pass", "show", "brand token")
    assert len(os.listdir(home.secrets)) == 3
