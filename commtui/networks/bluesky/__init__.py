"""The Bluesky network: the AT protocol's XRPC, and app.bsky on top of it."""

from commtui.networks.bluesky.client import Bluesky

__all__ = ["Bluesky"]
