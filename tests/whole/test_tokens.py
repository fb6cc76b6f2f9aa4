"""Tokens that change under a running engine, and tokens of another account."""

from __future__ import annotations

import signal

import pytest

from tests.whole.home import until


def token_in_file(home, server, user="brand"):
    """Gives the account's token by a file; the file."""
    path = home.folder / "token"
    path.write_text(server.token(user))
    path.chmod(0o600)
    text = home.home.config.read_text().replace('token_env = "TOKEN_OF_BRAND"', f'token_file = "{path}"')
    home.home.config.write_text(text)
    return path


def test_the_token_of_another_account_posts_nothing(desk, quirks):
    server = quirks()
    home = desk()
    variable = home.add(server.url, server.token("brand"))
    server.mention("ada", "hello")
    home.more[variable] = server.token("grace")
    assert home.run("post", "from brand alone").code == 0
    done = home.run("sync", "--json")
    [row] = done.json["accounts"]
    assert done.code == 3
    assert (row["new"], row["sent"], row["health"]) == (0, 0, "refused")
    assert f"grace@{server.host}" in row["error"] and f"brand@{server.host}" in row["error"]
    assert server.statuses_of("grace") == server.statuses_of("brand") == []
    assert home.list("mentions") == []
    assert home.run("account", "check").code == 3
    home.more[variable] = server.token("brand")
    assert home.run("sync").code == 0
    assert [status.text for status in server.statuses_of("brand")] == ["from brand alone"]


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["revoked", "missing", "another's"])
def test_a_new_token_in_the_file_is_tried_at_once(desk, quirks, broken):
    server = quirks()
    home = desk()
    home.add(server.url, server.token("brand"))
    path = token_in_file(home, server)
    good = path.read_text()
    if broken == "missing":
        path.unlink()
    else:
        path.write_text("no-token-of-anybody" if broken == "revoked" else server.token("grace"))
    process = home.start("run")
    try:
        until(lambda: home.status()["accounts"][0]["health"] == "refused")
        home.run("post", "with the new token")
        path.write_text(good)
        path.chmod(0o600)
        server.wait_for("POST", "/api/v1/statuses")
        until(lambda: home.status()["accounts"][0]["health"] == "ok")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
    assert [status.text for status in server.statuses_of("brand")] == ["with the new token"]
