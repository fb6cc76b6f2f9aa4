"""Finds an account, and the server (PDS) that hosts it, from what a person types.

A handle leads to a DID by DNS or by HTTPS; the DID's document names the handle, as a check, and the server. An e-mail
address leads to neither: then the server is an argument, or Bluesky's own.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from commtui.model.clock import Clock
from commtui.model.servers import AddressError, server_address
from commtui.model.text import message_line
from commtui.networks.answers import Answer
from commtui.networks.base import Gone, LoginRefused, Malformed, NetworkError, Refused
from commtui.networks.bluesky.atproto_lexicon import DidDocument, ResolvedHandle, Session
from commtui.networks.bluesky.xrpc import PRIVILEGED, claims, failure
from commtui.networks.http import Http
from commtui.system.masking import register

BLUESKY: Final = "https://bsky.social"
HANDLE: Final = r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
DID: Final = r"did:(?:plc:[a-z2-7]{24}|web:[a-zA-Z0-9._%-]+)"


class Places(Struct, frozen=True):
    """Where to look things up; tests have their own."""

    plc: str = "https://plc.directory"
    handles: str = "https://{handle}"
    """The web server of a handle's domain."""
    resolver: str = BLUESKY
    """Asked for handles that only DNS knows, where no DNS library is installed; the DID's document must confirm it."""


class Found(Struct, frozen=True):
    """An account: what to store as the account's `user` and `server`."""

    user: str
    """The DID; empty for an e-mail address that nobody has logged in with yet."""
    server: str
    """The address of its PDS."""
    handle: str = ""
    """With @; empty if unknown."""
    direct_messages: bool = False
    """Whether the app password may read direct messages (known after `log_in`)."""


async def resolve(
    identifier: str, server: str = "", *, clock: Clock, insecure_http: bool = False, places: Places | None = None
) -> Found:
    """Whose the handle, DID or e-mail address is, and its server; no request where `server` is given.

    Raises Refused for what is none of the three, Gone for what leads nowhere, Unreachable.
    """
    places = places or Places()
    name = identifier.strip().removeprefix("at://").removeprefix("@")
    kind = _kind(name)
    if server:
        did = name if kind == "did" else ""
        return Found(did, _address(server), f"@{name.lower()}" if kind == "handle" else "")
    if kind == "email":
        return Found("", BLUESKY)
    ask = _Asker(clock, insecure_http, places)
    did = name if kind == "did" else await ask.did_of(name.lower())
    document = await ask.document(did)
    handle = name.lower() if kind == "handle" else ""
    names = [name.removeprefix("at://") for name in document.also_known_as]
    if handle and handle not in (name.lower() for name in names):
        raise Refused(f"{handle} leads to an account that does not bear this name: log in by its DID, {did}")
    return Found(did, _server_of(document, did), f"@{handle or next(iter(names), did)}")


async def log_in(
    identifier: str,
    password: str,
    server: str = "",
    *,
    clock: Clock,
    insecure_http: bool = False,
    places: Places | None = None,
) -> Found:
    """`resolve`, then a session with the app password to see that it is right: the account, complete.

    The secret to store is the app password itself. Raises LoginRefused too.
    """
    account = await resolve(identifier, server, clock=clock, insecure_http=insecure_http, places=places)
    name = account.user or identifier.strip().removeprefix("at://").removeprefix("@")
    http = Http(account.server, clock, insecure_http=insecure_http)
    try:
        body = {"identifier": name, "password": password.strip()}
        answer = await http.exchange("POST", "/xrpc/com.atproto.server.createSession", body=body)
        if not answer.ok:
            error = failure(answer, "POST", http)
            if isinstance(error, LoginRefused):
                raise LoginRefused(f"{http.host} refuses the login: {answer.error_text()}; is it an app password?")
            raise error
        session = answer.read(Session)
    finally:
        await http.aclose()
    register(session.access_jwt)
    register(session.refresh_jwt)
    did, handle = session.did, session.handle
    if account.user and did != account.user:
        raise Malformed(f"{http.host} opened a session for another account")
    scope = claims(session.access_jwt).scope
    server = account.server
    if not account.user and session.did_doc is not None:
        try:
            own = _server_of(session.did_doc, did)
        except Refused:
            own = server
        # a shared login server names the one that keeps the account
        server = own if own.startswith("https:") else server
    return replace(account, user=did, server=server, handle=f"@{handle or did}", direct_messages=scope in PRIVILEGED)


def _address(text: str) -> str:
    try:
        return server_address(text)
    except AddressError as error:
        raise Refused(str(error)) from None


def _kind(name: str) -> str:
    if re.fullmatch(DID, name):
        return "did"
    if "@" in name and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", name):
        return "email"
    if len(name) <= 253 and re.fullmatch(HANDLE, name):
        return "handle"
    raise Refused(f"{message_line(name, 80)!r} is no handle (alice.example), DID or e-mail address")


def _server_of(document: DidDocument, did: str) -> str:
    for service in document.service:
        if service.id.endswith("#atproto_pds") and service.service_endpoint:
            return _address(service.service_endpoint)
    raise Gone(f"{did} names no server that keeps it")


class _Asker:
    """Looks things up on servers that are nobody's login."""

    def __init__(self, clock: Clock, insecure_http: bool, places: Places) -> None:
        self.clock = clock
        self.insecure_http = insecure_http
        self.places = places

    async def _get(self, url: str) -> Answer:
        parts = urlsplit(url)
        http = Http(f"{parts.scheme}://{parts.netloc}", self.clock, insecure_http=self.insecure_http)
        try:
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            return await http.get(path)
        finally:
            await http.aclose()

    async def did_of(self, handle: str) -> str:
        """The DID that a handle leads to. Raises Gone, Unreachable."""
        for way in (self._by_dns, self._by_https, self._by_resolver):
            try:
                did = await way(handle)
            except NetworkError:
                continue
            if re.fullmatch(DID, did):
                return did
        raise Gone(f"{handle} leads to no account: is it spelled right, and are you online?")

    async def _by_dns(self, handle: str) -> str:
        try:
            from importlib import import_module

            resolver = import_module("dns.asyncresolver")  # used where it is installed; HTTPS does mostly
        except ImportError:
            return ""
        try:
            answers = await resolver.resolve(f"_atproto.{handle}", "TXT", lifetime=5)
        except Exception:  # noqa: BLE001 - each resolver raises its own; HTTPS is the other way
            return ""
        records = {b"".join(answer.strings).decode("ascii", "replace") for answer in answers}
        dids = [record.removeprefix("did=") for record in records if record.startswith("did=")]
        return dids[0] if len(dids) == 1 else ""

    async def _by_https(self, handle: str) -> str:
        answer = await self._get(self.places.handles.format(handle=handle) + "/.well-known/atproto-did")
        return answer.body[:2048].decode("ascii", "replace").strip()

    async def _by_resolver(self, handle: str) -> str:
        url = f"{self.places.resolver}/xrpc/com.atproto.identity.resolveHandle?handle={quote(handle)}"
        return (await self._get(url)).read(ResolvedHandle).did

    async def document(self, did: str) -> DidDocument:
        """The DID's document. Raises Gone, Malformed, Unreachable."""
        if did.startswith("did:plc:"):
            url = f"{self.places.plc}/{did}"
        else:
            url = f"https://{unquote(did.removeprefix('did:web:'))}/.well-known/did.json"
        document = (await self._get(url)).read(DidDocument)
        if document.id != did:
            raise Malformed(f"the document of {did} is another account's")
        return document
