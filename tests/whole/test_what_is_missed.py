"""What does not come is told: by `sync`, by `doctor`; and the mentions beside it come."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.slow


def findings(home):
    return {row["subject"]: row["sentence"] for row in home.run("doctor", "--json").json if row["level"] == "warn"}


@pytest.mark.parametrize("preset", ["mastodon", "strict"])
def test_items_that_cannot_be_read_are_counted_once_and_doctor_says_so(desk, quirks, preset):
    server = quirks(preset, odd_items=("null", "no account", "large"))
    home = desk()
    home.add(server.url, server.token("brand"))
    server.mentions(3)
    done = home.run("sync")
    assert done.code == 0 and "3 new" in done.out and "3 could not be read" in done.out
    assert len(home.list("mentions")) == 3
    assert "3 notifications could not be read" in findings(home)["account brand"]
    server.mentions(1)
    for number in (3, 0):
        assert home.run("sync", "--json").json["accounts"][0]["skipped"] == number
    assert len(home.list("mentions")) == 4
    assert "6 notifications could not be read" in findings(home)["account brand"]


def test_what_a_server_no_longer_lists_is_told(desk, quirks):
    server = quirks(notifications_most=40)
    home = desk()
    home.add(server.url, server.token("brand"))
    server.mentions(5)
    assert home.run("sync").code == 0
    assert "account brand" not in findings(home)
    server.mentions(60)
    done = home.run("sync")
    assert "40 new" in done.out and "not in the server's list any more" in done.out
    assert "was not in the server's list any more" in findings(home)["account brand"]
    assert home.run("sync").out == "brand ok, 0 new, 0 sent\n"


def test_filtered_messages_are_told_and_come_when_they_are_accepted(desk, quirks):
    server = quirks(filters=True)
    home = desk()
    home.add(server.url, server.token("brand"))
    server.mention("ada", "my order never came", visibility="direct")
    assert "0 new" in home.run("sync").out
    told = "1 message of one person is kept aside by the server"
    assert f"filtered   brand {told}: commtui accept-filtered brand" in home.run("status").out
    assert findings(home)["account brand"] == told
    assert "will accept the filtered messages of strangers" in home.run("accept-filtered").err
    assert home.run("sync").out == "brand ok, 1 new, 1 sent\n"
    assert server.account("brand").accepts == {"ada"}
    assert "filtered" not in home.run("status").out and "account brand" not in findings(home)
    assert home.run("accept-filtered", "nobody").code == 2


def test_an_answer_that_waits_is_accepted_by_the_shell(desk, quirks):
    server = quirks("strict", approval=True)
    home = desk()
    home.add(server.url, server.token("brand"))
    status = server.mention("ada", "may I?", server.post("brand", "our post"))
    home.run("sync")
    (row,) = home.list("mentions")
    assert row["pending"] and "to accept" in home.run("list", "mentions").out
    assert "(to accept or reject)" in home.run("show", row["id"]).out
    assert home.run("accept", row["id"]).code == 0
    assert home.run("sync").code == 0
    assert not status.pending and not home.list("mentions")[0]["pending"]
    assert home.run("reject", row["id"]).code == 1
