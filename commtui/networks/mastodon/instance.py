"""What a server's description tells: whether it is Mastodon's own software, and its bounds."""

from __future__ import annotations

import re

from commtui.model.abilities import Limits, Proofs, Visibility
from commtui.networks.mastodon import entities

KEY_SECONDS = 3000
"""For how long a key is taken to be known by Mastodon, which keeps it for 3600 s: ten minutes less."""


def is_mastodon_itself(version: str) -> bool:
    """Whether it is Mastodon's own software, which limits each token; the others say so beside their version, or are
    below 2 (GoToSocial, which limits by address)."""
    return re.fullmatch(r"(?:[2-9]|\d\d)\.\d+\.\d+[\w.+-]*", version) is not None


def proofs(instance: entities.Instance) -> Proofs:
    """What shows on this server that a text did not arrive: the key on Mastodon's own software, and nothing on others.

    Mastodon keeps the key in Redis for an hour. Of the others some ignore it (Pixelfed), and some keep it in memory
    (Pleroma), which is empty after just the restart that costs an answer. What an own list leaves out, by visibility
    or for a while, differs from server to server.
    """
    api, source = instance.api_versions.mastodon, instance.source_url.rstrip("/").lower()
    if is_mastodon_itself(instance.version) and (api is not None or source.endswith("/mastodon")):
        return Proofs(key=tuple(Visibility), key_seconds=KEY_SECONDS)
    return Proofs()


def limits(instance: entities.Instance) -> Limits:
    """The bounds that a server states: v2's and newer v1's `configuration`, or Pleroma's own fields."""
    texts, files = instance.configuration.statuses, instance.configuration.media_attachments
    return Limits(
        characters=texts.max_characters or instance.max_toot_chars or 500,
        counting="mastodon",
        per_url=texts.characters_reserved_per_url or 23,
        media=texts.max_media_attachments or 4,
        image_bytes=files.image_size_limit or instance.upload_limit,
        image_pixels=files.image_matrix_limit,
        video_bytes=files.video_size_limit or instance.upload_limit,
        alt_characters=files.description_limit or instance.description_limit,
        media_types=files.supported_mime_types,
    )
