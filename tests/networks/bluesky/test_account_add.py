"""`commtui account add bluesky` as a person does it, and what it leaves behind."""

import pytest

from tests.whole.home import Desk

pytestmark = pytest.mark.slow


def add(home, network, password, *more):
    return home.run(
        "account", "add", "bluesky", "--server", network.pds_url, "--user", "ada.test", *more, given=f"{password}\n"
    )


def secrets(home):
    files = (path for path in (home.folder / "secrets").rglob("*") if path.is_file())
    return {path.name for path in files if path.suffix != ".lock"}  # an empty one, for who renews a session


def test_account_is_added_by_handle_and_app_password_and_brings_its_mentions(network, tmp_path):
    home = Desk(tmp_path)
    did, _, password = network.account("ada")
    network.post("brand", "@ada.test welcome here")
    network.process_all()
    done = add(home, network, password)
    assert done.code == 0, done.err
    assert "@ada.test on bluesky" in done.err
    config = home.home.config.read_text()
    assert did in config and password not in config
    assert secrets(home) == {"ada.test.token"}
    done = home.run("sync")
    assert done.code == 0, done.err
    assert secrets(home) == {f"ada.test.{name}" for name in ("token", "access", "refresh", "session")}
    assert "@ada.test welcome here" in [row["text"] for row in home.list("mentions")]
    for name in secrets(home):
        path = home.folder / "secrets" / name
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.read_text().strip() not in home.log()


def test_wrong_app_password_adds_nothing(network, tmp_path):
    home = Desk(tmp_path)
    network.did("ada")
    done = add(home, network, "wrong")
    assert done.code == 1
    assert "is it an app password?" in done.err
    assert secrets(home) == set()
    assert home.home.config.read_text() == home.config
