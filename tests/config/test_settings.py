"""The config file: defaults, every setting, and each mistake as one line that names file, line and the way out."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.config.calendar_rules import CalendarRules
from commtui.config.errors import ConfigError
from commtui.config.lines import line_of
from commtui.config.loading import load, parse
from commtui.config.rules import Rule
from commtui.config.service_levels import ServiceLevel, WorkingHours
from commtui.config.settings import Account, Notify, Retention, Settings
from commtui.model.abilities import Visibility
from commtui.model.ids import account_id

PATH = Path("/desk/config.toml")


def read(text, **environ):
    return parse(text, PATH, environ)


def problem(text):
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{PATH}:")


def test_a_missing_file_is_the_defaults(home):
    assert load(home, {"USER": "ada"}) == Settings(me="ada")


def test_the_defaults_are_those_of_the_design():
    settings = Settings()
    assert settings.hold == timedelta(seconds=10)
    assert settings.service_levels == (ServiceLevel("everybody", timedelta(hours=24), timedelta(hours=24)),)
    assert settings.overdue_post == settings.poll == timedelta(seconds=60)
    assert settings.retention.archive_after == timedelta(days=180)
    assert (settings.theme, settings.keymap, settings.paused) == ("commtui-dark", "default", False)


EVERYTHING = """
me = "ada"
teammates = ["grace", "alan"]
zone = "Europe/Berlin"
hold = "30s"
overdue_post = "5m"
paused = true
poll = "2m"
theme = "commtui-light"
keymap = "aerc"
images = "half-blocks"
detect_language = true
open = "firefox --new-tab"
downloads = "/srv/files"
mouse = true
[keys]
done = "e"
pane.next = ["tab", "ctrl+n"]
[saved]
thanks = "Thank you,\\n{name}!"
[macros]
praised = ["tag praise", ":done"]
[views]
angry = "tag:angry is:open"
[notify]
bell = true
osc9 = true
osc777 = true
[retention]
archive_after = "90d"
[hours]
week = ["mon-fri 9:00-17:00"]
[calendar]
quiet = ["22:00-7:00"]
[[service_level]]
name = "all"
first = "2h"
[[rule]]
name = "billing"
then = ["tag billing"]
[[account]]
name = "brand"
network = "mastodon"
server = "mastodon.example/"
user = "brand@mastodon.example"
token_command = "pass show 'my token'"
poll = "15s"
paused = true
insecure_http = true
late = "hold"
visibility = "unlisted"
[account.options]
streaming = false
[[account]]
name = "file"
network = "bluesky"
token_file = "token"
[[account]]
name = "env"
network = "bluesky"
token_env = "TOKEN"
[[account]]
name = "ring"
network = "bluesky"
token_keyring = true
"""


def test_every_setting_is_read():
    settings = read(EVERYTHING)
    assert settings == Settings(
        me="ada",
        teammates=("grace", "alan"),
        zone="Europe/Berlin",
        hold=timedelta(seconds=30),
        overdue_post=timedelta(minutes=5),
        paused=True,
        poll=timedelta(minutes=2),
        theme="commtui-light",
        keymap="aerc",
        images="half-blocks",
        detect_language=True,
        open=("firefox", "--new-tab"),
        downloads=Path("/srv/files"),
        mouse=True,
        keys={"done": ("e",), "pane.next": ("tab", "ctrl+n")},
        saved={"thanks": "Thank you,\n{name}!"},
        macros={"praised": ("tag praise", "done")},
        views={"angry": "tag:angry is:open"},
        notify=Notify(True, True, True),
        retention=Retention(timedelta(days=90)),
        hours=WorkingHours(("mon-fri 9:00-17:00",)),
        calendar=CalendarRules(quiet=("22:00-7:00",)),
        service_levels=(ServiceLevel("all", timedelta(hours=2)),),
        rules=(Rule(name="billing", then=("tag billing",)),),
        accounts=(
            Account(
                name="brand",
                network="mastodon",
                server="https://mastodon.example",
                user="brand@mastodon.example",
                token_command=("pass", "show", "my token"),
                poll=timedelta(seconds=15),
                paused=True,
                insecure_http=True,
                late="hold",
                visibility=Visibility.UNLISTED,
                options={"streaming": False},
            ),
            Account(name="file", network="bluesky", token_file=Path("/desk/token")),
            Account(name="env", network="bluesky", token_env="TOKEN"),
            Account(name="ring", network="bluesky", token_keyring=True),
        ),
    )
    for kind, record in ((Settings, settings), (Notify, settings.notify), (Retention, settings.retention)):
        same = [name for name in kind.__struct_fields__ if getattr(record, name) == getattr(kind(), name)]
        assert not same, "the test's file leaves these at their defaults"


def test_an_account_is_found_by_name_and_by_id_and_has_its_own_or_the_general_poll():
    settings = read(EVERYTHING)
    brand, other = settings.accounts[:2]
    assert brand.id == account_id("mastodon", "brand@mastodon.example")
    assert other.id == account_id("bluesky", "file")
    assert settings.account("brand") is settings.account(brand.id) is brand
    assert settings.account("nobody") is None
    assert settings.poll_of(brand) == timedelta(seconds=15)
    assert settings.poll_of(other) == timedelta(minutes=2)


@pytest.mark.parametrize(
    ("environ", "me"),
    [({"USER": "ada"}, "ada"), ({"LOGNAME": "grace"}, "grace"), ({"USER": " ", "LOGNAME": "alan"}, "alan")],
)
def test_me_is_the_login_name_unless_set(environ, me):
    assert read("", **environ).me == me
    assert read("me = 'own'", **environ).me == "own"


def test_me_without_any_variable_is_still_a_name():
    assert read("").me


MISTAKES = [
    # what stands in the file, what the line must say
    ("pol = '10s'", "1: unknown key 'pol': do you mean `poll`?"),
    ("\n# note\nTheme = 'x'", "3: unknown key 'Theme': do you mean `theme`?"),
    ("zebra = 1", "1: unknown key 'zebra'; known are: me, teammates"),
    ("[notify]\nbel = true", "2: unknown key 'bel' in [notify]: do you mean `bell`?"),
    ("[notify]\nhold = '5s'", "2: unknown key 'hold' in [notify]: it belongs at the top, above all [tables]"),
    ("server = 'x'", "1: unknown key 'server': it belongs in an [[account]]"),
    ("[[accounts]]\nname = 'x'", "1: unknown key 'accounts': do you mean `account`?"),
    ("[[Account]]\nname = 'x'", "1: unknown key 'Account': do you mean `account`?"),
    ("[[service_levels]]\nname = 'x'", "1: unknown key 'service_levels': do you mean `service_level`?"),
    ("[notify]\naccounts = 1", "2: unknown key 'accounts' in [notify]: it belongs in a [[service_level]]"),
    ("[notify]\naccount = 1", "2: unknown key 'account' in [notify]: it belongs at the top, above all [tables]"),
    ("[notify]\nservice_levels = 1", "2: unknown key 'service_levels' in [notify]; known are: "),
    ("name = 'x'", "1: unknown key 'name': it belongs in an [[account]]"),
    ("bell = true", "1: unknown key 'bell': it belongs in [notify]"),
    ("first = '2h'", "1: unknown key 'first': it belongs in a [[service_level]]"),
    ("network = 'x'", "1: unknown key 'network': it belongs in an [[account]]"),
    ("week = []", "1: unknown key 'week': it belongs in [hours]"),
    ("[acount]\nname = 'x'", "1: unknown key 'acount': do you mean `account`?"),
    ("hold = 10", '1: `hold` must be a length of time in quotes, such as "30s", "1h30m" or "2d"; it is 10'),
    ("hold = 'soon'", "1: `hold` must be a length of time such as"),
    ("poll = '1s'", "1: `poll` must be a length of time from 5s to 1d; it is '1s'"),
    ("me = ''", "1: `me` must be a string that is not empty"),
    ('me = "a\\u001b[1m"', "1: `me` must be a string without control characters"),
    ('me = "a\\nb"', "1: `me` must be a string without control characters"),
    ('teammates = ["ada", "gr\\u202eace"]', "1: `teammates` must be a string without control characters"),
    ('[saved]\nx = "a\\u009b31m"', "1: `saved` must be a text in quotes for 'x', without control characters"),
    ('[macros]\nx = ["tag a\\u200bb"]', "1: `macros` must be without control and invisible characters"),
    ('[keys]\ndone = "e\\u001b"', "1: `keys` must be without control and invisible characters"),
    (
        '[[account]]\nname = "a"\nnetwork = "demo"\noptions = { x = ["\\u001b[m"] }',
        "4: `options` must be without control and invisible characters",
    ),
    (
        '[[account]]\nname = "a"\nnetwork = "demo"\ntoken_command = ["x", "\\u001b[m"]',
        "4: `token_command` must be without control and invisible characters",
    ),
    (
        "images = 'sixel'",
        '1: `images` must be "half-blocks" or "kitty": sixel paints past the cells, and stays there; it is \'sixel\'',
    ),
    ("paused = 'yes'", "1: `paused` must be true or false, without quotes; it is 'yes'"),
    ("teammates = 'ada'", "1: `teammates` must be a list of strings"),
    ("zone = 'Berlin'", "1: `zone` must be the IANA name of a time zone, such as \"Europe/Berlin\"; it is 'Berlin'"),
    ("zone = '../../etc/passwd'", "1: `zone` must be the IANA name"),
    ("zone = 3", "1: `zone` must be the IANA name"),
    ("keymap = 'vim'", '1: `keymap` must be one of "default", "aerc", "gmail"; it is \'vim\''),
    ("keymap = ['vim']", "1: `keymap` must be one of"),
    ("keys = 'e'", "1: `keys` must be a table"),
    ("[keys]\ndone = 3", "1: `keys` must be a key or a list of keys for 'done'"),
    ("notify = true", "1: `notify` must be a table"),
    ("[account]\nname = 'x'", "1: `account` must be a table headed [[account]], in double brackets"),
    ("[[account]]\nname = 'x'", "1: this [[account]] has no `network`"),
    ("[[account]]\nnetwork = 'demo'", "1: this [[account]] has no `name`"),
    ("[[account]]\nnetwork = 'demo'\nname = 'a/b'", "3: `name` must be a name of letters"),
    ("[[account]]\nnetwork = 'demo'\nname = '..'", "3: `name` must be a name of letters"),
    ("[[account]]\nnetwork = 'demo'\nname = 'x'\nlate = 'never'", "4: `late` must be one of"),
    ("[[account]]\nnetwork = 'demo'\nname = 'x'\nvisibility = 'all'", '4: `visibility` must be one of "public"'),
    ("[[account]]\nnetwork = 'demo'\nname = 'x'\nserver = 'ftp://x'", "4: `server` must be an address such as"),
    ("[[account]]\nnetwork = 'demo'\nname = 'x'\nserver = 'https://u:p@x'", "4: `server` must be an address such as"),
    ("[[account]]\nnetwork = 'demo'\nname = 'x'\nserver = 'http://far.example'", "4: plain http would send the token"),
    (
        "[[account]]\nnetwork = 'demo'\nname = 'x'\ntoken_command = \"pass 'show\"",
        "4: `token_command` must be a command",
    ),
    ("[[account]]\nnetwork = 'demo'\nname = 'x'\ntoken_command = []", "4: `token_command` must be a command"),
    (
        "[[account]]\nnetwork = 'demo'\nname = 'x'\ntoken_env = 'A'\ntoken_file = 'b'",
        "5: `token_env` and `token_file` are both set: keep one",
    ),
    (
        "[[account]]\nnetwork = 'demo'\nname = 'x'\n[[account]]\nnetwork = 'demo'\nname = 'X'",
        "6: two accounts are named 'X'; rename one",
    ),
    (
        "[[account]]\nnetwork = 'm'\nname = 'x'\nuser = 'u@h'\n\n[[account]]\nnetwork = 'm'\nname = 'y'\nuser = 'u@h'",
        "6: 'y' and 'x' are one account; remove one",
    ),
    ("hold = '10s'\nhold = '11s'", "2: this is not TOML:"),
    ("hold = 10s\npoll = '1m'", "1: this is not TOML:"),
    ("hold = '10s'\nteammates = ['a',\n", "2: this is not TOML:"),
]


@pytest.mark.parametrize(("text", "said"), MISTAKES)
def test_a_mistake_names_its_line_and_the_way_out(text, said):
    assert problem(text).startswith(said), problem(text)


@pytest.mark.parametrize("key", ["token_env", "token_command", "token_file", "token", "tokenfile"])
def test_a_token_put_into_the_config_by_mistake_is_not_repeated_by_the_error(key):
    value = "'s3cret-t0ken-\\' x'" if key != "token_command" else '"s3cret-t0ken \'"'
    value = "['s3cret-t0ken', 3]" if key == "token_file" else value.replace("\\'", "")
    text = f"[[account]]\nnetwork = 'demo'\nname = 'x'\n{key} = {value}"
    assert "s3cret" not in problem(text)


@pytest.mark.parametrize(("content", "line"), [(b"me = 'a'\nzone = '\xff'", 2), (b"\xff", 1)])
def test_a_file_that_is_no_text_names_the_line(home, content, line):
    home.config.write_bytes(content)
    with pytest.raises(ConfigError, match=f"config.toml:{line}: this is not UTF-8 text"):
        load(home, {})


@pytest.mark.parametrize("depth", [500, 900, 5_000, 100_000])
@pytest.mark.parametrize("opened", ["x = {0}", "[saved]\nx = {0}1", "x = {0}1{1}", "[saved]\nx = {0}1{1}"])
def test_a_config_that_is_nested_too_deep_is_one_line(home, depth, opened):
    home.config.write_text(opened.format("[" * depth, "]" * depth))
    with pytest.raises(ConfigError, match=r"config\.toml"):
        load(home, {})
    home.config.write_text(opened.format("{a=" * depth, "}" * depth))
    with pytest.raises(ConfigError, match=r"config\.toml"):
        load(home, {})


@pytest.mark.parametrize(
    "number", ["9" * 5000, "-" + "9" * 5000, "0x" + "f" * 9000, "1e99999", "[1, " + "9" * 5000 + "]"]
)
def test_a_number_without_an_end_is_one_line(home, number):
    home.config.write_text(f"poll = {number}")
    with pytest.raises(ConfigError, match=r"config\.toml"):
        load(home, {})


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_config_that_is_no_file_is_one_line(home, kind):
    os.mkfifo(home.config) if kind == "pipe" else home.config.symlink_to("/dev/zero")
    with pytest.raises(ConfigError, match="cannot read the config: it is no file"):
        load(home, {})


def test_a_folder_in_the_configs_place_is_one_line(home):
    home.config.mkdir()
    with pytest.raises(ConfigError, match="cannot read the config: Is a directory"):
        load(home, {})


def test_a_byte_order_mark_is_no_error():
    assert read("\ufeffme = 'ada'").me == "ada"


KEY = st.text("abcdefgh", min_size=1, max_size=3)
VALUES = st.sampled_from(
    [
        "1",
        "'#['",
        '"a\\"] ="',
        "[\n 1, # ]\n 2,\n]",
        "{ x = [1], y = '=' }",
        "'''\n[no]\nk = 1\n'''",
        '"""\n\\""" # [x]""""',
    ]
)


@given(
    st.dictionaries(KEY, VALUES, max_size=4),
    st.dictionaries(KEY.map(lambda key: "t" + key), st.dictionaries(KEY, VALUES, max_size=3), max_size=3),
    st.lists(st.dictionaries(KEY, VALUES, max_size=3), max_size=3),
    st.sampled_from(["\n", "\n\n", "  # a ' quote [ in a comment\n"]),
)
def test_the_line_of_every_key_is_found_whatever_the_values_look_like(top, tables, array, gap):
    text, places = "", {}

    def write(path, words):
        nonlocal text
        places[path] = text.count("\n") + 1
        text += words + gap

    for key, value in top.items():
        write((key,), f"{key} = {value}")
    for name, table in tables.items():
        write((name,), f"[ {name} ]")
        for key, value in table.items():
            write((name, key), f'"{key}" = {value}')
    for index, table in enumerate(array):
        write(("array", index), "[[array]]")
        for key, value in table.items():
            write(("array", index, key), f"{key}={value}")
    for path, line in places.items():
        assert line_of(text, path) == line
        assert line_of(text, (*path, "not there")) in (line, None)
    assert line_of(text, ("absent",)) is None


@given(st.text())
def test_whatever_the_file_holds_there_are_settings_or_one_line(text):
    data = None
    try:
        read(text)
    except ConfigError as error:
        data = error
    assert data is None or (data.line and data.line <= text.count("\n") + 1)


def test_loading_settings_imports_nothing_slow(home):
    home.config.write_text(EVERYTHING)
    program = (
        "import sys; from pathlib import Path\n"
        "from commtui.config.paths import Home\n"
        "from commtui.config.loading import load\n"
        f"assert load(Home.at(Path({str(home.config.parent)!r}))).accounts\n"
        "slow = {'tomlkit', 'tzlocal', 'dateutil', 'logging', 'platformdirs', 'asyncio', 'subprocess', 'difflib'}\n"
        "print(sorted(slow & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "line", ['quiet = ["22-22"]', 'quiet = "22:00-7:00"', 'min_gap = "2d"', 'same_text = "2 years"']
)
def test_what_the_calendar_cannot_mean_is_refused(line):
    with pytest.raises(ConfigError, match=line.partition(" ")[0]):
        read(f"[calendar]\n{line}\n")
