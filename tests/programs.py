"""Programs that some tests need from outside Python: installed in CI, a skip that says what to install on a laptop."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest


def need(program: str, package: str) -> str:
    """The path of `program`, from the Debian package where it is missing and we may install it.

    In CI (CI=true) a missing program is installed, or a failure; elsewhere its tests are skipped.
    """
    path = shutil.which(program)
    if path:
        return path
    if os.environ.get("CI") != "true":
        pytest.skip(f"{program} is missing: install it (Debian's package {package})")
    _install(package)
    path = shutil.which(program)
    if path is None:
        pytest.fail(f"{program} is missing and {package} could not be installed", pytrace=False)
    return path


def no_mount() -> NoReturn:
    """A file system could not be mounted: a failure in CI, whose tests run as root; elsewhere a skip."""
    message = "mounting a small file system needs root"
    if os.environ.get("CI") == "true":
        pytest.fail(message, pytrace=False)
    pytest.skip(f"{message}")


def _install(package: str) -> None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        pytest.fail(f"Debian's package {package} is missing, and only root can install it", pytrace=False)
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "commtui-apt.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", package]):
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if done.returncode:
            pytest.fail(f"apt-get install {package}: {done.stderr.strip()[-400:]}", pytrace=False)
