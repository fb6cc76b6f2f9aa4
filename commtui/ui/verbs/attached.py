"""Attachments of messages: opened by the machine, over SSH by their link, or saved in a folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from commtui.model.attachments import MOST_DOWNLOADED, MOST_SHOWN, NotFetched
from commtui.model.records import Conversation, Media, Note, Outgoing
from commtui.model.text import plain_address
from commtui.sentences.attachments import not_fetched
from commtui.system import downloads
from commtui.system.browser import is_remote
from commtui.system.pictures import Cache, read_file
from commtui.system.threads import in_thread
from commtui.triage import views
from commtui.ui.host import Host
from commtui.ui.text.matching import Choice
from commtui.ui.verbs import copying, targets
from commtui.ui.widgets.picker import Picker, Picking
from commtui.ui.widgets.picture import PictureScreen, Source

NEWEST: Final = 100
"""How many of a thread's newest texts are asked for their files."""


class Attached(NamedTuple):
    """A file, and who sent it."""

    media: Media
    author: str

    @property
    def what(self) -> str:
        """The kind in words."""
        return "file" if self.media.kind == "unknown" else self.media.kind


def open_media(host: Host, argument: str = "") -> None:
    """Opens an attachment by the machine's program; over SSH, where that would be the wrong machine, its link is
    copied."""
    _choose(host, "open", lambda file: _open(host, file))


def download_media(host: Host, argument: str = "") -> None:
    """Saves an attachment in the folder of the setting `downloads`."""
    _choose(host, "download", lambda file: _download(host, file))


def view_media(host: Host, argument: str = "") -> None:
    """Shows a picture on the screen, where the terminal and the config allow it."""
    _choose(host, "look at", lambda file: _view(host, file))


def files_of(host: Host) -> list[Attached]:
    """The files of the thread that the cursor, or the reader, is on: those of the newest message first."""
    desk = host.desk
    chosen = targets.pointed(host, one=True)
    if not chosen:
        return []
    item = desk.store.get(Outgoing, chosen[0])
    identity = chosen[0] if item is None else item.conversation
    conversation = desk.store.get(Conversation, identity) if identity else None
    if conversation is None:
        return _of_text(item) if item else []
    entries, known = desk.store.threads.entries(conversation.id)
    texts = (views.entry_text(desk, entry, known) for entry in reversed(entries[-NEWEST:]))
    return [file for text in texts if text and not isinstance(text, Note) for file in _of_text(text)]


def _of_text(text: views.Text) -> list[Attached]:
    author = (text.author or "we") if isinstance(text, Outgoing) else text.author
    return [Attached(media, author) for media in text.media]


def _choose(host: Host, verb: str, then: Callable[[Attached], None]) -> None:
    """Calls `then` with the only file, or with the one that is chosen of several."""
    files = files_of(host)
    if not files:
        host.tell("nothing is attached here")
    elif len(files) == 1:
        then(files[0])
    else:
        names = [f"{number} {file.what}" for number, file in enumerate(files, 1)]
        choices = [
            Choice(name, file.author, file.media.alt or "no alt text") for name, file in zip(names, files, strict=True)
        ]
        by_name = dict(zip(names, files, strict=True))

        def chosen(taken: tuple[str, ...] | None) -> None:
            if taken:
                host.run(lambda host, argument: then(by_name[taken[0]]))

        host.push(Picker(Picking(f"{verb} which", choices, "no such attachment"), host.services.demo), chosen)


def _open(host: Host, file: Attached) -> None:
    target = file.media.url if file.media.url.startswith("/") else plain_address(file.media.url)
    if not target.startswith(("/", "https://", "http://")):
        host.tell(f"the {file.what} has no address to open", bad=True)
    elif not is_remote(os.environ):
        copying.open_target(host, target, host.tell)
    elif target.startswith("/"):
        host.tell(f"over SSH, it is on this machine: {target}")
    else:
        key = host.key_of("download-media")
        copying.copy(host, target, target, f": {target}", f"{key}: download it")


def _view(host: Host, file: Attached) -> None:
    target, setting = plain_address(file.media.url), host.desk.settings.images
    if file.media.kind not in ("image", "unknown"):
        host.tell(f"a {file.what} is not shown here; {host.key_of('open-media')} opens it")
        return
    path = Path(file.media.url)
    name = path.name if path.is_absolute() else f"{file.what} by {file.author}"

    cache = host.session.pictures = host.session.pictures or Cache()

    def read() -> bytes:
        if path.is_absolute():
            return read_file(path)
        body = cache.get(target)
        if body is None:
            body = host.services.fetch_file(target, MOST_SHOWN).body
            cache.put(target, body)
        return body

    screen = PictureScreen(Source(name, file.media.alt, read), setting, host.services.demo)
    reason = "" if path.is_absolute() else screen.refusal(host.program.depth)
    if reason:  # nothing is fetched that could not be shown
        host.tell(f"{reason}; {host.key_of('open-media')} opens it")
    elif not path.is_absolute() and not target.startswith(("https://", "http://")):
        host.tell(f"the {file.what} has no address", bad=True)
    else:
        host.push(screen)


def _download(host: Host, file: Attached) -> None:
    target = plain_address(file.media.url)
    if file.media.url.startswith("/"):
        host.tell(f"it is on this machine: {file.media.url}")
    elif not target.startswith(("https://", "http://")):
        host.tell(f"the {file.what} has no address", bad=True)
    else:
        host.tell(f"downloading {target}")
        host.run_worker(_fetch(host, target), group="download", exclusive=False)


async def _fetch(host: Host, address: str) -> None:
    """Fetches and saves a file, in a thread, and tells where it is."""
    folder = host.desk.settings.downloads

    def work() -> tuple[Path, int]:
        fetched = host.services.fetch_file(address, MOST_DOWNLOADED)
        path = downloads.save(folder.expanduser(), downloads.name_of(address, fetched.mime), fetched.body)
        return path, len(fetched.body)

    try:
        path, size = await in_thread(work, "download")
    except NotFetched as error:
        host.tell(f"not downloaded: {not_fetched(error)}", bad=True)
    except (OSError, RuntimeError) as error:  # no such user, whose home `~` would be
        host.tell(f"not saved in {folder}: {getattr(error, 'strerror', None) or error}", bad=True)
    else:
        host.status.tell(f"saved {size:,} bytes: {path}", whole=True)
