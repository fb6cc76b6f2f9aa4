"""What a setting's value may be: a reader takes what TOML holds and gives what the program uses, or raises Wrong.

Without regular expressions: compiling them would cost every `commtui status` some milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

Reader = Callable[[Any], Any]
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


class Wrong(ValueError):
    """`str()` says what was expected."""


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong("a string in quotes")
    if not value.isprintable():
        raise Wrong("a string without control characters")
    return value


def some_text(value: Any) -> str:
    if not text(value).strip():
        raise Wrong("a string that is not empty")
    return str(value).strip()


def name(value: Any) -> str:
    """A file's name is made of it (secrets/NAME.token)."""
    if (
        not isinstance(value, str)
        or not 0 < len(value) <= 100
        or value[0] in ".-"
        or not all(character.isalnum() or character in "_-.@" for character in value)
    ):
        raise Wrong("a name of letters, digits, `_`, `-`, `.` and `@`")
    return value


def yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong("true or false, without quotes")
    return value


def one_of(*words: str) -> Reader:
    def read(value: Any) -> str:
        if value not in words or not isinstance(value, str):
            raise Wrong("one of " + ", ".join(f'"{word}"' for word in words))
        return value

    return read


def span(least: timedelta, most: timedelta) -> Reader:
    """A length of time from `least` to `most`."""

    def read(value: Any) -> timedelta:
        from commtui.model.when import parse_span, span_text  # brings zoneinfo: a config without spans need not pay

        if not isinstance(value, str):
            raise Wrong('a length of time in quotes, such as "30s", "1h30m" or "2d"')
        try:
            length = parse_span(value)
        except ValueError:
            raise Wrong('a length of time such as "30s", "1h30m" or "2d"') from None
        if not least <= length <= most:
            raise Wrong(f"a length of time from {span_text(least)} to {span_text(most)}")
        return length

    return read


def texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        raise Wrong('a list of strings, such as ["ada", "grace"]')
    return tuple(each.strip() for each in value)


def zone(value: Any) -> str:
    if value in ("UTC", "Etc/UTC"):  # every machine knows them, and looking is 8 ms where it has no zones of its own
        return str(value)
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(value)
    except (ValueError, KeyError, TypeError, OSError):
        raise Wrong('the IANA name of a time zone, such as "Europe/Berlin"') from None
    return str(value)


def key_map(value: Any) -> Mapping[str, tuple[str, ...]]:
    """Command id -> its keys. A dotted id may be written without quotes: TOML then nests tables."""
    if not isinstance(value, dict):
        raise Wrong('a table: [keys], then lines such as done = "e"')
    read: dict[str, tuple[str, ...]] = {}
    for command, keys in value.items():
        if isinstance(keys, dict):
            read |= {f"{command}.{rest}": found for rest, found in key_map(keys).items()}
            continue
        listed = [keys] if isinstance(keys, str) else keys
        if not isinstance(listed, list) or not all(isinstance(key, str) and key for key in listed):
            raise Wrong(f'a key or a list of keys for {command!r}, such as "e" or ["e", "ctrl+e"]')
        read[command] = tuple(listed)
    return read


def text_map(value: Any) -> Mapping[str, str]:
    """Name -> a text, which may have several lines."""
    if not isinstance(value, dict):
        raise Wrong('a table: lines such as thanks = "Thank you, {name}!"')
    for called, said in value.items():
        _called(called)
        if not isinstance(said, str) or not said.strip() or not said.replace("\n", "").replace("\t", "").isprintable():
            raise Wrong(f"a text in quotes for {called!r}, without control characters")
    return dict(value)


def lines_map(value: Any) -> Mapping[str, tuple[str, ...]]:
    """Name -> a list of command lines."""
    if not isinstance(value, dict):
        raise Wrong('a table: lines such as thanked = ["tag praise", "done"]')
    for called, lines in value.items():
        _called(called)
        if (
            not isinstance(lines, list)
            or not lines
            or not all(isinstance(line, str) and line.strip() for line in lines)
        ):
            raise Wrong(f'a list of command lines for {called!r}, such as ["tag praise", "done"]')
    return {called: tuple(line.strip().removeprefix(":") for line in lines) for called, lines in value.items()}


def _called(name: str) -> None:
    if not name.strip() or not name.isprintable() or len(name) > 40:
        raise Wrong(f"names of at most 40 characters, not {name[:40]!r}")


def environment_name(value: Any) -> str:
    if not isinstance(value, str) or not (value.isascii() and value.isidentifier()):
        raise Wrong("the name of an environment variable (its name, not the token)")
    return value


def command(value: Any) -> tuple[str, ...]:
    """The command as a list of arguments; no shell reads it."""
    import shlex

    words: Any = value
    if isinstance(value, str):
        try:
            words = shlex.split(value)
        except ValueError:
            words = None
    if (
        not isinstance(words, list)
        or not words
        or not all(isinstance(word, str) and "\0" not in word for word in words)
    ):
        raise Wrong('a command such as "pass show mastodon" or ["pass", "show", "mastodon"]')
    return tuple(words)


def server(value: Any) -> str:
    """A server's address as model/servers.py writes it; empty stays empty."""
    from commtui.model.servers import AddressError, server_address

    given = text(value)
    try:
        return server_address(given, keep_path=True) if given.strip() else ""
    except AddressError:
        raise Wrong('an address such as "https://mastodon.social"') from None


def table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Wrong("a table")
    return value
