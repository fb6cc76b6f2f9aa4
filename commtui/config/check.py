"""What `commtui doctor` can tell of config, home, secrets, zone and themes without asking anybody else."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from commtui.config.errors import ConfigError
from commtui.config.paths import VARIABLE, Home
from commtui.config.secrets import Secrets, exposed
from commtui.config.settings import Settings, load
from commtui.config.themes import load_themes
from commtui.config.zone import is_zone, machine_zone, zone_name


class Level(StrEnum):
    """How bad it is: `bad` keeps something from working."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


class Finding(Struct, frozen=True):
    """One line of doctor."""

    level: Level
    subject: str
    """config, home, secrets, zone, themes, or `account NAME`."""
    sentence: str
    way_out: str = ""
    """What to do about it; empty where nothing is to be done."""


def check_all(home: Home, environ: Mapping[str, str]) -> list[Finding]:
    """Every check of this room; those that need settings are left out if the config can't be read."""
    findings = check_home(home)
    settings, found = check_config(home, environ)
    findings += found
    findings += check_secrets(home)
    if settings:
        for account in settings.accounts:
            findings += check_token(home, settings, account.name, environ)
        findings += check_zone(settings, environ)
        findings += check_themes(home, settings)
    return findings


def check_home(home: Home) -> list[Finding]:
    """Whether the folders are there and can be written: by writing and removing a file in each."""
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
    """The settings, None if they can't be read, and what there is to say of the file."""
    try:
        settings = load(home, environ)
    except ConfigError as error:
        return None, [Finding(Level.BAD, "config", str(error), "mend that line; docs/config.md has every setting")]
    if not home.config.exists():
        return settings, [Finding(Level.OK, "config", f"{home.config} does not exist: the defaults are in force")]
    findings = [Finding(Level.OK, "config", f"{home.config} is valid, {_count(len(settings.accounts), 'account')}")]
    if home.config.stat().st_mode & stat.S_IWOTH:
        # token_command is run: whoever writes the config decides what
        findings.append(
            Finding(Level.BAD, "config", f"{home.config} can be written by everybody", f"chmod 600 {home.config}")
        )
    if settings.paused:
        findings.append(
            Finding(Level.WARN, "config", "the whole home is paused: nothing is fetched or sent", "set paused = false")
        )
    return settings, findings


def check_secrets(home: Home) -> list[Finding]:
    """Modes and owners of the folder of secrets and of each file in it."""
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
            wrong = exposed(path.stat(), path)
        except OSError as error:
            wrong = f"cannot be read: {error.strerror}"
        if wrong:
            sentence, _, way_out = wrong.partition(": ")
            findings.append(Finding(Level.BAD, "secrets", f"{path}: {sentence}", way_out))
    return findings or [Finding(Level.OK, "secrets", f"{home.secrets}: {_count(len(files), 'file')}, for you alone")]


def check_token(home: Home, settings: Settings, name: str, environ: Mapping[str, str]) -> list[Finding]:
    """Whether the account's token can be had; whether the network takes it is one request more, and not ours."""
    account = settings.account(name)
    if account is None or account.network == "demo":
        return []
    try:
        Secrets(home, account, environ).token()
    except ConfigError as error:
        return [Finding(Level.BAD, f"account {name}", str(error), f"commtui account check {name}, once that is mended")]
    findings = [Finding(Level.OK, f"account {name}", "its token is at hand")]
    if account.insecure_http and account.server.startswith("http://"):
        findings.append(
            Finding(Level.WARN, f"account {name}", f"its token travels unencrypted to {account.server}", "use https")
        )
    return findings


def check_zone(settings: Settings, environ: Mapping[str, str]) -> list[Finding]:
    """Which zone times are in, and whether anybody said so."""
    name = zone_name(settings, environ)
    way_out = 'set zone = "Europe/Berlin", or whichever is yours, in the config'
    if settings.zone:
        return [Finding(Level.OK, "zone", f"{name}, from the config")]
    if "TZ" in environ:
        if is_zone(environ["TZ"].removeprefix(":").rpartition("zoneinfo/")[2] or "UTC"):
            return [Finding(Level.OK, "zone", f"{name}, from TZ")]
        return [Finding(Level.WARN, "zone", f"TZ={environ['TZ']!r} is no IANA name: times are in {name}", way_out)]
    if machine_zone() is None:
        return [Finding(Level.WARN, "zone", f"the machine's zone is not known: times are in {name}", way_out)]
    return [Finding(Level.OK, "zone", f"{name}, from the machine")]


def check_themes(home: Home, settings: Settings) -> list[Finding]:
    """Theme files that were left out, and whether the one that is chosen exists."""
    loaded, failed = load_themes(home)
    findings = [Finding(Level.WARN, "themes", str(each), "mend the file or remove it") for each in failed]
    if settings.theme not in loaded:
        findings.append(
            Finding(Level.WARN, "themes", f"there is no theme {settings.theme!r}", "known: " + ", ".join(loaded))
        )
    return findings or [Finding(Level.OK, "themes", f"{len(loaded)} found, {settings.theme} chosen")]


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
