"""What a user installs: the wheel, in an environment of its own that has our dependencies and no checkout."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

import commtui
from commtui.main.demo import demo_home
from tests.ui.terminal import Terminal

ROOT = Path(__file__).parents[1]
PACKAGE = Path(commtui.__file__).parent
PART = ("tests/model/test_length.py", "tests/config/test_themes.py", "tests/cli/test_whole.py", "tests/ui/test_keys.py")
"""Tests that are run once more, against the wheel: data files, the command line as a process, keys."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built without network by the locked hatchling."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder with the programs of a new virtual environment in which the wheel is installed."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    ours = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    # a line of a .pth file adds a folder, but does not read that folder's own .pth files: the checkout stays out
    Path(ours, "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    python = str(folder / "bin" / "python")
    install = ["-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run([sys.executable, *install], check=True, capture_output=True, text=True)
    return folder / "bin"


@pytest.fixture
def run(installed, tmp_path):
    """Runs a program of the environment outside of the checkout; gives its standard output."""
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "COMMTUI_HOME")}

    def run(program, *arguments, cwd=tmp_path):
        command = [str(installed / program), *map(str, arguments)]
        done = subprocess.run(command, cwd=cwd, env=environ, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_the_wheel_has_every_file_of_the_package_and_the_themes_and_nothing_else(wheel):
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    ours = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*") if path.is_file()}
    ours = {name for name in ours if not name.endswith(".pyc")}
    assert names == ours | {f"commtui/themes/{path.name}" for path in (ROOT / "themes").iterdir()}
    assert "commtui/py.typed" in names


def test_the_program_is_imported_from_the_wheel_and_knows_its_version(run, installed):
    where = run("python", "-c", "import commtui; print(commtui.__file__)").strip()
    assert where.startswith(str(installed.parent))
    assert run("commtui", "--version").split() == ["commtui", commtui.__version__]


def test_entry_points_are_the_projects(run):
    program = (
        "import json\nfrom importlib.metadata import entry_points\n"
        "print(json.dumps({point.name: point.value for point in entry_points(group='commtui.networks')}))"
    )
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert json.loads(run("python", "-c", program)) == project["entry-points"]["commtui.networks"]


def test_status_answers_in_a_new_home(run, tmp_path):
    status = json.loads(run("commtui", "--home", tmp_path / "home", "status", "--json"))
    assert status["open"] == 0 and status["accounts"] == []


def test_the_demo_opens_on_a_terminal_with_a_theme_of_the_wheels(installed, tmp_path):
    home = demo_home(tmp_path / "home", os.environ)
    home.config.write_text('theme = "dune"\n' + home.config.read_text())
    command = [str(installed / "commtui"), "--demo", "--home", str(tmp_path / "home")]
    with Terminal(command, (120, 30), PYTHONPATH="") as terminal:
        terminal.until("1 Mentions")
        terminal.until(lambda text: re.search(r"\d+ open", text) is not None)
        assert b"2;6;38;46m" in terminal.raw or b"2;6;38;46;" in terminal.raw  # dune's background, #06262e


def test_a_part_of_the_suite_passes_against_the_wheel(run, tmp_path):
    skipped = shutil.ignore_patterns("__pycache__", "node_modules")
    for folder in ("tests", "docs", "themes"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=skipped)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tmp_path)
    assert " passed" in run("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", *PART)
