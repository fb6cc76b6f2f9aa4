"""The first half of the contract: who we are, what arrives, threads."""

from __future__ import annotations

import pytest

from commtui.model.abilities import Capabilities
from commtui.networks.base import (
    Batch,
    Gone,
    LoginRefused,
    Network,
    Unsupported,
)
from commtui.networks.contract.hooks import MOST_BATCHES, Hooks, assert_sound, mentions_in


class InboundContract(Hooks):
    """What every network guarantees about what arrives."""

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

    # -- what arrives ------------------------------------------------------------------------------------------------

    def test_first_fetch_brings_what_was_said_before_in_sound_records(self) -> None:
        posted = [self.say("contract: was here before you"), self.say("contract: me too")]
        self.settle()
        found = self.run(self.batches)
        mentions = mentions_in(found)
        assert all(batch.cursor for batch in found)
        assert [status.remote_id for status in mentions if status.remote_id in posted] == (
            posted if self.oldest_first else posted[::-1]
        )
        assert len({status.remote_id for status in mentions}) == len(mentions)
        for status in mentions:
            assert_sound(status)
            assert not status.ours
        if self.oldest_first:
            moments = [status.created_at for status in mentions]
            assert moments == sorted(moments)

    def test_mention_text_is_plain(self) -> None:
        posted = self.say("contract: 1 < 2 & <b>bold</b> [red]no markup[/red] 👩🏽‍🔬 ünïcode")
        self.settle()
        status = next(status for status in mentions_in(self.run(self.batches)) if status.remote_id == posted)
        for part in ("1 < 2 &", "[red]no markup[/red]", "👩🏽‍🔬", "ünïcode"):
            assert part in status.text
        assert "&amp;" not in status.text and "<p>" not in status.text

    def test_fetch_with_the_cursor_brings_only_what_is_new(self) -> None:
        old = self.say("contract: old")
        self.settle()
        cursor = self.run(self.last_cursor)
        new = [self.say("contract: new one"), self.say("contract: new two")]
        self.settle()
        found = self.run(lambda network: self.batches(network, cursor))
        brought = [status.remote_id for status in mentions_in(found)]
        assert [status for status in brought if status in new] == (new if self.oldest_first else new[::-1])
        assert old not in brought

    def test_poll_with_nothing_new_brings_nothing(self) -> None:
        self.say("contract: the last word")
        self.settle()
        cursor = self.run(self.last_cursor)
        again = self.run(lambda network: self.batches(network, cursor))
        assert mentions_in(again) == []
        assert all(batch.cursor for batch in again)

    def test_repeat_of_an_old_cursor_loses_nothing(self) -> None:
        self.say("contract: before")
        self.settle()
        cursor = self.run(self.last_cursor)
        posted = {self.say("contract: crash 1"), self.say("contract: crash 2")}
        self.settle()
        for _ in range(2):
            brought = {status.remote_id for status in mentions_in(self.run(lambda net: self.batches(net, cursor)))}
            assert posted <= brought

    def test_stopping_after_any_batch_loses_nothing(self) -> None:
        self.say("contract: before the flood")
        self.settle()
        start = self.run(self.last_cursor)
        posted = {self.say(f"contract: flood {number}") for number in range(45)}
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
        assert posted <= set(brought)
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
        assert next(status for status in of_middle.descendants if status.remote_id == leaf).in_reply_to == middle
        of_leaf = self.run(lambda network: network.thread(leaf))
        assert [status.remote_id for status in of_leaf.ancestors] == [root, middle]
        for status in (*of_leaf.ancestors, *of_middle.descendants):
            assert_sound(status)

    def test_thread_of_what_is_not_there_is_gone(self) -> None:
        with pytest.raises(Gone):
            self.run(lambda network: network.thread(self.unknown_id))

    def test_look_up_tells_what_is_there_and_what_is_gone(self) -> None:
        posted = [self.say("contract: look here"), self.say("contract: and here")]
        self.settle()
        try:
            seen = self.run(lambda network: network.look_up([posted[0], self.unknown_id, posted[1]]))
            alone = self.run(lambda network: network.look_up(posted[:1]))
        except Unsupported:
            return
        assert {status.remote_id for status in seen.found} == set(posted)
        assert seen.gone == (self.unknown_id,)
        assert [status.remote_id for status in alone.found] == posted[:1] and alone.gone == ()
        for status in seen.found:
            assert_sound(status)
