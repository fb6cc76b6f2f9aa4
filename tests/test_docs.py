"""What the README and docs/ tell can be done as it is told."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from commtui.cli.parser import parser_of
from commtui.cli.registry import COMMANDS, FAMILIES, GLOBAL
from commtui.cli.topics import TOPICS
from commtui.model.query_terms import KEYS, VALUES, parse
from commtui.sentences.query import EXAMPLES, KEY_TEXTS, RULES, TIMES

ROOT = Path(__file__).parents[1]
PAGES = [
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
README = PAGES[0].read_text(encoding="utf-8")
GLOBALS = {option.split()[0] for option, _ in GLOBAL}
HOSTS = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.", "crates" + ".io", "conda" + ".org")
PLACEHOLDER = re.compile(r"[A-Z][A-Z.-]*$|\[|\.\.\.$")


def page_id(page):
    return str(page.relative_to(ROOT))


def between(name):
    """The README's part between two marks."""
    return re.search(rf"<!-- {name}.*?-->(.*)<!-- end of {name} -->", README, re.DOTALL)[1]


def blocks(text):
    """The lines of code: fenced, and indented by four."""
    fenced = re.findall(r"^```(?:sh|tmux|cron|ini)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [line.strip() for block in fenced for line in block.splitlines()] + re.findall(r"^    (\S.*)", text, re.M)


def shell_lines(text, first):
    """The commands that begin with a word, in code of both kinds, without what follows a pipe or an arrow."""
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))
    for line in [*blocks(text), *spans]:
        match = re.search(rf"(?:^|[(/]){first}(?: (?P<rest>.*))?$", re.split(r" +# | \| ?j|[)'] | >", line)[0])
        if match:
            yield shlex.split(match["rest"] or "")


def command_of(words):
    """The words without the global options, and the command's name in front of them."""
    words = list(words)
    while words and words[0] in GLOBALS:
        option = words.pop(0)
        if option == "--home":
            words.pop(0)
    if not words:
        return "", []
    count = 2 if words[0] in FAMILIES else 1
    return " ".join(words[:count]), words[count:]


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_command_and_option_that_is_documented_exists(page):
    for words in shell_lines(page.read_text(encoding="utf-8"), "commtui"):
        name, rest = command_of(words)
        if not name or name in FAMILIES or PLACEHOLDER.match(name):
            continue
        if name == "help" and rest:
            assert rest[0] in TOPICS, words
            continue
        assert name in COMMANDS, words
        parser = parser_of(name)
        known = {option for action in parser._actions for option in action.option_strings}
        said = rest[: rest.index("--")] if "--" in rest else rest
        assert {word for word in said if word.startswith("--")} <= known, words


def test_every_line_for_the_shell_is_read_by_the_parser_as_it_stands():
    read = 0
    for block in re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            if line.startswith("commtui "):
                name, rest = command_of(shlex.split(re.split(" +# | \\| jq", line)[0])[1:])
                if name:
                    parser_of(name).read(rest)
                read += 1
    assert read >= 15


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_make_target_that_is_documented_exists(page):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for words in shell_lines(page.read_text(encoding="utf-8"), "make"):
        assert {word for word in words if re.fullmatch("[a-z]+", word)} <= targets, words


def test_the_two_commands_stand_on_the_first_screen():
    first = README.splitlines()[:16]
    assert any(line.startswith("    make demo") for line in first)
    assert any(line.startswith("    make test") for line in first)
    assert any("docs/inbox.svg" in line for line in first)


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=page_id)
def test_links_to_files_resolve(page):
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_files_named_as_proof_of_a_promise_exist():
    named = re.findall(r"`(tests/[\w/.]+)`", between("promises"))
    assert len(named) > 5
    assert [name for name in named if not (ROOT / name).is_file()] == []
    for promise in between("promises").strip().split("\n- "):
        assert "`tests/" in promise, promise


def test_the_table_of_dependencies_names_exactly_those_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    expected = sorted(re.split(r"[<>=\[ ]", dependency)[0] for dependency in project["dependencies"])
    rows = re.findall(r"^\| `([\w-]+)` \| (.+) \| (.+) \| \d+ ms \|$", between("dependencies"), re.MULTILINE)
    assert sorted(name for name, _, _ in rows) == expected
    for extra in project["optional-dependencies"]:
        assert f"`{extra}`" in README


def test_status_imports_of_all_dependencies_only_what_the_readme_says(tmp_path):
    program = (
        "import sys, contextlib\nfrom commtui.main import run\n"
        f"sys.argv = ['commtui', '--home', {str(tmp_path)!r}, 'status']\n"
        "with contextlib.suppress(SystemExit):\n    run()\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    ours = {"httpx", "msgspec", "dateutil", "regex", "textual", "tinydb", "tomlkit", "tzlocal", "websockets"}
    ours |= {"holidays", "tzdata"}
    assert ours & set(done.stderr.split()) <= {"tinydb", "msgspec"}
    assert {"tinydb", "msgspec"} <= set(done.stderr.split())


def test_the_example_of_a_plug_in_keeps_the_contract(tmp_path):
    """As CONTRIBUTING.md tells its author to run it, with its own settings and not ours."""
    folder = ROOT / "docs" / "plugin"
    command = [sys.executable, "-m", "pytest", "docs/plugin", "-p", "no:cacheprovider", "--basetemp", str(tmp_path)]
    environ = {**os.environ, "PYTHONPATH": str(folder)}  # in place of installing it
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environ)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"\b[23]\d passed", done.stdout) and "rootdir: " + str(folder) in done.stdout, done.stdout
    entry = tomllib.loads((folder / "pyproject.toml").read_text())["project"]["entry-points"]["commtui.networks"]
    assert entry == {"letterbox": "commtui_letterbox:Letterbox"}


def test_no_package_registrys_host_is_named_anywhere():
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        files = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):  # no clone: an unpacked source distribution
        files = [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]
    assert len(files) > 100
    for path in files:
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "replace").lower()
            assert not [host for host in HOSTS if host in text], path


STATES_AND_WORDS = {"scheduled", "sending", "waiting", "sent", "failed", "retrying", "unknown", "await", "r", "u"}
"""What a walk names that is no function."""


def test_the_walks_through_the_code_name_functions_that_there_are():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    walks = text[text.index("## A mention arrives") : text.index("## The store")]
    named = set(re.findall(r"`(?:\w+\.)*(\w+)`", walks))
    named = {name for name in named if not name.isupper()} - STATES_AND_WORDS
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "commtui").rglob("*.py"))
    known = set(re.findall(r"(?:def|class) (\w+)", code))
    assert len(named) > 40
    assert named - known == set()


def test_the_page_of_the_query_language_has_every_key_and_value_and_its_queries_can_be_read():
    page = (ROOT / "docs" / "query.md").read_text(encoding="utf-8")
    assert tuple(KEY_TEXTS) == KEYS
    for key in KEYS:
        row = next(line for line in page.splitlines() if line.startswith(f"| `{key}:` |"))
        assert all(f"`{value}`" in row for value in VALUES.get(key, ())), key
    for query, _ in EXAMPLES:
        assert parse(query) and query in page
    for code in re.findall("`([^`]+)`", " ".join((*RULES, TIMES))):
        if not code.startswith("commtui") and code not in ("or", "is:", "-", "zone"):
            assert parse(code), code
    for time in re.findall("`([^`]+)`", TIMES):
        assert time == "zone" or ":" in time[:6] or parse(f"since:{time}"), time
