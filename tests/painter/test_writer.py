"""The writer alone: over a pipe (which cannot be opened anew, so that its thread writes) and over a pseudo-terminal."""

import os
import pty
import threading
import time
import tty

import pytest

from commtui.ui.painter.writer import Writer


class Ends:
    """A pipe or a pseudo-terminal, and a writer on it that is asked for `newest` as often as it likes."""

    def __init__(self, kind):
        if kind == "pipe":
            self.read_end, self.write_end = os.pipe()
        else:
            self.read_end, self.write_end = pty.openpty()
            tty.setraw(self.write_end)
        self.newest, self.taken, self.gone = b"", [], []
        self.told = threading.Event()
        self.writer = Writer(self.write_end, self.produce, self.on_gone)

    def produce(self):
        frame, self.newest = self.newest, b""
        if frame:
            self.taken.append(frame)
        return frame

    def on_gone(self):
        self.gone.append(True)
        self.told.set()

    def offer(self, frame):
        with self.writer.lock:
            self.newest = frame
        self.writer.push()

    def read(self, size):
        data = b""
        while len(data) < size:
            data += os.read(self.read_end, 1 << 16)
        return data


@pytest.fixture(params=["pipe", "terminal"])
def ends(request):
    made = Ends(request.param)
    yield made
    for fileno in (made.read_end, made.write_end):
        try:
            os.close(fileno)
        except OSError:
            pass


def test_frames_arrive_whole_and_in_order(ends):
    for number in range(50):
        ends.offer(b"%d;" % number * 100)
        assert ends.read(len(b"%d;" % number * 100)) == b"%d;" % number * 100
    assert ends.writer.close(60) is True


def test_a_reader_that_has_stopped_costs_one_frame_and_then_gets_the_newest(ends):
    big = b"x" * 300_000
    ends.offer(big)
    while not ends.taken:
        time.sleep(0.005)
    for number in range(1000):
        ends.offer(b"%d" % number)
    assert len(ends.taken) == 1
    data = ends.read(len(big) + 3)
    assert data == big + b"999"
    assert ends.taken == [big, b"999"]
    assert ends.writer.close(60) is True


def test_closing_does_not_wait_for_ever_for_a_reader_that_has_stopped(ends):
    ends.offer(b"x" * 300_000)
    before = threading.active_count()
    assert ends.writer.close(0.2) is False
    ends.writer.push()
    assert threading.active_count() <= before
    assert ends.gone == []


def test_a_reader_that_goes_away_is_reported_once_even_while_nothing_is_written(ends):
    os.close(ends.read_end)
    assert ends.told.wait(60)
    for _ in range(3):
        ends.offer(b"x")
    time.sleep(0.05)
    assert ends.gone == [True]
    assert ends.writer.close(60) is True
