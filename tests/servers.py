"""Servers that tests start for themselves, on loopback or a socket only, and stop by their id."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS_TO_START = 60
SERVER_USERS = ("postgres", "nobody")
"""PostgreSQL refuses to run as root, so one of these runs it there."""


def postgres_binaries() -> Path | None:
    """Find the folder of PostgreSQL's server programs."""
    found = shutil.which("initdb")
    places = [Path(found).resolve()] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    whole = [p.parent for p in places if (p.parent / "pg_isready").exists()]
    return whole[0] if whole else None


def _server_user() -> str | None:
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in SERVER_USERS if name in known)


@contextmanager
def postgres(binaries: Path) -> Iterator[str]:
    """Run a server of one's own; its texts sort by a language, not by their bytes."""
    user = _server_user()
    folder = Path(tempfile.mkdtemp(prefix="segmentry-pg-"))
    data = folder / "data"
    if user is not None:
        shutil.chown(folder, user)
    language = ["--locale-provider=icu", "--icu-locale=en-US", "--locale=C"]
    make = [str(binaries / "initdb"), "-D", str(data), "-U", "owner", "-A", "trust", "-E", "UTF8"]
    try:
        subprocess.run([*make, *language], user=user, check=True, capture_output=True, cwd=folder)
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(folder),
            "fsync": "off",
            "autovacuum": "off",
            "shared_buffers": "64MB",
        }
        words = [w for n, v in settings.items() for w in ("-c", f"{n}={v}")]
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [str(binaries / "postgres"), "-D", str(data), *words],
                user=user,
                stdout=log,
                stderr=log,
                cwd=folder,
            )
        url = f"postgresql://owner@/postgres?host={folder}"
        try:
            _wait(binaries, folder, server)
            yield url
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(SECONDS_TO_START)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(binaries: Path, folder: Path, server: subprocess.Popen[bytes]) -> None:
    ready = [str(binaries / "pg_isready"), "-h", str(folder), "-q", "-t", "1"]
    for _ in range(SECONDS_TO_START * 5):
        if server.poll() is not None:
            raise RuntimeError((folder / "log").read_text())
        if subprocess.run(ready, check=False).returncode == 0:
            return
        # pg_isready comes back at once while there is no socket yet.
        subprocess.run(["sleep", "0.2"], check=True)
    raise RuntimeError((folder / "log").read_text())


def java_is_there() -> bool:
    """Say whether a Java runtime of version 17 or later starts."""
    java = shutil.which("java")
    if java is None:
        return False
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = told.split('"')[1].split(".")[0] if '"' in told else "0"
    return version.isdigit() and int(version) >= 17
