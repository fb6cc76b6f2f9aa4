"""Which words are ids and which are the value; which are options; what the first words say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commtui.cli import start
from commtui.cli.parser import parser_of
from commtui.cli.registry import COMMANDS
from commtui.cli.start import BadValue, WrongUsage, wants_inbox
from commtui.cli.words import ids_and_time, ids_and_value, is_id
from commtui.model import ids


@pytest.mark.parametrize(
    ("words", "named", "time"),
    [
        ("m1 fri 14:30", ["m1"], "fri 14:30"),
        ("m12 mon", ["m12"], "mon"),
        ("m12 c3 tomorrow 9am", ["m12", "c3"], "tomorrow 9am"),
        ("m12 2h", ["m12"], "2h"),
        ("m12 may 5", ["m12"], "may 5"),
        ("m12 mar 3 9:00", ["m12"], "mar 3 9:00"),
        ("may 2h", ["may"], "2h"),
        ("m1 2 pm", ["m1"], "2 pm"),
        ("M1AB next week", ["M1AB"], "next week"),
        ("c5 answer", ["c5"], "answer"),
        ("m12 2030-11-27 09:00", ["m12"], "2030-11-27 09:00"),
    ],
)
def test_ids_come_first_and_the_time_may_be_several_words(words, named, time):
    assert ids_and_time(words.split()) == (named, time)
    assert ids_and_time([*named, time]) == (named, time)


@pytest.mark.parametrize("words", [["m12"], ["m12", "c34"]])
def test_ids_without_a_time_are_wrong_usage(words):
    with pytest.raises(BadValue, match="no time given"):
        ids_and_time(words)


@given(st.lists(st.sampled_from("mcrpb"), min_size=1), st.sampled_from(("2h", "mon", "fri 9:00", "tonight", "answer")))
def test_whole_ids_are_never_taken_for_a_time(kinds, time):
    named = [ids.fresh(kind) for kind in kinds]
    assert ids_and_time([*named, *time.split()]) == (named, time)


def test_the_value_is_the_last_word():
    assert ids_and_value(["m1", "c2", "anna"], "WHO") == (["m1", "c2"], "anna")
    with pytest.raises(BadValue, match="WHO is missing"):
        ids_and_value(["m1"], "WHO")
    assert not is_id("mon") and not is_id("m") and not is_id("zz1") and is_id("m1")


@pytest.mark.parametrize(
    ("argv", "inbox"),
    [
        ([], (None, False)),
        (["--demo"], (None, True)),
        (["--home", "/x"], ("/x", False)),
        (["--home=/x", "--demo"], ("/x", True)),
        (["status"], None),
        (["--home", "/x", "list", "mentions"], None),
        (["--help"], None),
        (["--version"], None),
        (["--home"], None),
        (["--wrong"], None),
        (["lst"], None),
    ],
)
def test_no_command_means_the_inbox(argv, inbox):
    assert wants_inbox(argv) == inbox


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["lst"], "do you mean `list`"),
        (["acount", "add"], "do you mean `account"),
        (["account", "ad"], "do you mean `account add`"),
        (["account"], "add, list, check, remove"),
        (["--hme", "x"], "do you mean --home"),
        (["--home"], "--home needs a folder"),
    ],
)
def test_what_is_not_known_names_the_nearest(argv, message):
    with pytest.raises(WrongUsage, match=message):
        start.read(argv)


def test_options_may_stand_anywhere_and_home_also_after_the_command():
    args = parser_of("reply").read(["--hold", "5m", "m1", "--home", "/x", "hello", "--json"])
    assert (args.id, args.text, args.hold, args.format, args.home) == ("m1", "hello", "5m", "json", "/x")


def test_what_follows_two_dashes_is_no_option():
    args = parser_of("reply").read(["m1", "--", "--json"])
    assert (args.id, args.text, args.format) == ("m1", "--json", "text")
    assert parser_of("note").read(["m1", "--", "-5"]).words == ["m1", "-5"]
    assert parser_of("note").read(["m1", "-"]).words == ["m1", "-"]


def test_a_query_may_begin_with_a_minus():
    args = parser_of("list").read(["mentions", "-tag:bug", "parcel", "--limit", "3"])
    assert (args.what, args.query, args.limit) == ("mentions", ["-tag:bug", "parcel"], 3)


@pytest.mark.parametrize(
    ("command", "words", "message"),
    [
        ("list", ["mentions", "--jsn"], "do you mean --json"),
        ("list", ["persons"], "list what. mentions, replies, posts, people, campaigns or engagement"),
        ("reply", ["m1", "a", "b"], "put a text in quotes"),
        ("reply", [], "ID is missing"),
        ("reply", ["m1", "--alt", "a cat", "x"], "name the file first"),
        ("done", [], "ID is missing"),
        ("account add", ["mastodon", "--token-env", "A", "--keyring"], "not allowed with"),
    ],
)
def test_wrong_words_are_reported_in_one_line_with_the_way_to_the_help(command, words, message):
    with pytest.raises(WrongUsage, match=message) as caught:
        parser_of(command).read(words)
    assert f"commtui {command} --help" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_each_alt_describes_the_media_before_it():
    args = parser_of("reply").read(
        ["m1", "x", "--media", "a.png", "--alt", "a", "--media", "b.png", "--media", "c.png", "--alt", "c"]
    )
    assert args.media == [("a.png", "a"), ("b.png", ""), ("c.png", "c")]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_has_help(command):
    parser = parser_of(command)
    assert COMMANDS[command].help
    assert all(action.help for action in parser._actions)
    assert f"commtui {command}" in parser.format_help()
