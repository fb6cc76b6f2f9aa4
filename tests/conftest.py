"""Fixtures that several packages' tests share. Each test starts with servers that know nothing of the test before."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest
from hypothesis import settings

from commtui.networks.plugin_thread import Worker
from commtui.store.tinydb_sqlite.storage import SqliteStorage
from tests.servers.mock import MastodonMock
from tests.servers.proxy import Proxy
from tests.servers.quirks import QuirkServer

# no deadline: a busy machine is no defect
settings.register_profile("commtui", deadline=None)
settings.load_profile("commtui")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Leaves slow tests and their fixtures out of coverage: they repeat what others reach, and tracing doubles their
    time."""
    plugin = item.config.pluginmanager.getplugin("_cov")
    controller = plugin and plugin.cov_controller
    if not controller or not item.get_closest_marker("slow"):
        return (yield)
    controller.pause()
    try:
        return (yield)
    finally:
        controller.resume()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Escapes halves of characters that a test logged or printed: a worker could not send its report with them."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections]
    return report


def _remember(kind: type[Any], made: weakref.WeakSet[Any]) -> None:
    """Lets `made` know each new object of a class."""
    begin = kind.__init__

    def begin_and_remember(self: Any, *given: Any, **named: Any) -> None:
        begin(self, *given, **named)
        made.add(self)

    kind.__init__ = begin_and_remember


_stores: weakref.WeakSet[SqliteStorage] = weakref.WeakSet()
_workers: weakref.WeakSet[Worker] = weakref.WeakSet()
_remember(SqliteStorage, _stores)
_remember(Worker, _workers)


@pytest.fixture(autouse=True)
def _end_what_a_test_left_open() -> Iterator[None]:
    """Closes stores and ends threads of plug-ins: 5,000 tests would use up a process's file descriptors."""
    stores, workers = set(_stores), set(_workers)
    yield
    for store in set(_stores) - stores:
        store.close()
    for worker in set(_workers) - workers:
        worker.stop()


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


@pytest.fixture
def quirks() -> Iterator[Callable[..., QuirkServer]]:
    """Makes servers of ours: `quirks(link="none")`, `quirks("sparse")`; they end with the test."""
    made: list[QuirkServer] = []

    def make(preset: str = "mastodon", **switches: Any) -> QuirkServer:
        made.append(QuirkServer(preset, **switches))
        return made[-1]

    yield make
    for server in made:
        server.stop()
