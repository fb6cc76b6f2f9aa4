"""HTTP/1.1 on bare sockets, as far as the servers of the tests need it."""

from __future__ import annotations

import socket
import struct
import threading
from typing import BinaryIO

from tests.servers.effects import Request


def read_request(reader: BinaryIO) -> Request | None:
    """The next request on a connection, None at its end."""
    first = reader.readline()
    if not first.strip():
        return None
    lines = [first]
    while (line := reader.readline()) not in (b"\r\n", b""):
        lines.append(line)
    headers = {}
    for line in lines[1:]:
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    if "chunked" in headers.get("transfer-encoding", ""):
        body = b""
        while size := int(reader.readline().split(b";")[0], 16):
            body += reader.read(size)
            reader.readline()
        reader.readline()
    else:
        body = reader.read(int(headers.get("content-length", 0)))
    method, target, _ = first.decode("latin-1").split(" ", 2)
    return Request(0, method, target, headers, body, b"".join(lines) + b"\r\n")


def tunnel(client: socket.socket, server: socket.socket) -> bool:
    """Passes bytes both ways until one side ends."""

    def pump(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass  # the other direction ends it
        end(sink, rst=False)

    server.settimeout(None)
    back = threading.Thread(target=pump, args=(server, client), daemon=True)
    back.start()
    pump(client, server)
    back.join(5)
    return False


def end(connection: socket.socket, rst: bool) -> None:
    """Closes at once, with FIN or with RST."""
    try:
        if rst:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()
    except OSError:
        pass  # closed already
