"""`commtui doctor`: checks the home. A check is a function from services to findings; none depends on another."""

from __future__ import annotations

import re
import shlex
from argparse import Namespace
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from commtui.activity.desk import Desk
from commtui.cli.level_findings import tags
from commtui.cli.output import json_array, out
from commtui.cli.parser import Parser
from commtui.cli.rule_findings import rules
from commtui.cli.services import CliError, Services
from commtui.cli.terminal_findings import terminal
from commtui.config.check import Finding, Level, check_all
from commtui.config.errors import ConfigError
from commtui.model import times
from commtui.model.logins import LoginError
from commtui.model.text import number_of, shown_line
from commtui.sentences.filtered import filtered_words
from commtui.sentences.reasons import words
from commtui.sentences.store import damage_line, explain, named
from commtui.store.errors import StoreError

Check = Callable[[Services], list[Finding]]
NEEDS_SHOWN = 5
"""How many items that need a person are named, as in `status`."""
LOST = "a backup made before has it: commtui --home ANOTHER restore FILE"
MARKS = {Level.OK: "ok", Level.WARN: "warn", Level.ATTENTION: "attention", Level.BAD: "BAD"}
THIS_COMMAND = re.compile(r"(?<![\w/.-])commtui(?= [a-z]|,)")
"""Where a way out names a command for this home."""


def add(parser: Parser, name: str) -> None:
    parser.add_argument(
        "--store", action="store_true", help="read every byte of the store, repair what is damaged, say what was done"
    )
    parser.add_format()


def run(services: Services, args: Namespace) -> int:
    findings = show(services, args, (whole_store,) if args.store else CHECKS)
    return 3 if any(finding.level in (Level.ATTENTION, Level.BAD) for finding in findings) else 0


def show(services: Services, args: Namespace, checks: Sequence[Check]) -> list[Finding]:
    """Makes some checks, prints what they find, and returns it."""
    findings = [_at_home(finding, args.home) for check in checks for finding in check(services)]
    if args.format == "json":
        json_array(
            {
                "level": finding.level.value,
                "subject": finding.subject,
                "sentence": finding.sentence,
                "way_out": finding.way_out or None,
            }
            for finding in findings
        )
    else:
        for finding in findings:
            out(shown_line(f"{MARKS[finding.level]:<5} {finding.subject}: {finding.sentence}"))
            if finding.way_out:
                out(shown_line(f"       {finding.way_out}"))
    return findings


def _at_home(finding: Finding, home: str | None) -> Finding:
    """Returns the finding with commands that repeat the --home that was given."""
    if not home:
        return finding
    return replace(finding, way_out=THIS_COMMAND.sub(lambda _: f"commtui --home {shlex.quote(home)}", finding.way_out))


def files(services: Services) -> list[Finding]:
    """Checks what needs nothing but the home: config, secrets, zone, hours, service levels, themes, saved replies."""
    return check_all(services.home, services.environ)


def store(services: Services) -> list[Finding]:
    """Checks that the store opens and can be read."""
    try:
        from commtui.triage.status import standing

        desk = services.desk()
        current = standing(desk)
        damaged = desk.store.damage_not_told()
    except (StoreError, ConfigError, CliError) as error:
        return [Finding(Level.BAD, "store", explain(error) if isinstance(error, StoreError) else str(error))]
    findings = [Finding(Level.BAD, "store", damage_line(damage)) for damage in damaged]
    return [Finding(Level.OK, "store", f"it opens; {number_of(current.open, 'open conversation')}"), *findings]


def bad_store(services: Services) -> list[Finding]:
    """Reports a store that cannot be read: checks of the config that look things up there are left out then."""
    try:
        services.settings()
    except ConfigError:
        return []  # another check reports it
    return [finding for finding in store(services) if finding.level is Level.BAD]


def keys(services: Services) -> list[Finding]:
    """Checks for keys that clash, can't be reached or name no command."""
    try:
        problems = services.key_problems()
    except (ConfigError, CliError):
        return []  # another check reports it
    return [Finding(Level.WARN, "keys", text, "[keys] in config.toml") for text in problems]


def macros(services: Services) -> list[Finding]:
    """Checks for macros with a line that can't be done, and for braces in them that are no variable."""
    from commtui.cli.naming import ShellNaming
    from commtui.sentences.macros import macro_problems

    try:
        desk = services.desk()
    except (StoreError, ConfigError, CliError):
        return []  # another check reports it
    way_out = "[macros] in config.toml or replies/macros.toml"
    return [Finding(Level.WARN, "macros", text, way_out) for text in macro_problems(desk, ShellNaming(desk))]


def needs(services: Services) -> list[Finding]:
    """Lists what needs a person, as `status` does. Accounts are left out: they have a check of their own."""
    try:
        from commtui.triage.status import standing

        desk = services.desk()
        items = [need for need in standing(desk).needs if need.why != "refused"]
    except (StoreError, ConfigError, CliError):
        return []  # another check reports it
    try:
        findings = [
            Finding(Level.ATTENTION, need.id, _with_author(desk, need.id, need.why), f"commtui show {need.id}")
            for need in items[:NEEDS_SHOWN]
        ]
    except StoreError as error:  # of records that no other check reads
        return [Finding(Level.BAD, "store", explain(error))]
    more = len(items) - NEEDS_SHOWN
    if more > 0:
        findings.append(
            Finding(Level.ATTENTION, f"{more} more", "they need a person", "commtui status --json names them")
        )
    return findings


def _with_author(desk: Desk, item: str, why: str) -> str:
    """Returns why an item needs a person, with the author that it is about: `@ada@example.org overdue`."""
    return " ".join(filter(None, (desk.store.author(item), words(why))))


def whole_store(services: Services) -> list[Finding]:
    """Reads every byte of the store, repairs damage, and reports what was done."""
    from commtui.store.check import check

    try:
        report = check(services.home.data)
    except StoreError as error:
        return [Finding(Level.BAD, "store", explain(error))]
    if report is None:
        return [Finding(Level.OK, "store", "nothing was kept here yet")]
    read = f"{number_of(report.records, 'record')}, {number_of(report.size, 'byte')}: all of it was read"
    findings = [Finding(Level.OK, "store", read)]
    findings += [Finding(Level.BAD, "store", f"{named(damage)} cannot be read") for damage in report.damage]
    if report.structure:
        findings.append(Finding(Level.BAD, "store", f"the structure of the file is damaged: {report.structure[0]}"))
    if report.journal_pages:
        findings.append(Finding(Level.BAD, "store", "the newest changes cannot be read: SQLite's journal is damaged"))
    if report.miscounted:
        what = "a count did not fit its records" if report.kept else "a count does not fit its records"
        findings.append(Finding(Level.WARN, "store", what))
    if report.kept:
        saved = number_of(report.saved, "record")
        repaired = f"repaired: {saved} saved in a fresh file; the damaged one is kept as {report.kept.name}"
        findings.append(Finding(Level.OK, "store", repaired))
    if report.lost:
        lost = ", ".join(map(named, report.lost[:NEEDS_SHOWN]))
        more = f" and {len(report.lost) - NEEDS_SHOWN} more" if len(report.lost) > NEEDS_SHOWN else ""
        findings.append(Finding(Level.WARN, "store", f"lost here: {lost}{more}", LOST))
    return findings


def engine(services: Services) -> list[Finding]:
    """Reports which process sends and fetches, and what waits if none does."""
    holder = services.holder()
    if holder:
        return [Finding(Level.OK, "sending", f"on; run by {holder}")]
    way_out = "commtui, `commtui run`, or `commtui sync` from cron"
    waiting = _waiting_count(services)
    if waiting:
        what = "a reply or post waits" if waiting == 1 else f"{waiting} replies and posts wait"
        return [Finding(Level.WARN, "sending", f"off; {what} to be sent", way_out)]
    return [Finding(Level.OK, "sending", "off; nothing is fetched or sent until commtui runs", way_out)]


def _waiting_count(services: Services) -> int:
    """Returns the number of replies and posts that an engine would send."""
    from commtui.outgoing.changes import count_leaving

    try:
        return count_leaving(services.desk())
    except (StoreError, ConfigError, CliError):
        return 0  # another check reports it


def accounts(services: Services) -> list[Finding]:
    """Checks the login of each account that is not paused, with one request."""
    try:
        settings = services.settings()
    except ConfigError:
        return []  # another check reports it
    if not settings.accounts:
        return [Finding(Level.WARN, "accounts", "there is none yet", "commtui account add NETWORK")]
    findings = []
    for account in settings.accounts:
        subject = f"account {account.name}"
        if account.paused or settings.paused:
            what = "paused: nothing is fetched or sent for it"
            findings.append(Finding(Level.WARN, subject, what, "set paused = false"))
            continue
        try:
            answer = services.accounts.check(account)
        except (CliError, ConfigError, LoginError) as error:
            findings.append(Finding(Level.BAD, subject, str(error)))
            continue
        except StoreError:  # another check reports it
            findings.append(Finding(Level.WARN, subject, "not checked: the store cannot be opened"))
            continue
        if answer["ok"]:
            findings.append(Finding(Level.OK, subject, f"the network knows it as {answer['handle']}"))
        else:
            way_out = "log in again: commtui account remove, then account add" if answer["refused"] else ""
            findings.append(Finding(Level.BAD, subject, answer["error"], way_out))
    return findings


def inbound(services: Services) -> list[Finding]:
    """Reports what accounts did not get: what could not be read, and what is not in their servers' lists any more."""
    try:
        from commtui.triage.status import losses, standing

        desk = services.desk()
        lost, accounts_now = losses(desk), standing(desk, needs=False).accounts
    except (StoreError, ConfigError, CliError):
        return []  # another check reports it
    page = "the notifications on the server's own page have them"
    findings = []
    for loss in lost:
        subject = f"account {loss.account}"
        if loss.skipped_at:
            last = times.echo(loss.skipped_at, desk.zone, desk.now)
            what = f"{number_of(loss.skipped, 'notification')} could not be read and left out, the last {last}"
            findings.append(Finding(Level.WARN, subject, what, f"{page}; commtui.log says why"))
        if loss.missed_since:
            since = times.echo(loss.missed_since, desk.zone, desk.now)
            what = f"some of what came after {since} was not in the server's list any more"
            findings.append(Finding(Level.WARN, subject, what, page))
    for account in accounts_now:
        if account.filtered:
            words = filtered_words(account.filtered, account.filtered_people)
            way_out = f"commtui accept-filtered {account.account}"
            findings.append(Finding(Level.WARN, f"account {account.account}", words, way_out))
    return findings


CONFIG_CHECKS: tuple[Check, ...] = (files, keys, macros, rules, tags, bad_store)
"""Those that look at the config, and ask no network."""
CHECKS: tuple[Check, ...] = (
    files, keys, macros, rules, store, tags, needs, engine, accounts, inbound, terminal,
)  # fmt: skip
