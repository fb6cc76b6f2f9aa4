"""The README's picture is the real program's screen, and nothing leaves the machine while it is taken."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from docs.picture import SIZE, TARGET, demo_screen, picture

ROOT = Path(__file__).parents[1]
WATCH = """
import os, sys
def note(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        with open(os.environ["WATCHED"], "a") as file:
            print(event, args, file=file)
sys.addaudithook(note)
with open(os.environ["WATCHED"], "a") as file:
    print("watching", file=file)
"""
TEXT = "{http://www.w3.org/2000/svg}text"


def texts(svg):
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(TEXT)]


def sound(svg):
    """What every picture of ours shows: three panes, a reply on its way, the word demo, invented hosts."""
    whole = " ".join(texts(svg))  # each run is a text of its own
    for words in ("1 Mentions", "2 Replies", "3 Posts", "overdue", "scheduled", "DEMO", "@you", "? help"):
        assert words in whole, words
    hosts = set(re.findall(r"@[\w.-]+@([\w.-]+)(?![\w.~-])", whole))
    assert hosts and all(host.endswith(".example") for host in hosts), hosts


@pytest.mark.slow
def test_the_picture_is_taken_from_the_real_program_without_a_request(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(WATCH)
    watched = tmp_path / "watched"
    screen = demo_screen(tmp_path / "home", PYTHONPATH=f"{tmp_path}:{ROOT}", WATCHED=str(watched))
    assert (screen.columns, screen.lines) == SIZE
    svg = picture(screen)
    sound(svg)
    assert "sends in" in "".join(texts(svg))
    assert watched.read_text().splitlines() == ["watching"]


def test_the_picture_in_the_repository_is_one_of_it():
    svg = TARGET.read_text(encoding="utf-8")
    sound(svg)
    assert len(svg) < 60_000
    (width,) = {int(ElementTree.fromstring(svg).get("width", "0"))}
    for element in ElementTree.fromstring(svg).iter(TEXT):
        assert int(element.get("x")) + int(element.get("textLength")) <= width
