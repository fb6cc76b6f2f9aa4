"""The real Bluesky network on this machine (PLC, PDS, AppView), and the other people on it as plain calls."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from tests.networks.bluesky import install
from tests.servers.mock import free_port
from tests.waiting import readable

POST = "app.bsky.feed.post"
START_SECONDS = 120.0


class BlueskyNetwork:
    """One network. Accounts are named by their handle (`ada` is `ada.test`) and made when first named."""

    def __init__(self) -> None:
        self._packages = install.packages()
        self._accounts: dict[str, tuple[str, str, str]] = {}
        self._tokens: dict[str, str] = {}
        self._http = httpx.Client(trust_env=False, timeout=60)
        said = ""
        for _ in range(3):  # somebody else may have taken a port
            said = self._start()
            if not said:
                return
        raise RuntimeError(f"the Bluesky network did not start: {said}")

    def _start(self) -> str:
        """Starts it on fresh ports; what was said, if it failed."""
        folder = self._packages
        self.folder = Path(tempfile.mkdtemp(prefix="bluesky-"))
        names = ("plc", "pds", "bsky", "ozone", "postgres", "control")
        self.ports = {name: free_port() for name in names}
        (self.folder / "node_modules").symlink_to(folder / "node_modules")
        program = self.folder / "network.mjs"  # beside node_modules, where node looks for packages
        shutil.copy(install.HERE / "network.mjs", program)
        given = {
            "folder": str(self.folder),
            "node": str(folder / install.NODE),
            "program": str(program),
            "bin": str(install.postgres_programs()),
            "user": install.postgres_user(),
            "ports": self.ports,
        }
        self.keeper = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("keeper.py")), json.dumps(given)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self.keeper.stdout is not None
        answered = readable(self.keeper.stdout.fileno(), START_SECONDS)
        line = self.keeper.stdout.readline() if answered else b""
        if line.startswith(b'{"ready"'):
            return ""
        self._end()
        return line.decode() or f"nothing heard in {START_SECONDS:.0f} s"

    def close(self) -> None:
        """Ends everything and removes what it wrote."""
        self._http.close()
        self._end()

    def _end(self) -> None:
        assert self.keeper.stdin is not None
        self.keeper.stdin.close()
        try:
            self.keeper.wait(30)
        except subprocess.TimeoutExpired:
            self.keeper.kill()
            self.keeper.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def pds_url(self) -> str:
        """Where clients log in."""
        return f"http://127.0.0.1:{self.ports['pds']}"

    @property
    def plc_url(self) -> str:
        """The directory of DIDs."""
        return f"http://127.0.0.1:{self.ports['plc']}"

    # people

    def account(self, name: str) -> tuple[str, str, str]:
        """(did, password, app password) of `name`, made when it is not there."""
        if name not in self._accounts:
            handle, password = self.handle(name), f"{name}-password"
            body = {"handle": handle, "email": f"{name}@example.test", "password": password}
            made = self.call(None, "com.atproto.server.createAccount", body)
            self._tokens[name] = made["accessJwt"]
            self._accounts[name] = (made["did"], password, self.app_password(name))
        return self._accounts[name]

    @staticmethod
    def handle(name: str) -> str:
        """The handle of a name."""
        return f"{name}.test"

    def did(self, name: str) -> str:
        """The DID of a name."""
        return self.account(name)[0]

    def app_password(self, name: str, privileged: bool = False, label: str = "commtui") -> str:
        """Another app password; `privileged` ones may read direct messages."""
        body = {"name": f"{label}-{time.monotonic_ns()}", "privileged": privileged}
        return str(self.call(name, "com.atproto.server.createAppPassword", body)["password"])

    def revoke(self, name: str) -> None:
        """Ends every app password of the account, and the sessions made with them."""
        for password in self.call(name, "com.atproto.server.listAppPasswords")["passwords"]:
            self.call(name, "com.atproto.server.revokeAppPassword", {"name": password["name"]})

    def token(self, name: str) -> str:
        """A full access token of the account."""
        if name not in self._tokens:
            self.account(name)
        return self._tokens[name]

    def forged(self, name: str, lasts: float, scope: str = "com.atproto.appPass") -> str:
        """An access token that the PDS takes for its own, `lasts` seconds from now (below 0: expired)."""
        now = int(datetime.now(UTC).timestamp())
        claims = {"scope": scope, "aud": "did:web:localhost", "sub": self.did(name)}
        claims |= {"iat": now - 7200, "exp": now + int(lasts)}  # type: ignore[dict-item]
        parts = [{"typ": "at+jwt", "alg": "HS256"}, claims]
        head = ".".join(_base64(json.dumps(part).encode()) for part in parts)
        return f"{head}.{_base64(hmac.digest(b'jwt-secret', head.encode(), hashlib.sha256))}"

    # calls

    def answer(self, name: str | None, method: str, body: Any = None, **params: Any) -> httpx.Response:
        """Any call as `name`, without raising; a procedure when there is a body."""
        headers = {"x-ratelimit-bypass": "bypass"}
        if name is not None:
            headers["Authorization"] = f"Bearer {self.token(name)}"
        url = f"{self.pds_url}/xrpc/{method}"
        if body is None:
            return self._http.get(url, params=params, headers=headers)
        return self._http.post(url, json=body, headers=headers)

    def call(self, name: str | None, method: str, body: Any = None, **params: Any) -> Any:
        """The same, as JSON; fails for anything but 200."""
        answer = self.answer(name, method, body, **params)
        if answer.is_error:
            raise AssertionError(f"{method}: {answer.status_code} {answer.text[:500]}")
        return answer.json() if answer.content else {}

    def process_all(self) -> None:
        """Waits until the AppView has seen everything that was written."""
        self._http.get(f"http://127.0.0.1:{self.ports['control']}/process-all").raise_for_status()

    # what they do

    def create(self, name: str, collection: str, record: dict[str, Any]) -> dict[str, str]:
        """A record in the account's repository: its uri and cid."""
        dated = {"$type": collection, "createdAt": _now(), **record}
        made = self.call(
            name, "com.atproto.repo.createRecord", {"repo": self.did(name), "collection": collection, "record": dated}
        )
        return {"uri": made["uri"], "cid": made["cid"]}

    def post(self, name: str, text: str, in_reply_to: str | None = None, **fields: Any) -> str:
        """Posts as `name` and gives the uri. `@someone.test` in the text mentions them."""
        record: dict[str, Any] = {"text": text, **fields}
        if facets := self._facets(text):
            record.setdefault("facets", facets)
        if in_reply_to is not None:
            self.process_all()  # an answer that the AppView sees before its parent notifies nobody, for good
            parent = self.ref(in_reply_to)
            above = self.record(in_reply_to)["value"].get("reply")
            record["reply"] = {"root": above["root"] if above else parent, "parent": parent}
        return self.create(name, POST, record)["uri"]

    def _facets(self, text: str) -> list[dict[str, Any]]:
        found = []
        for match in re.finditer(r"@([a-z0-9-]+)\.test", text):
            start, end = (len(text[:place].encode()) for place in match.span())
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": self.did(match[1])}
            found.append({"index": {"byteStart": start, "byteEnd": end}, "features": [feature]})
        return found

    def quote(self, name: str, text: str, uri: str) -> str:
        """Quotes a post."""
        return self.post(name, text, embed={"$type": "app.bsky.embed.record", "record": self.ref(uri)})

    def like(self, name: str, uri: str) -> str:
        """Likes a post."""
        return self.create(name, "app.bsky.feed.like", {"subject": self.ref(uri)})["uri"]

    def repost(self, name: str, uri: str) -> str:
        """Reposts a post."""
        return self.create(name, "app.bsky.feed.repost", {"subject": self.ref(uri)})["uri"]

    def follow(self, name: str, whom: str) -> str:
        """Follows an account."""
        return self.create(name, "app.bsky.graph.follow", {"subject": self.did(whom)})["uri"]

    def delete(self, name: str, uri: str) -> None:
        """Deletes a record of the account's."""
        repo, collection, rkey = uri.removeprefix("at://").split("/")
        self.call(name, "com.atproto.repo.deleteRecord", {"repo": repo, "collection": collection, "rkey": rkey})

    def many(self, name: str, records: list[dict[str, Any]], collection: str = POST) -> list[str]:
        """Many records, 200 in one commit: their uris."""
        uris: list[str] = []
        for start in range(0, len(records), 200):
            writes = [
                {
                    "$type": "com.atproto.repo.applyWrites#create",
                    "collection": collection,
                    "value": {"$type": collection, "createdAt": _now(), **record},
                }
                for record in records[start : start + 200]
            ]
            done = self.call(name, "com.atproto.repo.applyWrites", {"repo": self.did(name), "writes": writes})
            uris += [result["uri"] for result in done["results"]]
        return uris

    def flood(self, name: str, count: int, later: bool = False) -> None:
        """So many notifications for `name`, written into the AppView's database: every fifth a mention, else likes.

        They lie in the last hour, or with `later` in the last second. Through the front door, 5,000 take a minute.
        """
        did, by = self.did(name), self.did("ada")
        subject = self.post(name, f"what {name} says, {later}")
        self.process_all()
        mention = {"$type": POST, "text": f"@{name}.test flood", "createdAt": _now()}
        like: dict[str, Any] = {"$type": "app.bsky.feed.like", "subject": self.ref(subject), "createdAt": _now()}
        step, cid = (2, "later") if later else (700, "first")
        script = f"""
        set search_path = appview_commtui_tests;
        create temp table flood as select n, n % 5 = 0 as said,
          'at://{by}/' || case when n % 5 = 0 then '{POST}' else 'app.bsky.feed.like' end || '/{cid}' || n as uri,
          to_char(now() at time zone 'utc' - n * interval '{step} milliseconds',
            'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
        from generate_series(1, {count}) as n;
        insert into record (uri, cid, did, json, "indexedAt") select uri, '{like["subject"]["cid"]}', '{by}',
          case when said then $json${json.dumps(mention)}$json$ else $json${json.dumps(like)}$json$ end, at from flood;
        insert into notification (did, "recordUri", "recordCid", author, reason, "reasonSubject", "sortAt")
          select '{did}', uri, '{like["subject"]["cid"]}', '{by}', case when said then 'mention' else 'like' end,
          case when said then null else '{subject}' end, at from flood;
        insert into post (uri, cid, creator, text, "createdAt", "indexedAt")
          select uri, '{like["subject"]["cid"]}', '{by}', 'flood', at, at from flood where said;
        """
        psql = install.postgres_programs() / "psql"
        address = f"postgresql://postgres@127.0.0.1:{self.ports['postgres']}/postgres"
        done = subprocess.run(
            [psql, "-q", "-v", "ON_ERROR_STOP=1", address], input=script, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    # what is there

    def record(self, uri: str) -> dict[str, Any]:
        """The record as the repository has it: uri, cid, value."""
        repo, collection, rkey = uri.removeprefix("at://").split("/")
        found: dict[str, Any] = self.call(
            None, "com.atproto.repo.getRecord", repo=repo, collection=collection, rkey=rkey
        )
        return found

    def ref(self, uri: str) -> dict[str, str]:
        """uri and cid."""
        found = self.record(uri)
        return {"uri": found["uri"], "cid": found["cid"]}

    def list_records(self, name: str, collection: str = POST) -> list[dict[str, Any]]:
        """Every record of that collection, newest key first: what really got out."""
        rows: list[dict[str, Any]] = []
        cursor = ""
        while True:
            params = {"cursor": cursor} if cursor else {}
            page = self.call(
                None, "com.atproto.repo.listRecords", repo=self.did(name), collection=collection, limit=100, **params
            )
            rows += page["records"]
            cursor = page.get("cursor", "")
            if not cursor or not page["records"]:
                return rows

    def notifications(self, name: str, **params: Any) -> list[dict[str, Any]]:
        """The newest 100 notifications of the account."""
        found: list[dict[str, Any]] = self.call(name, "app.bsky.notification.listNotifications", limit=100, **params)[
            "notifications"
        ]
        return found

    def replies(self, uri: str, name: str = "ada") -> list[str]:
        """The uris of the direct answers to a post, as `name` sees them."""
        answer = self.answer(name, "app.bsky.feed.getPostThread", uri=uri, depth=1)
        if answer.is_error:
            return []
        return [reply["post"]["uri"] for reply in answer.json()["thread"].get("replies", []) if "post" in reply]

    def document(self, name: str) -> dict[str, Any]:
        """The DID document in the directory."""
        found: dict[str, Any] = self._http.get(f"{self.plc_url}/{quote(self.did(name))}").json()
        return found


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
