"""The screen follows the store: what changed is asked for, and only rows that differ are painted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from commtui.model import ids
from commtui.store.changes import Changes
from commtui.store.errors import StoreError
from commtui.ui.host import Host
from commtui.ui.live.countdown import Countdown
from commtui.ui.live.notices import Notices
from commtui.ui.live.watch import Watch

if TYPE_CHECKING:
    from commtui.config.saved_texts import Problem
    from commtui.ui.live.filter_search import FilterSearch
    from commtui.ui.live.outcome_watch import OutcomeWatch
    from commtui.ui.live.rule_watch import RuleWatch
    from commtui.ui.live.spike_watch import SpikeWatch
    from commtui.ui.panes.pane import Pane
    from commtui.ui.panes.stack import PaneView

POLL: Final = 0.25
"""Seconds between looks at what other processes wrote."""
BUSY_POLL: Final = 0.05
"""The same, while they write: the loop must not stand still over a quarter second's news."""
RUNNING_POLL: Final = 0.1
"""The same, while a verb of ours on many items runs: all rows in sight change each time, and over SSH that costs."""
REST: Final = 0.005
"""Seconds between two slices of rows that are read anew."""
NEAR_END: Final = 20
"""Rows before the end of what a search has found at which it goes on."""
PEOPLE: Final = ("people", "links")
"""Kinds of records that say what a person is."""
BUSY_POLLS: Final = 5
"""Polls for which they are taken to write still."""
MOVED_MEANWHILE: Final = 200
"""Changed mentions whose rows are moved while a verb of ours on many items runs. What is more waits for its end: to
move all each time would keep the loop from the keys."""


class Follower:
    """It owns what was seen of the store so far. `wake` is called, from any thread, when there is more."""

    def __init__(self, host: Host, wake: Callable[[], object]) -> None:
        self._host = host
        self._watch = Watch(host.services.store, wake)
        self._begun = host.desk.now
        self._notices = Notices(host)
        self._countdown = Countdown(host)
        host.status.pending_changed = self._countdown.follow
        self._engine = host.services.engine.state()
        self._polls = 0
        self._busy = 0
        self._lost = False
        """The store's file is not there: that was said."""
        self._saved_problems: tuple[Problem, ...] = ()
        """What was wrong with the files of saved replies."""
        self._goes_on = False
        """A timer will read on rows that are read anew."""
        self._unfollowed = Changes()
        """What the rows of the mentions were not brought up to."""

    @cached_property
    def _outcomes(self) -> OutcomeWatch:
        from commtui.ui.live.outcome_watch import OutcomeWatch  # the first rows do without

        return OutcomeWatch(self._host)

    @cached_property
    def _spikes(self) -> SpikeWatch:
        from commtui.ui.live.spike_watch import SpikeWatch  # the first rows do without

        return SpikeWatch(self._host)

    @cached_property
    def _rules(self) -> RuleWatch:
        from commtui.ui.live.rule_watch import RuleWatch  # rarely needed

        return RuleWatch(self._host, self._begun)

    @cached_property
    def _filter_search(self) -> FilterSearch:
        from commtui.ui.live.filter_search import FilterSearch  # rarely needed

        return FilterSearch(self._host)

    def end(self) -> None:
        """Stops watching the store."""
        self._watch.end()

    def start(self) -> None:
        """Begins to look at what other processes write. Where no account ever was, it shows the ways to begin."""
        self._host.set_timer(POLL, self._poll)
        if self._host.snapshot.is_first_run:
            from commtui.ui.verbs.accounts import first_run  # once in a home's life

            first_run(self._host)

    def _poll(self) -> None:
        """Looks at what other processes wrote, at config, themes and saved replies, and at who has woken, and again
        soon. By itself it paints nothing."""
        host, store = self._host, self._host.services.store
        self._polls += 1
        self._busy = BUSY_POLLS if self._others_wrote() else max(0, self._busy - 1)
        wait = RUNNING_POLL if host.session.running else BUSY_POLL if self._busy else POLL
        host.set_timer(wait, self._poll)
        damage = store.damage_not_told("screen")
        if damage:
            from commtui.sentences.store import damage_summary  # rarely needed

            host.tell(damage_summary(damage), bad=True)
        once_a_second = self._polls % 4 == 0
        if once_a_second:
            problem = host.program.reload_themes() or self._saved_problem()
            if problem:
                host.tell(problem, bad=True)
        engine, self._engine = self._engine, host.services.engine.state()
        if engine != self._engine:
            host.panes.show_titles()
            host.status.show()
        if self.renew() or (once_a_second and host.snapshot.deadline_passed):
            self.follow(everything=True)

    def _saved_problem(self) -> str:
        """Takes saved replies whose files changed; what is wrong with one of them now, else empty."""
        files = self._host.desk.saved_files
        files.refresh(wait=False)
        before, self._saved_problems = self._saved_problems, files.problems
        if files.problems is before:
            return ""
        known = set(before)
        new = [problem.brief for problem in files.problems if problem not in known]
        more = f" (and {len(new) - 1} more: {self._host.key_of('help')})" if len(new) > 1 else ""
        return new[0] + more if new else ""

    def _others_wrote(self) -> bool:
        """Whether other processes wrote since the last look. Says once that the store's file is not there any more."""
        try:
            changed = self._host.services.store.poll()
        except StoreError as error:
            if not self._lost:
                from commtui.sentences.store import explain  # rarely needed

                self._host.tell(explain(error, brief=True), bad=True)
            self._lost = True
            return False
        self._lost = False
        return changed

    def store_changed(self) -> None:
        """Follows, unless a verb of ours did already."""
        if self._watch.pending:
            self.follow()

    def follow(self, everything: bool = False) -> None:
        """Brings the screen up to what the store has; `everything`: whatever changed."""
        with self._host.services.store.view():
            self._follow(everything)

    def _follow(self, everything: bool) -> None:
        host, snapshot = self._host, self._host.snapshot
        changes, open_before = self._watch.take(), snapshot.standing.open
        self.renew()
        snapshot.renew_counts()
        self._unfollowed.add(changes)
        everything = everything or not changes.keys().isdisjoint(PEOPLE)  # rows and threads name marks
        for view in host.panes.views:
            is_mentions, anew = view.pane.name == "mentions", view.pane.asks_anew
            if is_mentions and self._waits_for_verb(view.pane):
                if everything:  # deadlines pass while it runs; to read all rows anew for them would not end
                    self._unfollowed["conversations"] = None
                view.rows.show(view.rows.numbers, None if everything else changes.conversations)
                continue
            news = changes
            if is_mentions:
                news, self._unfollowed = self._unfollowed, Changes()
            changed = news.conversations if is_mentions else news.outgoing
            if everything or anew:  # by another order or search a row says another age
                changed = None
            numbers = view.pane.numbers(snapshot.desk, news)
            if changed is None or changed or numbers is not view.rows.numbers:
                view.rows.show(numbers, changed)
            if view.pane.reading and not self._goes_on:
                self._goes_on = True
                host.set_timer(REST, self._read_on)
            if view.pane.searching:
                self._filter_search.go_on(view)
        host.panes.show_titles()
        about = host.thread.about
        if about and (everything or self._touches(about, changes)):
            host.thread.show(about)
        host.status.show()
        host.side.follow()
        if changes.outgoing != set():
            self._outcomes.see(changes.outgoing)
        if changes.acts:
            self._outcomes.see_acts(changes.acts)
        if changes.mentions != set():
            self._spikes.see(changes.mentions)
        if changes.rule_runs != set():
            self._rules.see()
        self._countdown.follow()
        self._notices.see(changes, snapshot.standing.open - open_before)

    def _waits_for_verb(self, pane: Pane) -> bool:
        """Whether the rows of the mentions stay as they are until a verb on many items is done."""
        changed = self._unfollowed.conversations
        many = self._host.session.running is not None and (changed is None or len(changed) > MOVED_MEANWHILE)
        return many and not (pane.asks_anew or pane.reading or pane.searching)

    def _read_on(self) -> None:
        """Reads the next slice of rows that are read anew."""
        self._goes_on = False
        self.follow()

    def want_more(self, view: PaneView) -> None:
        """Lets a search over everything go on once the cursor is near the end of what it has found."""
        near_end = view.rows.at >= len(view.rows.numbers) - NEAR_END
        if view.pane.everywhere and near_end and view.pane.want_more():
            self._filter_search.go_on(view)

    def _touches(self, about: str, changes: Changes) -> bool:
        """Whether the thread may look different now. A new mention of its conversation changes that, too."""
        mentions, conversations = changes.mentions, changes.conversations
        if not changes.only_said or mentions is None or conversations is None:
            return True
        if about[0] != ids.CONVERSATION or ids.number(about) in conversations:
            return bool(changes)
        return not mentions.isdisjoint(self._host.desk.store.mentions.numbers_of(about))

    def renew(self) -> bool:
        """Takes the present moment and settings; True if the settings are others than before.

        Where the minute is another, ages are written again when they are painted.
        """
        host, snapshot = self._host, self._host.snapshot
        moment, settings = snapshot.now, snapshot.desk.settings
        problem = host.services.settings_problem()
        snapshot.renew_desk()
        changed = snapshot.desk.settings != settings
        if changed:
            host.program.settings_changed(snapshot.desk.settings)
            if host.panes.account not in snapshot.query.account_names:
                host.panes.show_account("")
            self.tell_problems()
        new_problem = host.services.settings_problem()
        if new_problem != problem:
            host.tell(new_problem or "the config is right again", bad=bool(new_problem))
        if moment.replace(second=0, microsecond=0) != snapshot.now.replace(second=0, microsecond=0):
            for view in host.panes.views:
                view.rows.forget_rows()
        return changed

    def after_first_rows(self) -> None:
        """Says what is wrong, and begins to read the saved replies."""
        self.tell_problems()
        self._host.desk.saved_files.refresh(wait=False)

    def tell_problems(self) -> None:
        """Says what is wrong with keys, themes and saved replies, if anything is; the help says all of it."""
        problems = self._host.program.problems
        if problems:
            more = f" (and {len(problems) - 1} more: {self._host.key_of('help')})" if len(problems) > 1 else ""
            self._host.tell(problems[0] + more, bad=True)
