"""`commtui config check`: whether the config and the files beside it are right. It asks no network."""

from __future__ import annotations

from argparse import Namespace

from commtui.cli.commands import doctor
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.config.check import Level


def add(parser: Parser, name: str) -> None:
    parser.add_format()


def run(services: Services, args: Namespace) -> int:
    findings = doctor.show(services, args, doctor.CONFIG_CHECKS)
    return 1 if any(finding.level is Level.BAD for finding in findings) else 0
