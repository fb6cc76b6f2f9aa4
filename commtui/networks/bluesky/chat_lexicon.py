"""Objects of the lexicon of direct messages, chat.bsky.convo, with the fields that are used here."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from commtui.model.clock import AwareDatetime
from commtui.networks.bluesky.lexicon import Facet, Post, Profile
from commtui.networks.payloads import Count, Text


class Sender(Struct, frozen=True):
    """Who wrote a message."""

    did: Text


class Shared(Struct, frozen=True, rename="camel"):
    """A record that a message shows: a post with its author and text, or a feed or list with its name."""

    uri: str = ""
    author: Profile | None = None
    value: Post = Post()
    display_name: str = ""
    name: str = ""


class MessageEmbed(Struct, frozen=True):
    """What stands below a message."""

    record: Shared = Shared()


class Message(Struct, frozen=True, rename="camel"):
    """A direct message."""

    id: Text
    sender: Sender
    text: str
    sent_at: AwareDatetime
    facets: tuple[Facet, ...] = ()
    embed: MessageEmbed = MessageEmbed()


class Messages(Struct, frozen=True, rename="camel"):
    """A page of messages; an entry is a Message, or one that was deleted."""

    messages: list[Any] = []
    related_profiles: list[Any] = []


class SentMessage(Struct, frozen=True, rename="camel"):
    """The answer to sendMessage."""

    id: Text
    sent_at: AwareDatetime


class Convo(Struct, frozen=True, rename="camel"):
    """A conversation of direct messages."""

    id: Text
    rev: str = ""
    unread_count: Count = 0
    muted: bool = False
    members: list[Any] = []


class Convos(Struct, frozen=True):
    """A page of conversations; each entry is a Convo."""

    convos: list[Any] = []


class ConvoAnswer(Struct, frozen=True):
    """The answer to getConvo."""

    convo: Convo


class LoggedMessage(Struct, frozen=True):
    """The message that an entry of the log is about."""

    id: Text
    sender: Sender


class LogEntry(Struct, frozen=True, rename="camel"):
    """One thing that happened in direct messages."""

    type: str = field(name="$type", default="")
    rev: str = ""
    convo_id: str = ""
    message: LoggedMessage | None = None
    related_profiles: list[Any] = []


class Log(Struct, frozen=True):
    """A page of the log; each entry is a LogEntry."""

    logs: list[Any] = []
