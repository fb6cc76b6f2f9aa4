"""A stand-in for the closed service of direct messages, which checks every call and answer against the lexicons.

It is a service of its own as the real one is: the PDS finds it by its did:web, and passes calls on with a token.
"""

from __future__ import annotations

import http.server
import itertools
import json
import subprocess
import threading
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.networks.bluesky import install

CHECK = """
import { Lexicons } from '@atproto/lexicon'
import { schemas } from '@atproto/api'
import readline from 'node:readline'
const lexicons = new Lexicons(schemas)
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { kind, nsid, value } = JSON.parse(line)
  try {
    if (kind === 'params') lexicons.assertValidXrpcParams(nsid, value)
    if (kind === 'input') lexicons.assertValidXrpcInput(nsid, value)
    if (kind === 'output') lexicons.assertValidXrpcOutput(nsid, value)
    console.log('ok')
  } catch (error) {
    console.log(String(error))
  }
}
"""


class ChatStandIn:
    """Conversations between people of the network; `us` is who calls."""

    def __init__(self, us: str) -> None:
        self.us = us
        self.convos: dict[str, list[dict[str, Any]]] = {}
        self.members: dict[str, list[dict[str, str]]] = {}
        self.unread: dict[str, int] = {}
        self.log: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.wrong: list[str] = []
        """What the lexicons said against a call or an answer."""
        self._count = itertools.count(1)
        folder = install.packages()
        (folder / "check.mjs").write_text(CHECK)
        self._checker = subprocess.Popen(
            [folder / install.NODE, folder / "check.mjs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._lock = threading.Lock()
        stand_in = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._reply(*stand_in.answer("GET", self.path, dict(self.headers), None))

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)) or b"null")
                self._reply(*stand_in.answer("POST", self.path, dict(self.headers), body))

            def _reply(self, status: int, found: Any) -> None:
                data = json.dumps(found).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def did(self) -> str:
        """Its DID, which the PDS reads over http since the host is localhost."""
        return f"did:web:localhost%3A{self._server.server_port}"

    def close(self) -> None:
        """Ends it."""
        self._server.shutdown()
        self._server.server_close()
        assert self._checker.stdin is not None
        self._checker.stdin.close()
        self._checker.wait(10)

    def begin(self, convo: str, did: str, handle: str) -> None:
        """A conversation with somebody."""
        self.convos[convo], self.unread[convo] = [], 0
        self.members[convo] = [
            {"did": did, "handle": handle, "displayName": handle.title()},
            {"did": self.us, "handle": "brand.test"},
        ]

    def say(self, convo: str, did: str, text: str, **more: Any) -> str:
        """A message; its id."""
        number = next(self._count)
        rev = f"{number:013d}"
        message = {
            "$type": "chat.bsky.convo.defs#messageView",
            "id": f"m{number}",
            "rev": rev,
            "text": text,
            "sender": {"did": did},
            "sentAt": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        message |= more
        self.convos[convo].append(message)
        entry = {"$type": "chat.bsky.convo.defs#logCreateMessage", "rev": rev, "convoId": convo, "message": message}
        self.log.append(entry)
        if did != self.us:
            self.unread[convo] += 1
        return f"m{number}"

    def _view(self, convo: str) -> dict[str, Any]:
        messages = self.convos[convo]
        rev = messages[-1]["rev"] if messages else "0"
        view = {"id": convo, "rev": rev, "members": self.members[convo], "muted": False}
        return {**view, "unreadCount": self.unread[convo], **({"lastMessage": messages[-1]} if messages else {})}

    def _check(self, kind: str, nsid: str, value: Any) -> None:
        with self._lock:
            assert self._checker.stdin is not None and self._checker.stdout is not None
            self._checker.stdin.write(json.dumps({"kind": kind, "nsid": nsid, "value": value}) + "\n")
            self._checker.stdin.flush()
            said = self._checker.stdout.readline().strip()
        if said != "ok":
            self.wrong.append(f"{kind} of {nsid}: {said}")

    def answer(self, method: str, path: str, headers: dict[str, str], body: Any) -> tuple[int, Any]:
        """What it says to a call."""
        parts = urlsplit(path)
        if parts.path == "/.well-known/did.json":
            port = self._server.server_port
            service = {"id": "#bsky_chat", "type": "BskyChatService", "serviceEndpoint": f"http://localhost:{port}"}
            return 200, {"@context": ["https://www.w3.org/ns/did/v1"], "id": self.did, "service": [service]}
        nsid = parts.path.removeprefix("/xrpc/")
        self.calls.append(nsid)
        if not any(name.lower() == "authorization" for name in headers):
            return 401, {"error": "AuthMissing", "message": "no token"}
        query: dict[str, Any] = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if "limit" in query:
            query["limit"] = int(query["limit"])
        self._check("params", nsid, query) if method == "GET" else self._check("input", nsid, body)
        found = self._found(nsid, query, body)
        if found is None:
            return 400, {"error": "InvalidConvo", "message": "no such conversation"}
        self._check("output", nsid, found)
        return 200, found

    def _found(self, nsid: str, query: dict[str, Any], body: Any) -> Any:
        name = nsid.rpartition(".")[2]
        convo = (body or query).get("convoId", "")
        if name == "listConvos":
            return {"convos": [self._view(convo) for convo in self.convos]}
        if name == "getLog":
            logs = [event for event in self.log if event["rev"] > query.get("cursor", "")]
            return {"logs": logs, "cursor": logs[-1]["rev"] if logs else query.get("cursor", "")}
        if convo not in self.convos:
            return None
        if name == "getMessages":
            return {"messages": self.convos[convo][::-1][: query.get("limit", 50)]}
        if name == "getConvo":
            return {"convo": self._view(convo)}
        if name == "sendMessage":
            self.say(convo, self.us, body["message"]["text"])
            return self.convos[convo][-1]
        return None
