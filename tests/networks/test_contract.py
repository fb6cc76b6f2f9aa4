"""The contract suite finds what is wrong: each fault that a network could have fails the test that is for it."""

import pytest
from msgspec.structs import replace

from commtui.model.records import ActKind
from commtui.networks.base import AnswerLost, Batch, EventKind, Refused, Thread
from commtui.networks.contract import NetworkContract
from commtui.networks.demo import Demo
from tests.clock import FakeClock
from tests.networks.test_demo import login


class Renamed(Demo):
    async def check(self):
        found = await super().check()
        return replace(found, user=f"{id(self)}@{id(found)}")


class LetsAnybodyIn(Demo):
    async def check(self):
        self._login = replace(self._login, secret=str)
        return await super().check()


class Changed(Demo):
    """Changes each batch of a fetch."""

    def batch(self, batch):
        raise NotImplementedError

    async def fetch(self, cursor, since):
        async for batch in super().fetch(cursor, since):
            yield self.batch(batch)


class LosesOne(Changed):
    def batch(self, batch):
        return replace(batch, items=batch.items[:-1])


class Twice(Changed):
    def batch(self, batch):
        return replace(batch, items=batch.items + batch.items[-1:])


class NoCursor(Changed):
    def batch(self, batch):
        return replace(batch, cursor=None)


class NewestFirst(Changed):
    def batch(self, batch):
        return replace(batch, items=batch.items[::-1])


class Naive(Changed):
    def batch(self, batch):
        return Batch(
            tuple(
                replace(item, status=replace(item.status, created_at=item.status.created_at.replace(tzinfo=None)))
                if item.kind == EventKind.MENTION
                else item
                for item in batch.items
            ),
            batch.cursor,
        )


class Html(Changed):
    def batch(self, batch):
        return Batch(
            tuple(
                replace(item, status=replace(item.status, text=f"<p>{item.status.text.replace('&', '&amp;')}</p>"))
                if item.kind == EventKind.MENTION
                else item
                for item in batch.items
            ),
            batch.cursor,
        )


class StandsStill(Demo):
    """Its cursor never moves: everything comes again."""

    async def fetch(self, cursor, since):
        async for batch in super().fetch(None, since):
            yield batch


class JumpsAhead(Demo):
    """Its first batch's cursor is already the last one's: a crash in between loses the rest."""

    async def fetch(self, cursor, since):
        batches = [batch async for batch in super().fetch(cursor, since)]
        for batch in batches:
            yield replace(batch, cursor=batches[-1].cursor)


class FlatThread(Demo):
    async def thread(self, remote_id, most=20):
        return replace(await super().thread(remote_id, most), ancestors=())


class EmptyThread(Demo):
    async def thread(self, remote_id, most=20):
        try:
            return await super().thread(remote_id, most)
        except Refused:
            return Thread((), ())


class SendsAgain(Demo):
    """Ignores the key though it promises not to."""

    async def send(self, item, media):
        return await super().send(replace(item, key=f"{item.key}{len(self._shared.memory.entries)}"), media)


class PostsOnly(Demo):
    async def send(self, item, media):
        return await super().send(replace(item, in_reply_to_remote=None), media)


class CutsOff(Demo):
    async def send(self, item, media):
        return await super().send(replace(item, text=item.text[:500]), media)


class FindsAnything(Demo):
    async def find(self, item, taken=()):
        return await self.send(item, ())


class FindsNothing(Demo):
    async def find(self, item, taken=()):
        return None


class KeepsDeleted(Demo):
    async def act(self, act):
        return None if act.kind == ActKind.DELETE else await super().act(act)


class DeletesOnce(Demo):
    async def act(self, act):
        if act.kind == ActKind.DELETE and act.target in self._shared.now().deleted:
            raise Refused("not there")
        return await super().act(act)


class KeepsEdited(Demo):
    async def act(self, act):
        return None if act.kind == ActKind.EDIT else await super().act(act)


class SaysItCannotButDoes(Demo):
    async def check(self):
        found = await super().check()
        return replace(found, capabilities=replace(found.capabilities, favourite=False))


class Leaks(Demo):
    async def thread(self, remote_id, most=20):
        if not remote_id:
            raise KeyError(remote_id)
        return await super().thread(remote_id, most)


class Babbles(Demo):
    async def upload(self, media):
        raise AnswerLost("one line\nand another")


class Mute(Demo):
    async def stream(self):
        return
        yield


FAULTS = [
    (Renamed, "check_tells_a_lasting_user_and_a_handle"),
    (LetsAnybodyIn, "wrong_token_is_a_refused_login_in_check_and_fetch"),
    (LosesOne, "first_fetch_brings_what_was_said_before_in_sound_records"),
    (LosesOne, "stopping_after_any_batch_loses_nothing"),
    (Twice, "first_fetch_brings_what_was_said_before_in_sound_records"),
    (NoCursor, "first_fetch_brings_what_was_said_before_in_sound_records"),
    (NewestFirst, "first_fetch_brings_what_was_said_before_in_sound_records"),
    (Naive, "first_fetch_brings_what_was_said_before_in_sound_records"),
    (Html, "mention_text_is_plain"),
    (StandsStill, "fetch_with_the_cursor_brings_only_what_is_new"),
    (StandsStill, "poll_with_nothing_new_brings_nothing"),
    (JumpsAhead, "stopping_after_any_batch_loses_nothing"),
    (FlatThread, "thread_has_ancestors_and_descendants_in_order"),
    (EmptyThread, "thread_of_what_is_not_there_is_gone"),
    (PostsOnly, "reply_stands_in_the_thread"),
    (PostsOnly, "reply_to_what_is_not_there_is_refused"),
    (SendsAgain, "same_key_twice_is_one_text_where_that_is_promised"),
    (FindsAnything, "find_tells_what_is_out_and_what_is_not"),
    (FindsNothing, "find_tells_what_is_out_and_what_is_not"),
    (CutsOff, "text_of_exactly_the_limit_passes_and_one_more_is_refused"),
    (KeepsDeleted, "delete_takes_our_reply_away_and_can_be_repeated"),
    (DeletesOnce, "delete_takes_our_reply_away_and_can_be_repeated"),
    (KeepsEdited, "edit_changes_our_text"),
    (Mute, "stream_speaks_at_its_start"),
]


def bench_of(faulty, folder):
    clock = FakeClock()

    class Bench(NetworkContract):
        network = faulty

        def make_login(self, token=None):
            return login(clock, token or "", folder=folder, pace=0)

        def say(self, text, in_reply_to=None):
            clock.advance(1)
            return Demo(self.make_login()).say(text, in_reply_to=in_reply_to)

        def answers_to(self, remote_id):
            descendants = self.run(lambda _: Demo(self.make_login()).thread(remote_id)).descendants
            return [status.remote_id for status in descendants if status.in_reply_to == remote_id]

    return Bench()


@pytest.mark.parametrize(("faulty", "test"), FAULTS, ids=[f"{faulty.__name__}-{test}" for faulty, test in FAULTS])
def test_a_fault_fails_the_test_that_is_for_it(tmp_path, faulty, test):
    check = f"test_{test}"
    getattr(bench_of(Demo, tmp_path / "sound"), check)()
    with pytest.raises((AssertionError, pytest.fail.Exception, Refused)):
        getattr(bench_of(faulty, tmp_path / "faulty"), check)()


@pytest.mark.parametrize(("faulty", "error"), [(Leaks, KeyError), (Babbles, AssertionError)])
def test_other_errors_and_other_lines_are_found(tmp_path, faulty, error):
    with pytest.raises(error):
        bench_of(faulty, tmp_path).test_nothing_but_network_errors_comes_out(tmp_path)


def test_an_ability_that_is_denied_must_be_refused(tmp_path):
    with pytest.raises(pytest.fail.Exception, match="Unsupported"):
        bench_of(SaysItCannotButDoes, tmp_path).test_act_on_a_mention_can_be_repeated(
            "favourite", (ActKind.FAVOURITE, ActKind.UNFAVOURITE)
        )
