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
