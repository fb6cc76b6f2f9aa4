"""Several processes on one home: cron's sync, the open screen, `commtui run`, and command lines side by side."""

from __future__ import annotations

import re
import signal

from tests.servers.proxy import Proxy
from tests.whole.home import ended, until
from tests.whole.program import Program
from tests.whole.test_answers import POSTS, replies


def filled(desk, server, url: str, count: int):
    """A home with `count` mentions in it; their ids."""
    home = desk()
    home.home.config.write_text(home.config + 'poll = "5s"\n')
    home.add(url, server.token("brand"))
    server.mentions(count)
    assert home.run("sync").code == 0
    rows = home.list("mentions")
    assert len(rows) == count
    return home, [row["id"] for row in rows]


def test_four_command_lines_and_crons_sync_beside_an_open_screen(desk, quirks):
    server = quirks(idempotency="ignored")
    with Proxy(server.url) as proxy:
        home, ids = filled(desk, server, proxy.url, 12)
        with Program(home) as inbox:
            inbox.shows("sending: on")
            for round_of in range(3):
                mine = ids[round_of * 4 : round_of * 4 + 4]
                started = [home.start("reply", mine[n], f"answer {round_of} {n}") for n in range(2)]
                started += [home.start("tag", mine[2], f"tag{n}") for n in range(2)]
                started += [home.start("done", mine[3]), home.start("sync"), home.start("sync", "--no-wait")]
                for process in started:
                    done = ended(process)
                    assert done.code == 0, done
            until(lambda: (inbox.read(), {r["state"] for r in home.list("replies")} == {"sent"})[1], "all sent")
            inbox.shows("3 open")
            inbox.keys("q")
            assert inbox.ends() == 0
        out = sorted(status.text.partition(" answer ")[2] or status.text for status in server.statuses_of("brand"))
        assert len(out) == 6 and len({re.sub(r"^@\S+ ", "", text) for text in out}) == 6
        assert proxy.count("POST", POSTS) == 6, "each was sent once"
        rows = {row["id"]: row for row in home.list("mentions", "is:done") + home.list("mentions")}
        assert [rows[ids[n]]["status"] for n in (3, 7, 11)] == ["done"] * 3
        assert [sorted(rows[ids[n]]["tags"]) for n in (2, 6, 10)] == [["tag0", "tag1"]] * 3


def test_run_names_the_holder_and_the_engine_is_handed_over(desk, quirks):
    server = quirks()
    home, ids = filled(desk, server, server.url, 2)
    first = home.start("run")
    until(lambda: "on; run by commtui run" in home.run("doctor").out, "the engine's holder")
    second = home.run("run")
    assert second.code == 1 and str(first.pid) in second.err and "commtui run" in second.err
    assert second.err.count("\n") == 1
    with Program(home) as inbox:
        inbox.shows("number 0")
        sync = home.run("sync", "--json")
        assert sync.code == 0 and str(first.pid) in sync.json["engine"]
        first.send_signal(signal.SIGKILL)
        ended(first)
        inbox.shows("sending: on")
        assert home.run("reply", ids[0], "by the screen").code == 0
        until(lambda: (inbox.read(), replies(home)["by the screen"]["state"] == "sent")[1], "sent by the screen")
        third = home.start("run")
        assert ended(third).code == 1
        inbox.keys("q")
        assert inbox.ends() == 0
    last = home.run("sync", "--json")
    assert last.code == 0 and last.json["engine"] == "here"
    assert len(server.statuses_of("brand")) == 1


def test_a_screen_that_is_killed_leaves_the_engine_and_the_text_to_the_next(desk, quirks):
    server = quirks()
    home, _ = filled(desk, server, server.url, 1)
    with Program(home) as inbox:
        inbox.shows("sending: on")
        inbox.keys("r", "half a sen")
        until(lambda: (inbox.read(), "half a sen" in replies(home))[1], "the draft")
        assert inbox.kill(signal.SIGKILL) == -signal.SIGKILL
    with Program(home) as again:
        again.shows("half a sen")
        again.shows("tence|half a sen")
    assert home.run("sync", "--json").json["engine"] == "here"
    assert server.statuses_of("brand") == []


def test_replies_of_a_killed_command_line_are_whole_or_not_there(desk, quirks):
    server = quirks()
    home, ids = filled(desk, server, server.url, 1)
    said = []
    for n in range(6):
        process = home.start("reply", ids[0], f"text {n}", "--hold", "1h", "--anyway")
        if n % 2:
            process.stdout.readline()  # printed: it is in the journal
            said.append(f"text {n}")
        process.kill()
        ended(process)
    found = replies(home)
    assert set(said) <= set(found)
    assert all(row["state"] == "scheduled" and row["conversation"] for row in found.values())
    assert home.run("doctor", "--store").code == 0
