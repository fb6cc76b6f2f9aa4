"""`commtui people erase`: a person's words and names leave this home. It asks first."""

from __future__ import annotations

from argparse import Namespace

from commtui.activity import resolve_author
from commtui.cli.commands.people_verb import WHO
from commtui.cli.output import say
from commtui.cli.parser import Parser
from commtui.cli.services import Services
from commtui.cli.words import check_yes
from commtui.community.erasing import erase
from commtui.outgoing.unsent_edits import FILE, UnsentEdits
from commtui.sentences.people import erased_words, erasing_question
from commtui.triage.people import profile_of


def add(parser: Parser, name: str) -> None:
    parser.add_argument("id", metavar="ID", help=WHO)
    parser.add_argument("--yes", action="store_true", help="do not ask: it cannot be undone")


def run(services: Services, args: Namespace) -> int:
    desk = services.desk()
    person = profile_of(desk, resolve_author.author(desk.store, args.id))
    question = erasing_question([author.handle for author in person.authors], person.mentions)
    if person.mentions and not args.yes:  # without any they were erased before
        check_yes(f"{question}: it cannot be undone", "nothing was erased")
    erased = erase(desk, args.id)
    UnsentEdits(services.home.state / FILE).forget(erased.texts)
    say(erased_words(erased))
    return 0
