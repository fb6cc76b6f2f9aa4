"""The settings as frozen records, and how a table of TOML becomes one.

Imported by every command, `commtui status` too: nothing here may import tomlkit, tzlocal, dateutil or logging.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from msgspec import Struct

from commtui.config import readers
from commtui.config.calendar_rules import CalendarRules, read_calendar
from commtui.config.readers import DAY, SECOND, Wrong
from commtui.config.rules import Rule, read_rules
from commtui.config.service_levels import EVERYBODY, ServiceLevel, WorkingHours, read_hours, read_levels
from commtui.config.tables import PLACES, Setting, SettingError, read_table
from commtui.model.ids import account_id
from commtui.model.servers import is_unencrypted
from commtui.model.visibility import Visibility

LATE = ("publish", "hold", "skip")
KEYMAPS = ("default", "aerc", "gmail")
TOKEN_SOURCES = ("token_env", "token_command", "token_file", "token_keyring")


def _visibility(value: Any) -> Visibility:
    return Visibility(readers.one_of(*Visibility)(value))


def _path(value: Any) -> Path:
    try:
        return Path(readers.some_text(value)).expanduser()
    except RuntimeError:
        raise Wrong("the path of a file") from None


def _slots(value: Any) -> tuple[str, ...]:
    from commtui.model.slots import SlotError, slots_of  # most homes have none

    lines = readers.texts(value)
    try:
        slots_of(lines)
    except SlotError as error:
        raise Wrong(f'lines such as "mon,thu 9:00" and "weekdays 9:00,17:30"; {error}') from None
    return lines


_POLL = readers.span(5 * SECOND, DAY)
_SPAN = "length of time"


class Account(Struct, frozen=True):
    """One login on a network: an `[[account]]` table. At most one of the token_ settings."""

    name: Annotated[str, Setting(readers.name, "required", "name")] = ""
    """What you call it, here and on the command line."""
    network: Annotated[str, Setting(readers.name, "required", "name")] = ""
    """The network's name: mastodon, bluesky, demo, or a plug-in's."""
    server: Annotated[str, Setting(readers.server, "none", "address")] = ""
    """The server's address."""
    user: Annotated[str, Setting(readers.text, "the account's name", "string")] = ""
    """The lasting name on the network: user@host on Mastodon, the DID on Bluesky. The account's id is made of it."""
    token_env: Annotated[str | None, Setting(readers.environment_name, "none", "name")] = None
    """The name of the environment variable that holds the token."""
    token_command: Annotated[tuple[str, ...] | None, Setting(readers.command, "none", "string or list of strings")] = (
        None
    )
    """A command whose first line of output is the token; no shell reads it."""
    token_file: Annotated[Path | None, Setting(_path, "none", "path")] = None
    """A file that holds the token, of mode 0600, or a link to one; a relative path starts at the config's folder."""
    token_keyring: Annotated[bool, Setting(readers.yes_no, shape="true or false")] = False
    """The token is in the keyring (needs the extra `keyring`). Without any token_ setting it is in secrets/."""
    poll: Annotated[timedelta | None, Setting(_POLL, "the general `poll`", _SPAN)] = None
    """How often to ask this account's network for news."""
    paused: Annotated[bool, Setting(readers.yes_no, shape="true or false")] = False
    """The workers make no request for this account."""
    insecure_http: Annotated[bool, Setting(readers.yes_no, shape="true or false")] = False
    """Plain http is allowed to a server that is not this machine: the token travels unencrypted."""
    late: Annotated[str, Setting(readers.one_of(*LATE), shape=" or ".join(f'"{word}"' for word in LATE))] = "publish"
    """What becomes of a post whose time passed while nothing could send it (see `overdue_post`)."""
    slots: Annotated[tuple[str, ...], Setting(_slots, "[]", "list of strings")] = ()
    """The times of the week at which posts are to go out, for `next slot`: ["mon,thu 9:00", "daily 12:00"]
    (docs/when.md)."""
    visibility: Annotated[
        Visibility | None, Setting(_visibility, "the network's own", " or ".join(f'"{word}"' for word in Visibility))
    ] = None
    """Who may see a new post. A reply is never more widely visible than what it answers."""
    options: Annotated[Mapping[str, Any], Setting(readers.table, "empty", "table")] = {}
    """What only this network knows; its page in the documentation names the keys."""

    @property
    def id(self) -> str:
        """Our id of the account, the same on every machine."""
        return account_id(self.network, self.user or self.name)


class Notify(Struct, frozen=True):
    """How the screen calls for you when a mention arrives."""

    bell: Annotated[bool, Setting(readers.yes_no, shape="true or false")] = False
    """Ring the terminal's bell."""
    osc9: Annotated[bool, Setting(readers.yes_no, shape="true or false")] = False
    """Send a notification by OSC 9 (iTerm2, WezTerm, Ghostty, Windows Terminal)."""
    osc777: Annotated[bool, Setting(readers.yes_no, shape="true or false")] = False
    """Send a notification by OSC 777 (foot, rxvt, Ghostty)."""


class Retention(Struct, frozen=True):
    """How long finished things stay in the store that is read at every start."""

    archive_after: Annotated[timedelta, Setting(readers.span(DAY, 36500 * DAY), '"180d"', _SPAN)] = 180 * DAY
    """What is done, and what went out, longer ago than this moves to the archive."""


def _notify(value: Any) -> Notify:
    return read_table(Notify, readers.table(value), ("notify",))


def _retention(value: Any) -> Retention:
    return read_table(Retention, readers.table(value), ("retention",))


def _accounts(value: Any) -> tuple[Account, ...]:
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise Wrong("a table headed [[account]], in double brackets")
    accounts: list[Account] = []
    for index, table in enumerate(value):
        place = ("account", index)
        account = _account(table, place)
        for other in accounts:
            # names are file names too, and some file systems fold case
            if other.name.casefold() == account.name.casefold():
                raise SettingError((*place, "name"), f"two accounts are named {account.name!r}; rename one")
            if other.id == account.id:
                raise SettingError(place, f"{account.name!r} and {other.name!r} are one account; remove one")
        accounts.append(account)
    return tuple(accounts)


class Settings(Struct, frozen=True):
    """What stands in config.toml."""

    me: Annotated[str, Setting(readers.some_text, "$USER", "string")] = "me"
    """Who you are among your teammates."""
    teammates: Annotated[tuple[str, ...], Setting(readers.texts, "[]", "list of strings")] = ()
    """Those to whom conversations are assigned; any other word works too, with a note."""
    zone: Annotated[str | None, Setting(readers.zone, "TZ, else the machine's", "IANA name")] = None
    """The time zone in which times are read and shown, such as "Europe/Berlin"."""
    hold: Annotated[timedelta, Setting(readers.span(0 * SECOND, DAY), '"10s"', _SPAN)] = 10 * SECOND
    """The hold window: how long a reply waits, and can be recalled, before it leaves."""
    overdue_post: Annotated[timedelta, Setting(readers.span(SECOND, 3650 * DAY), '"60s"', _SPAN)] = 60 * SECOND
    """A post that is still here this long after its time is overdue, and its account's `late` decides."""
    paused: Annotated[bool, Setting(readers.yes_no, shape="true or false")] = False
    """The workers make no request at all: nothing is fetched and nothing is sent."""
    poll: Annotated[timedelta, Setting(_POLL, '"60s"', _SPAN)] = 60 * SECOND
    """How often to ask each network for news."""
    theme: Annotated[str, Setting(readers.some_text, '"commtui-dark"', "string")] = "commtui-dark"
    """The colours: the name of a theme of ours, of Textual's, or of one in the folder themes/ beside the config."""
    keymap: Annotated[str, Setting(readers.one_of(*KEYMAPS), shape=" or ".join(f'"{word}"' for word in KEYMAPS))] = (
        "default"
    )
    """The preset of keys that `[keys]` starts from."""
    keys: Annotated[Mapping[str, tuple[str, ...]], Setting(readers.key_map, "empty", "table")] = {}
    """Your own keys: a command's id = a key, or a list of keys; in quotes with its value, "view bugs" = "B"."""
    mouse: Annotated[bool, Setting(readers.yes_no, shape="true or false")] = False
    """Click and wheel are the inbox's; selecting text then takes Shift (Option on macOS) in most terminals."""
    open: Annotated[tuple[str, ...], Setting(readers.command, "the machine's", "string or list of strings")] = ()
    """What opens a link or an attachment, such as "firefox --new-tab"; the address or the path is its last argument."""
    downloads: Annotated[Path, Setting(_path, '"~/Downloads"', "path")] = Path("~/Downloads")
    """The folder for attachments that are downloaded; it is made when it is needed."""
    images: Annotated[str, Setting(readers.images, shape=" or ".join(f'"{word}"' for word in readers.IMAGES))] = "auto"
    """How pictures are shown (by the extra `images`); "auto": not over SSH, and kitty's way where that is known."""
    saved: Annotated[Mapping[str, str], Setting(readers.text_map, "empty", "table")] = {}
    """Saved replies of one line: a name = a text with variables such as {first_name}. Longer ones are files in
    replies/ beside the config (docs/saved-replies.md)."""
    macros: Annotated[Mapping[str, tuple[str, ...]], Setting(readers.lines_map, "empty", "table")] = {}
    """Macros: a name = a list of command lines such as `tag praise`; they are done, and undone, as one. Shared ones
    stand in replies/macros.toml."""
    views: Annotated[Mapping[str, str], Setting(readers.text_map, "empty", "table")] = {}
    """Your own views of the mentions: a name = a QUERY, as the filter takes it."""
    detect_language: Annotated[bool, Setting(readers.yes_no, shape="true or false")] = False
    """Guess the language of a mention whose network names none (by the extra `languages`), and show languages."""
    notify: Annotated[Notify, Setting(_notify)] = Notify()
    """How the screen calls for you when a mention arrives."""
    retention: Annotated[Retention, Setting(_retention)] = Retention()
    """How long finished things stay in the store that is read at every start."""
    hours: Annotated[WorkingHours, Setting(read_hours)] = WorkingHours()
    """When you answer: the targets of service levels count working time."""
    service_levels: Annotated[tuple[ServiceLevel, ...], Setting(read_levels, key="service_level")] = EVERYBODY
    """How soon you mean to answer; of those that fit a conversation the first in the file counts. Without any: 24h."""
    calendar: Annotated[CalendarRules, Setting(read_calendar)] = CalendarRules()
    """What the calendar marks as a conflict."""
    rules: Annotated[tuple[Rule, ...], Setting(read_rules, key="rule")] = ()
    """What is done by itself when something comes in or nobody answers; all that fit run, in the file's order."""
    accounts: Annotated[tuple[Account, ...], Setting(_accounts, key="account")] = ()
    """The logins; `commtui account add` writes these tables."""

    @property
    def has_service_levels(self) -> bool:
        """Whether the config has a [[service_level]], be it one equal to what counts without any."""
        return self.service_levels is not EVERYBODY

    def account(self, name: str) -> Account | None:
        """The account with that name or id; None: there is none."""
        return next((account for account in self.accounts if name in (account.name, account.id)), None)

    def poll_of(self, account: Account) -> timedelta:
        """How often to ask the account's network."""
        return account.poll or self.poll


def _account(table: Mapping[str, Any], place: tuple[str | int, ...]) -> Account:
    account = read_table(Account, table, place)
    for key in ("name", "network"):
        if key not in table:
            raise SettingError(place, f"this [[account]] has no `{key}`")
    sources = [key for key in TOKEN_SOURCES if table.get(key)]
    if len(sources) > 1:
        raise SettingError((*place, sources[1]), f"`{sources[0]}` and `{sources[1]}` are both set: keep one")
    if not account.insecure_http and is_unencrypted(account.server):
        raise SettingError(
            (*place, "server"),
            "plain http would send the token unencrypted: use https, or set `insecure_http = true` if you must",
        )
    return account


PLACES.update(
    {
        Account: "in an [[account]]",
        Notify: "in [notify]",
        Retention: "in [retention]",
        WorkingHours: "in [hours]",
        CalendarRules: "in [calendar]",
        ServiceLevel: "in a [[service_level]]",
        Rule: "in a [[rule]]",
        Settings: "at the top, above all [tables]",
    }
)
