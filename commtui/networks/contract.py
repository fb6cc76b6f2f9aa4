"""The contract suite: what every network, ours or a plug-in's, is tested against.

A plug-in's author needs pytest, and writes:

    from commtui.networks.contract import NetworkContract

    class TestMine(NetworkContract):
        network = Mine

        @pytest.fixture(autouse=True)
        def bench(self, tmp_path):
            self.server = ...start or reset a server, with an account of ours and one of somebody else's...
            yield
            self.server.stop()

        def make_login(self, token=None): return Login(...)
        def say(self, text, in_reply_to=None): return ...the id of a text by the other account that mentions ours...
        def answers_to(self, remote_id): return [...the ids of the texts that answer it, as the other account sees...]

The tests begin on a community of which they know nothing, so the same server may serve all of them. They run their
coroutines with asyncio.run: no pytest plug-in is needed. Nothing else in commtui imports this module.
"""

from __future__ import annotations

from collections.abc import Awaitable
from pathlib import Path

import pytest

from commtui.model.abilities import Capabilities
from commtui.model.records import ActKind, Media
from commtui.networks.base import (
    Batch,
    Gone,
    LoginRefused,
    Network,
    NetworkError,
    Refused,
    Sent,
)
from commtui.networks.bench import MOST_BATCHES, Bench, assert_sound, mentions_in, picture


class NetworkContract(Bench):
    """Subclass it, set `network`, and fill in the hooks of Bench."""

    # -- who we are ------------------------------------------------------------------------------------------------

    def test_class_names_itself_and_what_it_can(self) -> None:
        assert self.network.name.isidentifier() and self.network.name == self.network.name.lower()
        assert self.network.title
        assert isinstance(self.network.capabilities, Capabilities)

    def test_check_tells_a_lasting_user_and_a_handle(self) -> None:
        first = self.run(lambda network: network.check())
        second = self.run(lambda network: network.check())
        assert first.user and first.user == second.user
        assert first.handle.startswith("@")
        assert first.limits.characters is None or first.limits.characters > 0

    def test_wrong_token_is_a_refused_login_in_check_and_fetch(self) -> None:
        if self.wrong_token is None:
            return

        async def fetch(network: Network) -> None:
            await self.batches(network)

        with pytest.raises(LoginRefused) as refused:
            self.run(lambda network: network.check(), self.wrong_token)
        assert "\n" not in str(refused.value)
        with pytest.raises(LoginRefused):
            self.run(fetch, self.wrong_token)

    def test_aclose_twice_and_before_any_request(self) -> None:
        async def job(network: Network) -> None:
            await network.aclose()

        self.run(job)

    # -- what comes ------------------------------------------------------------------------------------------------

    def test_first_fetch_brings_what_was_said_before_in_sound_records(self) -> None:
        said = [self.say("contract: was here before you"), self.say("contract: me too")]
        self.settle()
        found = self.run(self.batches)
        mentions = mentions_in(found)
        assert all(batch.cursor for batch in found)
        assert [status.remote_id for status in mentions if status.remote_id in said] == (
            said if self.oldest_first else said[::-1]
        )
        assert len({status.remote_id for status in mentions}) == len(mentions)
        for status in mentions:
            assert_sound(status)
            assert not status.ours
        if self.oldest_first:
            moments = [status.created_at for status in mentions]
            assert moments == sorted(moments)

    def test_mention_text_is_plain(self) -> None:
        said = self.say("contract: 1 < 2 & <b>bold</b> [red]no markup[/red] 👩🏽‍🔬 ünïcode")
        self.settle()
        status = next(each for each in mentions_in(self.run(self.batches)) if each.remote_id == said)
        for part in ("1 < 2 &", "[red]no markup[/red]", "👩🏽‍🔬", "ünïcode"):
            assert part in status.text
        assert "&amp;" not in status.text and "<p>" not in status.text

    def test_fetch_with_the_cursor_brings_only_what_is_new(self) -> None:
        old = self.say("contract: old")
        self.settle()
        cursor = self.run(self.in_step)
        new = [self.say("contract: new one"), self.say("contract: new two")]
        self.settle()
        found = self.run(lambda network: self.batches(network, cursor))
        brought = [status.remote_id for status in mentions_in(found)]
        assert [each for each in brought if each in new] == (new if self.oldest_first else new[::-1])
        assert old not in brought

    def test_poll_with_nothing_new_brings_nothing(self) -> None:
        self.say("contract: the last word")
        self.settle()
        cursor = self.run(self.in_step)
        again = self.run(lambda network: self.batches(network, cursor))
        assert mentions_in(again) == []
        assert all(batch.cursor for batch in again)

    def test_repeat_of_an_old_cursor_loses_nothing(self) -> None:
        self.say("contract: before")
        self.settle()
        cursor = self.run(self.in_step)
        said = {self.say("contract: crash 1"), self.say("contract: crash 2")}
        self.settle()
        for _ in range(2):
            brought = {status.remote_id for status in mentions_in(self.run(lambda net: self.batches(net, cursor)))}
            assert said <= brought

    def test_stopping_after_any_batch_loses_nothing(self) -> None:
        self.say("contract: before the flood")
        self.settle()
        start = self.run(self.in_step)
        said = {self.say(f"contract: flood {number}") for number in range(45)}
        self.settle()

        async def one_batch(network: Network) -> Batch | None:
            fetching = network.fetch(cursor, self.since())
            async for batch in fetching:
                return batch
            return None

        cursor, brought = start, []
        for _ in range(MOST_BATCHES):
            batch = self.run(one_batch)
            if batch is None or not batch.items:
                break
            cursor = batch.cursor
            brought += [status.remote_id for status in mentions_in([batch])]
        assert said <= set(brought)
        assert len(brought) == len(set(brought)), "the same mention in two batches"

    def test_stream_speaks_at_its_start(self) -> None:
        async def first(network: Network) -> bool:
            async for _ in network.stream():
                return True
            return False

        async def job(network: Network) -> None:
            spoke = await self.able(network, "streaming", lambda: first(network))
            assert spoke in (True, None)

        self.run(job)

    # -- threads ---------------------------------------------------------------------------------------------------

    def test_thread_has_ancestors_and_descendants_in_order(self) -> None:
        root = self.say("contract: root")
        middle = self.say("contract: middle", in_reply_to=root)
        leaf = self.say("contract: leaf", in_reply_to=middle)
        self.settle()
        of_middle = self.run(lambda network: network.thread(middle))
        assert [status.remote_id for status in of_middle.ancestors] == [root]
        assert leaf in [status.remote_id for status in of_middle.descendants]
        assert next(each for each in of_middle.descendants if each.remote_id == leaf).in_reply_to == middle
        of_leaf = self.run(lambda network: network.thread(leaf))
        assert [status.remote_id for status in of_leaf.ancestors] == [root, middle]
        for status in (*of_leaf.ancestors, *of_middle.descendants):
            assert_sound(status)

    def test_thread_of_what_is_not_there_is_gone(self) -> None:
        with pytest.raises(Gone):
            self.run(lambda network: network.thread(self.unknown_id))

    # -- what goes out ---------------------------------------------------------------------------------------------

    def test_reply_stands_in_the_thread(self) -> None:
        mention = self.say("contract: please answer")
        self.settle()
        sent = self.run(lambda network: network.send(self.reply_to(mention, "contract: here is the answer"), ()))
        self.settle()
        assert sent.remote_id in self.answers_to(mention)
        ours = {each.remote_id: each for each in self.run(lambda network: network.thread(mention)).descendants}
        assert ours[sent.remote_id].in_reply_to == mention
        assert ours[sent.remote_id].ours
        assert "contract: here is the answer" in ours[sent.remote_id].text
        assert sent.at.tzinfo is not None

    def test_reply_to_what_is_not_there_is_refused(self) -> None:
        async def job(network: Network) -> None:
            # Some servers accept it and make an orphan: then it must at least not count as an answer to anything.
            sent = await network.send(self.reply_to(self.unknown_id, "contract: to nobody"), ())
            assert (await network.thread(sent.remote_id)).ancestors == ()
            raise Gone("an orphan")

        with pytest.raises(Refused):
            self.run(job)

    def test_post_is_out_and_can_be_answered(self) -> None:
        sent = self.run(lambda network: network.send(self.post("contract: a post ☕"), ()))
        self.settle()
        answer = self.say("contract: under your post", in_reply_to=sent.remote_id)
        self.settle()
        thread = self.run(lambda network: network.thread(sent.remote_id))
        assert answer in [status.remote_id for status in thread.descendants]
        status = next(each for each in mentions_in(self.run(self.batches)) if each.remote_id == answer)
        assert status.in_reply_to == sent.remote_id

    def test_same_key_twice_is_one_text_where_that_is_promised(self) -> None:
        mention = self.say("contract: answer me once")
        self.settle()
        item = self.reply_to(mention, "contract: once")

        async def job(network: Network) -> list[Sent] | None:
            if not (await network.check()).capabilities.idempotent:
                return None
            return [await network.send(item, ()), await network.send(item, ())]

        both = self.run(job)
        self.settle()
        if both:
            assert both[0].remote_id == both[1].remote_id
            assert list(self.answers_to(mention)) == [both[0].remote_id]

    def test_find_tells_what_is_out_and_what_is_not(self) -> None:
        mention = self.say("contract: did you get it out?")
        self.settle()
        item = self.reply_to(mention, "contract: it is out")
        other = self.reply_to(mention, "contract: it never left")
        post = self.post("contract: a post to be found")
        sent = self.run(lambda network: network.send(item, ()))
        posted = self.run(lambda network: network.send(post, ()))
        self.settle()
        found = self.run(lambda network: network.find(item))
        found_post = self.run(lambda network: network.find(post))
        assert found and found.remote_id == sent.remote_id
        assert found_post and found_post.remote_id == posted.remote_id
        assert self.run(lambda network: network.find(other)) is None

    def test_text_of_exactly_the_limit_passes_and_one_more_is_refused(self) -> None:
        mention = self.say("contract: how long can you go?")
        self.settle()

        async def job(network: Network) -> None:
            most = (await network.check()).limits.characters
            if most is None:
                return
            with pytest.raises(Refused):
                await network.send(self.reply_to(mention, "x" * (most + 1)), ())
            assert (await network.send(self.reply_to(mention, "y" * most), ())).remote_id

        self.run(job)
        self.settle()
        assert len(self.answers_to(mention)) <= 1

    def test_empty_text_is_refused(self) -> None:
        with pytest.raises(Refused):
            self.run(lambda network: network.send(self.post(""), ()))

    def test_media_goes_out_with_its_alt_text(self, tmp_path: Path) -> None:
        file = tmp_path / "pixel.png"
        file.write_bytes(picture())

        async def job(network: Network) -> None:
            uploaded = await self.able(network, "media", lambda: network.upload(Media(str(file), "a red dot")))
            if uploaded is None:
                return
            assert uploaded.remote_id and uploaded.alt == "a red dot"
            assert (await network.send(self.post("contract: with a picture"), (uploaded,))).remote_id

        self.run(job)

    # -- acts ------------------------------------------------------------------------------------------------------

    @pytest.mark.parametrize(
        ("ability", "kinds"),
        [
            ("favourite", (ActKind.FAVOURITE, ActKind.UNFAVOURITE)),
            ("boost", (ActKind.BOOST, ActKind.UNBOOST)),
        ],
    )
    def test_act_on_a_mention_can_be_repeated(self, ability: str, kinds: tuple[ActKind, ...]) -> None:
        mention = self.say(f"contract: {ability} me")
        self.settle()

        async def job(network: Network) -> None:
            for kind in (kind for kind in kinds for _ in range(2)):
                act = self.act(kind, mention)
                await self.able(network, ability, lambda act=act: network.act(act))  # type: ignore[misc]

        self.run(job)

    @pytest.mark.parametrize(
        ("ability", "kinds"),
        [("mute", (ActKind.MUTE, ActKind.UNMUTE)), ("block", (ActKind.BLOCK, ActKind.UNBLOCK))],
    )
    def test_act_on_an_author_can_be_repeated_and_taken_back(self, ability: str, kinds: tuple[ActKind, ...]) -> None:
        mention = self.say(f"contract: {ability} the one who says this")
        self.settle()

        async def job(network: Network) -> None:
            found = mentions_in(await self.batches(network))
            author = next(status.author_id for status in found if status.remote_id == mention)
            assert author
            for kind in (kind for kind in kinds for _ in range(2)):
                act = self.act(kind, author)
                await self.able(network, ability, lambda act=act: network.act(act))  # type: ignore[misc]

        self.run(job)
        again = self.say("contract: back again")
        self.settle()
        assert again in [status.remote_id for status in mentions_in(self.run(self.batches))]

    def test_delete_takes_our_reply_away_and_can_be_repeated(self) -> None:
        mention = self.say("contract: say something wrong")
        self.settle()
        sent = self.run(lambda network: network.send(self.reply_to(mention, "contract: something wrong"), ()))

        async def job(network: Network) -> bool:
            if not (await network.check()).capabilities.delete:
                return False
            for _ in range(2):
                await network.act(self.act(ActKind.DELETE, sent.remote_id))
            return True

        if self.run(job):
            self.settle()
            assert sent.remote_id not in self.answers_to(mention)

    def test_edit_changes_our_text(self) -> None:
        mention = self.say("contract: say it better")
        self.settle()
        sent = self.run(lambda network: network.send(self.reply_to(mention, "contract: wors"), ()))

        async def job(network: Network) -> None:
            act = self.act(ActKind.EDIT, sent.remote_id, "contract: words")
            await self.able(network, "edit", lambda: network.act(act))
            if (await network.check()).capabilities.edit:
                thread = await network.thread(mention)
                ours = next(each for each in thread.descendants if each.remote_id == sent.remote_id)
                assert "contract: words" in ours.text

        self.run(job)

    # -- errors ----------------------------------------------------------------------------------------------------

    def test_nothing_but_network_errors_comes_out(self, tmp_path: Path) -> None:
        lines: list[str] = []

        async def tried(job: Awaitable[object]) -> None:
            try:
                await job
            except NetworkError as error:
                lines.append(str(error))

        async def job(network: Network) -> None:
            for odd in ("", "no such thing", "/../..", "%00", "🙈"):
                await tried(network.thread(odd))
                await tried(network.send(self.reply_to(odd or "?", "contract: odd"), ()))
                await tried(network.act(self.act(ActKind.FAVOURITE, odd)))
                await tried(network.act(self.act(ActKind.DELETE, odd)))
                await tried(network.act(self.act(ActKind.EDIT, odd, "contract: odd")))
                await tried(self.batches(network, odd))
            await tried(network.upload(Media(str(tmp_path / "missing.png"))))

        self.run(job)
        assert lines and all(line and "\n" not in line for line in lines)
