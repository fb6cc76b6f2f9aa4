"""Carries a plan out, and says what did not hold."""

from __future__ import annotations

import os
import signal
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from msgspec import Struct

from commtui.activity.desk import Desk
from commtui.activity.errors import TriageError
from commtui.community import replies
from commtui.config.edit import add_account
from commtui.config.paths import Home
from commtui.config.settings import Account
from commtui.marketing import posts
from commtui.model.abilities import Visibility
from commtui.model.records import Mention, Outgoing
from commtui.model.states import OutgoingState
from commtui.outgoing import changes
from commtui.outgoing.form import Form
from commtui.triage.backup import backup, restore
from tests.servers.effects import Request
from tests.servers.quirks import QuirkServer, Status
from tests.servers.quirks.calls import Problem
from tests.whole.engine_home import EngineHome
from tests.whole.seeded import process
from tests.whole.seeded.plan import Item, Life, Plan, make

SETTLED = frozenset(("sent", "failed", "unknown", "held"))
ASKS = {"retry": (OutgoingState.UNKNOWN, changes.retry), "release": (OutgoingState.HELD, changes.release)}


class Result(Struct):
    """What came of a run: the items by their state, and what did not hold."""

    seed: int
    states: dict[str, int]
    faults: list[str]
    kills: int = 0
    """How many lives ended by SIGKILL."""
    locked: int = 0
    """How many engines found another one at work."""


def run(plan: Plan) -> Result:
    """Carries the plan out in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, QuirkServer(**_copied(plan.server)) as server:
        return Run(plan, Path(folder), server).go()


def run_seed(seed: int) -> Result:
    """The result of a seed; what the run itself raises is a fault of it."""
    try:
        return run(make(seed))
    except Exception:  # noqa: BLE001 - one seed's failure must not end the others
        return Result(seed, {}, [traceback.format_exc(limit=-4)])


def _copied(switches: dict) -> dict:
    return {name: list(value) if isinstance(value, list) else value for name, value in switches.items()}


class Run:
    """One run of one plan."""

    def __init__(self, plan: Plan, folder: Path, server: QuirkServer) -> None:
        self.plan, self.server = plan, server
        self.folder = folder / "home0"
        self.backup_file = folder / "backup.jsonl"
        self.clock = process.shared_clock()
        self.ahead = timedelta()
        server.clock = lambda: self.clock.now() + self.ahead
        self._reads = 0
        self.codes: Counter[int] = Counter()
        """Exit code -> how often."""
        self.written: dict[str, Item] = {}
        """Our id -> what was written."""
        self.asked: Counter[str] = Counter()
        """Text -> how often a person asked to send it again."""

    def go(self) -> Result:
        """Everything, from the login to the checks."""
        self._log_in()
        for number, life in enumerate(self.plan.lives):
            if life.restore:
                self._restore()
            self.ahead += timedelta(seconds=life.jump)
            self._at_the_desk(number, life)
            self._live(life)
            if not number:  # what is answered has come in
                self.server.hooks.append(self._fail_read)
        faults, states = self._check()
        kills, locked = self.codes[-signal.SIGKILL], self.codes[process.LOCKED]
        return Result(self.plan.seed, states, faults, kills, locked)

    # before a life

    def _log_in(self) -> None:
        os.environ["SEEDED_TOKEN"] = self.server.token("brand")
        server = self.server
        self.server.mention("ada", "a question")
        self.server.mention("grace", "in private", visibility="direct")
        account = Account("brand", "mastodon", server.url, f"brand@{server.host}", "SEEDED_TOKEN")
        with EngineHome(self.folder, self.clock) as home:
            add_account(home.home, account)

    def _restore(self) -> None:
        self.folder = self.folder.with_name(f"{self.folder.name}r")
        home = Home.at(self.folder)
        home.prepare()
        restore(home, self.backup_file)

    def _at_the_desk(self, number: int, life: Life) -> None:
        with EngineHome(self.folder, self.clock) as home:
            for item in self.plan.items if number else ():
                if item.life == number:
                    self._write(home.desk, item)
            if life.decide:
                self._decide(home, *ASKS[life.decide])
            if life.backup:
                backup(home.desk, home.home, self.backup_file)

    def _write(self, desk: Desk, item: Item) -> None:
        hold = timedelta(seconds=item.hold)
        if "reply" in item.kind:
            direct = item.kind == "direct reply"
            mentions = [m for m in desk.store.all(Mention) if (m.visibility is Visibility.DIRECT) is direct]
            if not mentions:  # the fetch before it was killed
                return
            made, _ = replies.reply(desk, mentions[0].id, item.text, hold=hold)
        else:
            form = Form(visibility=Visibility(item.kind))
            made = posts.write_post(desk, item.text, ["brand"], form=form, hold=hold)[0][0]
        self.written[made.id] = item

    def _decide(self, home: EngineHome, state: OutgoingState, verb: Callable[[Desk, list[str]], object]) -> None:
        for item in home.items():
            if item.state is state:
                try:
                    verb(home.desk, [item.id])
                except TriageError:
                    continue
                self.asked[item.text] += 1

    # a life

    def _live(self, life: Life) -> None:
        killer = process.Killer(self.server, life.kill_at, life.kill_moment) if life.kill_at else None
        with self.server.lock:  # no request is met before the killer knows whom to kill
            pids = [
                process.start(self.folder, self.clock, life.seconds, self.plan.seed) for _ in range(1 + life.second)
            ]
            if killer:
                killer.pids = pids
        codes = process.end(pids)
        self.codes.update(codes)
        if killer:
            killer.remove()
        for code in codes:
            assert code in (0, process.LOCKED, -signal.SIGKILL if killer else 0), (codes, self._problems())
        assert killer or 0 in codes

    def _fail_read(self, moment: str, request: Request) -> None:
        if moment == "before" and request.method == "GET":
            self._reads += 1
            if self._reads - 1 in self.plan.failing_reads:
                raise Problem(502, "Bad gateway")

    def _problems(self) -> str:
        path = self.folder / process.PROBLEMS
        return path.read_text(encoding="utf-8") if path.exists() else ""

    # afterwards

    def _out(self, text: str) -> list[Status]:
        token = text.partition(":")[0]
        return [row for row in self.server.all_statuses if row.account.acct == "brand" and f"{token}:" in row.text]

    def _check(self) -> tuple[list[str], dict[str, int]]:
        with EngineHome(self.folder, self.clock) as home:
            items = [item for item in home.items() if item.id in self.written]
        faults = []
        for text in {item.text for item in self.plan.items}:
            same = [item for item in items if item.text == text]
            count = sum(item.text == text for item in self.written.values())
            out = self._out(text)
            if len(out) > count + self.asked[text]:
                faults.append(f"out {len(out)} times for {count}: {text!r}, {[_brief(item) for item in same]}")
            claimed = Counter(item.remote_id for item in same if item.state is OutgoingState.SENT)
            if claimed - Counter(row.id for row in out):
                faults.append(f"`sent`, but it is not that: {text!r}, {[_brief(item) for item in same]}")
        for item in items:
            if item.state.value not in SETTLED:
                faults.append(f"not settled after days: {_brief(item)}")
            elif item.state is not OutgoingState.SENT and not (item.reason or item.error):
                faults.append(f"without a word: {_brief(item)}")
        if problems := self._problems():
            faults.append(f"logged: {problems[-600:]}")
        return faults, dict(Counter(item.state.value for item in items))


def _brief(item: Outgoing) -> str:
    return f"{item.id} {item.state.value} ({item.reason or item.error or ''}) {item.remote_id or ''}"
