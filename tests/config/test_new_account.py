"""An account that cannot be added leaves nothing behind, and it is said why it could not."""

from contextlib import nullcontext

import pytest

from commtui.config.edit import add_account
from commtui.config.errors import ConfigError
from commtui.config.new_account import add_checked
from commtui.config.secrets import TOKEN, Secrets
from commtui.config.settings import Account
from commtui.main.accounts import Accounts
from commtui.model.clock import SystemClock
from commtui.model.logins import LoginError
from commtui.store.store import Store

ANSWER = {"ok": True, "user": "brand@shop.example", "handle": "@brand@shop.example", "refused": False, "error": None}


def logins(home):
    return Accounts(home, {}, SystemClock(), lambda: nullcontext(Store(home.data)))


@pytest.mark.parametrize("stays", [False, True])
def test_why_an_account_is_not_added_is_said_also_where_its_secrets_cannot_be_removed(home, stays):
    home.prepare()
    if stays:
        (home.secrets / "brand.session").mkdir()
    new = Account(name="", network="mastodon", server="http://shop.example")
    with pytest.raises(ConfigError) as refused:
        add_checked(home, {}, logins(home), new, ANSWER, "brand", "s3cret-token")
    assert "plain http would send the token unencrypted" in str(refused.value)
    assert [path.name for path in home.secrets.iterdir()] == (["brand.session"] if stays else [])


def test_a_name_that_was_taken_since_the_login_began_costs_the_other_account_no_secret(home):
    home.prepare()
    other = Account(name="brand", network="mastodon", server="other.example", user="them")
    add_account(home, other)
    Secrets(home, other).save(TOKEN, "the-others-token")
    new = Account(name="", network="mastodon", server="shop.example")
    with pytest.raises(LoginError, match="an account is named 'Brand' already"):
        add_checked(home, {}, logins(home), new, ANSWER, "Brand", "s3cret-token")
    with pytest.raises(LoginError, match="an account is named 'brand' already"):
        add_checked(home, {}, logins(home), new, ANSWER, "brand", "s3cret-token")
    assert Secrets(home, other).token() == "the-others-token"
