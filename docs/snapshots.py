"""docs/screens/: every screen of the demo at five sizes, as pictures. `python -m docs.make` calls it.

The app runs in this process, over a demo with a fixed seed at a fixed moment, without an engine: the same keys give the
same pictures. To add a screen, add a line to SCREENS.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from rich.style import Style
from textual import events
from textual.screen import Screen
from textual.strip import Strip

from commtui.config import paths
from commtui.main.demo import demo_home
from commtui.main.home import ScreenHome
from commtui.model.clock import Moment
from commtui.model.engine import EngineState
from commtui.model.log_records import Process
from commtui.ui.app import InboxApp
from commtui.ui.widgets.pace import PAUSE
from docs.svg import svg

FOLDER: Final = Path(__file__).with_name("screens")
NOW: Final = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
SIZES: Final = ((40, 12), (80, 24), (120, 40), (160, 45), (200, 50))
ANSWER: Final = "Coarser: 20 clicks for a moka pot, and off the heat at the first gurgle. Tell us how it went!"
THANKS: Final = "Thank you all for writing! We read every message."
POST: Final = "The 1957 drum roaster is back on the quay on Saturday, with coffee from nine."
SHOP: Final = "shop"
"""The folder of pictures."""


class Picture(NamedTuple):
    """A screen, and the way to it from the inbox: keys as Textual names them, and texts that are typed."""

    name: str
    shows: str
    steps: tuple[str | Typed, ...] = ()
    fresh: bool = False
    """In a home without an account; else in the demo."""
    files: bool = False
    """With the pictures of `shop/` in the working folder, which are shown in half blocks."""


class Typed(str):
    """A text that is typed, letter by letter."""


_HALIMA: Final = ("j",) * 4
_ATTACH: Final = ("c", Typed(POST), "escape", "m", Typed(f"{SHOP}/"))
SCREENS: Final = (
    Picture("inbox", "the inbox: mentions, replies and posts"),
    Picture("thread", "a thread, open at its newest message", ("j", "enter")),
    Picture("composer", "the composer below the thread that is answered", (*_HALIMA, "r", Typed(ANSWER))),
    Picture("one-text", "one text that answers several conversations", ("x", "x", "x", "r", Typed(THANKS))),
    Picture("post", "the composer of a post", ("c", Typed(POST))),
    Picture("files", "the list to choose a file from", _ATTACH, files=True),
    Picture("look", "a picture, before it is attached", (*_ATTACH, "down", "ctrl+o"), files=True),
    Picture("review", "the review before a reply is sent", (*_HALIMA, "r", Typed(ANSWER), "escape")),
    Picture("sending", "a reply in its hold window, in the pane of replies",
            (*_HALIMA, "r", Typed(ANSWER), "escape", "y", "2")),
    Picture("posts", "the pane of posts", ("3", "j")),
    Picture("marked", "three marked conversations", ("x", "x", "j", "x")),
    Picture("search", "a search over everything", ("semicolon", Typed("quay"), "enter")),
    Picture("serving", "one conversation after the other, until none is left", ("Q",)),
    Picture("merging", "two conversations made one", ("x", "x", "space", "M")),
    Picture("engagement", "likes, boosts and follows, by post", ("X",)),
    Picture("calendar", "the posts of a week", ("4",)),
    Picture("month", "the posts of a month", ("4", "tab")),
    Picture("campaigns", "the campaigns, with their figures", ("space", "P")),
    Picture("campaign", "a campaign: its goal, its figures and its posts",
            ("colon", Typed("campaigns open day"), "enter")),
    Picture("picker", "the list to choose a teammate from", ("a",)),
    Picture("saved", "saved replies and macros to choose from", ("m",)),
    Picture("leader", "the menu of the leader key", ("space",)),
    Picture("palette", "the palette of commands", ("ctrl+p", Typed("sno"))),
    Picture("views", "the list of views, with their numbers", ("W",)),
    Picture("activity", "what was done, by whom, in which process", ("A", "j", "e", "H")),
    Picture("person", "a person: every conversation, a note, a tag and a mark",
            ("j", "j", "K", "t", Typed("press"), "enter", "i", Typed("met at the fair"), "enter", "x")),
    Picture("report", "the report: figures, goals and plots", ("space", "G")),
    Picture("report-plots", "the plots of the report", ("space", "G", *("pagedown",) * 3)),
    Picture("report-rows", "the rows behind a number of the report", ("space", "G", "enter")),
    Picture("settings", "every setting, and where its value comes from", ("comma",)),
    Picture("first-run", "the first run: three ways to begin", fresh=True),
    Picture("login", "the login to a Mastodon server", ("m",), fresh=True),
    Picture("help", "the help", ("question_mark",)),
)  # fmt: skip


class StillEngine:
    """Sends and fetches nothing, and says that it does."""

    def start(self) -> None:
        pass

    def stop(self) -> None:
        pass

    def state(self) -> EngineState:
        return EngineState("here")


class StillClock(Moment):
    """Gives whatever is counted within a time all the time it takes: a picture must not show how busy a machine is."""

    def monotonic(self) -> float:
        return 0.0


class StillHome(ScreenHome):
    """A home at a moment that does not pass."""

    def __init__(self, home: paths.Home, demo: bool = True) -> None:
        super().__init__(home, {"TZ": "UTC"}, demo=demo)
        self.clock = StillClock(NOW)
        self.engine = StillEngine()

    @property
    def process(self) -> Process:
        return Process(command="commtui", pid=4711, host="desk")


@contextmanager
def demo() -> Iterator[Path]:
    """The folder of a home in which the demo was fetched once."""
    with tempfile.TemporaryDirectory() as folder:
        home = demo_home(Path(folder) / "home", {}, Moment(NOW), seed=3, pace=0)
        home.config.write_text('zone = "UTC"\n' + home.config.read_text())
        fetched = StillHome(home)
        fetched.sync(wait=False)
        fetched.close()
        yield Path(folder) / "home"


class Shot(NamedTuple):
    """What stands on a screen, the style of its plain text, and what the screen is."""

    rows: list[Strip]
    ground: Style
    screen: type[Screen[Any]]


def shots_of(home: Path, picture: Picture) -> dict[tuple[int, int], Shot]:
    """A screen at each size. The home is left as it was."""

    async def all_sizes() -> list[Shot]:
        return await asyncio.gather(*(_shot(picture, size, folder) for size, folder in folders.items()))

    folders = {size: Path(f"{size[0]}x{size[1]}") for size in SIZES}
    with tempfile.TemporaryDirectory() as working, chdir(working):  # the settings name the home's path
        for folder in folders.values():
            if picture.fresh:
                paths.Home.at(folder).prepare()
            else:
                shutil.copytree(home, folder)
        if picture.files:
            _make_shop(Path(SHOP))
            for folder in folders.values():
                config = paths.Home.at(folder).config
                config.write_text('images = "half-blocks"\n' + config.read_text())
        return dict(zip(SIZES, asyncio.run(all_sizes()), strict=True))


def _make_shop(folder: Path) -> None:
    """Two pictures of a cup, whose files are as long with any version of zlib."""
    from PIL import Image, ImageDraw  # the extra `images`

    folder.mkdir()
    for name, wall in (("cup-at-dusk.png", "#4a5f7a"), ("cup.png", "#e8d8b8")):
        image = Image.new("RGB", (160, 100), wall)
        draw = ImageDraw.Draw(image)
        draw.rectangle((0, 80, 160, 100), "#6b4a2f")
        draw.rectangle((98, 40, 120, 68), outline="#b5472f", width=6)
        draw.rectangle((52, 30, 104, 80), "#b5472f")
        draw.rectangle((52, 30, 104, 36), "#2a1a12")
        image.save(folder / name, compress_level=0)


async def _shot(picture: Picture, size: tuple[int, int], folder: Path) -> Shot:
    services = StillHome(paths.Home.at(folder), demo=not picture.fresh)
    app = InboxApp(services)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for step in picture.steps:
            if isinstance(step, Typed):
                (app.focused or app.screen).post_message(events.Paste(step))
            else:
                await pilot.press(step)
            await pilot.pause()
        await pilot.pause(PAUSE + 0.4)  # the cursor rests, and the columns beside the reader are read
        await app.workers.wait_for_complete([worker for worker in app.workers if worker.node is app.screen])
        await pilot.pause()
        screen = type(app.screen)
        strips = app.screen._compositor.render_strips(app.size)
    services.store.close()
    return Shot([strip.crop(0, size[0]) for strip in strips], app.styles_by_role["plain"], screen)


def file_name(picture: Picture, size: tuple[int, int]) -> str:
    """`inbox-80x24.svg`."""
    return f"{picture.name}-{size[0]}x{size[1]}.svg"


def svg_of(picture: Picture, size: tuple[int, int], shot: Shot) -> str:
    """A screen as SVG."""
    return svg(shot.rows, size[0], f"commtui: {picture.shows}", shot.ground)


def pictures(home: Path) -> Iterator[tuple[str, str]]:
    """The name and the SVG of each."""
    for picture in SCREENS:
        for size, shot in shots_of(home, picture).items():
            yield file_name(picture, size), svg_of(picture, size, shot)


def main() -> None:
    """Makes all of them anew."""
    with demo() as home:
        made = dict(pictures(home))
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
