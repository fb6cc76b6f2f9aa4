"""The whole job of a person on one server with quirks, step by step, and what must hold after each step.

Beside it stands a second account, on a server without quirks, which must notice nothing.
"""

from __future__ import annotations

from collections import Counter

from commtui.community import conversations, replies
from commtui.model.abilities import Visibility
from commtui.model.records import ActKind, Media, Outgoing
from commtui.model.states import OutgoingState
from commtui.outgoing import acts, changes
from commtui.outgoing.form import Form
from tests.servers.quirks.odd import READABLE
from tests.whole.workplace import Workplace

REWRITTEN = (
    "see www.example.org AT&amp;T :smile: :) <3 >:( <b>x</b> a<br>b ![alt](https://e.example/i.png) [^1]"
    ' <!-- c --> "q" -- it\'s **so**...'
)
"""Everything that some server changes."""
MINUTES, HOURS = 60.0, 3600.0
OPTIONS = ("oolong", "filter coffee")
POLL = {"id": "1", "expired": False, "options": [{"title": option, "votes_count": 1} for option in OPTIONS]}


STEPS = (
    "log_in", "receive", "see_poll", "answer", "lose_answers", "change", "report", "hear_of_edit", "hear_of_deletion",
    "check_calm",
)  # fmt: skip


def first_line(text: str) -> str:
    """What a text begins with: poll options and the like may stand below."""
    return text.partition("\n")[0]


class Job(Workplace):
    """`Job(folder, "links none").do()` gives what does not hold, by the step in which it was seen."""

    def do(self) -> dict[str, str]:
        """All of it; a step that fails does not keep the next ones from being tried."""
        failures: dict[str, str] = {}
        try:
            for step in STEPS:
                try:
                    getattr(self, step)()
                except Exception as error:  # noqa: BLE001 - a fault in one step is a finding like a failed check
                    failures[step] = f"{type(error).__name__}: {error}"
                    if step == "log_in":
                        break
            self.states = {item.id: item.state.value for item in self.home.items()}
        finally:
            self.home.close()
            self.server.stop()
            self.other.stop()
        return failures

    def state_of(self, item: Outgoing) -> str:
        """The state of an item when the job was done."""
        return self.states[item.id]

    # step by step

    def log_in(self) -> None:
        """Both accounts; a first round, so that what follows arrives from a cursor on."""
        self.account = self.home.log_in(self.server)
        self.calm = self.home.log_in(self.other, "calm")
        self.server.mention("ada", "hello")
        self.ours = self.server.post("brand", "our first post")
        self.home.work(10 * MINUTES)
        self.work(10 * MINUTES)
        got = [mention.text for mention in self.home.mentions(self.account)]
        assert got == ["@brand hello"], (got, self.home.state(self.account))

    def receive(self) -> None:
        """More than a page of mentions, of every kind, while nothing runs."""
        server = self.server
        self.changing = [server.mention("grace", f"changing {n}") for n in range(2)]
        server.mentions(self.arriving)
        self.direct = server.mention("ada", "in private", visibility="direct")
        self.poll = server.mention("zoe@far.example", "tea or coffee?", extra={"poll": POLL})
        self.answered = server.mention("ada", "an answer", self.ours)
        self.boosted = server.mention("alan", "boost this")
        server.reblog("grace", self.boosted)
        server.reblog("grace", self.ours)
        server.favourite("zoe", self.ours)
        self.changing += [server.mention("grace", f"changing {n}") for n in (2, 3)]
        self.other.mention("ada", "hello, calm one")
        server.quirks.page_answers += self.page_answers
        self.home.work(10 * MINUTES)
        for _ in range(2 + len(self.page_answers)):
            self.work(10 * MINUTES)
        self.server.quirks.endless = False  # it costs hundreds of requests a round: a day of it shows nothing more
        self.check_received()
        if server.quirks.filters:
            assert self.home.state(self.account).filtered, "nothing tells of what is kept aside"
            acts.accept_filtered(self.home.desk, "brand")
        if server.quirks.approval:
            assert self.mention_of(self.answered).pending, "nothing says that it waits"
            acts.accept(self.home.desk, self.mention_of(self.answered).id)
        if server.quirks.filters or server.quirks.approval:
            for _ in range(3):
                self.work(10 * MINUTES)
            self.check_received()
            self.mention_of(self.direct)
            assert not self.answered.pending, "it was not accepted"

    def check_received(self) -> None:
        """Each mention is there once, with its author and text; what is missing is told."""
        unseen = {"brand", *self.server.quirks.leaves_out}
        expected = [row.status for row in self.server.notifications if row.status and row.kind != "favourite"]
        expected = [status for status in expected if status.account.acct not in unseen and "@brand" in status.text]
        wanted = {first_line(status.text): status for status in expected}
        got = Counter(first_line(mention.text) for mention in self.home.mentions(self.account))
        twice = {text: count for text, count in got.items() if count > 1}
        assert not twice, f"there more than once: {twice}"
        odd = {f"@brand odd {name}" for name in self.server.quirks.odd_items if name not in READABLE}
        missing = [text for text in wanted if text not in got and text not in odd]
        assert not (got.keys() - wanted.keys() - odd), f"nobody wrote {got.keys() - wanted.keys()}"
        for mention in self.home.mentions(self.account):
            status = wanted.get(first_line(mention.text))
            assert status is None or mention.author.startswith(f"@{status.account.acct.split('@')[0]}@"), mention
        skipped = self.home.state(self.account).skipped
        assert skipped or odd <= got.keys(), "what was skipped is not counted"
        if missing:
            assert self.told(), f"{len(missing)} of {len(wanted)} mentions are missing without a word: {missing[:5]}"

    def see_poll(self) -> None:
        """A poll's options are there with it."""
        mention = self.mention_of(self.poll)
        assert all(option in str(mention) for option in OPTIONS), f"no options: {mention}"

    def answer(self) -> None:
        """A reply, a direct reply, a post with a picture: all go out, at once."""
        public = self.arrived(0)
        picture = Form(media=(Media(url=str(self.picture), alt="a cup"),), visibility=Visibility.PUBLIC)
        calm = self.home.mentions(self.calm)[0]
        self.calm_reply, _ = replies.reply(self.home.desk, calm.id, "the calm answer")
        self.reply = self.write(public, "the plain answer")
        self.private = self.write(self.direct, "the private answer")
        self.with_picture = self.post("the post with a picture", picture)
        self.plain = self.post("the plain post", Form(visibility=Visibility.PUBLIC))
        releasing = self.release_uploads()
        self.send(2 * HOURS)
        releasing.join()
        for item in filter(None, (self.reply, self.private, self.plain)):
            self.check_out(item, OutgoingState.SENT)
        self.check_out(self.with_picture, OutgoingState.FAILED if self.server.quirks.media == "none" else None)
        if self.private is not None:
            assert self.server_has(self.private)[0].visibility == "direct"
        assert self.server_has(self.reply)[0].in_reply_to == public.id
        if self.home.item(self.with_picture).state is OutgoingState.SENT:
            assert len(self.server_has(self.with_picture)[0].media) == 1

    def lose_answers(self) -> None:
        """The answer to a reply, a post for followers and a direct reply is lost: each may be out once at most."""
        public = self.arrived(1)
        self.lost: list[Outgoing] = []
        for write in (
            lambda: self.write(public, f"lost 1: {REWRITTEN}"),
            lambda: self.post(f"lost 2: {REWRITTEN}", Form(visibility=Visibility.PRIVATE)),
            lambda: self.write(self.direct, f"lost 3: {REWRITTEN}"),
        ):
            item = write()
            if item is None:  # too long for this server: nobody wrote it
                continue
            self.server.quirks.post_answers[:] = self.post_answers
            self.lost.append(item)
            self.send(30 * MINUTES)
            is_used = len(self.server.quirks.post_answers) < len(self.post_answers)
            self.server.quirks.post_answers.clear()
            assert is_used or self.home.item(item).state is not OutgoingState.SENT
        for item in self.lost:
            self.check_out(item)

    def change(self) -> None:
        """A reply is edited, then a post deleted, whatever becomes of the answers."""
        changes.edit(self.home.desk, self.reply.id, f"the plain answer, edited: {REWRITTEN}")
        self.server.quirks.act_answers[:] = self.act_answers
        self.send(30 * MINUTES)
        (out,) = self.server_has(self.reply)
        assert "the plain answer, edited" in out.text, f"the edit did not arrive: {out.text!r}: {self.home.acts()}"
        assert "@" in out.text.split()[0], f"the edit took the handle away: {out.text!r}"
        assert self.home.item(self.reply).remote_id == out.id, "the edit gave it another id"
        puts = self.server.count("PUT", "/api/v1/statuses/.*")
        assert puts <= 2 + len(self.act_answers), f"edited {puts} times: each of them may tell people"
        (edit,) = [act for act in self.home.acts() if act.kind is ActKind.EDIT]
        assert edit.state is OutgoingState.SENT, (edit.state, edit.error)
        acts.delete(self.home.desk, self.plain.id)
        self.server.quirks.act_answers[:] = self.act_answers
        self.send(30 * MINUTES)
        assert self.server_has(self.plain)[0].deleted, f"the deletion did not arrive: {self.home.acts()}"
        for act in self.home.acts():
            assert act.state is OutgoingState.SENT or act.error or act.reason, act

    def report(self) -> None:
        """The moderators are told of an author and of what was written."""
        status = self.arrived(2)
        acts.report(self.home.desk, self.mention_of(status).id, "spam")
        self.send(30 * MINUTES)
        (told,) = self.server.reports
        assert told["target"] == status.account.acct and told.get("status_ids") == [status.id], told

    def hear_of_edit(self) -> None:
        """One of the mentions gets another text and one is deleted; most of the others are done, and hours go by."""
        changing = {status.text for status in self.changing}
        others = [mention.id for mention in self.home.mentions(self.account) if mention.text not in changing]
        conversations.done(self.home.desk, others)
        self.server.edit(self.changing[2], "@brand changing 2, and now it says something else altogether")
        self.server.delete(self.changing[3])
        for _ in range(2):
            self.work(30 * MINUTES)
        edited = self.mention_of(self.changing[2])
        assert edited.text.endswith("something else altogether"), "an edit was never seen"
        assert not edited.deleted
        got = Counter(mention.text for mention in self.home.mentions(self.account))
        assert max(got.values()) == 1, "an edit made a second mention"
        answer = self.write(self.changing[2], "the late answer")
        self.send(30 * MINUTES)
        self.check_out(answer, OutgoingState.SENT)
        assert self.server_has(answer)[0].in_reply_to == self.changing[2].id, "it does not answer what was edited"

    def hear_of_deletion(self) -> None:
        """The other one is marked; no other mention is."""
        deleted = [mention.text for mention in self.home.mentions(self.account) if mention.deleted]
        assert deleted == ["@brand changing 3"], f"deleted are {deleted}"

    def check_calm(self) -> None:
        """The other account has its mention and its answer; nowhere was there a fault of ours."""
        assert [mention.text for mention in self.home.mentions(self.calm)] == ["@brand hello, calm one"]
        assert self.home.item(self.calm_reply).state is OutgoingState.SENT
        assert [status.text for status in self.other.statuses_of("brand")] == ["@ada the calm answer"]
        assert self.home.problems.lines == []
