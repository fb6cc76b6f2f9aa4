"""The driver that Textual is given (`App(driver_class=PainterDriver)`): Textual draws, the painter writes.

Textual's own driver is left as it is but for its output (`write`, `flush`, `close`, start and stop of application mode)
for the thread that reads the terminal, and for the mouse.
A test pins what is overridden, so that a Textual release that changes it is noticed.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import select
import shutil
import signal
import termios
import time
from collections.abc import Iterable
from types import FrameType
from typing import TYPE_CHECKING, Any

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key, Paste
from textual.message import Message

from commtui.ui.painter import abilities
from commtui.ui.painter import mouse as pointing
from commtui.ui.painter.cells import Cells
from commtui.ui.painter.diff import Painter
from commtui.ui.painter.frame import Frame
from commtui.ui.painter.input import Kind, Piece, TerminalInput
from commtui.ui.painter.styles import Styles
from commtui.ui.painter.writer import Writer

if TYPE_CHECKING:
    from textual.app import App

# How a terminal is left whatever happened: no mouse, paste or focus reports, keys and wrapping as usual, cursor on.
SANE = (
    "\x1b[r\x1b[m\x1b[?2026l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l\x1b[?2004l\x1b[?2048l\x1b[?1004l"
    "\x1b[?7h\x1b[<u\x1b[?1049l\x1b[?25h"
)
_ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
# How long leaving waits for a terminal that takes nothing, in seconds.
_PATIENCE = 2.0
# How often the reading thread looks whether it has to end, and for keys that a silence decides, in seconds.
_LOOK = 0.1


def _asyncio_s(handler: object) -> bool:
    """asyncio.run puts its own handler for SIGINT, which would end the app with no more than a cancelled task."""
    return str(getattr(getattr(handler, "func", None), "__module__", "")).startswith("asyncio.")


class HungUp(Message):
    """The terminal is gone: nothing more will be shown, no key will come. Told to the app once, if it has
    `on_hung_up`; otherwise the driver exits the app itself (return code 129)."""

    bubble = False


class PainterDriver(LinuxDriver):
    """LinuxDriver with an output of its own. SIGTERM, SIGINT and SIGHUP end the app in order (return code 128 + the
    signal's number), unless the program has handlers for them."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.painted_app = app
        self.loop = asyncio.get_running_loop()
        # the errors may go elsewhere (`2>errors`); the inbox is not begun without a terminal on stdout
        self.output = 2 if os.isatty(2) else 1
        can = abilities.detect(os.environ, self.output, app.no_color)
        self.abilities = can
        styles = Styles(can.depth, can.links)
        self.frame = Frame(*self._dimensions(), styles, Cells(can.wide_ambiguous))
        self.painter = Painter(can, styles.plain)
        self.writer: Writer | None = None
        self.shows_cursor = False
        """Whether the next frame shows the terminal's cursor, at the app's `cursor_position`."""
        self.tells_hang_up = True
        self.handled: dict[signal.Signals, Any] = {}
        self.received = TerminalInput()
        """Outlives a suspension: the rest of a sequence may come after it."""
        self._clicks = pointing.Clicks()
        self._mouse_asked = False

    def write(self, data: str) -> None:
        """Takes what Textual draws into the frame. What is no part of it (modes, the bell) is written at once."""
        writer = self.writer
        if writer is None:
            return
        with writer.lock:
            frame = self.frame
            size = self._dimensions()
            if size != (frame.width, frame.height):
                frame.resize(*size)
                self.painter.forget()
            frame.feed(data)
            urgent = bool(frame.passes)
        if urgent:
            writer.push()

    def pass_on(self, sequence: str) -> None:
        """Hands the terminal a sequence of the program's own, past the frame: a copy, a notice."""
        writer = self.writer
        if writer is not None:
            with writer.lock:
                self.frame.pass_on(sequence)
            writer.push()

    def flush(self) -> None:
        """The frame is whole: what changed is written, now or as soon as the terminal takes it."""
        if self.writer is not None:
            self.writer.push()

    def start_application_mode(self) -> None:
        if self.writer is not None:
            # A SIGCONT after a SIGSTOP, which gave no chance to stop in order.
            self.suspend_application_mode()
        self.writer = Writer(self.output, self._next, self._gone)
        # After a stop of the process, or another program's output, the screen's content is unknown.
        self.painter.forget()
        for ending in _ENDINGS:
            handler = signal.getsignal(ending)
            if handler in (signal.SIG_DFL, signal.default_int_handler) or _asyncio_s(handler):
                self.handled[ending] = signal.signal(ending, self._end)
        atexit.register(self._restore)
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual's has no annotation

    def stop_application_mode(self) -> None:
        super().stop_application_mode()
        self.flush()

    def close(self) -> None:
        if self.frame.alternate:
            # Somebody ends without having stopped.
            self.write(SANE)
            self._reset_tty()
        writer, self.writer = self.writer, None
        if writer is not None:
            writer.close(_PATIENCE)
        for ending, handler in self.handled.items():
            signal.signal(ending, handler)
        self.handled.clear()
        atexit.unregister(self._restore)
        super().close()

    def use_mouse(self, on: bool) -> None:
        """Asks the terminal for the mouse, or leaves it to the terminal, from now on."""
        if on != self._mouse:
            self._disable_mouse_support()
            self._mouse = on
            self._enable_mouse_support()

    def _enable_mouse_support(self) -> None:
        if self._mouse and not self._mouse_asked:  # Textual calls it twice
            self._mouse_asked = True
            self.pass_on(pointing.ON)

    def _disable_mouse_support(self) -> None:
        if self._mouse_asked:
            self._mouse_asked = False
            self.pass_on(pointing.OFF)

    def _enable_mouse_pixels(self) -> None:
        """Places are cells, whatever the terminal could tell."""

    def run_input_thread(self) -> None:
        """Reads the terminal until the application mode ends, or the terminal."""
        parser = XTermParser(self._debug)
        while not self.exit_event.is_set():
            if not select.select([self.fileno], [], [], _LOOK)[0]:
                piece = self.received.tick(time.monotonic())
                if piece is not None:
                    self._receive(piece, parser)
                continue
            try:
                data = os.read(self.fileno, 4096)
            except OSError:
                data = b""
            if not data:  # hung up: the writer tells it
                self.exit_event.wait()
                return
            for piece in self.received.feed(data, time.monotonic()):
                self._receive(piece, parser)

    def _receive(self, piece: Piece, parser: XTermParser) -> None:
        """Hands a piece of input to the app as Textual's events."""
        kind, text = piece
        if kind is Kind.ESCAPE:
            messages: Iterable[Message] = [Key("escape", text)]
        elif kind is Kind.PASTE:
            messages = [Paste(text)]
        elif kind is Kind.ALT:
            messages = parser._sequence_to_key_events(text, alt=True)
        elif kind is Kind.MOUSE:
            report = pointing.read(text) if self._mouse else None
            if report is not None:
                self.send_message(self._clicks.pointer(report, time.monotonic()))
            return
        else:
            messages = parser.feed(text)
        for message in messages:
            self.process_message(message)

    def _dimensions(self) -> tuple[int, int]:
        try:
            width, height = os.get_terminal_size(self.output)
        except OSError:
            width = height = 0
        if width <= 0 or height <= 0:
            width, height = shutil.get_terminal_size()
        return width, height

    def _next(self) -> bytes:
        """What the terminal is to get next, from what it shows to the newest frame (under the writer's lock)."""
        frame = self.frame
        text = frame.take_passes()
        if "\x1b[?25l" in text:
            self.painter.cursor_hidden()  # by Textual, as it starts or comes back from an editor
        if frame.cleared:
            frame.cleared = False
            self.painter.forget()
        if frame.alternate and frame.drawn:
            # a hidden cursor at its first place was not put there: moving it would cost bytes
            cursor = (frame.y, frame.x) if self.shows_cursor or frame.y or frame.x else None
            text += self.painter.paint(frame.rows, frame.width, cursor, frame.synchronizes, self.shows_cursor)
        return text.encode("utf-8", "replace")

    def _gone(self) -> None:
        if not self.tells_hang_up:
            return
        self.tells_hang_up = False
        app = self.painted_app
        try:
            if hasattr(app, "on_hung_up"):
                self.send_message(HungUp())
            else:
                self.loop.call_soon_threadsafe(lambda: app.exit(return_code=129))
        except RuntimeError:
            # The loop has ended before the terminal did.
            pass

    def _end(self, number: int, frame: FrameType | None) -> None:
        """The first signal ends the app in order; the same one again ends the process."""
        ending = signal.Signals(number)
        signal.signal(ending, self.handled.pop(ending, signal.SIG_DFL))
        if ending is signal.SIGHUP:
            self._gone()
            return
        self.loop.call_soon_threadsafe(lambda: self.painted_app.exit(return_code=128 + number))

    def _restore(self) -> None:
        """Restores the terminal when the interpreter ends without having stopped the application mode."""
        try:
            os.write(self.output, SANE.encode())
        except OSError:
            pass
        self._reset_tty()

    def _reset_tty(self) -> None:
        if self.attrs_before is not None:
            try:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
            except termios.error:
                pass
