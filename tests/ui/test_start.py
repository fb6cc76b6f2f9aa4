"""What is imported when the first rows are on the screen, on a real pseudo-terminal: nothing that they do not need."""

import json
import sys

from msgspec.structs import replace

from commtui.config.settings import Account
from commtui.model.engine import EngineState
from commtui.model.records import AccountState
from commtui.model.states import Health
from tests.ui.fill import ACCOUNT, services_in
from tests.ui.screen import drive, inbox, shown
from tests.ui.terminal import Terminal

PROGRAM = """
import json, sys
from commtui.main import run
from commtui.ui import palette
leave_out = palette.leave_palette_out
def before_textual():
    leave_out()
    from commtui.ui.screens.inbox import InboxScreen
    begin = InboxScreen._started
    def noted(screen):
        with open(sys.argv[2] + "/modules", "w") as file:
            json.dump(sorted(sys.modules), file)
        begin(screen)
    InboxScreen._started = noted
palette.leave_palette_out = before_textual
run()
"""
NEEDED = {
    "cli": {"services", "start"},
    "config": {
        "calendar_rules",
        "errors",
        "loading",
        "logfile",
        "paths",
        "readers",
        "restoring",
        "rules",
        "saved_files",
        "service_levels",
        "settings",
        "tables",
        "theme",
        "themes",
        "watch",
        "zone",
    },
    "main": {"home", "inbox", "workers"},
    "model": {
        "abilities",
        "account_records",
        "act_records",
        "addressing",
        "authors",
        "campaign_records",
        "cleaning",
        "clock",
        "content",
        "conversations",
        "engagement",
        "engine",
        "facets",
        "ids",
        "languages",
        "links",
        "log_records",
        "merge_records",
        "people",
        "query_terms",
        "records",
        "rule_records",
        "rules",
        "series_records",
        "servers",
        "spans",
        "states",
        "strings",
        "text",
        "times",
        "visibility",
    },
    "networks": set(),
    "sync": set(),
    "activity": {"desk", "errors", "resolve"},
    "outgoing": set(),
    "community": set(),
    "marketing": set(),
    "triage": {"verb", "verbs", "query", "queues", "shares", "status", "views"},
    "ui": {
        *("app", "host", "palette", "services", "snapshot", "keys", "keys.command", "keys.keymap", "keys.table"),
        *("terminal", "terminal.typeahead", "text", "text.cells", "text.colours", "text.names", "text.rows"),
        *("text.key_hints", "text.mention_row", "text.outgoing_row", "text.parts", "text.statusline", "text.titles"),
        *("widgets", "widgets.arrivals", "widgets.column_rule", "widgets.detail", "widgets.key_line", "widgets.lines"),
        *(
            "widgets.marked_rows",
            "widgets.marks",
            "widgets.pace",
            "widgets.places",
            "widgets.rows",
            "widgets.side_column",
            "widgets.tops",
        ),
        "widgets.status_bar",
        *("panes", "panes.mentions", "panes.outgoing", "panes.pane", "panes.side", "panes.stack"),
        *("panes.thread_pane", "live", "live.countdown", "live.follower", "live.notices", "live.position"),
        *("live.watch", "verbs", "verbs.focus", "screens", "screens.inbox", "screens.layout"),
        *("painter", "painter.abilities", "painter.cells", "painter.colour", "painter.compositor"),
        *("painter.diff", "painter.driver"),
        *(
            "painter.frame",
            "painter.input",
            "painter.mouse",
            "painter.moves",
            "painter.pen",
            "painter.styles",
            "painter.writer",
        ),
    },
}
"""Package -> its modules: another one makes every start slower, so it has to be named here."""
LATER = {
    "commtui.store.erasure",
    "commtui.store.waits",
    "holidays",
    "logging.handlers",
    "httpx",
    "dateutil",
    "tomlkit",
    "tzlocal",
    "regex",
    "textual.widgets._input",
    "textual.widgets._option_list",
    "textual.widgets._tree",
    "websockets",
    "zoneinfo",
}


HOURS = '[hours]\nholidays = "DE"\n[[service_level]]\nname = "all"\nfirst = "2h"\n'


def test_the_first_rows_import_nothing_that_they_do_not_need(tmp_path):
    services_in(tmp_path, 30).store.close()
    (tmp_path / "config.toml").write_text(HOURS)
    with Terminal([sys.executable, "-c", PROGRAM, "--home", str(tmp_path)]) as terminal:
        terminal.until("30 open")
    data = json.loads((tmp_path / "modules").read_text())
    for package, needed in NEEDED.items():
        begin = f"commtui.{package}."
        assert {name.removeprefix(begin) for name in data if name.startswith(begin)} == needed, package
    assert not LATER & set(data)


def test_before_the_first_answer_of_a_network_the_empty_pane_says_that_it_is_asked(tmp_path):
    services = services_in(tmp_path, 0)
    with services.store.write() as write:
        for state in services.store.all(AccountState):
            write.put(replace(state, synced_at=None, health=Health.UNKNOWN))

    async def scenario(app, pilot):
        assert "the first fetch is under way" in shown(app)
        services.engine.state = lambda: EngineState("failed", error="OSError")
        inbox(app).follow(everything=True)
        await pilot.pause()
        assert "nothing was fetched so far" in shown(app)

    drive(services, scenario)


def test_an_empty_pane_names_the_account_that_was_not_fetched_yet(tmp_path):
    services = services_in(tmp_path, 0, accounts=(ACCOUNT, Account(name="shop", network="demo", user="shop")))

    async def scenario(app, pilot):
        assert "Nothing is open; not fetched so far: shop." in shown(app)

    drive(services, scenario)
