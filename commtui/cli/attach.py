"""The options that reply and post share: hold, visibility, content warning, language, media."""

from __future__ import annotations

import argparse
from argparse import Namespace
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from commtui.cli.output import say
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.start import BadValue
from commtui.model import spans, times
from commtui.model.abilities import Visibility
from commtui.model.records import Media
from commtui.outgoing.attachments import attachment
from commtui.outgoing.form import Form


class _Alt(argparse.Action):
    """Gives the --media before it its alt text."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: Namespace, values: Any, option_string: str | None = None
    ) -> None:
        given: list[tuple[str, str]] = namespace.media or []
        if not given:
            parser.error("--alt describes the --media before it: name the file first")
        if given[-1][1]:
            parser.error(f"{given[-1][0]} has two --alt texts")
        namespace.media = [*given[:-1], (given[-1][0], values)]


class _Media(argparse.Action):
    def __call__(
        self, parser: argparse.ArgumentParser, namespace: Namespace, values: Any, option_string: str | None = None
    ) -> None:
        namespace.media = [*(namespace.media or []), (values, "")]


def add_form(parser: Parser) -> None:
    """Adds the options."""
    parser.add_argument("--hold", metavar="SPAN", help="the hold window, such as 10s or 5m (default: the config's)")
    parser.add_argument("--visibility", choices=[visibility.value for visibility in Visibility], help="who may see it")
    parser.add_argument("--cw", metavar="TEXT", help="a content warning before the text")
    parser.add_argument("--lang", metavar="CODE", help="the text's language, such as en or pt-BR")
    parser.add_argument("--media", metavar="FILE", action=_Media, help="a file to attach; can be repeated")
    parser.add_argument(
        "--alt", metavar="TEXT", action=_Alt, help="what the --media before it shows, for who can't see it"
    )


def form(args: Namespace) -> Form:
    """The options as triage takes them. Raises BadValue for a file that can't be read."""
    return Form(
        visibility=Visibility(args.visibility) if args.visibility else None,
        spoiler=args.cw,
        media=media(args.media) if args.media else None,
        language=_language(args.lang) if args.lang else None,
        thread=getattr(args, "thread", False),
        quote=getattr(args, "quote", None),
    )


def _language(given: str) -> str:
    """A language tag as BCP 47 writes it. Raises BadValue."""
    import re

    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", given):
        raise BadValue(f"--lang takes a code such as en or pt-BR, not {given!r}")
    return given


def media(given: Sequence[tuple[str, str]]) -> tuple[Media, ...]:
    """Files with their descriptions, in order. Raises BadValue for what is no readable file."""
    for name, alt in given:
        if not alt:
            say(f"note: {name} has no --alt text: who can't see it won't know what it shows")
    return tuple(attachment(name, alt) for name, alt in given)


def hold(args: Namespace) -> timedelta | None:
    """--hold as a length of time. Raises BadValue."""
    if args.hold is None:
        return None
    try:
        return spans.parse_span(args.hold)
    except times.WhenError as error:
        raise BadValue(str(error)) from None


def tell_if_nobody_sends(services: Services) -> None:
    """A word when what was just put on its way waits for somebody to send it."""
    if services.holder() is None:
        say("note: nothing is running that sends; start commtui or `commtui run`, or `commtui sync` once")
