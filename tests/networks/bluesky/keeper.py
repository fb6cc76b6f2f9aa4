"""Runs PostgreSQL and the reference network in a folder of their own, and ends both when its standard input ends.

    python keeper.py '{"folder": ..., "node": ..., "program": ..., "bin": ..., "user": ... or null, "ports": {...}}'

Passes on the network's one line of JSON. Whoever started it may be killed: the pipe closes, and nothing is left.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any


def die_with_parent() -> None:
    """In the child: Linux kills it when this process is killed."""
    try:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    except (OSError, AttributeError):  # not Linux: the pipe has to do
        pass


def postgres(given: dict[str, Any], folder: Path, log: Any) -> subprocess.Popen[bytes]:
    """A throwaway cluster, served on its port. It refuses to run as root, so root runs it as another user."""
    data = folder / "postgres"
    data.mkdir(mode=0o700)
    as_user: dict[str, Any] = {}
    if given["user"]:
        as_user = {"user": given["user"], "group": given["user"], "extra_groups": []}
        shutil.chown(data, given["user"], given["user"])
    environ = {**os.environ, "HOME": str(data), "TMPDIR": str(data), "LC_ALL": "C"}
    binaries = Path(given["bin"])
    common: dict[str, Any] = {"cwd": data, "env": environ, "stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
    subprocess.run(
        [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True,
        **common,
        **as_user,
    )
    settings = (
        f"port={given['ports']['postgres']}",
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "fsync=off",
        "full_page_writes=off",
        "synchronous_commit=off",
        "shared_buffers=32MB",
    )
    options = [part for setting in settings for part in ("-c", setting)]
    return subprocess.Popen(
        [binaries / "postgres", "-D", data, *options], preexec_fn=die_with_parent, **common, **as_user
    )


def ready(given: dict[str, Any], server: subprocess.Popen[bytes]) -> None:
    """Waits until PostgreSQL takes connections."""
    probe = [f"{given['bin']}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(given["ports"]["postgres"])]
    deadline = time.monotonic() + 60
    while subprocess.run(probe, check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            print(json.dumps({"failed": "PostgreSQL did not start"}), flush=True)
            raise SystemExit(1)
        time.sleep(0.05)


def main() -> None:
    given = json.loads(sys.argv[1])
    folder = Path(given["folder"])
    folder.chmod(0o711)
    ended = threading.Event()

    def watch() -> None:
        sys.stdin.buffer.read()
        ended.set()

    threading.Thread(target=watch, daemon=True).start()
    ports = given["ports"]
    children: list[subprocess.Popen[bytes]] = []
    with (folder / "log").open("ab") as log:
        try:
            children.append(postgres(given, folder, log))
            ready(given, children[0])
            config = {
                **ports,
                "postgres": f"postgresql://postgres@127.0.0.1:{ports['postgres']}/postgres",
                "schema": "commtui_tests",
            }
            (folder / "tmp").mkdir()
            environ = {
                **os.environ,
                "TMPDIR": str(folder / "tmp"),
                "REDIS_HOST": "unused",
                "NODE_ENV": "test",
                "LOG_ENABLED": "false",
                "NODE_OPTIONS": "--max-old-space-size=512",
            }
            node = subprocess.Popen(
                [given["node"], given["program"], json.dumps(config)],
                env=environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                preexec_fn=die_with_parent,
            )
            children.insert(0, node)
            threading.Thread(target=passes_on, args=(node, log), daemon=True).start()
            while not ended.wait(0.2):
                if any(child.poll() is not None for child in children):
                    said = (folder / "log").read_text(errors="replace")[-3000:]
                    print(json.dumps({"failed": said}), flush=True)
                    break
        finally:
            for child in children:
                if child.stdin is not None:
                    child.stdin.close()
                    try:
                        child.wait(10)
                    except subprocess.TimeoutExpired:
                        child.kill()
                else:
                    child.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
                child.wait()
            if not given.get("keep"):
                shutil.rmtree(folder, ignore_errors=True)


def passes_on(node: subprocess.Popen[bytes], log: Any) -> None:
    """The line of JSON to whoever waits for it, everything else to the log."""
    assert node.stdout is not None
    for line in node.stdout:
        if line.startswith(b'{"ready"'):
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        else:
            log.write(line)
            log.flush()


if __name__ == "__main__":
    main()
