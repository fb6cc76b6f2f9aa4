"""`commtui sync`: one round of all workers, in this process or in the one that runs the engine."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from commtui.activity.desk import Desk
from commtui.cli.output import json_object, out
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.model import times
from commtui.model.clock import from_iso
from commtui.triage import status


def add(parser: Parser, name: str) -> None:
    parser.add_argument("--no-wait", action="store_true", help="don't wait for items whose hold window runs")
    parser.add_format()


def run(services: Services, args: Namespace) -> int:
    result = services.sync(wait=not args.no_wait)
    if args.format == "json":
        json_object(result)
    else:
        for line in [*lines(result), *left(services.desk(), result)]:
            out(line)
    if status.standing(services.desk()).needs:
        return 3
    return 1 if any(row["error"] for row in result["accounts"]) else 0


def lines(result: dict[str, Any]) -> list[str]:
    """Returns a line for each account of the result."""
    if not result["accounts"]:
        return ["no account is at work: commtui account add NETWORK, or see `paused` in the config"]
    shown = []
    for row in result["accounts"]:
        counts = [f"{row['new']} new", f"{row['sent']} sent"] + ([f"{row['failed']} failed"] if row["failed"] else [])
        left = row.get("left_out") or 0
        counts += [f"{left if left > 0 else 'some'} older left on the server"] if left else []
        counts += ["more to come in the next round"] if row.get("more") else []
        counts += [f"{row['skipped']} could not be read (commtui doctor)"] if row.get("skipped") else []
        counts += ["some are not in the server's list any more (commtui doctor)"] if row.get("missed_since") else []
        error = f": {row['error']}" if row["error"] else ""
        shown.append(f"{row['account']} {row['health']}, {', '.join(counts)}{error}")
    return shown


def left(desk: Desk, result: dict[str, Any]) -> list[str]:
    """Returns a line on what was not sent, if there is any."""
    items = result.get("left") or []
    if not items:
        return []
    at = times.echo(from_iso(items[0]["at"]), desk.zone, desk.now)
    first = f"{items[0]['id']} leaves {at}" if len(items) == 1 else f"{len(items)} leave, {items[0]['id']} first: {at}"
    return [f"not sent yet: {first}; `commtui sync` again then, or `commtui run`"]
