"""TinyDB's own test suite, from its source distribution, on ours."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from importlib.metadata import version
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    """TinyDB's tests with our conftest.py in place of theirs."""
    cache = ROOT / ".cache" / "tinydb"
    files = list(cache.glob("tinydb-*.tar.gz"))
    if not files:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        command += ["--no-binary", "tinydb", "--require-hashes", "-r", str(HERE / "tinydb-sdist.txt"), "-d", str(cache)]
        subprocess.run(command, check=True)
        files = list(cache.glob("tinydb-*.tar.gz"))
    folder = tmp_path_factory.mktemp("tinydb")
    with tarfile.open(files[0]) as archive:
        archive.extractall(folder, filter="data")
    tests = next(folder.glob("tinydb-*/tests"))
    shutil.copy(HERE / "tinydb_conftest.py", tests / "conftest.py")
    shutil.copytree(tests, folder / "tests")
    shutil.rmtree(tests.parent)  # the installed TinyDB is tested, not the one beside the tests
    return folder


@pytest.mark.slow
def test_tinydbs_own_tests_pass_on_ours(suite):
    assert f"tinydb=={version('tinydb')} " in (HERE / "tinydb-sdist.txt").read_text()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(command, cwd=suite, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    passed, left_out = (int(re.search(rf"(\d+) {word}", done.stdout)[1]) for word in ("passed", "deselected"))
    assert (passed, left_out) == (265, 21), done.stdout[-300:]
