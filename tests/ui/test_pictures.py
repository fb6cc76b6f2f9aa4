"""A picture on the screen: half blocks of its colours, kitty's placeholders, or a line that says why not."""

from __future__ import annotations

import asyncio
import re

import pytest

from commtui.marketing import posts
from commtui.model.attachments import MOST_SHOWN, Fetched, NotFetched
from commtui.model.records import Media
from commtui.outgoing.form import Form
from commtui.system import pictures as decoding
from tests.system.test_pictures import file_of
from tests.ui.fill import services_in
from tests.ui.screen import drive, inbox, lines, message, shown, type_into, typed, until
from tests.ui.terminal import inbox as terminal_of
from tests.ui.test_attached import CUP, FILM, here, remote, with_media
from tests.ui.test_composer import can

Image = pytest.importorskip("PIL.Image", reason="needs Pillow, the extra images")
__all__ = ["here", "remote"]


def two_colours(width: int = 20, height: int = 20) -> bytes:
    """Red above, blue below."""
    image = Image.new("RGB", (width, height), (0, 0, 255))
    image.paste((255, 0, 0), (0, 0, width, height // 2))
    return file_of(image)


def with_picture(folder, data=None, **changes):
    services = with_media(folder, CUP, **changes)
    services.answers[CUP.url] = Fetched(two_colours() if data is None else data, "image/png")
    return services


def colours_of(app):
    """(foreground, ground) of each half block of the screen, by its line."""
    rows = []
    for strip in app.screen._compositor.render_strips(app.size):
        row = [
            (segment.style.color.triplet.hex, segment.style.bgcolor.triplet.hex)
            for segment in strip
            for letter in segment.text
            if letter == "▀"
        ]
        if row:
            rows.append(row)
    return rows


def test_half_blocks_have_the_colours_of_the_picture_and_the_alt_text_stands_below(tmp_path, here):
    services = with_picture(tmp_path)

    async def scenario(app, pilot):
        await pilot.press("p")
        await until(pilot, lambda: colours_of(app))
        assert colours_of(app) == [[("#ff0000", "#ff0000")] * 20] * 5 + [[("#0000ff", "#0000ff")] * 20] * 5
        assert "PNG, 20 x 20 pixels" in lines(app)[0] and "image by @" in lines(app)[0]
        assert " a cup" in shown(app)
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is inbox(app)
        await pilot.press("p")
        await until(pilot, lambda: colours_of(app))

    drive(services, scenario)
    assert services.fetched == [(CUP.url, MOST_SHOWN)]  # the second time from the cache


def test_an_odd_row_has_the_ground_below_it_and_a_resize_fits_it_anew(tmp_path, here):
    services = with_picture(tmp_path, two_colours(400, 30))

    async def scenario(app, pilot):
        await pilot.press("p")
        await until(pilot, lambda: colours_of(app))
        assert {len(row) for row in colours_of(app)} == {80}
        await pilot.resize_terminal(41, 12)
        await until(pilot, lambda: {len(row) for row in colours_of(app)} == {41})
        rows = colours_of(app)
        assert rows[-1][0][1] not in ("#ff0000", "#0000ff")

    drive(services, scenario)


def test_over_ssh_nothing_is_fetched_unless_it_is_asked_for(tmp_path, remote):
    async def scenario(app, pilot):
        await pilot.press("p")
        await pilot.pause()
        words = " ".join(message(app).split())
        assert 'pictures are off over SSH; `images = "half-blocks"`' in words and words.endswith("f opens it")

    services = with_picture(tmp_path / "a")
    drive(services, scenario)
    assert services.fetched == []

    async def asked(app, pilot):
        await pilot.press("p")
        await until(pilot, lambda: colours_of(app))

    drive(with_picture(tmp_path / "b", images="half-blocks"), asked)


def test_without_the_extra_it_says_what_to_install(tmp_path, here, monkeypatch):
    monkeypatch.setattr("commtui.ui.widgets.picture.has_pillow", lambda: False)

    async def scenario(app, pilot):
        await pilot.press("p")
        assert "pip install 'commtui[images]'" in message(app)

    services = with_picture(tmp_path)
    drive(services, scenario)
    assert services.fetched == []


def test_a_video_is_not_looked_at(tmp_path, here):
    async def scenario(app, pilot):
        await pilot.press("p")
        assert message(app) == "a video is not shown here; f opens it"

    drive(with_media(tmp_path, FILM), scenario)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Fetched(b"no picture", "image/png"), "it is no picture that can be shown"),
        (NotFetched("status", "404"), "not downloaded: the server answered 404"),
    ],
)
def test_what_cannot_be_shown_says_why(tmp_path, here, answer, words):
    services = with_picture(tmp_path)
    services.answers[CUP.url] = answer

    async def scenario(app, pilot):
        await pilot.press("p")
        await until(pilot, lambda: words in shown(app))
        await pilot.press("q")
        await pilot.pause()
        assert app.screen is inbox(app)

    drive(services, scenario)


def test_by_kitty_s_protocol_the_picture_is_sent_once_and_taken_back(tmp_path, here, monkeypatch):
    sent: list[str] = []

    async def scenario(app, pilot):
        monkeypatch.setattr(app, "to_terminal", sent.append)
        await pilot.press("p")
        await until(pilot, lambda: "\U0010eeee" in shown(app))
        assert sum(line.count("\U0010eeee") for line in lines(app)) == 2  # 20 x 20 pixels
        await pilot.press("escape")
        await pilot.pause()

    drive(with_picture(tmp_path, images="kitty"), scenario)
    first, last = sent[0], sent[-1]
    number = re.search(r"i=(\d+)", first)[1]
    assert first.startswith("\x1b_Ga=T,U=1,f=100") and last == f"\x1b_Ga=d,d=I,i={number},q=2\x1b\\" and len(sent) == 2


def with_file(folder):
    """A home whose account takes files, and the picture cup.png beside it."""
    services = services_in(folder / "home", 1)
    can(services, media=True)
    (folder / "cup.png").write_bytes(two_colours())
    return services


async def look_at_file(pilot, folder):
    """Looks at cup.png where a file is chosen for a reply."""
    await type_into(pilot, "r", "hi", "escape", "m")
    assert "ctrl+o looks" in shown(pilot.app)
    await typed(pilot, f"{folder}/cup")
    await pilot.press("ctrl+o")


def test_a_file_is_looked_at_in_the_composer_s_list_and_when_it_is_attached(tmp_path, here):
    services = with_file(tmp_path)

    async def scenario(app, pilot):
        await look_at_file(pilot, tmp_path)
        await until(pilot, lambda: colours_of(app))
        size = len(two_colours())
        assert f"cup.png  PNG, 20 x 20 pixels, {size} bytes" in lines(app)[0] and "no alt text" in shown(app)
        await pilot.press("escape")
        await until(pilot, lambda: "attach:" in shown(app) and "> cup.png" in shown(app))
        await pilot.press("enter")
        await typed(pilot, "a cup")
        await pilot.press("enter", "m", "l")
        await until(pilot, lambda: colours_of(app))
        assert " a cup" in shown(app)
        await pilot.press("escape")
        await until(pilot, lambda: "y send" in shown(app))

    drive(services, scenario)


def test_over_ssh_a_file_of_ours_is_described_without_its_picture(tmp_path, remote):
    services = with_file(tmp_path)

    async def scenario(app, pilot):
        await look_at_file(pilot, tmp_path)
        await until(pilot, lambda: "PNG, 20 x 20 pixels" in lines(app)[0])
        assert "pictures are off over SSH" in shown(app) and not colours_of(app)

    drive(services, scenario)


def test_decoding_keeps_the_screen_waiting_for_nothing(tmp_path, here, monkeypatch):
    import threading

    go_on = threading.Event()
    real = decoding.decode

    def waits(*arguments):
        go_on.wait(30)
        return real(*arguments)

    monkeypatch.setattr("commtui.ui.widgets.picture.decode", waits)

    async def scenario(app, pilot):
        await pilot.press("p")
        await pilot.pause()
        await asyncio.sleep(0.05)
        assert "..." in shown(app)
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is inbox(app)
        go_on.set()

    drive(with_picture(tmp_path), scenario)


@pytest.mark.slow
@pytest.mark.parametrize(("depth", "code"), [("truecolor", b"38;2;201;11;21"), ("", b"38;5;160"), ("kitty", b"_Ga=T")])
def test_on_a_terminal_it_is_painted_and_gone_again(tmp_path, depth, code):
    services = services_in(tmp_path / "home", 3)
    picture = tmp_path / "cup.png"
    picture.write_bytes(file_of(Image.new("RGB", (40, 20), (201, 11, 21))))
    media = (Media(str(picture), "a cup", "image"),)
    posts.write_post(services.desk(), "news", ["brand"], at="tomorrow 10:00", form=Form(media=media))
    services.store.close()
    environ = {"TERM": "xterm-kitty"} if depth == "kitty" else {"COLORTERM": depth}
    with terminal_of(tmp_path / "home", 3, **environ) as terminal:
        terminal.until("3 open")
        before = terminal.press("3")
        terminal.press("p")
        terminal.until("PNG, 40 x 20 pixels")
        terminal.until(lambda text: code in terminal.raw)
        terminal.read(0.3)
        assert code not in before
        assert terminal.text.count("▀") == (0 if depth == "kitty" else 400)
        if depth == "kitty":
            assert terminal.raw.count("\U0010eeee".encode()) == 4
        terminal.press("q")
        terminal.until("3 Posts")
        assert "▀" not in terminal.text and "\U0010eeee" not in terminal.text
        assert (b"_Ga=d,d=I" in terminal.raw) == (depth == "kitty")
