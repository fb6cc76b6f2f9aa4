"""The files that tools of the project read say the same as pyproject.toml, and can be read at all."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture
def jobs():
    """The jobs of the workflow for public forges."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8"))
    # YAML 1.1 reads the bare word `on` as true
    assert workflow[True].keys() == {"push", "pull_request"}
    return workflow["jobs"]


def test_the_workflow_runs_make_test_from_the_least_python_on_and_on_macos(jobs):
    matrix = jobs["test"]["strategy"]["matrix"]
    assert f">={matrix['python'][0]}" == PROJECT["project"]["requires-python"]
    assert matrix["python"] == ["3.11", "3.12", "3.13", "3.14"]
    assert {row["os"] for row in matrix["include"]} == {"macos-latest"}
    assert [step["run"] for step in jobs["test"]["steps"] if "run" in step] == ["make test"]


def test_every_hook_before_a_commit_is_a_tool_of_our_own_environment():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repository["repo"] for repository in config["repos"]] == ["local"]
    entries = [hook["entry"] for repository in config["repos"] for hook in repository["hooks"]]
    checks = re.search(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)[1]
    tools = re.findall(r"\$\(BIN\)/(\S+)", checks)
    assert [entry.removeprefix(".venv/bin/").split()[0] for entry in entries] == tools


@pytest.mark.parametrize("extra", ["images", "languages"])
def test_what_tests_would_skip_without_an_extra_is_installed_for_them(extra):
    assert set(PROJECT["project"]["optional-dependencies"][extra]) <= {
        needed for needed in PROJECT["dependency-groups"]["dev"] if isinstance(needed, str)
    }


def test_every_decision_is_in_the_list_of_decisions():
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\((\d{4}-[a-z-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert listed == sorted(path.name for path in folder.glob("[0-9]*.md"))
    for path in folder.glob("[0-9]*.md"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"], path.name
