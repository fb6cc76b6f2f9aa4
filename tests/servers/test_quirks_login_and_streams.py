"""The server with quirks: logging in with a code, and its two kinds of streams."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from urllib.parse import urlencode

import httpx
from websockets.sync.client import connect

from tests.servers.quirks import client


def test_the_code_of_an_agreed_login_is_worth_one_token(quirks):
    server = quirks()
    verifier = "v" * 43
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    back = "urn:ietf:wg:oauth:2.0:oob"
    with httpx.Client(base_url=server.url, trust_env=False) as http:
        form = {"client_name": "t", "redirect_uris": back, "scopes": "read write"}
        app = http.post("/api/v1/apps", data=form).json()
        asked = {"client_id": app["client_id"], "redirect_uri": back, "response_type": "code", "scope": "read write"}
        address = f"{server.url}/oauth/authorize?" + urlencode({**asked, "code_challenge": challenge})
        assert http.get(address).status_code == 200
        code = server.authorize("brand", address)
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
        form |= {"client_id": app["client_id"], "client_secret": app["client_secret"]}
        assert http.post("/oauth/token", data=form).json()["error"] == "invalid_grant"
        token = http.post("/oauth/token", data={**form, "code_verifier": verifier}).json()["access_token"]
        assert http.post("/oauth/token", data={**form, "code_verifier": verifier}).status_code == 400
        me = http.get("/api/v1/accounts/verify_credentials", headers={"Authorization": f"Bearer {token}"}).json()
    assert me["acct"] == "brand"


def test_events_are_sent_by_sse_and_streams_can_be_dropped(quirks):
    server, lines = quirks(), []
    with client(server) as http:
        wrong = http.get("/api/v1/streaming/user", headers={"Authorization": "Bearer wrong"})
        assert wrong.status_code == 401

        def listen() -> None:
            with http.stream("GET", "/api/v1/streaming/user") as stream:
                lines.extend(line for line in stream.iter_lines() if line.startswith(("event", "data")))

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        server.streams.wait()
        mention = server.mention("ada", "hey")
        server.delete(mention)
        server.streams.drop()
        listener.join(30)
    assert lines[::2] == ["event: notification", "event: delete"]
    assert json.loads(lines[1].removeprefix("data: "))["status"]["id"] == mention.id
    assert lines[3] == f"data: {mention.id}"


def test_events_are_sent_by_websocket_with_json_in_a_string(quirks):
    server = quirks(streaming="websocket", streaming_url="wss")
    with client(server) as http:
        assert http.get("/api/v1/streaming/user").status_code == 404
        assert http.get("/api/v2/instance").json()["configuration"]["urls"]["streaming"].startswith("wss://")
    address = f"ws://{server.host}/api/v1/streaming?stream=user&access_token={server.token('brand')}"
    with connect(address, proxy=None) as stream:
        server.streams.wait()
        mention = server.mention("ada", "hey")
        server.delete(mention)
        first, second = json.loads(stream.recv(30)), json.loads(stream.recv(30))
    assert json.loads(first["payload"])["status"]["id"] == mention.id
    assert (second["event"], second["payload"]) == ("delete", mention.id)
