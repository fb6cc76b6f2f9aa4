"""Accounts: added by code or by a token that is there, one check of each, and nothing left behind by a failure."""

import sys

import pytest

from commtui.config.loading import load
from tests.cli.program import services_at

TOKENS = {"COMMTUI_TEST_TOKENS": "token-of-123=brand@social.example good=brand@social.example other=brand@else.example"}
ADD = ("account", "add", "mastodon", "--server", "https://social.example")


@pytest.fixture
def shell(shell):
    """The program with a network of two lines in the place of HTTP."""
    shell.program = (sys.executable, "-m", "tests.cli.program")
    return shell


def accounts(shell):
    return load(shell.home, {}).accounts


def test_a_login_by_code_prints_the_address_and_stores_token_and_account(shell):
    shell.home.config.write_text("# mine\n" + shell.home.config.read_text())
    done = shell(*ADD, stdin="123\n", **TOKENS)
    assert done.out == "https://social.example/oauth/authorize\n"
    assert "added brand" in done.err
    (account,) = accounts(shell)
    assert (account.name, account.user, account.server) == ("brand", "brand@social.example", "https://social.example")
    stored = shell.home.secrets / "brand.token"
    assert stored.read_text().strip() == "token-of-123" and stored.stat().st_mode & 0o777 == 0o600
    assert "token-of-123" not in shell.home.config.read_text() and "# mine" in shell.home.config.read_text()


def test_a_wrong_or_missing_code_leaves_nothing_behind(shell):
    assert "nothing was added" in shell(*ADD, stdin="999\n", code=1, **TOKENS).err
    assert "no code" in shell(*ADD, stdin="", code=1, **TOKENS).err
    assert accounts(shell) == () and list(shell.home.secrets.iterdir()) == []


@pytest.mark.parametrize("source", ["env", "command", "file"])
def test_a_token_that_is_there_needs_no_prompt(shell, tmp_path, source):
    secret = tmp_path / "token"
    secret.write_text("good\n")
    secret.chmod(0o600)
    option = {
        "env": ("--token-env", "BRAND_TOKEN"),
        "command": ("--token-command", f"cat {secret}"),
        "file": ("--token-file", str(secret)),
    }[source]
    done = shell(*ADD, *option, BRAND_TOKEN="good", **TOKENS)
    assert done.out == ""
    (account,) = accounts(shell)
    assert account.user == "brand@social.example" and getattr(account, f"token_{source}")
    assert list(shell.home.secrets.iterdir()) == [] and "good" not in shell.home.config.read_text()


def test_the_token_is_checked_once(shell, monkeypatch):
    from commtui.cli.app import main

    services = services_at(shell.folder, T="good", **TOKENS)
    assert main([*ADD, "--token-env", "T"], lambda home: services) == 0
    assert services.asked == ["good"]


def test_names_are_made_unique_and_the_same_login_is_refused(shell):
    shell(*ADD, "--token-env", "T", T="good", **TOKENS)
    assert "here already, as 'brand'" in shell(*ADD, "--token-env", "T", T="good", code=1, **TOKENS).err
    shell("account", "add", "mastodon", "--server", "else.example", "--token-env", "O", O="other", **TOKENS)
    assert [account.name for account in accounts(shell)] == ["brand", "brand-2"]
    assert "already" in shell(*ADD, "--name", "BRAND", "--token-env", "T", T="good", code=1, **TOKENS).err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("mastodn", "--server", "x.example"), "do you mean mastodon"),
        (("mastodon",), "--server is missing"),
        (("mastodon", "--server", "http://social.example"), "unencrypted"),
        (("mastodon", "--server", "x.example", "--name", "a/b"), "--name must be"),
        (("mastodon", "--server", "x.example", "--token-command", "cat 'x"), "quotes"),
        (("mastodon", "--server", "x.example", "--token-env", "A", "--token-file", "B"), "not allowed with"),
    ],
)
def test_what_cannot_be_is_wrong_usage_before_any_request(shell, words, message):
    assert message in shell("account", "add", *words, code=2).err
    assert accounts(shell) == ()


def test_a_token_that_is_missing_or_refused_adds_nothing(shell):
    assert "T is not set" in shell(*ADD, "--token-env", "T", code=1).err
    assert "refused" in shell(*ADD, "--token-env", "T", T="bad", code=1, **TOKENS).err
    assert accounts(shell) == ()


def test_the_demo_needs_nothing_and_list_check_remove_work_on_it(shell):
    shell("account", "add", "demo")
    (row,) = shell("account", "list", "--json").json
    assert list(row) == [
        "id", "account", "network", "server", "user", "paused", "health", "since", "error", "synced_at",
            "direct_messages",
    ]  # fmt: skip
    assert (row["account"], row["network"], row["server"]) == ("brand", "demo", None)
    assert shell("account", "check").out == "brand ok, @brand@demo.example\n"
    assert "do you mean brand" in shell("account", "check", "brnd", code=1).err
    shell("account", "remove", "brand")
    assert accounts(shell) == ()
    assert "account add" in shell("account", "check", code=1).err


def test_a_refused_login_needs_a_person(shell):
    shell(*ADD, stdin="123\n", **TOKENS)
    assert shell("account", "check", code=3).out == "brand the server refused the token\n"
    (row,) = shell("account", "check", "brand", "--json", code=3).json
    assert (row["account"], row["ok"], row["refused"]) == ("brand", False, True)
    doctor = shell("doctor", code=3).out
    assert "BAD" in doctor and "account brand: the server refused the token" in doctor
    shell("account", "remove", "brand")
    assert list(shell.home.secrets.iterdir()) == []


def test_doctor_goes_on_behind_a_broken_config(shell):
    assert "accounts: there is none yet" in shell("doctor").out
    shell.home.config.write_text("me = 3\n")
    found = shell("doctor", "--json", code=3).json
    assert all(list(row) == ["level", "subject", "sentence", "way_out"] for row in found)
    assert {"config", "home", "sending", "terminal"} <= {row["subject"] for row in found}


def test_sync_tells_each_account_and_its_exit_code_says_what_is_wrong(shell, capfdbinary):
    from commtui.cli.app import main

    services = services_at(shell.folder)
    row = {"account": "brand", "new": 3, "sent": 1, "failed": 0, "error": None, "health": "ok", "left_out": 7}
    services.synced = {"engine": "here", "accounts": [row]}
    assert main(["sync"], lambda home: services) == 0
    assert capfdbinary.readouterr().out == b"brand ok, 3 new, 1 sent, 7 older left on the server\n"
    services.synced = {"engine": "here", "accounts": [{**row, "error": "no connection", "health": "offline"}]}
    assert main(["sync", "--no-wait", "--json"], lambda home: services) == 1
    assert b'"error": "no connection"' in capfdbinary.readouterr().out
    assert "held by" in shell("run", code=1).err
