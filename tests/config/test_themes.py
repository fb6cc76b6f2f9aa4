"""Themes: ours are readable, the user's are checked and win, and a change is noticed."""

import os
import tomllib

import pytest
from textual.theme import Theme as ScreenTheme

from commtui.config.theme import Theme
from commtui.config.themes import Themes, load_themes, own_folder, read_theme

OURS = ("commtui-dark", "commtui-light", "dune", "fjord", "high-contrast")
TEXTS = ("foreground", "primary", "secondary", "accent", "warning", "error", "success")


def write(home, file, **changes):
    """A theme of the user's: ours with changes; None leaves a key out."""
    table = tomllib.loads((own_folder() / "commtui-dark.toml").read_text()) | {"variables": {}} | changes
    lines = [
        f"{key} = {str(value).lower() if isinstance(value, bool) else value if isinstance(value, int) else repr(value)}"
        for key, value in table.items()
        if value is not None and not isinstance(value, dict)
    ]
    variables = table["variables"]
    lines += ["[variables]", *(f"{key} = {value!r}" for key, value in variables.items())] if variables else []
    path = home.themes / file
    path.write_text("\n".join(lines))
    return path


def luminance(colour):
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_ours_are_all_there_and_none_fails(home):
    loaded, failed = load_themes(home)
    assert (tuple(sorted(loaded)), failed) == (OURS, [])


@pytest.mark.parametrize("name", OURS)
def test_every_colour_of_ours_can_be_read_on_every_ground(home, name):
    theme = load_themes(home)[0][name]
    least = 7 if name == "high-contrast" else 4.5
    poor = {
        (text, ground): round(contrast(getattr(theme, text), getattr(theme, ground)), 2)
        for text in TEXTS
        for ground in ("background", "surface", "panel")
        if contrast(getattr(theme, text), getattr(theme, ground)) < least
    }
    assert not poor
    assert (luminance(theme.background) < 0.5) is theme.dark
    cursor = theme.variables["block-cursor-foreground"], theme.variables["block-cursor-background"]
    assert contrast(*cursor) >= least


def test_the_screens_library_takes_every_field(home):
    for theme in load_themes(home)[0].values():
        made = ScreenTheme(**{name: getattr(theme, name) for name in Theme.__struct_fields__})
        assert made.to_color_system().generate()["primary"].lower() == theme.primary


def test_a_theme_of_the_users_is_added_and_wins_over_ours(home):
    write(home, "mine.toml", name="mine", primary="#ABCDEF")
    write(home, "dark.toml", primary="#123456")
    loaded, failed = load_themes(home)
    assert failed == []
    assert loaded["mine"].primary == "#ABCDEF" and loaded["commtui-dark"].primary == "#123456"
    assert len(loaded) == len(OURS) + 1


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"primary": "red"}, '`primary` must be a colour such as "#1e90ff"'),
        ({"primary": "#12345"}, "`primary` must be a colour"),
        ({"panel": None, "dark": None}, "missing: panel, dark"),
        ({"primry": "#123456"}, "unknown key 'primry': do you mean `primary`?"),
        ({"dark": 1}, "`dark` must be true or false"),
        ({"name": "My Theme"}, "`name` must be of small letters"),
        ({"variables": {"footer-key-foreground": "red; } * { display: none"}}, "variables: 'footer-key-foreground'"),
        ({"variables": {"Footer": "red"}}, "variables: 'Footer'"),
    ],
)
def test_a_bad_theme_is_left_out_with_the_reason_and_the_rest_works(home, changes, reason):
    path = write(home, "bad.toml", **({"name": "bad"} | changes))
    loaded, failed = load_themes(home)
    assert [failure.path for failure in failed] == [path]
    line, _, rest = failed[0].reason.rpartition(": " + reason)
    assert (line.removeprefix("line ").isdigit() and rest is not None) or failed[0].reason.startswith("missing"), line
    assert tuple(sorted(loaded)) == OURS


def test_two_of_the_users_with_one_name_are_reported(home):
    write(home, "a.toml", name="mine")
    write(home, "b.toml", name="mine")
    _, failed = load_themes(home)
    assert [str(failure) for failure in failed] == [f"{home.themes / 'b.toml'}: a.toml has the name 'mine' already"]


def test_what_is_no_theme_file_is_left_out(home):
    (home.themes / "notes.txt").write_text("x")
    (home.themes / ".swap.toml").write_text("x")
    (home.themes / "folder.toml").mkdir()
    (home.themes / "large.toml").write_text("#" * 70000)
    (home.themes / "zero.toml").symlink_to("/dev/zero")
    os.mkfifo(home.themes / "pipe.toml")
    (home.themes / "deep.toml").write_text("x = " + "[" * 20000)
    (home.themes / "latin.toml").write_bytes(b"name = '\xe9'")
    assert {load_theme.path.name: load_theme.reason for load_theme in load_themes(home)[1]} == {
        "folder.toml": "Is a directory",
        "large.toml": "too large for a theme",
        "latin.toml": "not UTF-8 text",
        "zero.toml": "it is no file",
        "pipe.toml": "it is no file",
        "deep.toml": "not TOML: a number is too long, or it is nested too deep",
    }


def test_a_change_is_noticed_and_nothing_is_read_without_one(home, monkeypatch):
    themes = Themes(home)
    assert tuple(sorted(themes.loaded)) == OURS
    path = write(home, "mine.toml", name="mine")
    assert themes.changed() is True and "mine" in themes.loaded
    path.write_text("broken")
    assert themes.changed() is True and "mine" not in themes.loaded and len(themes.failed) == 1
    path.unlink()
    assert themes.changed() is True and themes.failed == []
    monkeypatch.setattr("commtui.config.themes.load_themes", None)
    assert themes.changed() is False


def test_the_theme_in_use_is_found_without_reading_the_others(home, monkeypatch):
    write(home, "dark.toml", name="mine")
    write(home, "light.toml", name="commtui-light", primary="#123456")
    whole, _ = load_themes(home)
    monkeypatch.setattr("commtui.config.themes.load_themes", None)
    themes = Themes(home)
    found = {name: themes.get(name) for name in (*OURS, "mine")}
    assert found == whole and found["commtui-light"].primary == "#123456"
    assert themes.get("none") is None and themes.get("../themes/dune") is None


BASE16 = """scheme: "Ocean"
author: "Chris Kempson (http://chriskempson.com)"
base00: "2b303b"
base01: "343d46"
base02: "4f5b66"
base03: "65737e"
base04: "a7adba"
base05: "c0c5ce"
base06: "dfe1e8"
base07: "eff1f5"
base08: "bf616a"
base09: "d08770"
base0A: "ebcb8b"
base0B: "a3be8c"
base0C: "96b5b4"
base0D: "8fa1b3"
base0E: "b48ead"
base0F: "ab7967"
"""
NEWER = 'system: "base16"\nname: "Day"\nvariant: "light"\npalette:\n' + "".join(
    f'  base0{digit}: "#{colour}"  # a colour\n'
    for digit, colour in zip("0123456789abcdef", ["FFFFFF", *["102030"] * 15], strict=True)
)


@pytest.mark.parametrize(("file", "text", "dark", "back"), [
    ("ocean.yaml", BASE16, True, "#2b303b"), ("day.yml", NEWER, False, "#ffffff"),
])  # fmt: skip
def test_a_base16_scheme_is_a_theme_with_the_files_name(home, file, text, dark, back):
    (home.themes / file).write_text(text)
    loaded, failed = load_themes(home)
    theme = loaded[file.partition(".")[0]]
    assert (failed, theme.dark, theme.background) == ([], dark, back)
    assert theme == Themes(home).get(theme.name)


def test_a_base16_scheme_without_a_colour_is_left_out_with_the_reason(home):
    (home.themes / "half.yaml").write_text(BASE16.replace("base0A", "base1A"))
    (home.themes / "A B!.yaml").write_text(BASE16)
    reasons = {failure.path.name: failure.reason for failure in load_themes(home)[1]}
    assert reasons["half.yaml"] == "missing: base0A" and reasons["A B!.yaml"].startswith("the file's name")


def test_the_themes_of_the_screens_library_have_their_names(home):
    themes = Themes(home)
    assert {"nord", "gruvbox", "dracula", "solarized-light", "catppuccin-mocha"} <= set(themes.names)
    assert themes.names[: len(OURS)] == list(OURS) and "ansi-dark" not in themes.names
    assert themes.get("nord").background == "#2e3440" and not themes.get("solarized-light").dark
    write(home, "nord.toml", name="nord", background="#000000")
    assert themes.changed() and themes.get("nord").background == "#000000"


def test_a_home_without_themes_has_ours(home):
    home.themes.rmdir()
    assert tuple(sorted(load_themes(home)[0])) == OURS


def test_a_theme_is_read_into_plain_values(home):
    theme = read_theme(write(home, "mine.toml", name="mine", variables={"input-selection-background": "#81a1c1 35%"}))
    assert (theme.name, theme.dark, theme.variables) == ("mine", True, {"input-selection-background": "#81a1c1 35%"})
