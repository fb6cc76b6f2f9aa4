"""What a login asks for, and the account that its answers make."""

import os
from pathlib import Path

import pytest

from commtui.config.paths import Home
from commtui.main.home import Home as OpenHome
from commtui.model.logins import LoginError, free_name
from commtui.ui.dialogs.login import KINDS
from commtui.ui.text.form_lines import Field, Typed, form_lines
from commtui.ui.text.login_fields import account_of, login_fields, way_of


def asked(kind, **values):
    return [field.id for field in login_fields(kind, values)]


def test_what_is_asked_follows_the_way_that_is_chosen():
    assert asked("none") == ["name"]
    assert asked("password") == ["user", "password", "server", "store", "name"]
    assert asked("browser") == ["server", "way", "store", "name"]
    assert asked("browser", way="pasted") == ["server", "way", "token", "store", "name"]
    assert asked("browser", way="env") == ["server", "way", "token", "name"]
    assert asked("token") == ["server", "way", "token", "store", "name"]
    assert (way_of("browser", {}), way_of("token", {}), way_of("password", {})) == ("browser", "pasted", "")


@pytest.mark.parametrize(
    ("values", "field", "value"),
    [
        ({"way": "env", "token": " BRAND_TOKEN "}, "token_env", "BRAND_TOKEN"),
        ({"way": "command", "token": "pass show 'my brand'"}, "token_command", ("pass", "show", "my brand")),
        ({"way": "file", "token": "/tmp/brand"}, "token_file", Path("/tmp/brand")),
        ({"store": "keyring"}, "token_keyring", True),
        ({"name": "shop"}, "name", "shop"),
        ({}, "name", "mastodon"),
        ({}, "server", "https://mastodon.social"),
    ],
)
def test_the_account_has_what_was_given(values, field, value):
    account = account_of("mastodon", "browser", {"server": "mastodon.social", **values})
    assert getattr(account, field) == value


@pytest.mark.parametrize(
    ("kind", "values", "part"),
    [
        ("browser", {}, "server"),
        ("browser", {"server": "nothing"}, "server"),
        ("browser", {"server": "http://mastodon.social"}, "server"),
        ("browser", {"server": "mastodon.social", "name": "a/b"}, "name"),
        ("browser", {"server": "mastodon.social", "way": "pasted"}, "token"),
        ("browser", {"server": "mastodon.social", "way": "env", "token": "no name"}, "token"),
        ("browser", {"server": "mastodon.social", "way": "command", "token": "pass 'x"}, "token"),
        ("password", {"password": "x"}, "user"),
        ("password", {"user": "ada.test"}, "password"),
        ("password", {"user": "ada.test", "password": "x", "server": "http://pds.example"}, "server"),
    ],
)
def test_what_is_wrong_names_its_field(kind, values, part):
    with pytest.raises(LoginError) as wrong:
        account_of("mastodon", kind, values)
    assert wrong.value.part == part and str(wrong.value)


def test_what_an_other_way_asked_for_is_left_out():
    values = {"server": "mastodon.social", "way": "browser", "token": "left over"}
    account = account_of("mastodon", "browser", values)
    assert not (account.token_env or account.token_command or account.token_file)


def test_the_ways_of_our_own_networks_are_those_of_their_classes(tmp_path):
    home = Home.at(tmp_path)
    home.prepare()
    accounts = OpenHome(home, os.environ).accounts
    assert {network: accounts.login_kind(network) for network in KINDS} == dict(KINDS)


@pytest.mark.parametrize("width", [20, 40, 80])
def test_a_secret_is_counted_and_never_shown(width):
    fields = [Field("a", "Token", "help", is_secret=True), Field("b", "Name")]
    for focus in (0, 1):
        form = form_lines(fields, lambda field: Typed("se", "cret"), focus, "it is wrong", width)
        text = "\n".join("".join(part for _, part in line) for line in form.lines[: 1 if focus else None])
        assert "cret" not in text.split("Name")[0]
        assert all(sum(len(part) for _, part in line) == width for line in form.lines)
        assert form.first <= form.last < len(form.lines)


def test_a_name_is_free_whatever_its_case():
    assert free_name("@brand@social.example", ["BRAND", "brand-2"]) == "brand-3"
    assert free_name("@...", []) == "account"
    assert free_name("a b/c", []) == "a-b-c"
