"""The second half of the contract: what is sent, acts, errors."""

from __future__ import annotations

from collections.abc import Awaitable
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from commtui.model.abilities import Visibility
from commtui.model.records import ActKind, Media
from commtui.networks.base import (
    Absence,
    Network,
    NetworkError,
    Refused,
    Sent,
)
from commtui.networks.contract.hooks import Hooks, mentions_in, picture


class OutboundContract(Hooks):
    """What every network guarantees about what it sends or changes."""

    # -- what is sent ---------------------------------------------------------------------------------------------

    def test_reply_stands_in_the_thread(self) -> None:
        mention = self.say("contract: please answer")
        self.settle()
        sent = self.run(lambda network: network.send(self.reply_to(mention, "contract: here is the answer"), ()))
        self.settle()
        assert sent.remote_id in self.answers_to(mention)
        ours = {status.remote_id: status for status in self.run(lambda network: network.thread(mention)).descendants}
        assert ours[sent.remote_id].in_reply_to == mention
        assert ours[sent.remote_id].ours
        assert "contract: here is the answer" in ours[sent.remote_id].text
        assert sent.at.tzinfo is not None

    def test_reply_to_what_is_not_there_is_refused(self) -> None:
        with pytest.raises(Refused):
            self.run(lambda network: network.send(self.reply_to(self.unknown_id, "contract: to nobody"), ()))

    def test_post_is_out_and_can_be_answered(self) -> None:
        sent = self.run(lambda network: network.send(self.post("contract: a post ☕"), ()))
        self.settle()
        answer = self.say("contract: under your post", in_reply_to=sent.remote_id)
        self.settle()
        thread = self.run(lambda network: network.thread(sent.remote_id))
        assert answer in [status.remote_id for status in thread.descendants]
        status = next(status for status in mentions_in(self.run(self.batches)) if status.remote_id == answer)
        assert status.in_reply_to == sent.remote_id

    def test_post_answers_an_earlier_one_of_ours_where_threads_are_promised(self) -> None:
        async def job(network: Network) -> tuple[Sent, Sent] | None:
            if not (await network.check()).capabilities.threads:
                return None
            first = await network.send(self.post("contract: the first of two"), ())
            second = replace(self.post("contract: the second of two"), in_reply_to_remote=first.remote_id)
            return first, await network.send(second, ())

        both = self.run(job)
        self.settle()
        if both:
            thread = self.run(lambda network: network.thread(both[0].remote_id))
            below = {status.remote_id: status for status in thread.descendants}
            assert below[both[1].remote_id].in_reply_to == both[0].remote_id
            assert below[both[1].remote_id].ours

    def test_same_key_twice_is_one_text_where_that_is_promised(self) -> None:
        mention = self.say("contract: answer me once")
        self.settle()
        item = self.reply_to(mention, "contract: once")

        async def job(network: Network) -> list[Sent] | None:
            if Visibility.PUBLIC not in (await network.check()).capabilities.proofs.key:
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
        assert isinstance(found, Sent) and found.remote_id == sent.remote_id
        assert isinstance(found_post, Sent) and found_post.remote_id == posted.remote_id
        assert not isinstance(self.run(lambda network: network.find(other)), Sent)

    def test_lists_that_prove_are_read_to_the_end(self) -> None:
        async def job(network: Network) -> Sent | Absence | None:
            if Visibility.PUBLIC not in (await network.check()).capabilities.proofs.listed:
                return Absence(complete=True)
            return await network.find(self.post("contract: a post that never left"))

        missing = self.run(job)
        assert isinstance(missing, Absence) and missing.complete and not missing.look_alikes

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
                await self.able(network, ability, partial(network.act, act))

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
                await self.able(network, ability, partial(network.act, act))

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
                ours = next(status for status in thread.descendants if status.remote_id == sent.remote_id)
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
