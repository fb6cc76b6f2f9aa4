"""`commtui run`: the workers without a screen."""

from __future__ import annotations

from argparse import Namespace

from commtui.cli.parser import Parser
from commtui.cli.services import Services


def add(parser: Parser, name: str) -> None:
    """No arguments of its own."""


def run(services: Services, args: Namespace) -> int:
    return services.run()
