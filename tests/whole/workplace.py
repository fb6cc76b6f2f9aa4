"""Where the whole job is done: a home with two accounts and their servers, and what is asked of it."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

from commtui.activity.errors import TriageError
from commtui.activity.refusals import CannotSend
from commtui.community import replies
from commtui.config.settings import Account
from commtui.marketing import posts
from commtui.model.records import Mention, Outgoing
from commtui.model.states import OutgoingState
from commtui.outgoing.form import Form
from tests.clock import FakeClock
from tests.servers.quirks import QuirkServer, Status
from tests.servers.quirks.each import switches
from tests.whole.engine_home import EngineHome

ARRIVING, FEW = 110, 5
"""More than one page of 80, where that makes a difference, or less."""
LISTS = ("ids", "links", "pages", "listed", "min_id", "64", "endless", "no v2", "strangers")
"""How the names of quirks begin that have to do with lists."""
SETTLED = frozenset((OutgoingState.SENT, OutgoingState.FAILED, OutgoingState.UNKNOWN, OutgoingState.HELD))


class Workplace:
    """A home, the server with quirks of its account `brand`, and the server without of its account `calm`."""

    account: Account

    def __init__(self, folder: Path, *quirks: str) -> None:
        self.arriving = ARRIVING if any(quirk.startswith(LISTS) for quirk in quirks) else FEW
        # a server that honours the key forgives much: where a quirk doesn't name it, it is ignored
        given: dict[str, Any] = {"idempotency": "ignored", **switches(*quirks)}
        self.post_answers: list[Any] = given.pop("post_answers", None) or ["drop"]
        self.act_answers: list[Any] = given.pop("act_answers", [])
        self.page_answers: list[Any] = given.pop("page_answers", [])
        self.clock = FakeClock()
        self.server, self.other = QuirkServer(**given), QuirkServer()
        for server in (self.server, self.other):
            server.clock = self.clock.now
        self.home = EngineHome(folder / "home", self.clock)
        self.picture = folder / "cup.png"
        self.picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)

    def work(self, seconds: float) -> None:
        """The engine works; the calm account sends what is due, and has no need to fetch."""
        self.home.work(seconds, ["brand"])

    def send(self, seconds: float) -> None:
        """The engine sends what is due."""
        self.home.work(seconds, ())

    def mention_of(self, status: Status) -> Mention:
        """Our record of what somebody wrote."""
        rows = [row for row in self.home.mentions(self.account) if row.url and row.url.endswith(f"/{status.address}")]
        assert rows, f"not there: {status.text!r}"
        return rows[0]

    def arrived(self, number: int) -> Status:
        """One of the newest mentions that are there: 0 for the newest of all."""
        got = {mention.text for mention in self.home.mentions(self.account)}
        rows = [status for status in self.server.statuses if "@brand number" in status.text and status.text in got]
        assert len(rows) > number, "there is no mention to answer"
        return rows[-1 - number]

    def told(self) -> bool:
        """Whether the account's state says that something could not be had."""
        state = self.home.state(self.account)
        return any(getattr(state, name, None) for name in ("left_out", "missed_since", "filtered"))

    def release_uploads(self) -> threading.Thread:
        """Lets uploads go that hang, once one does."""

        def release() -> None:
            end = time.monotonic() + 20
            while self.server.quirks.upload_hangs and time.monotonic() < end:
                if self.server.count("POST", "/api/v2/media"):
                    self.server.quirks.upload_hangs = False
                time.sleep(0.01)

        thread = threading.Thread(target=release, daemon=True)
        thread.start()
        return thread

    def write(self, status: Status, text: str) -> Outgoing | None:
        """A reply that is written now; None: the server's limits forbid it."""
        try:
            return replies.reply(self.home.desk, self.mention_of(status).id, text)[0]
        except CannotSend:
            return None

    def post(self, text: str, form: Form) -> Outgoing | None:
        """A post that is written now; None: the server's limits forbid it."""
        try:
            return posts.write_post(self.home.desk, text, ["brand"], form=form)[0][0]
        except (CannotSend, TriageError):
            return None

    def server_has(self, item: Outgoing) -> list[Status]:
        """What the server ever had of an item, deleted or not."""
        key = item.text.partition(":")[0]
        return [row for row in self.server.all_statuses if row.account.acct == "brand" and key in row.text]

    def check_out(self, item: Outgoing, state: OutgoingState | None = None) -> None:
        """The item is out once and known as that; or, if nothing else is asked for, a person is told."""
        now, out = self.home.item(item), self.server_has(item)
        assert len(out) <= 1, f"sent {len(out)} times: {item.text!r}, {now.state}"
        assert now.state in (SETTLED if state is None else (state,)), (now.state, now.reason, now.error)
        if now.state is OutgoingState.SENT:
            assert len(out) == 1, f"`sent`, but it is not out: {now}"
            assert now.remote_id == out[0].id, f"taken for another one: {now}"
        else:
            assert now.reason or now.error, f"{now.state} without a word"
