"""`show --at` over a real server: what an author, a person here and an act changed is told as it was before."""

from __future__ import annotations

from commtui.model.clock import SystemClock
from tests.whole.home import until


def moment() -> str:
    """Now, once the clock has moved on from all that was written."""
    here = SystemClock().now()
    until(lambda: (SystemClock().now() - here).total_seconds() > 0.01)
    return SystemClock().now().isoformat()


def texts(home, identity, at):
    """The texts of the thread as it stood."""
    done = home.run("show", identity, "--at", at, "--json")
    assert done.code == 0, done.err
    return [text["text"] for text in done.json["thread"]]


def test_texts_are_shown_as_they_were_before_somebody_changed_them(desk, quirks):
    server, home = quirks(), desk()
    home.add(server.url, server.token("brand"))
    nothing = moment()
    mention = server.mention("ada", "where is my parcel?")
    assert home.run("sync").code == 0
    (one,) = (row["id"] for row in home.list("mentions"))
    asked = moment()
    reply = home.run("reply", one, "It left on Monday", "--hold", "1h").out.split()[0]
    written = moment()
    assert home.run("edit", reply, "It left on Tuesday").code == 0
    edited = moment()
    server.edit(mention, "@brand where is my parcel? Order 12", tell=False)  # seen when the thread is looked at again
    assert home.run("reschedule", reply, "1s").code == 0
    assert until(lambda: home.run("sync").code == 0 and home.list("replies")[0]["state"] == "sent")
    out = moment()
    assert home.run("edit", reply, "It leaves today").code == 0
    assert until(lambda: home.run("sync").code == 0 and home.list("replies")[0]["text"] == "It leaves today")
    assert "not here yet" in home.run("show", one, "--at", nothing).err
    first, second = "@brand where is my parcel?", "@brand where is my parcel? Order 12"
    assert texts(home, one, asked) == [first]
    assert texts(home, one, written) == [first, "It left on Monday"]
    assert texts(home, reply, edited) == [first, "It left on Tuesday"]
    assert texts(home, one, out) == [second, "It left on Tuesday"]
    assert texts(home, one, moment()) == [second, "It leaves today"]
    output = home.run("show", one, "--at", asked).out
    assert first in output and "Order 12" not in output and "(edited)" not in output
    assert "was: @brand where is my parcel?" in home.run("log", one).out


def test_a_post_is_shown_as_it_was_before_it_was_edited(desk, quirks):
    server, home = quirks(), desk()
    home.add(server.url, server.token("brand"))
    nothing = moment()
    post = home.run("post", "news", "--account", "brand", "--at", "2h", "--json").json[0]["id"]
    written = moment()
    assert home.run("edit", post, "good news").code == 0
    then = home.run("show", post, "--at", written, "--json").json
    assert (then["id"], then["text"], then["state"], then["thread"]) == (post, "news", "scheduled", [])
    output = home.run("show", post, "--at", written).out
    assert "    news" in output and "good news" not in output
    assert "good news" in home.run("show", post, "--at", moment()).out
    assert "not here yet" in home.run("show", post, "--at", nothing).err
