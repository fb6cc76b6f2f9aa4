"""After a lost answer: what is found, by which way, and what is left to a person, on servers that rewrite and hide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from commtui.model.abilities import Proofs, Visibility
from commtui.model.records import ActKind, Outgoing
from commtui.networks import gates
from commtui.networks.base import Absence, AnswerLost, Sent, Unreachable
from commtui.networks.mastodon import Mastodon
from tests.clock import FakeClock
from tests.networks.mastodon.logins import CLOCK, act, login, outgoing, run
from tests.servers.proxy import Proxy, answer
from tests.servers.quirks import QuirkServer
from tests.servers.quirks.settings import PostAnswer

Server = Callable[..., QuirkServer]
POST = "/api/v1/statuses"
TEXTS = {
    "www": "see www.example.org/page",
    "entities": "AT&amp;T and &lt;",
    "shortcodes": "have :coffee: :smile:",
    "smileys": "well :) <3 >:(",
    "strips": "<b>bold</b> a<br>b",
    "renders": "<b>bold</b> a<br>b<!-- c -->",
    "markdown": "![alt](https://x.example/a.png) see[^1] **bold** <!-- c -->",
    "typography": '"it\'s" -- so...',
}


@pytest.fixture(autouse=True)
def _gates() -> None:
    gates.forget()


def lost(server: QuirkServer, what: Outgoing, clock: Any = CLOCK) -> Sent | Absence:
    """What a look shows after the answer to the sending was lost."""
    server.quirks.post_answers = ["drop"]

    async def job(network: Mastodon) -> Sent | Absence:
        with pytest.raises(AnswerLost):
            await network.send(what, ())
        return await network.find(what)

    seen: Sent | Absence = run(login(server, clock=clock), job)
    return seen


def item(text: str, to: str | None = None, **more: Any) -> Outgoing:
    return outgoing(text, to, "key-1", **more)


@pytest.mark.parametrize("way", TEXTS)
@pytest.mark.parametrize("source", ["original", "none"])
def test_a_text_that_the_server_changed_is_found(quirks: Server, way: str, source: str) -> None:
    server = quirks(rewrites=frozenset([way]), source=source)
    seen = lost(server, item(TEXTS[way]))
    assert isinstance(seen, Sent) and seen.remote_id == server.statuses_of("brand")[0].id


def test_a_text_to_which_the_server_added_something_is_found_by_its_source_or_shown(quirks: Server) -> None:
    for source in ("original", "rewritten", "none"):
        server = quirks(rewrites=frozenset(["appends"]), source=source)
        seen = lost(server, item("good morning"))
        (out,) = server.statuses_of("brand")
        if source == "original":
            assert isinstance(seen, Sent) and seen.remote_id == out.id
        else:
            assert isinstance(seen, Absence)
            assert [(found.remote_id, found.text[:12]) for found in seen.look_alikes] == [(out.id, "good morning")]


@pytest.mark.parametrize("visibility", [Visibility.PRIVATE, Visibility.DIRECT])
@pytest.mark.parametrize("kind", ["post", "reply"])
def test_what_the_own_list_leaves_out_is_found_elsewhere(quirks: Server, visibility: Visibility, kind: str) -> None:
    server = quirks(own_list="public")
    to = server.mention("ada", "hello", visibility=visibility.value).id if kind == "reply" else None
    seen = lost(server, item("hello @ada", to, visibility=visibility))
    assert isinstance(seen, Sent)


def test_text_is_found_below_pages_from_which_the_server_took_everything(quirks: Server) -> None:
    server = quirks(own_list="public, from pages", home_timeline=False)
    what = item("good morning")
    server.quirks.post_answers = ["drop"]

    async def job(network: Mastodon) -> Sent | Absence:
        with pytest.raises(AnswerLost):
            await network.send(what, ())
        for number in range(100):
            server.post("brand", f"from elsewhere {number}", visibility="private")
        return await network.find(what)

    seen = run(login(server), job)
    assert isinstance(seen, Sent) and seen.remote_id == server.statuses_of("brand")[0].id


def test_what_no_list_shows_is_absent_and_the_server_proves_nothing(quirks: Server) -> None:
    server = quirks(own_list="none", home_timeline=False, conversations=False, idempotency="ignored")
    assert lost(server, item("hidden")) == Absence(complete=True)
    profile = run(login(server), lambda network: network.check())
    assert profile.capabilities.proofs == Proofs()


def test_boosted_by_somebody_it_is_shown_as_a_wrapper_and_found(quirks: Server) -> None:
    server = quirks(wraps_boosted=True)
    what = item("worth a boost")
    server.quirks.post_answers = ["drop"]

    async def job(network: Mastodon) -> Sent | Absence:
        with pytest.raises(AnswerLost):
            await network.send(what, ())
        server.reblog("ada", server.statuses_of("brand")[0])
        return await network.find(what)

    seen = run(login(server), job)
    assert isinstance(seen, Sent) and seen.remote_id == server.statuses_of("brand")[0].id


@pytest.mark.parametrize("off", [-300, 300, -3 * 3600, 3 * 3600])
@pytest.mark.parametrize("date", ["right", "none"])
def test_a_created_at_that_is_off_never_makes_it_absent(quirks: Server, off: int, date: str) -> None:
    server = quirks(created_at_off=off, date=date)
    seen = lost(server, item("what time is it"))
    found = [seen.remote_id] if isinstance(seen, Sent) else [alike.remote_id for alike in seen.look_alikes]
    assert found == [server.statuses_of("brand")[0].id]
    assert isinstance(seen, Sent) is (off > -600)


@pytest.mark.parametrize("hours", [-24, -3, 3, 24])
@pytest.mark.parametrize("date", ["right", "none"])
def test_our_own_clock_that_was_off_at_sending_never_makes_it_absent(quirks: Server, hours: int, date: str) -> None:
    server = quirks(date=date)
    wrong = CLOCK.now() + timedelta(hours=hours)
    seen = lost(server, item("our time", now=wrong))
    found = [seen.remote_id] if isinstance(seen, Sent) else [alike.remote_id for alike in seen.look_alikes]
    assert found == [server.statuses_of("brand")[0].id]


def test_it_is_found_below_hundreds_of_newer_posts(quirks: Server) -> None:
    server = quirks(max_limit=20, flood=300)
    seen = lost(server, item("once in a busy week"))
    assert isinstance(seen, Sent)


def test_a_list_that_ignores_where_it_is_to_go_on_is_not_read_to_its_end(quirks: Server) -> None:
    server = quirks(link="none", home_timeline=False)
    newest = {"id": "9", "created_at": CLOCK.now().isoformat(), "account": {"id": "7", "acct": "zoe"}}
    with Proxy(server.url) as proxy:
        proxy.rule(answer(200, [newest], None, "GET", "/api/v1/accounts/.*/statuses"))
        seen = run(login(server, url=proxy.url), lambda network: network.find(item("below")))
        assert seen == Absence(complete=False)
        assert proxy.count("GET", "/api/v1/accounts/.*/statuses") == 2


def test_an_unclaimed_post_of_about_that_time_is_shown_and_a_claimed_one_is_not(quirks: Server) -> None:
    server = quirks()
    other = server.post("brand", "something else")
    server.post("brand", "long ago", created_at=CLOCK.now() - timedelta(hours=2))
    server.post("brand", "an answer", server.mention("ada", "hello"))
    what = item("never arrived")

    async def job(network: Mastodon) -> list[Any]:
        return [await network.find(what), await network.find(what, [other.id]), await network.find(what, [uri])]

    uri = f"{server.url}/@brand/{other.id}"
    shown, by_id, _ = run(login(server), job)
    assert [found.text for found in shown.look_alikes] == ["something else"]
    assert by_id == Absence(complete=True)


def test_an_entry_that_cannot_be_read_may_be_it(quirks: Server) -> None:
    server = quirks()
    broken = server.post("brand", "whatever", extra={"content": {"odd": 1}, "visibility": 7, "account": None})
    seen = run(login(server), lambda network: network.find(item("never arrived")))
    assert isinstance(seen, Absence) and [found.remote_id for found in seen.look_alikes] == [broken.id]


# -- answers that are not ours -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["another's", "older", "older, not done"])
def test_an_answer_with_another_author_or_text_is_no_answer(quirks: Server, kind: PostAnswer) -> None:
    server = quirks()
    server.post("ada", "by ada")
    server.post("brand", "an old post of ours", created_at=CLOCK.now() - timedelta(days=3))
    server.quirks.post_answers = [kind]
    what = item("brand new words")

    async def job(network: Mastodon) -> Any:
        with pytest.raises(AnswerLost):
            await network.send(what, ())
        return await network.find(what)

    seen = run(login(server), job)
    assert isinstance(seen, Sent) is (kind != "older, not done")


def test_an_answer_with_an_equal_text_of_days_ago_is_no_answer(quirks: Server) -> None:
    server = quirks()
    server.post("brand", "gm", created_at=CLOCK.now() - timedelta(days=3))
    server.quirks.post_answers = ["older, not done"]
    with pytest.raises(AnswerLost, match="earlier post"):
        run(login(server), lambda network: network.send(item("gm"), ()))


@pytest.mark.parametrize("way", TEXTS)
def test_an_answer_that_shows_the_text_changed_is_the_answer(quirks: Server, way: str) -> None:
    server = quirks(rewrites=frozenset([way]))
    sent = run(login(server), lambda network: network.send(item(TEXTS[way]), ()))
    assert sent.remote_id == server.statuses_of("brand")[0].id


# -- proofs ------------------------------------------------------------------------------------------------------

MASTODON = {"version": "4.5.0", "api_versions": {"mastodon": 7}}


@pytest.mark.parametrize(
    ("instance", "proves"),
    [
        (MASTODON, True),
        ({**MASTODON, "version": "4.4.0-nightly.2025-01-01+glitch"}, True),
        ({"version": "4.2.9", "source_url": "https://github.com/mastodon/mastodon"}, True),
        ({"version": "4.2.9"}, False),
        ({**MASTODON, "version": "4.5.0 (compatible; Pleroma 2.9.0)"}, False),
        ({**MASTODON, "version": "2.7.2 (compatible; Akkoma 3.13.2)"}, False),
        ({**MASTODON, "version": "0.17.3+git-1a2b3c"}, False),
        ({"version": "4.5.0", "api_versions": {"mastodon": "seven"}}, False),
        ({"version": ""}, False),
        ({}, False),
    ],
)
def test_only_mastodons_own_software_is_known_to_honour_the_key(
    quirks: Server, instance: dict[str, Any], proves: bool
) -> None:
    from commtui.networks.mastodon.entities import Instance
    from commtui.networks.mastodon.instance import proofs
    from commtui.networks.payloads import read

    known = proofs(read(instance, Instance))
    assert (known.key == tuple(Visibility) and known.key_seconds == 3000) is proves
    assert known.listed == ()


# -- edits that change the id ------------------------------------------------------------------------------------


def test_a_post_whose_id_an_edit_changed_is_edited_and_deleted_by_its_address(quirks: Server) -> None:
    server = quirks(edit_changes_id=True)
    sent = run(login(server), lambda network: network.send(item("first"), ()))
    first = sent.remote_id
    extra: dict[str, Any] = {**sent.extra, "url": sent.url}
    edited = run(login(server), lambda network: network.act(act(ActKind.EDIT, first, "second", **extra)))
    assert edited.remote_id != first
    again = run(login(server), lambda network: network.act(act(ActKind.EDIT, first, "third", **extra)))
    assert again.remote_id not in (first, edited.remote_id)
    assert [status.text for status in server.statuses_of("brand")] == ["third"]
    run(login(server), lambda network: network.act(act(ActKind.DELETE, first, **extra)))
    assert server.statuses_of("brand") == []
    run(login(server), lambda network: network.act(act(ActKind.DELETE, first, **extra)))


def test_what_is_out_is_not_looked_for_by_an_id_that_an_edit_changed(quirks: Server) -> None:
    server = quirks(edit_changes_id=True)
    claimed = run(login(server), lambda network: network.send(item("gm"), ()))
    server.edit(server.statuses_of("brand")[0], "gm")
    names = [claimed.remote_id, claimed.url, claimed.extra["uri"]]
    other = replace(item("gm"), key="key-2")
    assert run(login(server), lambda network: network.find(other, names)) == Absence(complete=True)


def test_a_lost_answer_is_told_apart_from_a_server_that_is_not_there(quirks: Server) -> None:
    server = quirks()
    made = login(server, clock=FakeClock(CLOCK.now()))
    run(made, lambda network: network.us())
    server.stop()
    with pytest.raises(Unreachable):
        run(made, lambda network: network.find(item("x")))
