"""Objects of the AT Protocol's own lexicons, com.atproto, with the fields that are used here."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from commtui.networks.payloads import Text


class Nothing(Struct, frozen=True):
    """An answer that nobody looks into."""


class Error(Struct, frozen=True):
    """The body of an answer that is not 2xx."""

    name: str = field(name="error", default="")
    message: str = ""


class StrongRef(Struct, frozen=True):
    """A record and its version; empty where it is missing."""

    uri: str = ""
    cid: str = ""


class PutRecord(Struct, frozen=True):
    """Where a record was written."""

    uri: Text
    cid: Text


class UploadBlob(Struct, frozen=True):
    """A blob, which goes into a record as it came."""

    blob: dict[str, Any]


class Service(Struct, frozen=True, rename="camel"):
    """An entry of a DID's document."""

    id: str = ""
    service_endpoint: str = ""


class DidDocument(Struct, frozen=True, rename="camel"):
    """What a DID leads to."""

    id: str = ""
    also_known_as: tuple[str, ...] = ()
    service: tuple[Service, ...] = ()


class ResolvedHandle(Struct, frozen=True):
    """The account of a handle."""

    did: str = ""


class Session(Struct, frozen=True, rename="camel"):
    """The answer to createSession and refreshSession."""

    __repr__ = object.__repr__  # it holds secrets

    did: Text
    access_jwt: Text
    refresh_jwt: Text
    handle: str = ""
    active: bool = True
    status: str = ""
    did_doc: DidDocument | None = None


class SessionInfo(Struct, frozen=True):
    """The answer to getSession."""

    did: Text
    handle: str = ""
    email: str = ""


class Claims(Struct, frozen=True):
    """What an access token says of itself."""

    sub: str = ""
    scope: str = ""
