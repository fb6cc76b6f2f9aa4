"""What goes out beside plain text, what is done to others' posts and people, and what is shown of theirs."""

import http.server
import json
import threading

import pytest

from commtui.config.settings import Account
from commtui.model.abilities import Limits
from commtui.model.length import excess
from commtui.model.records import ActKind, Media, Via
from commtui.networks import public_web
from commtui.networks.base import AnswerLost, EventKind, Gone, RateLimited, Refused, Sent, Unsupported
from commtui.networks.bluesky import sending
from commtui.networks.contract.hooks import picture
from commtui.store.store import Store
from commtui.sync.connect import with_store
from tests.images import png
from tests.networks.bluesky import logins
from tests.networks.bluesky.logins import act, fetched, of, outgoing, run
from tests.networks.tools import reported
from tests.servers import proxy
from tests.triage.desks import desk_on

pytestmark = pytest.mark.slow
PUT = "/xrpc/com.atproto.repo.putRecord"


@pytest.fixture
def mine(network, through):
    return logins.login(network, url=through.url)


def sent(network, mine, item, media=()):
    """The record of a text that was sent."""

    async def job(client):
        return await client.send(item, media)

    return network.record(run(mine, job).remote_id)["value"]


def test_four_images_with_alt_text_and_shape_and_a_quote_beside_them(network, mine, tmp_path):
    quoted = network.post("ada", "quote me")
    network.process_all()
    files = []
    for number in range(4):
        path = tmp_path / f"{number}.png"
        path.write_bytes(picture() + b"%d" % number)
        files.append(Media(str(path), f"picture {number} é"))

    async def job(client):
        uploaded = [await client.upload(file) for file in files]
        item = outgoing("four of them", extra={"quote": quoted}, language="de")
        return uploaded, await client.send(item, tuple(uploaded))

    uploaded, done = run(mine, job)
    assert all(image.remote_id for image in uploaded)
    record = network.record(done.remote_id)["value"]
    images = record["embed"]["media"]["images"]
    assert [image["alt"] for image in images] == [f"picture {number} é" for number in range(4)]
    assert all(image["aspectRatio"] == {"width": 1, "height": 1} for image in images)
    assert record["embed"]["record"]["record"] == network.ref(quoted)
    assert record["langs"] == ["de"]


@pytest.mark.parametrize(
    ("name", "data", "error", "said"),
    [
        ("a.txt", b"no picture", Unsupported, "is no image"),
        ("a.png", png(1, 1) + bytes(2_000_000), Refused, "2,000,000 at most"),
        ("missing", None, Refused, "cannot read"),
    ],
)
def test_files_that_cannot_go_are_refused_before_they_are_sent(through, mine, tmp_path, name, data, error, said):
    if data is not None:
        (tmp_path / name).write_bytes(data)

    async def job(client):
        with pytest.raises(error, match=said):
            await client.upload(Media(str(tmp_path / name)))

    run(mine, job)
    assert through.count("POST", "/xrpc/com.atproto.repo.uploadBlob") == 0


class _Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        page = b"<title>The programme</title><meta property='og:description' content='All of &quot;it&quot;'>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


def test_link_has_a_card_with_its_pages_title(network, mine, monkeypatch):
    monkeypatch.setattr(public_web, "is_public", lambda address: True)  # the page is on this machine
    monkeypatch.setattr(public_web, "_is_own", lambda address, port: False)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    link = f"http://127.0.0.1:{server.server_port}/x"
    mine.options["cards"] = True
    record = sent(network, mine, outgoing(f"see {link}."))
    server.shutdown()
    server.server_close()
    card = {"uri": link, "title": "The programme", "description": 'All of "it"'}
    assert record["embed"] == {"$type": "app.bsky.embed.external", "external": card}
    record = sent(network, mine, outgoing(f"see {link} again"))  # nobody there any more
    assert record["embed"]["external"]["title"] == link.removeprefix("http://")


def test_reply_deep_in_a_thread_refers_to_root_and_parent_with_and_without_the_mentions_cids(network, through, mine):
    root = network.post("brand", "root of it")
    middle = network.post("ada", "middle", root)
    leaf = network.post("ada", "leaf", middle)
    network.process_all()
    refs = {"root": network.ref(root), "parent": network.ref(leaf)}

    async def job(client):
        status = next(item.status for item in of(await fetched(client)) if item.status.remote_id == leaf)
        through.clear()
        known = outgoing("with cids", leaf, extra={**status.extra, "root": status.root})
        first = await client.send(known, ())
        count = len(through.requests)
        return count, first, await client.send(outgoing("without", leaf), ())

    count, *both = run(mine, job)
    assert count == 1  # nothing has to be asked for
    assert [network.record(item.remote_id)["value"]["reply"] for item in both] == [refs, refs]


def test_deleted_and_blocked_parents_are_shown_as_missing(network, mine):
    network.account("mallory")
    root = network.post("mallory", "soon gone")
    deleted = network.post("ada", "@brand.test under what is deleted", root)
    other = network.post("mallory", "soon blocked")
    blocked = network.post("ada", "@brand.test under what is blocked", other)
    network.process_all()
    network.delete("mallory", root)

    async def job(client):
        await client.act(act(ActKind.BLOCK, network.did("mallory")))
        network.process_all()
        threads = [await client.thread(uri) for uri in (deleted, blocked)]
        with pytest.raises(Gone, match="deleted"):
            await client.thread(root)
        with pytest.raises(Gone, match="blocked"):
            await client.thread(other)
        await client.act(act(ActKind.UNBLOCK, network.did("mallory")))
        network.process_all()
        return threads, await client.thread(blocked)

    threads, after = run(mine, job)
    assert [(thread.missing, thread.ancestors) for thread in threads] == [(True, ())] * 2
    assert (after.missing, [status.remote_id for status in after.ancestors]) == (False, [other])
    assert network.list_records("brand", "app.bsky.graph.block") == []


@pytest.mark.parametrize(
    ("on", "off", "collection", "elsewhere"),
    [
        (ActKind.FAVOURITE, ActKind.UNFAVOURITE, "app.bsky.feed.like", "like"),
        (ActKind.BOOST, ActKind.UNBOOST, "app.bsky.feed.repost", "repost"),
    ],
)
def test_like_and_repost_are_one_record_however_often_and_go_wherever_they_were_made(
    network, mine, on, off, collection, elsewhere
):
    target = network.post("ada", f"{collection} me")
    network.process_all()

    def records():
        return [
            record
            for record in network.list_records("brand", collection)
            if record["value"]["subject"]["uri"] == target
        ]

    async def job(client):
        for _ in range(3):  # faster than the AppView hears of it
            await client.act(act(on, target))
        first = records()
        await client.act(act(off, target))
        nothing = records()
        getattr(network, elsewhere)("brand", target)
        network.process_all()
        await client.act(act(on, target))
        stored = records()
        await client.act(act(off, target))
        return first, nothing, stored, records()

    assert [len(item) for item in run(mine, job)] == [1, 0, 1, 0]


def test_only_our_own_is_deleted_and_an_edit_is_told_to_be_impossible(network, mine):
    theirs = network.post("ada", "mine, not yours")
    network.process_all()

    async def job(client):
        with pytest.raises(Refused, match="not ours"):
            await client.act(act(ActKind.DELETE, theirs))
        with pytest.raises(Unsupported):
            await client.act(act(ActKind.EDIT, theirs, "other words"))

    run(mine, job)
    assert network.record(theirs)


def test_report_of_a_post_and_of_an_author_reaches_the_moderators(network, through):
    post = network.post("ada", "@brand.test buy this")
    network.process_all()
    did = network.did("ada")

    async def job(client):
        await client.act(act(ActKind.REPORT, did, "sells things", status_ids=post, category="spam"))
        await client.act(act(ActKind.REPORT, did, "rude", category="rude"))
        await client.act(act(ActKind.REPORT, did, "and more"))

    run(logins.login(network, "brand", url=through.url), job)  # the moderation service checks and takes each, or raises
    assert through.count(path="/xrpc/com.atproto.moderation.createReport") == 3


def test_report_by_a_person_is_about_the_post(network, through, tmp_path):
    post = network.post("ada", "@brand.test buy this too")
    network.process_all()
    report = reported(desk_on(tmp_path), post, network.did("ada"), "sells things")
    run(logins.login(network, "brand", url=through.url), lambda client: client.act(report))
    (request,) = [row for row in through.requests if row.path == "/xrpc/com.atproto.moderation.createReport"]
    subject = json.loads(request.body)["subject"]
    assert (subject["$type"], subject["uri"]) == ("com.atproto.repo.strongRef", post)


def test_labels_on_a_post_are_shown(network, mine):
    labels = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "graphic-media"}, {"val": "!no-one"}]}
    uri = network.post("ada", "@brand.test look", labels=labels)
    network.process_all()

    async def job(client):
        return of(await fetched(client)), (await client.thread(uri)).status

    items, status = run(mine, job)
    (mention,) = [item.status for item in items if item.remote_id == uri]
    assert mention.labels == status.labels == ("graphic-media",)


def test_mentions_replies_quotes_and_engagement_are_told_apart(network, mine):
    post = network.post("brand", "what everybody talks about")
    network.process_all()
    answer = network.post("ada", "an answer", post)
    mention = network.post("ada", "hey @brand.test")
    both = network.post("ada", "an answer to @brand.test", post)
    quote = network.quote("ada", "look at that", post)
    for wave in (network.like, network.repost):
        wave("ada", post)
    network.follow("ada", "brand")
    network.process_all()

    async def job(client):
        return await fetched(client)

    batches = run(mine, job)
    vias = {item.remote_id: item.via for item in of(batches)}
    assert [vias[text] for text in (answer, mention, both, quote)] == [Via.ANSWER, Via.MENTION, Via.ANSWER, Via.QUOTE]
    quoted = next(item.status for item in of(batches) if item.remote_id == quote)
    assert quoted.extra["quotes"] == post
    assert quoted.text.startswith("look at that\n> https://bsky.app/profile/")
    found = {(item.engagement, item.remote_id, item.by) for item in of(batches, EventKind.ENGAGEMENT)}
    assert {("like", post, "@ada.test"), ("boost", post, "@ada.test"), ("follow", None, "@ada.test")} <= found


def test_seen_is_reported_to_the_server_up_to_what_was_read(network, mine):
    network.post("ada", "@brand.test have you seen this?")
    network.process_all()

    async def job(client):
        await client.act(act(ActKind.READ, "at://whatever"))

    run(mine, job)
    assert all(notification["isRead"] for notification in network.notifications("brand"))


def test_texts_at_the_limits_of_graphemes_and_bytes(network, mine):
    family = "👨‍👩‍👧‍👦"
    fits = [family * 119 + "x" * 181 if len((family * 119).encode()) <= 2819 else "x" * 300, "é" * 300, "👍🏽" * 300]
    limits = Limits(characters=300, bytes=3000, counting="graphemes")

    async def job(client):
        for text in fits:
            assert excess(text, limits) == ()
            assert (await client.send(outgoing(text), ())).remote_id
        for text in ("é" * 301, family * 121, "x" * 3001):
            with pytest.raises(Refused, match="too long"):
                await client.send(outgoing(text), ())

    run(mine, job)


def test_content_warning_stands_before_the_text(network, mine):
    assert sent(network, mine, outgoing("the end", spoiler="film talk"))["text"] == "film talk\n\nthe end"


def test_writes_stop_before_the_points_are_used_up(network, through, mine, monkeypatch):
    from commtui.networks.bluesky import budget

    monkeypatch.setattr(budget, "WINDOWS", ((3600.0, 5), (86_400.0, 35_000)))

    async def job(client):
        for number in range(2):
            await client.send(outgoing(f"within {number}"), ())
        with pytest.raises(RateLimited) as raised:
            await client.send(outgoing("beyond"), ())
        return raised.value.retry_after

    assert 3590 < run(mine, job) <= 3600
    assert through.count("POST", PUT) == 2


def test_the_next_run_of_the_program_goes_on_counting(network, through, mine, monkeypatch, tmp_path):
    from commtui.networks.bluesky import budget

    monkeypatch.setattr(budget, "WINDOWS", ((3600.0, 5), (86_400.0, 35_000)))
    store, account = Store(tmp_path / "data"), Account(name="brand", network="bluesky", user=mine.user)

    async def job(client):
        await client.send(outgoing("one in each run"), ())

    for _ in range(2):
        run(with_store(mine, store, account), job)
        budget.forget()
    with pytest.raises(RateLimited):
        run(with_store(mine, store, account), job)
    assert through.count("POST", PUT) == 2
    store.close()


def test_headers_that_say_nothing_is_left_stop_the_next_write(network, through, mine):
    used_up = {"ratelimit-remaining": "0", "ratelimit-reset": "4000000000"}
    harm = proxy.answer(400, {"error": "InvalidRequest", "message": "no"}, used_up, "POST", PUT)
    through.rule(harm, times=1)

    async def job(client):
        with pytest.raises(Refused, match="no"):
            await client.send(outgoing("refused"), ())
        with pytest.raises(RateLimited):
            await client.send(outgoing("not asked"), ())
        return await fetched(client)  # reads go on

    run(mine, job)
    assert through.count("POST", PUT) == 1


def test_answers_that_are_no_answers_are_reported_as_what_they_are(network, through, mine):
    bad = [proxy.html(), proxy.empty(), proxy.answer(200, []), proxy.answer(200, {"uri": ""})]

    async def job(client):
        for effect in bad:
            through.rule(proxy.Effect("bad", "POST", PUT, raw=effect.raw), times=1)
            item = outgoing("never there")
            with pytest.raises(AnswerLost) as raised:
                await client.send(item, ())
            assert "\n" not in str(raised.value)
            assert not isinstance(await client.find(item), Sent)

    run(mine, job)
    assert sending.LIMITS.media == 4
