"""The Mastodon network: everything that speaks Mastodon's client API."""

from commtui.networks.mastodon.client import Mastodon

__all__ = ["Mastodon"]
