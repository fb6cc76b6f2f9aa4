"""What a login may do on its server, and the server's bounds on a text."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from commtui.model.visibility import Visibility, narrower

__all__ = ["Capabilities", "Limits", "Visibility", "narrower"]


class Proofs(Struct, frozen=True):
    """What shows that a text did not arrive, where the answer to its sending was lost."""

    key: tuple[Visibility, ...] = ()
    """The visibilities for which a repeat with the same key is known to make no second text."""
    key_seconds: int | None = None
    """For how long after a try the key is known to be kept; None: for ever."""
    listed: tuple[Visibility, ...] = ()
    """The visibilities for which a text that a complete read-back does not show is known not to be there."""


class Capabilities(Struct, frozen=True):
    """What a network can do in general; a login's own are kept with its AccountState."""

    reply: bool = True
    post: bool = True
    edit: bool = False
    delete: bool = True
    favourite: bool = False
    boost: bool = False
    mute: bool = False
    block: bool = False
    report: bool = False
    filters: bool = False
    """The server can keep messages of strangers aside until they are accepted."""
    approvals: bool = False
    """Answers to us can wait until we accept or reject them."""
    media: bool = False
    content_warning: bool = False
    visibilities: tuple[Visibility, ...] = (Visibility.PUBLIC,)
    direct_messages: bool = False
    addresses: bool = False
    """Before an answer that does not name whom it answers it puts their handle, which counts towards the length."""
    threads: bool = False
    """A long text can go out as several posts: `send` takes a post that answers an earlier one of ours."""
    quotes: bool = False
    """A post can show another one."""
    streaming: bool = False
    proofs: Proofs = Proofs()
    """What the network's key and its lists prove. By default nothing: then a person decides after a lost answer."""


class Limits(Struct, frozen=True):
    """The server's bounds on a text. None: not known, not checked here."""

    characters: int | None = None
    bytes: int | None = None
    counting: str = "characters"
    """The rule of `length`: characters (code points), mastodon, or graphemes."""
    per_url: int | None = None
    """How many characters any link counts as; None: its own length."""
    media: int = 4
    image_bytes: int | None = None
    """Of one image."""
    image_pixels: int | None = None
    """Width times height of one image."""
    video_bytes: int | None = None
    """Of one video, or one file of sound."""
    alt_characters: int | None = None
    """Code points of an alt text."""
    media_types: tuple[str, ...] = ()
    """MIME types of the files that it takes; empty: not known."""

    def counting_whole(self, rule: str) -> Limits:
        """The limits of a server that counts links whole, and the rest by a rule; an empty rule changes nothing."""
        return replace(self, counting=rule, per_url=None) if rule else self
