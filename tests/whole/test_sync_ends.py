"""`sync` ends, with what it did and a line on what is left: beside another one, with long holds, on endless servers."""

from __future__ import annotations

import pytest

from tests.whole.home import ended, until

LONG = 150
"""Seconds within which a test's `sync` ends that would otherwise run for ever."""


def filled(desk, server, hold: str):
    home = desk()
    home.home.config.write_text(home.config.replace('hold = "0s"', f'hold = "{hold}"'))
    home.add(server.url, server.token("brand"))
    server.mention("ada", "hello")
    return home


def test_a_long_hold_window_is_left_and_named(desk, quirks):
    home = filled(desk, quirks(), "0s")
    home.run("post", "later", "--hold", "10m")
    [post] = home.list("posts")
    for _ in range(2):
        done = home.run("sync")
        assert done.code == 0
        assert "1 new, 0 sent" in done.out or "0 new, 0 sent" in done.out
        assert f"not sent yet: {post['id']} leaves" in done.out
    assert home.run("sync", "--json").json["left"] == [{"id": post["id"], "at": post["scheduled_at"]}]


def test_two_syncs_end_with_what_they_did_while_one_waits_for_a_hold_window(desk, quirks):
    server = quirks()
    home = filled(desk, server, "6s")
    assert home.run("sync").code == 0
    home.run("post", "held six seconds")
    home.run("post", "held ten minutes", "--hold", "10m")
    first = home.start("sync")
    until(lambda: "commtui sync" in home.run("doctor").out, "the holder")
    second = home.start("sync", "--json")
    third = home.start("sync", "--no-wait", "--json")
    assert ended(third).code == 0
    for process in (first, second):
        done = ended(process)
        assert done.code == 0, done
    assert len(done.json["left"]) == 1
    assert [status.text for status in server.statuses_of("brand")] == ["held six seconds"]


def test_doctor_beside_syncs_keeps_none_of_them_from_the_engine(desk, quirks):
    home = filled(desk, quirks(), "0s")
    processes = [home.start("doctor" if number % 2 else "sync") for number in range(8)]
    for process in processes:
        assert ended(process).code == 0


@pytest.mark.slow
def test_a_server_whose_pages_never_end_is_left_for_the_next_round(desk, quirks):
    server = quirks(endless=True)
    home = filled(desk, server, "0s")
    home.run("post", "must leave")
    process = home.start("sync", "--json")
    _, err = process.communicate(timeout=LONG)
    assert "Traceback" not in err
    assert [status.text for status in server.statuses_of("brand")] == ["must leave"]
