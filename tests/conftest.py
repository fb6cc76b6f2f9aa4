"""Fixtures that many rooms' tests share. Each test starts with servers that know nothing of the test before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers.mock import MastodonMock
from tests.servers.proxy import Proxy


@pytest.fixture(scope="session")
def mastodon_process() -> Iterator[MastodonMock]:
    """One mock for the whole session of a worker; ask for `mastodon` instead."""
    with MastodonMock() as server:
        yield server


@pytest.fixture
def mastodon(mastodon_process: MastodonMock) -> MastodonMock:
    """The mock, reset: users brand, ada, grace, alan (`NAME_token`), no statuses. Others are made when named."""
    if mastodon_process.process is None:
        mastodon_process.start()
    mastodon_process.reset()
    return mastodon_process


@pytest.fixture
def proxy(mastodon: MastodonMock) -> Iterator[Proxy]:
    """A proxy before the mock, without rules."""
    with Proxy(mastodon.url) as between:
        yield between
