"""Direct messages: through the real PDS to a stand-in for the closed service; lexicons check every call."""

import pytest

from commtui.model.abilities import Visibility
from commtui.model.records import Via
from commtui.networks.base import Absence, AnswerLost, Gone, LoginRefused, Refused, Sent, Unsupported
from commtui.networks.bluesky import direct
from commtui.networks.bluesky.chat_lexicon import Convos
from tests.networks.bluesky import logins
from tests.networks.bluesky.chat import ChatStandIn
from tests.networks.bluesky.logins import fetched, of, outgoing, run
from tests.servers import proxy

pytestmark = pytest.mark.slow
SEND = "/xrpc/chat.bsky.convo.sendMessage"


@pytest.fixture
def chat(network, monkeypatch):
    made = ChatStandIn(network.did("brand"))
    monkeypatch.setitem(direct.PROXY, "atproto-proxy", f"{made.did}#bsky_chat")
    yield made
    made.close()
    assert made.wrong == []


@pytest.fixture(scope="module")
def password(network):
    return network.app_password("brand", privileged=True)


@pytest.fixture
def mine(network, through, password):
    return logins.login(network, token=password, url=through.url, direct_messages=True)


def texts(batches):
    return [item.status.text for item in of(batches) if item.via is Via.DIRECT]


def test_messages_come_once_in_order_and_a_conversation_stays_one(network, chat, mine):
    ada = network.did("ada")
    chat.begin("c1", ada, "ada.test")
    chat.say("c1", chat.us, "hello from us")
    first = chat.say("c1", ada, "hello to you")

    async def job(client):
        before = await fetched(client)
        cursor = before[-1].cursor
        chat.say("c1", chat.us, "how are you?")
        second, third = chat.say("c1", ada, "fine"), chat.say("c1", ada, "and you?")
        after = await fetched(client, cursor)
        return before, after, await fetched(client, after[-1].cursor), second, third

    before, after, nothing, second, third = run(mine, job)
    assert texts(before) == ["hello to you"]
    assert texts(after) == ["fine", "and you?"]
    assert texts(nothing) == []
    (status,) = [item.status for item in of(before) if item.via is Via.DIRECT]
    assert (status.author, status.author_id, status.visibility) == ("@ada.test", ada, Visibility.DIRECT)
    assert (status.remote_id, status.in_reply_to) == (f"chat:c1/{first}", "chat:c1/m1")
    one, two = [item.status for item in of(after)]
    assert (one.remote_id, two.remote_id, two.in_reply_to) == (
        f"chat:c1/{second}",
        f"chat:c1/{third}",
        f"chat:c1/{second}",
    )


def test_what_a_message_shares_is_part_of_its_text(network, chat, mine):
    ada, bob = network.did("ada"), network.did("bob")
    post, feed = f"at://{bob}/app.bsky.feed.post/3kabc", f"at://{bob}/app.bsky.feed.generator/beans"
    cid, at = "bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a", "2026-11-23T09:00:00.000Z"
    author = {"did": bob, "handle": "bob.test"}

    def shown(record):
        return {"embed": {"$type": "app.bsky.embed.record#view", "record": record}}

    value = {"$type": "app.bsky.feed.post", "text": "two\nlines", "createdAt": at}
    record = {"$type": "app.bsky.embed.record#viewRecord", "uri": post, "cid": cid, "author": author}
    chat.begin("c1", ada, "ada.test")
    chat.say("c1", ada, "", **shown({**record, "value": value, "indexedAt": at}))
    chat.say(
        "c1", ada, "gone?", **shown({"$type": "app.bsky.embed.record#viewNotFound", "uri": post, "notFound": True})
    )
    generator = {
        "$type": "app.bsky.feed.defs#generatorView",
        "uri": feed,
        "cid": cid,
        "did": bob,
        "displayName": "Beans",
    }
    chat.say("c1", ada, "look", **shown({**generator, "creator": {**author, "indexedAt": at}, "indexedAt": at}))
    assert texts(run(mine, fetched)) == [
        "> @bob.test: two\n> lines\n> https://bsky.app/profile/bob.test/post/3kabc",
        f"gone?\n> https://bsky.app/profile/{bob}/post/3kabc",
        f"look\n> Beans\n> https://bsky.app/profile/{bob}/feed/beans",
    ]
    assert chat.wrong == []


def test_answer_stands_in_the_conversation_and_is_found_again(network, chat, mine):
    chat.begin("c2", network.did("ada"), "ada.test")
    asked = f"chat:c2/{chat.say('c2', network.did('ada'), 'a question https://example.com')}"
    item = outgoing("an answer, see https://example.com/é", asked)

    async def job(client):
        nothing = await client.find(item)
        sent = await client.send(item, ())
        return nothing, sent, await client.find(item), await client.thread(asked), await client.thread(sent.remote_id)

    nothing, sent, found, asked_thread, sent_thread = run(mine, job)
    assert nothing == Absence(complete=True)
    assert found.remote_id == sent.remote_id
    assert [(status.remote_id, status.ours) for status in asked_thread.descendants] == [(sent.remote_id, True)]
    assert [status.remote_id for status in sent_thread.ancestors] == [asked]
    assert [message["text"] for message in chat.convos["c2"]] == ["a question https://example.com", item.text]


def test_lost_answer_is_found_by_its_text(network, through, chat, mine):
    chat.begin("c3", network.did("ada"), "ada.test")
    asked = f"chat:c3/{chat.say('c3', network.did('ada'), 'well?')}"
    item = outgoing("well!", asked)
    through.rule(proxy.drop_answer("POST", SEND), times=1)

    async def job(client):
        with pytest.raises(AnswerLost):
            await client.send(item, ())
        return await client.find(item)

    assert isinstance(run(mine, job), Sent)
    assert [message["text"] for message in chat.convos["c3"]] == ["well?", "well!"]


def test_what_cannot_be_said_is_refused_before_it_is_sent(network, chat, mine):
    chat.begin("c4", network.did("ada"), "ada.test")
    asked = f"chat:c4/{chat.say('c4', network.did('ada'), 'hm')}"

    async def job(client):
        for text, where, error in (
            ("", asked, Refused),
            ("x" * 1001, asked, Refused),
            ("ok", "chat:nowhere/m1", Gone),
            ("ok", "chat:../m1", Gone),
        ):
            with pytest.raises(error):
                await client.send(outgoing(text, where), ())
        with pytest.raises(Gone):
            await client.thread("chat:c4/m999")

    run(mine, job)
    assert len(chat.convos["c4"]) == 1


def test_plain_app_password_is_told_so_and_posts_come_all_the_same(network, chat):
    """What the real PDS says of one: 400 InvalidToken, "Bad token method"."""
    mention = network.post("ada", "@brand.test a post beside direct messages")
    network.process_all()

    async def job(client):
        profile = await client.check()
        with pytest.raises(Unsupported, match="direct messages"):
            await client.xrpc.query(Convos, "chat.bsky.convo.listConvos", headers=direct.PROXY)
        return profile.capabilities, await fetched(client)

    capabilities, batches = run(logins.login(network, direct_messages=True), job)
    assert not capabilities.direct_messages
    assert [str(visibility) for visibility in capabilities.visibilities] == ["public"]
    assert mention in [item.status.remote_id for item in of(batches)]
    assert chat.calls == []


def test_privileged_app_password_has_them_only_where_asked_for(network, chat, mine, password):
    async def check(client):
        return (await client.check()).capabilities.direct_messages

    assert run(mine, check) is True
    assert run(logins.login(network, token=password), check) is False


def test_service_that_is_away_keeps_nobody_from_the_posts(network, chat, mine):
    chat.close = lambda: None
    chat._server.shutdown()
    chat._server.server_close()
    mention = network.post("ada", "@brand.test while messages are away")
    network.process_all()

    async def job(client):
        try:
            return await fetched(client)
        except LoginRefused as error:
            raise AssertionError(str(error)) from error

    assert mention in [item.status.remote_id for item in of(run(mine, job))]
