"""Tokens: every way to give one, what is refused, and that no error repeats one."""

import os
import stat
import sys
import threading
import time
from pathlib import Path

import pytest

from commtui.config.errors import ConfigError
from commtui.config.secrets import Secrets, exposed
from commtui.config.settings import Account
from commtui.system.masking import known_secrets

SECRET = "s3cret-t0ken-of-brand"


def secrets(home, environ=None, **source):
    return Secrets(home, Account(name="brand", network="mastodon", **source), environ or {})


def private(path, text=SECRET, mode=0o600):
    path.write_text(text)
    path.chmod(mode)
    return path


def python(code):
    return (sys.executable, "-c", code)


def error_of(function, *arguments):
    with pytest.raises(ConfigError) as caught:
        function(*arguments)
    message = str(caught.value)
    assert "\n" not in message and SECRET not in message
    return message


def test_a_variable_is_read_again_each_time(home):
    environ = {"BRAND": f" {SECRET}\n"}
    one = secrets(home, environ, token_env="BRAND")
    assert one.token() == SECRET
    environ["BRAND"] = "another-token"
    assert one.token() == "another-token"


@pytest.mark.parametrize("environ", [{}, {"BRAND": " "}])
def test_a_variable_that_is_not_set_is_named(home, environ):
    assert "environment variable BRAND is not set" in error_of(secrets(home, environ, token_env="BRAND").token)


def test_a_commands_first_line_is_the_token(home):
    one = secrets(home, token_command=python(f"print('{SECRET}'); print('user: brand')"))
    assert one.token() == SECRET


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (python(f"print('{SECRET}'); raise SystemExit(3)"), "failed (exit 3)"),
        (python(f"import sys; sys.exit('{SECRET}')"), "failed (exit 1)"),
        (python("print()"), "printed nothing"),
        (("yes", SECRET), "printed more than 65,536 bytes"),
        (python(f"print('{SECRET}' * 10000)"), "printed more than 65,536 bytes"),
        (("no-such-command-anywhere",), "cannot be run: No such file"),
        (python(f"print('{SECRET}\\x07')"), "characters that no token has"),
    ],
)
def test_a_command_that_fails_is_named_but_its_output_is_not(home, command, said):
    message = error_of(secrets(home, token_command=command).token)
    assert said in message and "'brand'" in message


def test_a_command_that_hangs_is_ended_with_all_its_children(home, tmp_path):
    tell = tmp_path / "child"
    one = secrets(home, token_command=("sh", "-c", f"sleep 600 & echo $! > '{tell}'; wait"))
    one.command_seconds = 1.5
    assert "took longer than 1.5 s" in error_of(one.token)
    # it has been killed by now; on a busy machine it may still be on its way out
    entry = Path(f"/proc/{int(tell.read_text())}/stat")
    for _ in range(100):
        if not entry.exists() or entry.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return
        time.sleep(0.1)
    pytest.fail("the child still runs")


def test_a_file_of_mode_0600_is_read(home, tmp_path):
    assert secrets(home, token_file=private(tmp_path / "t", SECRET + "\n")).token() == SECRET
    assert secrets(home, token_file=private(tmp_path / "u", mode=0o400)).token() == SECRET


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o601])
def test_a_file_that_others_can_read_is_refused_with_the_way_out(home, tmp_path, mode):
    path = private(tmp_path / "t", mode=mode)
    assert f"chmod 600 {path}" in error_of(secrets(home, token_file=path).token)
    stored = private(home.secrets / "brand.token", mode=mode)
    assert f"chmod 600 {stored}" in error_of(secrets(home).token)


def test_a_token_file_may_be_a_link_to_a_private_file_of_ours(home, tmp_path):
    target, link = private(tmp_path / "t"), tmp_path / "link"
    link.symlink_to(target)
    assert secrets(home, token_file=link).token() == SECRET
    target.chmod(0o644)
    assert "others can read this secret (mode 0644)" in error_of(secrets(home, token_file=link).token)
    target.unlink()
    assert "token_file is missing" in error_of(secrets(home, token_file=link).token)
    target.symlink_to(link)
    assert "cannot read the secret" in error_of(secrets(home, token_file=link).token)


@pytest.mark.parametrize("leads_to", ["a private file", "nothing"])
def test_a_link_in_the_place_of_a_stored_secret_is_not_followed(home, tmp_path, leads_to):
    target = private(tmp_path / "t") if leads_to == "a private file" else tmp_path / "none"
    for name in ("token", "refresh"):
        (home.secrets / f"brand.{name}").symlink_to(target)
        message = error_of(secrets(home).load, name)
        assert f"brand.{name}: links are not followed here: set token_file" in message
    secrets(home).save("token", "a-new-token")
    assert secrets(home).token() == "a-new-token" and not (home.secrets / "brand.token").is_symlink()
    assert target.read_text() == SECRET if leads_to == "a private file" else not target.exists()


def test_a_way_out_quotes_the_name_of_the_file(home):
    (home.secrets / "brand.a; touch x").touch(mode=0o644)
    path = home.secrets / "brand.a; touch x"
    assert exposed(path.stat(), path).endswith(f": chmod 600 '{path}'")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away; the rule is the same code for all")
def test_a_file_of_another_user_is_refused(home, tmp_path):
    path = private(tmp_path / "t")
    os.chown(path, 12345, 12345)
    assert "belongs to another user" in error_of(secrets(home, token_file=path).token)


def test_a_file_that_is_missing_or_no_file_or_empty_is_one_line(home, tmp_path):
    assert "token_file is missing" in error_of(secrets(home, token_file=tmp_path / "t").token)
    os.mkfifo(tmp_path / "pipe", 0o600)
    assert "regular file" in error_of(secrets(home, token_file=tmp_path / "pipe").token)
    assert "is empty" in error_of(secrets(home, token_file=private(tmp_path / "e", "\n")).token)
    (tmp_path / "b").write_bytes(b"\xff\xfe")
    (tmp_path / "b").chmod(0o600)
    assert "not text" in error_of(secrets(home, token_file=tmp_path / "b").token)


def test_without_any_source_the_token_is_in_the_homes_secrets(home):
    one = secrets(home)
    message = error_of(one.token)
    assert str(home.secrets / "brand.token") in message and "commtui account add" in message
    one.save("token", SECRET)
    assert one.token() == SECRET
    assert stat.S_IMODE((home.secrets / "brand.token").stat().st_mode) == 0o600
    assert os.listdir(home.secrets) == ["brand.token"]


def test_what_the_network_renews_is_stored_and_read_by_name(home):
    one = secrets(home, {"T": SECRET}, token_env="T")
    assert one.load("refresh") is None
    one.save("refresh", "first-refresh")
    one.save("refresh", "second-refresh")
    assert one.load("refresh") == "second-refresh"
    one.forget()
    assert one.load("refresh") is None and one.token() == SECRET


@pytest.mark.parametrize("empty", ["", " ", "\n"])
def test_an_empty_secret_never_overwrites(home, empty):
    one = secrets(home)
    one.save("token", SECRET)
    assert "refused to store an empty token" in error_of(one.save, "token", empty)
    assert one.token() == SECRET


def test_a_secret_that_cannot_be_stored_leaves_the_old_one(home):
    one = secrets(home)
    one.save("token", SECRET)
    (home.secrets / "brand.refresh").mkdir()
    assert "cannot store the refresh" in error_of(one.save, "refresh", "value-of-it")
    assert sorted(os.listdir(home.secrets)) == ["brand.refresh", "brand.token"]
    assert one.token() == SECRET


def test_readers_beside_a_writer_see_a_whole_secret(home):
    one, values = secrets(home), ["a" * 2000, "b" * 3000]
    one.save("token", values[0])
    seen = set()
    done = threading.Event()

    def read():
        while not done.is_set():
            seen.add(secrets(home).token())

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(40):
        one.save("token", values[turn % 2])
    done.set()
    reader.join()
    assert seen and seen <= set(values)


@pytest.mark.parametrize("name", ["", "a.b", "../x", "a/b"])
def test_a_secrets_name_cannot_leave_its_account(home, name):
    with pytest.raises(ValueError, match="no name for a secret"):
        secrets(home).save(name, "some-value")


def test_one_accounts_secrets_are_not_anothers(home):
    longer = Secrets(home, Account(name="brand.token", network="mastodon"))
    secrets(home).save("token", SECRET)
    longer.save("token", "the-other-token")
    secrets(home).forget()
    assert longer.token() == "the-other-token"
    assert os.listdir(home.secrets) == ["brand.token.token"]


@pytest.mark.parametrize("keyring", [False, True])
def test_a_file_that_cannot_be_removed_is_named_and_the_others_are_removed(home, tmp_path, monkeypatch, keyring):
    (tmp_path / "keyring.py").write_text(
        "kept = {'brand': 'x'}\n"
        "def get_password(service, user): return kept.get(user)\n"
        "def delete_password(service, user): del kept[user]\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "keyring", raising=False)
    for name in ("a", "token", "z"):
        secrets(home).save(name, SECRET)
    for name in ("aa", "y"):  # what is no file cannot be unlinked, by root neither
        (home.secrets / f"brand.{name}").mkdir()
    error = error_of(secrets(home, token_keyring=keyring).forget)
    assert any(f"{home.secrets / f'brand.{name}'}: cannot remove the secret: " in error for name in ("aa", "y"))
    assert sorted(os.listdir(home.secrets)) == ["brand.aa", "brand.y"]
    if keyring:
        assert sys.modules.pop("keyring").kept == {}


def test_a_missing_keyring_is_a_clear_line(home):
    one = secrets(home, token_keyring=True)
    assert "pip install 'commtui[keyring]'" in error_of(one.token)


def test_a_keyring_is_used_when_it_is_there(home, tmp_path, monkeypatch):
    (tmp_path / "keyring.py").write_text(
        "kept = {}\n"
        "def get_password(service, user): return kept.get((service, user))\n"
        "def set_password(service, user, value):\n"
        "    if value == 'locked-keyring': raise RuntimeError(value)\n"
        "    kept[service, user] = value\n"
        "def delete_password(service, user): del kept[service, user]\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "keyring", raising=False)
    one = secrets(home, token_keyring=True)
    assert "no token in the keyring" in error_of(one.token)
    one.save("token", SECRET)
    one.save("refresh", "refresh-token")
    assert sys.modules["keyring"].kept == {
        ("commtui", "brand"): SECRET,
        ("commtui", "brand.refresh"): "refresh-token",
        ("commtui", "brand.names"): "refresh",
    }
    assert one.token() == SECRET and one.load("refresh") == "refresh-token"
    assert "RuntimeError" in error_of(one.save, "token", "locked-keyring")
    assert os.listdir(home.secrets) == []
    sys.modules["keyring"].kept["commtui", "brandy"] = "another account's"
    one.forget()
    one.forget()  # nothing is left to remove, which is no error
    assert sys.modules["keyring"].kept == {("commtui", "brandy"): "another account's"}
    sys.modules.pop("keyring")


def test_whatever_is_read_or_stored_is_known_to_the_log(home):
    secrets(home, {"T": "token-from-variable"}, token_env="T").token()
    secrets(home).save("refresh", "token-that-was-saved")
    assert {"token-from-variable", "token-that-was-saved"} <= known_secrets()


def test_no_repr_shows_a_token(home):
    one = secrets(home, {"T": SECRET}, token_env="T")
    one.token()
    assert SECRET not in repr(one) + repr(one.token)
