"""`commtui account add` against servers over HTTP: what works, and that a failure leaves nothing behind."""

from __future__ import annotations

import pytest

from tests.servers.effects import answer, too_many
from tests.servers.proxy import Proxy
from tests.whole.home import ended, until


def nothing_written(home) -> None:
    """The config is as it was, and no secret is there."""
    assert home.home.config.read_text() == home.config
    assert list((home.folder / "secrets").glob("*")) == []


def test_login_by_browser_prints_the_address_and_takes_the_code(desk, quirks):
    server, home = quirks(), desk()
    process = home.start("account", "add", "mastodon", "--server", server.url)
    address = process.stdout.readline().strip()
    assert address.startswith(f"{server.url}/oauth/authorize?")
    done = ended(process, server.authorize("brand", address) + "\n")
    assert done.code == 0, done.err
    (secret,) = (path for path in (home.folder / "secrets").rglob("*") if path.is_file())
    assert secret.stat().st_mode & 0o777 == 0o600
    assert secret.read_text().strip() and secret.read_text().strip() not in home.home.config.read_text()
    assert home.run("account", "check").code == 0
    server.mention("ada", "@brand hello")
    assert home.run("sync").code == 0
    assert [row["text"] for row in home.list("mentions")] == ["@brand hello"]
    assert secret.read_text().strip() not in home.log()


def test_login_by_browser_on_the_mock(desk, mastodon):
    home = desk()
    process = home.start("account", "add", "mastodon", "--server", mastodon.url, "--name", "work")
    address = process.stdout.readline().strip()
    client_id = address.split("client_id=")[1].split("&")[0]
    done = ended(process, mastodon.authorize("brand", client_id) + "\n")
    assert done.code == 0, done.err
    assert "added work: @brand@" in done.err


def test_a_wrong_code_adds_nothing(desk, quirks):
    server, home = quirks(), desk()
    done = home.run("account", "add", "mastodon", "--server", server.url, given="nonsense\n")
    assert done.code == 1 and "does not accept the code" in done.err and done.err.count("\n") == 2, done.err
    nothing_written(home)
    done = home.run("account", "add", "mastodon", "--server", server.url, given="\n")
    assert done.code == 1 and "no code was given" in done.err
    nothing_written(home)


@pytest.mark.parametrize("way", ["env", "command", "file"])
def test_every_way_to_give_a_token(desk, quirks, tmp_path, way):
    server, home = quirks(), desk()
    token = server.token("brand")
    path = tmp_path / "token"
    path.write_text(token + "\n")
    path.chmod(0o600)
    home.more["BRANDS"] = token
    words = {"env": ("--token-env", "BRANDS"), "command": ("--token-command", f"cat '{path}'"),
             "file": ("--token-file", str(path))}[way]  # fmt: skip
    done = home.run("account", "add", "mastodon", "--server", server.url, *words)
    assert done.code == 0, done.err
    assert server.count("GET", "/api/v1/accounts/verify_credentials") == 1, "one check of the token"
    assert token not in home.home.config.read_text()
    done = home.run("account", "check", "--json")
    assert done.code == 0 and token not in done.out
    assert home.run("sync").code == 0
    assert token not in home.log()


def test_a_token_that_is_refused_or_missing_adds_nothing(desk, quirks, tmp_path):
    server, home = quirks(), desk()
    home.more["BAD"] = "not-a-token"
    done = home.run("account", "add", "mastodon", "--server", server.url, "--token-env", "BAD")
    assert done.code == 1 and "nothing was added" in done.err and done.err.count("\n") == 1
    assert "not-a-token" not in done.err
    done = home.run("account", "add", "mastodon", "--server", server.url, "--token-env", "NOT_SET")
    assert done.code == 1 and "NOT_SET" in done.err and done.err.count("\n") == 1
    open_to_all = tmp_path / "token"
    open_to_all.write_text(server.token("brand"))
    open_to_all.chmod(0o644)
    done = home.run("account", "add", "mastodon", "--server", server.url, "--token-file", str(open_to_all))
    assert done.code == 1 and "chmod 600" in done.err and done.err.count("\n") == 1
    done = home.run("account", "add", "mastodon", "--server", server.url, "--token-command", "false")
    assert done.code == 1 and "false" in done.err and done.err.count("\n") == 1
    nothing_written(home)


def test_a_wrong_address_or_a_server_that_is_not_mastodon_adds_nothing(desk, quirks):
    home = desk()
    stranger, gone = quirks(not_mastodon=True), quirks()
    gone.stop()
    home.more["TOKEN"] = "some-token"
    for server, said in ((stranger.url, "Mastodon"), (gone.url, "cannot reach"), ("http://", "address")):
        for words in ((), ("--token-env", "TOKEN")):
            done = home.run("account", "add", "mastodon", "--server", server, *words)
            assert done.code in (1, 2), done
            assert done.err.count("\n") == 1 and done.out == "", done
            assert said in done.err, done.err
    done = home.run("account", "add", "mastodon", "--server", "http://mastodon.example", "--token-env", "TOKEN")
    assert done.code == 2 and "--insecure-http" in done.err
    nothing_written(home)


def test_a_revoked_token_is_reported_by_every_command_and_nothing_is_lost(desk, quirks):
    server, home = quirks(), desk()
    token = server.token("brand")
    home.add(server.url, token)
    mention = server.mention("ada", "@brand hello")
    assert home.run("sync").code == 0
    identity = home.list("mentions")[0]["id"]
    server.revoke(token)
    assert home.run("reply", identity, "Hi!").code == 0
    done = home.run("sync", "--json")
    assert done.code == 3 and done.json["accounts"][0]["health"] == "refused", done
    assert token not in done.out + done.err + home.log()
    assert home.list("replies")[0]["state"] == "scheduled", "it waits for the account"
    assert home.run("account", "check").code == 3
    assert home.status()["accounts"][0]["health"] == "refused"
    assert home.run("status").code == 3
    server.token("brand")  # the same one is taken again
    done = home.run("sync")
    assert done.code == 0, done
    assert until(lambda: [s.in_reply_to for s in server.statuses_of("brand")]) == [mention.id]


LIMITED = {
    "at the start": ("/api/v1/apps", ()),
    "at the code": ("/oauth/token", ()),
    "at a token's check": ("/api/v1/accounts/verify_credentials", ("--token-env", "BRANDS")),
}


@pytest.mark.parametrize("place", LIMITED)
@pytest.mark.parametrize(("seconds", "again"), [(90, "1m30s"), (301, "6m")])
def test_a_limit_at_the_login_says_so_and_when_to_try_again(desk, quirks, place, seconds, again):
    server, home = quirks(), desk()
    path, words = LIMITED[place]
    home.more["BRANDS"] = server.token("brand")
    with Proxy(server.url) as proxy:
        proxy.rule(too_many(seconds, path=path), times=None)
        done = home.run("account", "add", "mastodon", "--server", proxy.url, *words, given="code\n")
    line = f"asks to wait {seconds} s: it limits how often it is asked; try again in {again}"
    assert done.code == 1 and line in done.err, done.err
    assert "address" not in done.err.splitlines()[-1] and "cut off" not in done.err
    nothing_written(home)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_in_trouble_at_the_login_is_not_asked_for_its_address(desk, quirks, status):
    home = desk()
    with Proxy(quirks().url) as proxy:
        proxy.rule(answer(status, path="/api/v1/apps"), times=None)
        done = home.run("account", "add", "mastodon", "--server", proxy.url)
    assert done.code == 1 and "in trouble" in done.err and "right address" not in done.err, done.err
