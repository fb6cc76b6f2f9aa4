"""Threads, quotes and languages from the command line, seen in the repository."""

import pytest

from tests.whole.home import Desk

pytestmark = pytest.mark.slow


def test_thread_quote_and_language_go_out_as_they_were_asked_for(network, tmp_path):
    home = Desk(tmp_path)
    _, _, password = network.account("quay")
    given = ("--server", network.pds_url, "--user", network.handle("quay"))
    assert home.run("account", "add", "bluesky", *given, given=f"{password}\n").code == 0
    seen = network.post("ada", f"@{network.handle('quay')} what a harbour")
    network.process_all()
    assert home.run("sync").code == 0
    (mention,) = home.list("mentions")
    long = "The quay is open to everybody on Saturday. " * 12
    assert home.run("post", long).code == 1, "too long for one post"
    for words in (
        ("post", long, "--thread", "--lang", "en"),
        ("post", "How kind!", "--quote", mention["id"]),
    ):
        done = home.run(*words)
        assert done.code == 0, done.err
    assert home.run("post", "x", "--lang", "no such language").code == 2
    assert home.run("post", "x", "--quote", "m0000000000").code == 1
    done = home.run("sync")
    assert done.code == 0, done.err
    records = [record["value"] for record in network.list_records("quay")]
    parts = [record for record in records if "quay is open" in record["text"]]
    assert len(parts) == 2
    assert sorted("reply" in part for part in parts) == [False, True]
    assert {tuple(part["langs"]) for part in parts} == {("en",)}
    (quote,) = [record for record in records if record["text"] == "How kind!"]
    assert quote["embed"]["record"]["uri"] == seen
