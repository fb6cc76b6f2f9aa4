"""The whole job from the shell, on a server over HTTP: log in, fetch, answer, send, see how things stand."""

import pytest


def log_in(shell, server, *more):
    child = shell.start("account", "add", "mastodon", "--server", server.url, *more)
    address = child.stdout.readline().strip()
    assert address.startswith(server.url)
    _, error = child.communicate(server.authorize("brand", address) + "\n", timeout=60)
    assert child.returncode == 0, error


@pytest.mark.slow
def test_from_login_to_a_reply_in_the_thread_to_a_revoked_token(shell, quirks):
    server = quirks()
    question = server.mention("ada", "@brand where is my parcel?")
    log_in(shell, server)
    (account,) = shell("account", "list", "--json").json
    assert (account["account"], account["network"]) == ("brand", "mastodon")
    token = (shell.home.secrets / "brand.token").read_text().strip()
    assert token and token not in shell.home.config.read_text()

    assert "brand ok, 1 new, 0 sent" in shell("sync").out
    (mention,) = shell("list", "mentions", "--json").json
    assert mention["remote_id"] == question.id and "parcel" in mention["text"]

    shell("reply", mention["id"], "On its way!", "--hold", "0s")
    synced = shell("sync", "--json").json
    (row,) = synced["accounts"]
    assert list(synced) == ["engine", "accounts", "left"] and synced["engine"] == "here"
    facts = ["account", "new", "sent", "failed", "error", "health", "more", "left_out", "skipped", "missed_since"]
    assert list(row) == facts
    assert (row["sent"], row["failed"], row["error"]) == (1, 0, None)
    (reply,) = shell("list", "replies", "--json").json
    assert reply["state"] == "sent" and reply["remote_id"] and reply["sent_at"].endswith("Z")
    (posted,) = server.statuses_of("brand")
    assert (posted.id, posted.in_reply_to) == (reply["remote_id"], question.id)
    assert shell("status", "--json").json["waiting"] == 1

    server.revoke(token)
    assert shell("account", "check", code=3).out.startswith("brand ")
    shell("sync", code=3)
    assert "refused" in {need["why"] for need in shell("status", "--json", code=3).json["needs_person"]}
    assert "BAD" in shell("doctor", code=3).out
    log = (shell.home.state / "commtui.log").read_text()
    assert token not in log
