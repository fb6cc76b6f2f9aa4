"""Attachments on a key: opened by the machine's program, over SSH by their link, downloaded into a folder."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import pytest

from commtui.marketing import posts
from commtui.model.attachments import MOST_DOWNLOADED, Fetched, NotFetched
from commtui.model.records import Media, Via
from commtui.outgoing.form import Form
from commtui.ui.screens.inbox import InboxScreen
from tests.ui.fill import arrive, services_in
from tests.ui.screen import drive, inbox, message, shown, until

CUP = Media("https://files.example/media/cup%20one.jpeg?x=1", "a cup", "image")
FILM = Media("https://files.example/film.mp4", "", "video")


@pytest.fixture
def here(monkeypatch):
    for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT", "TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.fixture
def remote(here, monkeypatch):
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 5000 10.0.0.2 22")


def opener(folder: Path, code: int = 0) -> tuple[tuple[str, ...], Path]:
    """A command that writes what it is to open into a file."""
    script, opened = folder / "opener.sh", folder / "opened"
    script.write_text(f'#!/bin/sh\nprintf %s "$2" > {opened}.new; mv {opened}.new {opened}; exit {code}\n')
    script.chmod(0o755)
    return (str(script), "--new"), opened


def with_media(folder: Path, *media: Media, **changes: object):
    services = services_in(folder, 0, **changes)
    arrive(services, 1, media=media)
    return services


async def there(path: Path) -> str:
    while not path.exists():
        await asyncio.sleep(0.02)
    return path.read_text()


@pytest.mark.parametrize("keys", [("f",), ("enter", "f")])
def test_the_only_file_is_opened_by_the_command_of_the_config(tmp_path, here, keys):
    command, opened = opener(tmp_path)
    services = with_media(tmp_path / "home", CUP, open=command)

    async def scenario(app, pilot):
        await pilot.press(*keys)
        assert await there(opened) == CUP.url
        assert f"opening {CUP.url}" in message(app)

    drive(services, scenario)


def test_a_program_that_fails_or_is_not_there_is_named_with_the_address(tmp_path, here):
    command, _ = opener(tmp_path, code=3)

    async def failing(app, pilot):
        await pilot.press("f")
        await until(pilot, lambda: f"did not open it: {CUP.url}" in message(app))

    async def missing(app, pilot):
        await pilot.press("f")
        await until(pilot, lambda: "no no-such-program can be started" in message(app))

    drive(with_media(tmp_path / "a", CUP, open=command), failing)
    drive(with_media(tmp_path / "b", CUP, open=("no-such-program",)), missing)


def test_one_of_several_is_chosen_by_its_alt_text_and_the_newest_message_comes_first(tmp_path, here):
    command, opened = opener(tmp_path)
    services = with_media(tmp_path / "home", CUP, open=command)
    arrive(services, 1, first=1, media=(FILM, Media("https://files.example/x", "", "unknown")), in_reply_to="s0")

    async def scenario(app, pilot):
        await pilot.press("f")
        await pilot.pause()
        assert "1 video" in shown(app) and "no alt text" in shown(app) and "2 file" in shown(app)
        await pilot.press("c", "u", "p")
        await pilot.press("enter")
        assert await there(opened) == CUP.url

    drive(services, scenario)


def test_without_files_it_says_so(tmp_path, here):
    async def scenario(app, pilot):
        for key in ("f", "F"):
            await pilot.press(key)
            assert message(app) == "nothing is attached here"

    drive(services_in(tmp_path, 1), scenario)
    drive(services_in(tmp_path / "empty", 0), scenario)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "-rf", "", "ftp://x.example/a"])
def test_only_web_addresses_and_our_own_files_are_opened(tmp_path, here, url):
    command, opened = opener(tmp_path)

    async def scenario(app, pilot):
        await pilot.press("f")
        assert "no address to open" in message(app)
        await pilot.press("F")
        assert "no address" in message(app)
        await asyncio.sleep(0.1)
        assert not opened.exists()

    drive(with_media(tmp_path / "home", Media(url, "x", "image"), open=command), scenario)


def test_a_file_of_our_own_post_is_opened_by_its_path(tmp_path, here):
    command, opened = opener(tmp_path)
    picture = tmp_path / "a.png"
    picture.write_bytes(b"x")
    services = services_in(tmp_path / "home", 0, open=command)
    media = (Media(str(picture), "ours", "image"),)
    posts.write_post(services.desk(), "news", ["brand"], at="tomorrow 10:00", form=Form(media=media))

    async def scenario(app, pilot):
        await pilot.press("3", "F")
        assert message(app) == f"it is on this machine: {picture}"
        await pilot.press("f")
        assert await there(opened) == str(picture)

    drive(services, scenario)


def test_over_ssh_the_link_is_shown_and_copied_and_a_key_downloads_it(tmp_path, remote, monkeypatch):
    command, opened = opener(tmp_path)
    sent: list[str] = []
    services = with_media(tmp_path / "home", CUP, open=command, downloads=tmp_path / "files")
    services.answers[CUP.url] = Fetched(b"picture", "image/jpeg")

    async def scenario(app, pilot):
        monkeypatch.setattr(app, "to_terminal", sent.append)
        await pilot.press("f")
        assert CUP.url in message(app) and "F: download it" in message(app)
        assert base64.b64encode(CUP.url.encode()).decode() in sent[0] and sent[0].startswith("\x1b]52;c;")
        await pilot.press("F")
        await until(pilot, lambda: "saved 7 bytes" in message(app))
        assert str(tmp_path / "files" / "cup-one.jpg") in message(app).replace(" ", "")
        assert not opened.exists()

    drive(services, scenario, size=(140, 40))
    assert (tmp_path / "files" / "cup-one.jpg").read_bytes() == b"picture"
    assert services.fetched == [(CUP.url, MOST_DOWNLOADED)]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NotFetched("not-public", "files.example is not on the public web"), "files.example is not on the public web"),
        (NotFetched("status", "404"), "the server answered 404"),
        (NotFetched("type", "text/html"), "it is text/html: only images, videos and sounds are fetched"),
        (NotFetched("size", str(MOST_DOWNLOADED)), "it is larger than 64 MB"),
        (NotFetched("time", "60"), "it did not arrive within 60 s"),
        (NotFetched("unreachable", "no\x1b]0;way\x07"), "not downloaded: no"),
    ],
)
def test_what_does_not_come_is_told_and_leaves_no_file(tmp_path, here, error, words):
    services = with_media(tmp_path / "home", CUP, downloads=tmp_path / "files")
    services.answers[CUP.url] = error

    async def scenario(app, pilot):
        await pilot.press("F")
        await until(pilot, lambda: words in message(app))

    drive(services, scenario, size=(140, 40))
    assert not (tmp_path / "files").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path, here):
    (tmp_path / "files").write_text("")
    services = with_media(tmp_path / "home", CUP, downloads=tmp_path / "files")
    services.answers[CUP.url] = Fetched(b"picture", "image/jpeg")

    async def scenario(app, pilot):
        await pilot.press("F")
        # a long path goes on in the next line
        await until(pilot, lambda: f"notsavedin{tmp_path / 'files'}" in "".join(message(app).split()))

    drive(services, scenario, size=(200, 50))


def test_the_screen_goes_on_and_can_be_left_while_a_file_is_fetched(tmp_path, here):
    import threading

    services = with_media(tmp_path / "home", CUP)
    arrive(services, 3, first=5, via=Via.MENTION)
    asked = threading.Event()

    def waits(address: str, most: int) -> Fetched:
        asked.set()
        threading.Event().wait(60)
        raise AssertionError

    services.fetch_file = waits

    async def scenario(app, pilot):
        screen: InboxScreen = inbox(app)
        await pilot.press("F")
        await until(pilot, asked.is_set)
        await pilot.press("j")
        await pilot.pause()
        assert screen.panes.rows.at == 1
        await pilot.press("q")

    assert drive(services, scenario).return_code == 0
