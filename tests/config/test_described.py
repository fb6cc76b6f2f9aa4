"""Each setting with its value, and where that comes from."""

import pytest

from commtui.config.calendar_rules import CalendarRules
from commtui.config.described import describe
from commtui.config.edit import set_value
from commtui.config.errors import ConfigError
from commtui.config.paths import Home
from commtui.config.service_levels import WorkingHours
from commtui.config.setting_row import toml_value
from commtui.config.settings import Account, Notify, Retention, Settings
from commtui.config.tables import settings_of

TEXT = """\
# mine
me = "lea"  # at the front desk
teammates = ["lea", "kim"]

[notify]
bell = true

[[account]]
name = "brand"
network = "demo"
user = "brand@demo.example"
late = "hold"

[[account]]
name = "shop"
network = "demo"
user = "shop@demo.example"
"""


@pytest.fixture
def home(tmp_path):
    made = Home.at(tmp_path)
    made.prepare()
    made.config.write_text(TEXT)
    return made


def named(home, environ=None):
    return {(row.account, row.key): row for row in describe(home, environ or {})}


def test_every_setting_is_there_once_with_help_and_default(home):
    rows = describe(home, {})
    tables = ("notify", "retention", "hours", "calendar", "accounts")
    kinds = (Settings, Notify, Retention, WorkingHours, CalendarRules)
    count = sum(name not in tables for kind in kinds for name in settings_of(kind))
    assert len(rows) == count + 2 * len(settings_of(Account))
    assert len(named(home)) == len(rows)
    assert all(row.help for row in rows)


def test_where_a_value_comes_from(home):
    rows = named(home, {"TZ": "Europe/Berlin"})
    assert (rows["", "me"].value, rows["", "me"].source, rows["", "me"].line) == ("lea", "config", 2)
    assert (rows["", "teammates"].value, rows["", "teammates"].line) == ("lea, kim", 3)
    assert (rows["", "notify.bell"].value, rows["", "notify.bell"].line) == ("true", 6)
    assert (rows["", "notify.osc9"].value, rows["", "notify.osc9"].source) == ("false", "default")
    assert (rows["brand", "late"].value, rows["brand", "late"].line) == ("hold", 12)
    assert (rows["shop", "late"].value, rows["shop", "late"].source) == ("publish", "default")
    assert rows["shop", "name"].line == 15
    zone = rows["", "zone"]
    assert (zone.value, zone.source, zone.variable) == ("Europe/Berlin", "environment", "TZ")
    assert (rows["", "hold"].value, rows["", "hold"].default) == ("10s", "10s")


def test_who_one_is_comes_from_the_environment(tmp_path):
    rows = named(Home.at(tmp_path), {"USER": "ada"})
    assert (rows["", "me"].value, rows["", "me"].variable, rows["", "me"].line) == ("ada", "USER", None)


@pytest.mark.parametrize("text", ["notify = { bell = true }\n", "[notify]\n'bell' = true\n", "notify.bell = true\n"])
def test_the_line_of_every_way_to_write_a_key(home, text):
    home.config.write_text("# a comment\n" + text)
    row = named(home)["", "notify.bell"]
    assert (row.value, row.line) == ("true", 3 if text.startswith("[") else 2)


def test_what_is_shown_can_be_written_again_and_changes_nothing(home):
    from commtui.config.loading import load

    before = load(home, {})
    for row in describe(home, {}):
        if row.kind not in ("fixed", "table") and row.source == "config":
            set_value(home, row.path or row.key, toml_value(row, row.written), row.account or None)
    assert load(home, {}) == before and "# at the front desk" in home.config.read_text()
    for row in describe(home, {}):
        # the default of a path is shown as it is typed, and read as the folder that it names
        if row.kind not in ("fixed", "table") and row.typed and row.typed == row.default and row.key != "downloads":
            set_value(home, row.key, toml_value(row, row.typed), row.account or None)
    assert load(home, {}) == before


def test_a_default_is_had_by_taking_the_line_away(home):
    set_value(home, "late", None, "brand")
    set_value(home, "notify.bell", None)
    rows = named(home)
    assert rows["brand", "late"].source == rows["", "notify.bell"].source == "default"
    assert "# mine" in home.config.read_text()


def test_a_config_that_cannot_be_read_says_so(home):
    home.config.write_text("me = \n")
    with pytest.raises(ConfigError):
        describe(home, {})


def rows_of(home, entry):
    """The rows of a table's entries, with `entry` as the only one in the config."""
    text = home.config.read_text()
    start = text.index("[notify]")
    home.config.write_text(f"{text[:start]}{entry}\n{text[start:]}")
    return [row for row in describe(home, {}) if row.path]


@pytest.mark.parametrize(
    "entry",
    [
        '[macros]\nx = ["reply Thanks; done"]',
        '[macros]\nx = ["reply Thanks;", "done"]',
        '[keys]\nx = [",", "x"]',
        '[keys]\nx = ","',
        '[keys]\nx = " "',
        "[keys]\nx = []",
        '[keys]\nx.y = "z"',
        '[saved]\nx = " Thanks"',
    ],
)
def test_an_entry_that_would_change_by_being_written_again_is_changed_by_hand(home, entry):
    rows = rows_of(home, entry)
    assert [row.kind for row in rows] == ["fixed"]


@pytest.mark.parametrize(
    "entry",
    [
        '[macros]\nx = ["reply Thanks, {name}", " done"]',
        '[macros]\nx = [":done"]',
        '[keys]\nx = [";", "x"]',
        '[keys]\nx = ";"',
        '[saved]\nx = "Thanks, {name}; bye"',
        '[saved]\nx = """one\ntwo\n"""',
    ],
)
def test_an_entry_that_stays_as_it_is_can_be_changed_on_the_screen(home, entry):
    rows = rows_of(home, entry)
    assert len(rows) == 1 and rows[0].kind in ("text", "lines", "list")


def test_a_list_with_a_comma_in_a_name_is_changed_by_hand(home):
    home.config.write_text(home.config.read_text().replace('["lea", "kim"]', '["Doe, Lea", "kim"]'))
    rows = named(home)
    assert (rows["", "teammates"].kind, rows["", "teammates"].value) == ("fixed", "Doe, Lea, kim")


TABLES = """
[saved]
thanks = "Thank you, {name}!"
"v2.0 out" = "first\\nsecond"  # two lines
[macros]
praised = ["reply Thanks, {name}", "tag praise"]
[views]
urgent = "is:open priority:urgent"
[keys]
done = "d"
claim = ["A", "ctrl+g"]
"""


def test_the_entries_of_tables_are_rows_that_can_be_changed_and_removed(home):
    from commtui.config.loading import load

    text = home.config.read_text()
    home.config.write_text("paused = true\n" + TABLES + text[text.index("[[account]]") :])
    before = load(home, {})
    rows = named(home)
    shown = {key: (row.kind, row.value) for (_, key), row in rows.items() if row.path}
    assert shown == {
        "keys.done": ("list", "d"),
        "keys.claim": ("list", "A, ctrl+g"),
        "saved.thanks": ("text", "Thank you, {name}!"),
        "saved.v2.0 out": ("text", "first second"),
        "macros.praised": ("lines", "reply Thanks, {name}; tag praise"),
        "views.urgent": ("text", "is:open priority:urgent"),
    }
    assert rows["", "saved.thanks"].line == 4
    for row in [row for row in rows.values() if row.path]:
        set_value(home, row.path, toml_value(row, row.written))
    assert load(home, {}) == before and "# two lines" in home.config.read_text()
    set_value(home, rows["", "saved.v2.0 out"].path, None)
    assert list(load(home, {}).saved) == ["thanks"]
