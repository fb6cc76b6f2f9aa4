"""What the program writes into the person's config: their comments and order stay, and it is all or nothing."""

import os
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.config.edit import add_account, remove_account, set_value
from commtui.config.errors import ConfigError
from commtui.config.loading import load
from commtui.config.paths import Home
from commtui.config.readers import is_visible
from commtui.config.settings import Account
from commtui.model.abilities import Visibility

OWN = """\
# my desk
theme = "commtui-light" # easier on the eyes

hold   =  "20s"
[keys] # mine
done = "e"

# the brand
[[account]]
name = "brand"   # the old one
network = "mastodon"

[account.options]
streaming = false # breaks

# the end
"""


def test_add_appends_an_account_and_changes_no_other_byte(home):
    home.config.write_text(OWN)
    add_account(home, Account(name="new", network="demo", user="new@demo", poll=timedelta(minutes=5)))
    text = home.config.read_text()
    assert text.startswith(OWN.rstrip("\n"))
    settings = load(home, {})
    assert [account.name for account in settings.accounts] == ["brand", "new"]
    assert settings.accounts[1] == Account(name="new", network="demo", user="new@demo", poll=timedelta(minutes=5))


def test_add_makes_a_private_file_with_only_what_is_not_default(home):
    add_account(home, Account(name="brand", network="mastodon", server="https://m.example", token_env="BRAND"))
    assert stat.S_IMODE(home.config.stat().st_mode) == 0o600
    body = [line for line in home.config.read_text().splitlines() if line and not line.startswith("#")]
    assert body == [
        "[[account]]",
        'name = "brand"',
        'network = "mastodon"',
        'server = "https://m.example"',
        'token_env = "BRAND"',
    ]


ACCOUNTS = st.builds(
    Account,
    name=st.just("new"),
    network=st.sampled_from(["mastodon", "bluesky"]),
    user=st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=8),
    token_command=st.none() | st.lists(st.text(st.characters(codec="utf-8")).filter(is_visible), min_size=1).map(tuple),
    poll=st.none() | st.integers(5, 9999).map(lambda seconds: timedelta(seconds=seconds)),
    paused=st.booleans(),
    late=st.sampled_from(["publish", "hold", "skip"]),
    visibility=st.none() | st.sampled_from(list(Visibility)),
    options=st.dictionaries(
        st.text(st.characters(codec="utf-8"), min_size=1, max_size=4).filter(is_visible),
        st.booleans() | st.integers(0, 9),
    ),
)


@given(ACCOUNTS, st.sampled_from(["", OWN]))
def test_an_account_that_is_added_is_read_back_equal(tmp_path_factory, account, before):
    home = Home.at(tmp_path_factory.mktemp("home"))
    if before:
        home.config.write_text(before)
    settings = add_account(home, account)
    assert settings.accounts[-1] == load(home, {}).accounts[-1] == account


def test_a_second_account_of_the_same_name_is_refused_and_nothing_written(home):
    home.config.write_text(OWN)
    with pytest.raises(ConfigError, match="two accounts are named 'brand'"):
        add_account(home, Account(name="brand", network="demo"))
    assert home.config.read_text() == OWN


def test_a_broken_file_is_not_touched(home):
    home.config.write_text("thme = 'x'\n")
    with pytest.raises(ConfigError, match=r"config\.toml:1: unknown key 'thme'"):
        add_account(home, Account(name="brand", network="demo"))
    assert home.config.read_text() == "thme = 'x'\n"
    assert sorted(os.listdir(home.config.parent)) == ["config.toml", "data", "replies", "secrets", "state", "themes"]


def test_remove_takes_the_account_and_leaves_the_rest(home):
    home.config.write_text(OWN)
    add_account(home, Account(name="new", network="demo"))
    settings = remove_account(home, "brand")
    assert [account.name for account in settings.accounts] == ["new"]
    text = home.config.read_text()
    for kept in ("# my desk", "# easier on the eyes", 'hold   =  "20s"', "[keys] # mine"):
        assert kept in text
    assert remove_account(home, "new").accounts == ()
    with pytest.raises(ConfigError, match="no account is named 'new'"):
        remove_account(home, "new")


def test_remove_leaves_the_comments_around_and_takes_those_within(home):
    home.config.write_text(
        "[keys]\ndone = 'e'\n\n# above a\n[[account]]\nname = 'a' # of a\n# within a\nnetwork = 'demo'\n"
        "[account.options]\nx = [\n 1,\n]\n\n# above b\n[[account]]\nname = 'b'\nnetwork = 'demo'\n# below b"
    )
    remove_account(home, "a")
    assert home.config.read_text() == (
        "[keys]\ndone = 'e'\n\n# above a\n\n# above b\n[[account]]\nname = 'b'\nnetwork = 'demo'\n# below b\n"
    )


def test_remove_takes_no_table_that_stands_between(home):
    home.config.write_text(
        "[[account]]\nname = 'a'\nnetwork = 'demo'\n[notify]\nbell = true\n[account.options]\nx = 1\n"
    )
    assert remove_account(home, "a").notify.bell is True
    assert home.config.read_text() == "[notify]\nbell = true\n"


@pytest.mark.parametrize(
    "before",
    [
        "[[account]]\nname = 'a'\nnetwork = 'demo'",
        "[[account]]\nname = 'a'\nnetwork = 'demo'\n[account.options]\nx = 1",
        "account = [{name = 'a', network = 'demo'}]",
        "account = [\n  {name = 'a', network = 'demo'}, # mine\n]\n[notify]\nbell = true",
        "[[account]]\r\nname = 'a'\r\nnetwork = 'demo'\r\n",
    ],
)
def test_add_copes_with_every_way_to_write_accounts_and_with_a_last_line_that_has_no_end(home, before):
    home.config.write_bytes(before.encode())
    add_account(home, Account(name="new", network="demo"))
    assert [account.name for account in load(home, {}).accounts] == ["a", "new"]


def test_a_change_that_the_files_form_forbids_is_one_line_and_nothing_is_written(home):
    text = "account = [{name = 'a', network = 'demo'}]\n"
    home.config.write_text(text)
    with pytest.raises(ConfigError, match="edit it by hand"):
        remove_account(home, "a")
    assert home.config.read_text() == text


def test_an_unknown_account_lists_those_that_there_are(home):
    home.config.write_text(OWN)
    with pytest.raises(ConfigError, match="no account is named 'brnd'; there are: brand"):
        remove_account(home, "brnd")


@pytest.mark.parametrize(
    ("key", "value", "account", "line"),
    [
        ("theme", "commtui-dark", None, 'theme = "commtui-dark" # easier on the eyes'),
        ("zone", "Europe/Berlin", None, 'zone = "Europe/Berlin"'),
        ("hold", timedelta(seconds=90), None, 'hold   =  "1m30s"'),
        ("paused", True, None, "paused = true"),
        ("notify.bell", True, None, "bell = true"),
        ("paused", True, "brand", "paused = true"),
        ("visibility", Visibility.PRIVATE, "brand", 'visibility = "private"'),
        ("token_file", Path("/t"), "brand", 'token_file = "/t"'),
        ("options.lang", "de", "brand", 'lang = "de"'),
    ],
)
def test_a_value_is_set_where_it_belongs(home, key, value, account, line):
    home.config.write_text(OWN)
    settings = set_value(home, key, value, account)
    text = home.config.read_text()
    assert line in text.splitlines()
    assert all(
        comment in text for comment in ("# my desk", "# mine", "# the brand", "# the old one", "# breaks", "# the end")
    )
    found = settings.account(account) if account else settings
    for name in key.split("."):
        found = found[name] if isinstance(found, dict) else getattr(found, name)
    assert found == value


def test_a_value_is_taken_out(home):
    home.config.write_text(OWN)
    assert set_value(home, "hold", None).hold == timedelta(seconds=10)
    assert set_value(home, "notify.bell", None).notify.bell is False
    assert "hold" not in home.config.read_text() and "notify" not in home.config.read_text()


@pytest.mark.parametrize(
    ("key", "value"), [("them", "x"), ("theme", 3), ("hold", "soon"), ("notify.bel", True), ("theme.x", 1)]
)
def test_a_wrong_value_is_refused_and_nothing_written(home, key, value):
    home.config.write_text(OWN)
    with pytest.raises(ConfigError):
        set_value(home, key, value)
    assert home.config.read_text() == OWN


def test_a_linked_config_stays_a_link_and_keeps_its_mode(home, tmp_path):
    real = tmp_path / "dotfiles" / "commtui.toml"
    real.parent.mkdir()
    real.write_text(OWN)
    real.chmod(0o640)
    home.config.symlink_to(real)
    set_value(home, "paused", True)
    assert home.config.is_symlink() and "paused = true" in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_commands_at_once_lose_no_account(home):
    program = (
        "import sys; from pathlib import Path\n"
        "from commtui.config.edit import add_account\n"
        "from commtui.config.paths import Home\n"
        "from commtui.config.settings import Account\n"
        "for turn in range(5):\n"
        "    add_account(Home.at(Path(sys.argv[1])), Account(name=f'{sys.argv[2]}-{turn}', network='demo'))\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, home.config.parent, who]) for who in "abc"]
    assert [child.wait() for child in running] == [0, 0, 0]
    assert len(load(home, {}).accounts) == 15
