"""The checks of `commtui doctor` that need nothing but the home: config, folders, secrets, zone, hours, service
levels, themes, replies, languages."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from commtui.config.errors import ConfigError
from commtui.config.loading import load
from commtui.config.paths import VARIABLE, Home
from commtui.config.saved_texts import no_variable, read_folder
from commtui.config.secrets import Secrets, exposed
from commtui.config.service_levels import WorkingHours
from commtui.config.settings import Settings
from commtui.config.themes import bundled, load_theme, load_themes
from commtui.config.zone import machine_zone, zone_name, zone_of_tz
from commtui.model.saved_replies import unknown
from commtui.model.text import number_of
from commtui.system.languages import has_library


class Level(StrEnum):
    """How bad a finding is: `attention` means that an item needs a person, `bad` that something does not work."""

    OK = "ok"
    WARN = "warn"
    ATTENTION = "attention"
    BAD = "bad"


class Finding(Struct, frozen=True):
    """One line of `commtui doctor`."""

    level: Level
    subject: str
    """config, home, secrets, zone, hours, service levels, themes, replies, languages, or `account NAME`."""
    sentence: str
    way_out: str = ""
    """What to do about it; empty if there is nothing to do."""


def check_all(home: Home, environ: Mapping[str, str]) -> list[Finding]:
    """The findings of every check here; a config that cannot be read leaves out the checks that need settings."""
    findings = check_home(home)
    settings, config_findings = check_config(home, environ)
    findings += config_findings
    findings += check_secrets(home)
    if settings:
        for account in settings.accounts:
            findings += check_token(home, settings, account.name, environ)
        findings += check_zone(settings, environ)
        findings += check_hours(settings, environ)
        findings += check_levels(settings)
        findings += check_themes(home, settings)
        findings += check_replies(home, settings)
        findings += check_languages(settings)
    return findings


def check_home(home: Home) -> list[Finding]:
    """Whether the folders can be written: makes and removes a file in each."""
    findings = []
    for folder in (home.data, home.state, home.secrets):
        trial = folder / f".doctor-{os.getpid()}"
        try:
            trial.touch(mode=0o600)
            trial.unlink()
        except OSError as error:
            findings.append(
                Finding(
                    Level.BAD,
                    "home",
                    f"{folder} cannot be written: {error.strerror}",
                    f"check its owner, mode and free space, or choose another home with --home DIR or {VARIABLE}",
                )
            )
    return findings or [Finding(Level.OK, "home", f"{home.data} and {home.state} can be written")]


def check_config(home: Home, environ: Mapping[str, str]) -> tuple[Settings | None, list[Finding]]:
    """The settings, None if they cannot be read, and the findings about the file."""
    try:
        settings = load(home, environ)
    except ConfigError as error:
        return None, [Finding(Level.BAD, "config", str(error), "mend that line; docs/config.md has every setting")]
    if not home.config.exists():
        return settings, [Finding(Level.OK, "config", f"{home.config} does not exist: the defaults are in force")]
    findings = [Finding(Level.OK, "config", f"{home.config} is valid, {number_of(len(settings.accounts), 'account')}")]
    if home.config.stat().st_mode & stat.S_IWOTH:
        # whoever can write the config decides which token_command is run
        findings.append(
            Finding(Level.BAD, "config", f"{home.config} can be written by everybody", f"chmod 600 {home.config}")
        )
    if settings.paused:
        findings.append(
            Finding(Level.WARN, "config", "the whole home is paused: nothing is fetched or sent", "set paused = false")
        )
    return settings, findings


def check_secrets(home: Home) -> list[Finding]:
    """Mode and owner of the folder of secrets and of each file in it."""
    findings = []
    try:
        mode = home.secrets.stat().st_mode
        files = sorted(home.secrets.iterdir())
    except OSError as error:
        return [
            Finding(
                Level.BAD, "secrets", f"{home.secrets} cannot be read: {error.strerror}", "check its owner and mode"
            )
        ]
    if mode & 0o077:
        shown = f"{stat.S_IMODE(mode):04o}"
        findings.append(
            Finding(
                Level.WARN, "secrets", f"{home.secrets} is open to others (mode {shown})", f"chmod 700 {home.secrets}"
            )
        )
    for path in files:
        try:
            problem = exposed(path.lstat(), path)
        except OSError as error:
            problem = f"cannot be read: {error.strerror}"
        if problem:
            sentence, _, way_out = problem.partition(": ")
            findings.append(Finding(Level.BAD, "secrets", f"{path}: {sentence}", way_out))
    return findings or [Finding(Level.OK, "secrets", f"{home.secrets}: {_secret_files(len(files))}")]


def check_token(home: Home, settings: Settings, name: str, environ: Mapping[str, str]) -> list[Finding]:
    """Whether the account's token can be read. Whether the network accepts it takes a request: `account check`."""
    account = settings.account(name)
    if account is None or account.network in ("demo", "demo2"):
        return []
    try:
        Secrets(home, account, environ).token()
    except ConfigError as error:
        return [Finding(Level.BAD, f"account {name}", str(error), f"commtui account check {name}, once that is mended")]
    findings = [Finding(Level.OK, f"account {name}", "its token can be read")]
    if account.insecure_http and account.server.startswith("http://"):
        findings.append(
            Finding(Level.WARN, f"account {name}", f"its token travels unencrypted to {account.server}", "use https")
        )
    return findings


def check_zone(settings: Settings, environ: Mapping[str, str]) -> list[Finding]:
    """Which zone times are shown in, and where it comes from."""
    name = zone_name(settings, environ)
    way_out = 'set zone = "Europe/Berlin", or whichever is yours, in the config'
    if settings.zone:
        return [Finding(Level.OK, "zone", f"{name}, from the config")]
    if "TZ" in environ:
        if zone_of_tz(environ["TZ"]):
            return [Finding(Level.OK, "zone", f"{name}, from TZ")]
        return [Finding(Level.WARN, "zone", f"TZ={environ['TZ']!r} is no IANA name: times are in {name}", way_out)]
    if machine_zone() is None:
        return [Finding(Level.WARN, "zone", f"the machine's zone is not known: times are in {name}", way_out)]
    return [Finding(Level.OK, "zone", f"{name}, from the machine")]


def check_hours(settings: Settings, environ: Mapping[str, str]) -> list[Finding]:
    """Whether the working hours can be counted; the library of holidays is asked for the country's part."""
    from commtui.config.working_hours import UnknownPart, working_hours

    if settings.hours == WorkingHours():
        return []
    try:
        hours = working_hours(settings, environ)
    except UnknownPart as error:
        way_out = f"{error.country} has: {', '.join(error.known)}" if error.known else f'write "{error.country}" alone'
        return [Finding(Level.BAD, "hours", f"`holidays`: {error}", way_out)]
    levels = number_of(len(settings.service_levels) if settings.has_service_levels else 0, "service level")
    return [Finding(Level.OK, "hours", f"{levels}, in {hours.zone}")]


def check_levels(settings: Settings) -> list[Finding]:
    """Whether service levels name accounts that are there, and whether each can count for a conversation."""
    findings = []
    known = {name for account in settings.accounts for name in (account.name, account.id)}
    way_out = f"accounts: {', '.join(account.name for account in settings.accounts) or 'none yet'}"
    catch_all = ""
    for level in settings.service_levels:
        for name in level.accounts:
            if name not in known:
                sentence = f"{level.name!r} is for the account {name!r}, which is not in the config"
                findings.append(Finding(Level.BAD, "service levels", sentence, way_out))
        if catch_all:
            sentence = f"{level.name!r} counts for nothing: {catch_all!r} before it fits every conversation"
            findings.append(Finding(Level.WARN, "service levels", sentence, "put it first"))
        elif not (level.accounts or level.tags or level.priorities or level.via or level.marks):
            catch_all = level.name
    return findings


def check_themes(home: Home, settings: Settings) -> list[Finding]:
    """Theme files that could not be read, and whether the chosen theme exists."""
    loaded, failed = load_themes(home)
    findings = [Finding(Level.WARN, "themes", str(failure), "mend the file or remove it") for failure in failed]
    if load_theme(home, settings.theme) is None:
        known = ", ".join(dict.fromkeys((*loaded, *bundled())))
        findings.append(Finding(Level.WARN, "themes", f"there is no theme {settings.theme!r}", f"known: {known}"))
    return findings or [Finding(Level.OK, "themes", f"{len(loaded)} found, {settings.theme} chosen")]


def check_replies(home: Home, settings: Settings) -> list[Finding]:
    """Saved replies and macros: files that could not be read, names that stand twice, and braces without a variable."""
    texts, _ = read_folder(home.replies, {})
    findings = [
        Finding(Level.WARN, "replies", str(problem), "mend the file or remove it") for problem in texts.problems
    ]
    findings += [
        Finding(
            Level.WARN,
            "replies",
            f"{name!r} stands in [saved] of {home.config.name} and in {home.replies.name}/: the config's is used",
            "rename one of them, or remove it",
        )
        for name in settings.saved
        if name in texts.replies
    ]
    for name, text in settings.saved.items():
        odd = [f"[saved] {name}: {no_variable(variable)}" for variable in unknown(text)]
        findings += [Finding(Level.WARN, "replies", what, f"mend it in {home.config.name}") for what in odd]
    found, macros = len(settings.saved.keys() | texts.replies.keys()), len(settings.macros.keys() | texts.macros.keys())
    saved = number_of(found, "saved reply", "saved replies")
    return findings or [Finding(Level.OK, "replies", f"{saved}, {number_of(macros, 'macro')}")]


def check_languages(settings: Settings) -> list[Finding]:
    """Whether the languages of mentions can be guessed, where the config asks for that."""
    if not settings.detect_language:
        return []
    if has_library():
        return [Finding(Level.OK, "languages", "guessed where a network names none")]
    sentence = "`detect_language` is set, and the library that guesses is not installed: no language is guessed"
    return [Finding(Level.WARN, "languages", sentence, "python -m pip install 'commtui[languages]'")]


def _secret_files(number: int) -> str:
    return f"{number_of(number, 'file')}, readable by you alone" if number else "no files yet"
