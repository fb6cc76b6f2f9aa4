"""Writes to the terminal without ever waiting for it on the caller's thread.

What can be written at once is written at once; the rest is for a thread of its own, which asks for the newest frame
when the terminal has taken the last one. A stopped or slow reader costs one frame in memory, never a queue of them.
"""

from __future__ import annotations

import errno
import os
import select
import threading
from collections.abc import Callable

_GONE = frozenset((errno.EIO, errno.EPIPE, errno.EBADF, errno.ENXIO, errno.ECONNRESET))


class Writer:
    """`produce` gives the next bytes (b"" for none); it is called by one thread at a time, under `lock`.

    `gone` is called once, from some thread, when the terminal has hung up. What is written after that is dropped.
    """

    def __init__(self, fileno: int, produce: Callable[[], bytes], gone: Callable[[], None]) -> None:
        self.lock = threading.RLock()
        self._produce, self._gone = produce, gone
        self._dead = False
        self._closing = self._busy = False
        self._rest = memoryview(b"")
        self._idle = threading.Condition(self.lock)
        self._asked, self._ask = os.pipe()
        os.set_blocking(self._asked, False)
        os.set_blocking(self._ask, False)
        self._own = _reopened(fileno)
        self._fileno = fileno if self._own is None else self._own
        self._thread = threading.Thread(target=self._work, name="painter", daemon=True)
        self._thread.start()

    def push(self) -> None:
        """Something new is to be had from `produce`. Never waits for the terminal."""
        with self.lock:
            if self._closing or self._dead or self._rest:
                return
            if self._own is None:
                self._rest = memoryview(self._produce())
                self._wake()
                return
            self._advance()
            if self._rest:
                self._wake()

    def close(self, timeout: float) -> bool:
        """Waits up to `timeout` seconds for the terminal to take everything; gives whether it did."""
        self.push()
        with self.lock:
            self._idle.wait_for(lambda: self._dead or not self._rest, timeout)
            done = not self._rest
            self._closing = True
            self._wake()
        if self._thread is not threading.current_thread():
            # Without a descriptor of our own the thread may block in a write.
            self._thread.join(timeout if self._own is None else None)
        if not self._thread.is_alive():
            for fileno in (self._asked, self._ask, self._own):
                if fileno is not None:
                    os.close(fileno)
        return done

    def _wake(self) -> None:
        try:
            os.write(self._ask, b".")
        except OSError:
            # Full: it is awake. Closed: the thread has ended.
            pass

    def _advance(self) -> None:
        """Writes as much as the terminal takes now (under the lock, with a descriptor that doesn't block)."""
        if self._busy:
            # A signal handler came in between.
            return
        self._busy = True
        try:
            self._write_on()
        finally:
            self._busy = False

    def _write_on(self) -> None:
        while not self._dead and not self._closing:
            if not self._rest:
                self._rest = memoryview(self._produce())
                if not self._rest:
                    self._idle.notify_all()
                    return
            try:
                self._rest = self._rest[os.write(self._fileno, self._rest) :]
            except BlockingIOError:
                return
            except InterruptedError:
                continue
            except OSError as error:
                if error.errno not in _GONE:
                    raise
                if not self._closing:
                    self._hang_up()

    def _hang_up(self) -> None:
        if not self._dead:
            self._dead = True
            self._rest = memoryview(b"")
            self._idle.notify_all()
            self._gone()

    def _work(self) -> None:
        poll = select.poll()
        poll.register(self._asked, select.POLLIN)
        while True:
            # Without events poll still reports a hang-up.
            poll.register(self._fileno, select.POLLOUT if self._rest else 0)
            happened = dict(poll.poll())
            if happened.get(self._asked):
                try:
                    os.read(self._asked, 4096)
                except BlockingIOError:
                    pass
            with self.lock:
                if self._closing or self._dead:
                    return
                if happened.get(self._fileno, 0) & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
                    self._hang_up()
                    return
                if self._own is not None:
                    self._advance()
                    continue
            self._write_blocking()

    def _write_blocking(self) -> None:
        """Where the terminal could not be opened again: outside the lock, so that only this thread waits."""
        while self._rest:
            try:
                written = os.write(self._fileno, self._rest[:4096])
            except OSError as error:
                if error.errno not in _GONE:
                    raise
                with self.lock:
                    self._hang_up()
                return
            with self.lock:
                self._rest = self._rest[written:]
                if not self._rest:
                    self._rest = memoryview(self._produce())
                if not self._rest:
                    self._idle.notify_all()


def _reopened(fileno: int) -> int | None:
    """The same terminal, opened again: O_NONBLOCK on it does not change the shell's own descriptors."""
    try:
        return os.open(os.ttyname(fileno), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
