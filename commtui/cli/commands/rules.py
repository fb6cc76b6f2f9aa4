"""`commtui rules list|test|explain`."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from typing import Any

from commtui.activity import resolve
from commtui.activity.desk import Desk
from commtui.cli.naming import ShellNaming
from commtui.cli.output import columns, hanging, json_array, out, rows, say
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.words import past_moment
from commtui.model import times
from commtui.model.records import Mention, RuleRun, RuleState
from commtui.model.rules import Trigger, state_id
from commtui.model.text import number_of
from commtui.sentences.errors import sentence
from commtui.sentences.rules import did_words, fault_words, trigger_words
from commtui.triage.rule_book import Ready, ready
from commtui.triage.rule_trial import Trial, Tried
from commtui.triage.status import iso

SINCE = "30d"


def add(parser: Parser, name: str) -> None:
    if name == "rules test":
        parser.add_argument(
            "--since",
            metavar="TIME",
            default=SINCE,
            help=f"only mentions that came since then (2h, 3d, 2026-11-27; default: {SINCE})",
        )
    elif name == "rules explain":
        parser.add_argument("id", metavar="ID", help="a mention, a conversation or a reply, or its unique beginning")
    parser.add_format()


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    if args.command == "rules list":
        return _list(desk, args.format)
    if args.command == "rules test":
        return _test(desk, args.since, args.format)
    return _explain(desk, args.id, args.format)


def _list(desk: Desk, form: str) -> int:
    listed = [(rule, desk.store.get(RuleState, state_id(rule.rule.name))) for rule in ready(desk.settings)]
    if form == "json":
        json_array(_row(desk, rule, state) for rule, state in listed)
        return 0
    if not listed:
        say("no rules: write some as [[rule]] in the config")
    for rule, state in listed:
        for line in _lines(desk, rule, state):
            out(line)
    return 0


def _lines(desk: Desk, rule: Ready, state: RuleState | None) -> Iterator[str]:
    conditions = f": {rule.why}" if rule.why else ""
    yield f"{rule.rule.name}  on {trigger_words(rule.rule)}{conditions}"
    yield f"    then {'; '.join(rule.rule.then)}"
    naming = ShellNaming(desk)
    if rule.problem is not None:
        yield f"    BAD  {sentence(rule.problem, naming)}"
    if state is None or state.absent:
        yield "    not seen yet by an engine: `commtui`, `commtui run` or `commtui sync`"
        return
    last = f", last {naming.time(state.last_at)}" if state.last_at else ""
    failed = f", {state.failed:,} of them failed" if state.failed else ""
    # without it, `ran 0 times` looks wrong while somebody waits already
    earlier = "" if rule.rule.on is Trigger.MENTION else ", for waits that begin from then on"
    yield f"    ran {number_of(state.runs, 'time')}{failed}{last}; seen since {naming.time(state.since)}{earlier}"
    if state.last_fault:
        yield f"    last failure: {fault_words(state.last_fault, naming)}"


def _row(desk: Desk, rule: Ready, state: RuleState | None) -> dict[str, Any]:
    naming = ShellNaming(desk)
    return {
        "rule": rule.rule.name,
        "on": rule.rule.on.value,
        "after_s": rule.rule.after.total_seconds() if rule.rule.after else None,
        "working_time": rule.rule.working_time,
        "when": rule.rule.when or None,
        "hours": rule.rule.hours or None,
        "then": list(rule.rule.then),
        "problem": sentence(rule.problem, naming) if rule.problem else None,
        "since": iso(state.since) if state and not state.absent else None,
        "runs": state.runs if state else 0,
        "failed": state.failed if state else 0,
        "last_at": iso(state.last_at) if state else None,
        "last_error": fault_words(state.last_fault, naming) if state and state.last_fault else None,
    }


def _test(desk: Desk, since: str, form: str) -> int:
    moment = past_moment(desk, since)
    trial, counts = Trial(desk, moment), Counter[str]()

    def tried() -> Iterator[Tried]:
        for each in trial.runs():
            counts[each.run.rule] += 1
            yield each

    naming = ShellNaming(desk)
    if form == "json":
        json_array(_tried_row(each, naming) for each in tried())
    else:
        table = (
            (
                f"{times.ago(each.at, desk.now):>3}",
                each.mention.id,
                each.mention.author,
                f"{each.run.rule}: {did_words(each.run, naming)}",
            )
            for each in tried()
        )
        for line in rows(table, (3, 11, 22 if (columns() or 80) >= 80 else 14)):
            out(line)
    each_rule = ", ".join(f"{rule.rule.name} {counts[rule.rule.name]:,}" for rule in ready(desk.settings))
    say(
        f"{number_of(trial.mentions, 'mention')} since {naming.time(moment)}: {each_rule or 'no rules'};"
        " nothing was changed"
    )
    for rule in ready(desk.settings):
        if rule.problem is not None:
            say(f"note: {sentence(rule.problem, naming)}")
    return 0


def _tried_row(tried: Tried, naming: ShellNaming) -> dict[str, Any]:
    return {**_run_row(tried.run, naming), "at": iso(tried.at), "author": tried.mention.author}


def _run_row(run: RuleRun, naming: ShellNaming) -> dict[str, Any]:
    return {
        "rule": run.rule,
        "on": run.trigger,
        "conversation": run.conversation,
        "mention": run.mention,
        "why": run.why or None,
        "did": run.did or None,
        "changed": bool(run.op_id),
        "notice": run.notice or None,
        "error": fault_words(run.fault, naming) if run.fault else None,
    }


def _explain(desk: Desk, given: str, form: str) -> int:
    item, conversation = resolve.item(desk.store, given), resolve.conversation(desk.store, given)
    identities = [conversation.id, *desk.store.conversations.folded_into(conversation.id)]
    runs = [run for identity in identities for run in desk.store.rule_runs.of_conversation(identity)]
    if isinstance(item, Mention):
        runs = [run for run in runs if run.mention == item.id]
    runs.sort(key=lambda run: (run.at, run.id))
    naming = ShellNaming(desk)
    if form == "json":
        json_array(
            {
                "id": run.id,
                "at": iso(run.at),
                **_run_row(run, naming),
                "op_id": run.op_id or None,
                "undone": desk.store.log.undone_by(run.op_id) is not None if run.op_id else False,
            }
            for run in runs
        )
        return 0
    if not runs:
        say(f"no rule has run on {given}")
    for run in runs:
        out(f"{naming.time(run.at)}  {run.id}  rule {run.rule} on {run.mention}")
        for part in hanging(f"    {did_words(run, naming)}{_why(desk, run)}", 8):
            out(part)
    return 0


def _why(desk: Desk, run: RuleRun) -> str:
    undone = "; undone" if run.op_id and desk.store.log.undone_by(run.op_id) else ""
    about = f"because of {run.why}" if run.why else "on every mention" if run.trigger == "mention" else "on every wait"
    waited = f", who waited since {run.event}" if run.trigger != "mention" else ""
    return f" ({about}{waited}{undone})"
