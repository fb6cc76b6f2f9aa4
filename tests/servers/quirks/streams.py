"""Streaming: server-sent events as Mastodon has them, or a WebSocket whose payload is JSON in a string."""

from __future__ import annotations

import json
import queue
import socket
import threading
from typing import TYPE_CHECKING, Any

from websockets.exceptions import ProtocolError
from websockets.frames import Opcode
from websockets.server import ServerProtocol

from tests.servers.quirks import show
from tests.servers.quirks.things import Account, Notification, Status

if TYPE_CHECKING:
    from tests.servers.quirks.server import QuirkServer

HEARTBEAT = 1.0


class Streams:
    """Who listens. A stream knows nothing of what happened before it was opened."""

    def __init__(self, server: QuirkServer) -> None:
        self.server = server
        self._open: dict[queue.Queue[tuple[str, str] | None], str] = {}
        self._changed = threading.Condition()
        self.opened = 0
        """How many streams were ever opened."""
        server.listeners.append(self.tell)

    def tell(self, user: str, event: str, thing: Status | Notification) -> None:
        """Sends an event to the streams of a user. `delete` carries a bare id."""
        with self._changed:
            listening = [line for line, whose in self._open.items() if whose == user]
        if not listening:
            return
        viewer = self.server.account(user)
        payload: Any = thing.id
        if isinstance(thing, Notification):
            payload = json.dumps(show.notification(self.server, thing, viewer))
        elif event != "delete":
            payload = json.dumps(show.status(self.server, thing, viewer))
        for line in listening:
            line.put((event, payload))

    def drop(self) -> None:
        """Ends every stream."""
        with self._changed:
            for line in self._open:
                line.put(None)

    def wait(self, count: int = 1, timeout: float = 30) -> None:
        """Waits until so many streams are open."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._open) >= count, timeout), f"{len(self._open)} streams open"

    def _enter(self, user: Account) -> queue.Queue[tuple[str, str] | None]:
        line: queue.Queue[tuple[str, str] | None] = queue.Queue()
        with self._changed:
            self._open[line] = user.acct
            self.opened += 1
            self._changed.notify_all()
        return line

    def _leave(self, line: queue.Queue[tuple[str, str] | None]) -> None:
        with self._changed:
            self._open.pop(line, None)
            self._changed.notify_all()

    def events(self, connection: socket.socket, user: Account) -> None:
        """Serves server-sent events until the client goes or `drop`."""
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n"
        connection.sendall(head + b"\r\n:)\n\n")
        line = self._enter(user)
        try:
            while True:
                try:
                    item = line.get(timeout=HEARTBEAT)
                except queue.Empty:
                    connection.sendall(b":thump\n\n")
                    continue
                if item is None:
                    return
                connection.sendall(f"event: {item[0]}\ndata: {item[1]}\n\n".encode())
        finally:
            self._leave(line)

    def websocket(self, connection: socket.socket, head: bytes, user: Account) -> None:
        """Serves a WebSocket until the client goes or `drop`."""
        protocol = ServerProtocol()
        protocol.receive_data(head)
        request = next(iter(protocol.events_received()))
        protocol.send_response(protocol.accept(request))  # type: ignore[arg-type]
        _flush(connection, protocol)
        if protocol.handshake_exc is not None:
            return
        line = self._enter(user)
        lock = threading.Lock()
        reader = threading.Thread(target=_read, args=(connection, protocol, lock, line), daemon=True)
        reader.start()
        try:
            while (item := line.get()) is not None:
                with lock:
                    message = {"stream": ["user"], "event": item[0], "payload": item[1]}
                    protocol.send_text(json.dumps(message).encode())
                    _flush(connection, protocol)
        finally:
            self._leave(line)


def _flush(connection: socket.socket, protocol: ServerProtocol) -> None:
    for data in protocol.data_to_send():
        if data:
            connection.sendall(data)


def _read(
    connection: socket.socket,
    protocol: ServerProtocol,
    lock: threading.Lock,
    line: queue.Queue[tuple[str, str] | None],
) -> None:
    try:
        while data := connection.recv(65536):
            with lock:
                protocol.receive_data(data)
                closing = any(getattr(e, "opcode", None) is Opcode.CLOSE for e in protocol.events_received())
                _flush(connection, protocol)
            if closing:
                break
    except (OSError, ProtocolError):
        pass  # the client is gone: the stream ends below
    line.put(None)
