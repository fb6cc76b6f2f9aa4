"""What doctor is told about home, config, secrets, zone and themes."""

import pytest

from commtui.config import check as config_check
from commtui.config.check import Finding, Level, check_all, check_zone
from commtui.config.settings import Settings


def bad(home, **environ):
    return [
        check for check in check_all(home, {"USER": "ada", "TZ": "Europe/Berlin"} | environ) if check.level != Level.OK
    ]


def account(home, *lines):
    home.config.write_text("\n".join(("[[account]]", 'name = "brand"', 'network = "mastodon"', *lines)))


def test_a_fresh_home_is_well_and_each_subject_has_its_line(home):
    findings = check_all(home, {"USER": "ada", "TZ": "Europe/Berlin"})
    assert {finding.level for finding in findings} == {Level.OK}
    assert [finding.subject for finding in findings] == ["home", "config", "secrets", "zone", "themes", "replies"]
    assert list(home.state.iterdir()) == []


def test_a_link_in_the_place_of_a_stored_secret_is_named(home, tmp_path):
    (tmp_path / "t").write_text("x")
    (tmp_path / "t").chmod(0o600)
    (home.secrets / "brand.token").symlink_to(tmp_path / "t")
    (secret,) = bad(home)
    assert (secret.subject, secret.level) == ("secrets", Level.BAD)
    assert str(home.secrets / "brand.token") in secret.sentence and "token_file" in secret.way_out


def test_a_typo_in_the_config_is_reported_with_its_line_and_the_rest_is_still_checked(home):
    home.config.write_text("thme = 'x'")
    (home.secrets / "brand.token").write_text("x")
    (home.secrets / "brand.token").chmod(0o644)
    config, secret = bad(home)
    assert "config.toml:1: unknown key 'thme': do you mean `theme`?" in config.sentence
    assert secret.subject == "secrets"


def test_secrets_that_others_can_read_are_reported_with_the_command_that_mends_it(home):
    path = home.secrets / "brand.token"
    path.write_text("some-token")
    path.chmod(0o640)
    home.secrets.chmod(0o755)
    assert bad(home) == [
        Finding(Level.WARN, "secrets", f"{home.secrets} is open to others (mode 0755)", f"chmod 700 {home.secrets}"),
        Finding(Level.BAD, "secrets", f"{path}: others can read this secret (mode 0640)", f"chmod 600 {path}"),
    ]


def test_a_config_that_asks_for_languages_without_the_library_is_warned_of(home, monkeypatch):
    monkeypatch.setattr(config_check, "has_library", lambda: False)
    assert not [found for found in check_all(home, {}) if found.subject == "languages"]
    home.config.write_text("detect_language = true\n")
    assert bad(home) == [
        Finding(
            Level.WARN,
            "languages",
            "`detect_language` is set, and the library that guesses is not installed: no language is guessed",
            "python -m pip install 'commtui[languages]'",
        )
    ]
    monkeypatch.setattr(config_check, "has_library", lambda: True)
    assert bad(home) == []


def test_a_folder_that_cannot_be_written_is_reported(home):
    home.data.rmdir()
    home.data.write_text("")
    (check,) = bad(home)
    assert (check.level, check.subject) == (Level.BAD, "home")
    assert str(home.data) in check.sentence and "--home" in check.way_out


def test_an_account_without_its_token_is_reported(home):
    account(home, 'token_env = "BRAND"')
    (check,) = bad(home)
    assert (check.subject, check.level) == ("account brand", Level.BAD) and "BRAND is not set" in check.sentence
    assert bad(home, BRAND="some-token") == []


def test_a_token_over_plain_http_a_pause_and_a_config_that_all_can_write_are_warned_of(home):
    account(home, 'server = "http://far.example"', "insecure_http = true", 'token_env = "BRAND"')
    home.config.write_text("paused = true\n" + home.config.read_text())
    home.config.chmod(0o666)
    sentences = [(check.level, check.sentence) for check in bad(home, BRAND="some-token")]
    assert sentences == [
        (Level.BAD, f"{home.config} can be written by everybody"),
        (Level.WARN, "the whole home is paused: nothing is fetched or sent"),
        (Level.WARN, "its token travels unencrypted to http://far.example"),
    ]


def test_a_theme_that_does_not_exist_and_one_that_is_broken_are_reported(home):
    home.config.write_text('theme = "lost"')
    (home.themes / "bad.toml").write_text("name = 1")
    broken, lost = bad(home)
    assert "bad.toml: missing: primary" in broken.sentence
    assert lost.sentence == "there is no theme 'lost'" and "commtui-dark" in lost.way_out


def test_a_service_level_for_an_unknown_account_and_one_that_counts_for_nothing_are_reported(home):
    account(home, 'token_env = "BRAND"')
    levels = {
        "ours": 'accounts = ["brand"]',
        "theirs": 'accounts = ["brand", "brnad"]',
        "all": "",
        "press": 'tags = ["press"]',
    }
    tables = (f'[[service_level]]\nname = "{name}"\nfirst = "2h"\n{line}\n' for name, line in levels.items())
    home.config.write_text(home.config.read_text() + "\n" + "\n".join(tables))
    unknown, unreached = bad(home, BRAND="some-token")
    assert (unknown.level, unknown.subject) == (Level.BAD, "service levels")
    assert unknown.sentence == "'theirs' is for the account 'brnad', which is not in the config"
    assert unknown.way_out == "accounts: brand"
    assert (unreached.level, unreached.way_out) == (Level.WARN, "put it first")
    assert unreached.sentence == "'press' counts for nothing: 'all' before it fits every conversation"


@pytest.mark.parametrize(
    ("settings", "environ", "level", "sentence"),
    [
        (Settings(zone="Asia/Tokyo"), {"TZ": "Europe/Berlin"}, Level.OK, "Asia/Tokyo, from the config"),
        (Settings(), {"TZ": "Europe/Berlin"}, Level.OK, "Europe/Berlin, from TZ"),
        (Settings(), {"TZ": ":Europe/Berlin"}, Level.OK, "Europe/Berlin, from TZ"),
        (Settings(), {"TZ": "/usr/share/zoneinfo/Europe/Berlin"}, Level.OK, "Europe/Berlin, from TZ"),
        (Settings(), {"TZ": ""}, Level.OK, "UTC, from TZ"),
        (Settings(), {"TZ": "JST-9"}, Level.OK, "Etc/GMT-9, from TZ"),
        (
            Settings(),
            {"TZ": "CET-1CEST,M3.5.0,M10.5.0/3"},
            Level.WARN,
            "TZ='CET-1CEST,M3.5.0,M10.5.0/3' is no IANA name: times are in ",
        ),
        (Settings(), {"TZ": "Nowhere/Town"}, Level.WARN, "TZ='Nowhere/Town' is no IANA name: times are in "),
    ],
)
def test_the_zone_and_where_it_comes_from(settings, environ, level, sentence):
    (check,) = check_zone(settings, environ)
    assert check.level == level and check.sentence.startswith(sentence)


def test_without_config_and_tz_the_zone_is_the_machines_or_utc_with_a_word():
    (check,) = check_zone(Settings(), {})
    assert check.sentence.endswith(", from the machine") or (check.level == Level.WARN and "UTC" in check.sentence)
