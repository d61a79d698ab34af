"""Laws of the house that a reader of the source can check."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tree import PACKAGE, REPOSITORY, modules, name, ours

LONGEST = 500
"""Lines of a Python file; the aim is 400."""

TESTS = sorted((REPOSITORY / "tests").rglob("*.py"))


def calls(path: Path) -> Iterator[tuple[ast.Call, str]]:
    """Give every call of a file with the dotted name that is called."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    files = [p for p in ours() if p.suffix == ".py"]
    lines = {name(p): len(p.read_text().splitlines()) for p in files}
    assert {n: count for n, count in lines.items() if count > LONGEST} == {}


def test_only_commands_speak_to_standard_output() -> None:
    speakers = [
        f"{name(m)}:{call.lineno}"
        for m in modules()
        if not m.is_relative_to(PACKAGE / "cli")
        for call, called in calls(m)
        if called in {"print", "sys.stdout.write", "sys.stderr.write", "typer.echo"}
    ]
    assert speakers == []


def test_nothing_that_can_carry_code_is_loaded() -> None:
    names = re.compile(
        r"\b(pickle|cPickle|cloudpickle|dill|joblib|marshal|shelve)\.(load|loads|Unpickler|open)$"
        r"|^(eval|exec|(pd|pandas)\.read_pickle|yaml\.(unsafe|full)_load(_all)?|np\.load|numpy\.load)$"
    )
    found = [
        f"{name(m)}:{call.lineno} {called}"
        for m in modules()
        for call, called in calls(m)
        if names.search(called)
        or any(k.arg == "allow_pickle" and ast.unparse(k.value) != "False" for k in call.keywords)
        or (called == "yaml.load" and not _is_safe(call))
    ]
    assert found == []


def _is_safe(call: ast.Call) -> bool:
    """Tell whether a YAML reader is given the safe loader, by name or through a variable."""
    given = {k.arg: ast.unparse(k.value) for k in call.keywords}.get("Loader", "")
    return given in {"yaml.SafeLoader", "yaml.CSafeLoader", "loader"}


def test_no_other_loader_of_yaml_is_named() -> None:
    loaders = re.compile(r"yaml\.C?(Full|Unsafe)?Loader\b|['\"]C?(Full|Unsafe)?Loader['\"]")
    assert [name(m) for m in modules() if loaders.search(m.read_text())] == []


def test_time_is_read_and_chance_is_made_in_one_place_each() -> None:
    clocks = re.compile(
        r"\b(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|monotonic|perf_counter))$"
    )
    chances = re.compile(r"(^random\.|\bnp\.random\.(?!Generator)|default_rng$)")
    found = [
        f"{name(m)}:{call.lineno} {called}"
        for m in modules()
        for call, called in calls(m)
        if (clocks.search(called) and m.name != "clock.py")
        or (chances.search(called) and m.name != "seeds.py")
    ]
    assert found == []


def test_every_expected_error_is_told_apart_by_its_words() -> None:
    bare = [
        f"{name(t)}:{call.lineno}"
        for t in TESTS
        for call, called in calls(t)
        if called in {"pytest.raises", "pytest.warns"}
        and "match" not in {k.arg for k in call.keywords}
    ]
    assert bare == []


def test_no_test_measures_time() -> None:
    clocks = {"time.time", "time.perf_counter", "time.monotonic", "clock.seconds"}
    timed = [
        f"{name(t)}:{call.lineno}"
        for t in TESTS
        if t.name.startswith("test_") and t.name != "test_clock.py"
        for call, called in calls(t)
        if called in clocks
    ]
    assert timed == []


def test_every_module_says_what_lives_in_it() -> None:
    silent = [name(m) for m in modules() if not ast.get_docstring(ast.parse(m.read_text()))]
    assert silent == []


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|\bNotImplementedError")
    here = Path(__file__).resolve()
    found = [
        f"{name(p)}:{number}"
        for p in ours()
        if p.suffix in {".py", ".md", ".yaml", ".toml", ".js", ".css", ".j2"} and p != here
        for number, line in enumerate(p.read_text().splitlines(), 1)
        if marks.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "pattern",
    [
        r"https?://[\w.-]*(pypi|pythonhosted|npmjs|npmmirror)[\w.-]*",
        r"registry\.[a-z]+\.[a-z]+",
        r"--(extra-)?index-url [^\s\\]*:",
        r"(?<![\w.])/(work|root|opt|home/(?!ada\b))[/\w]",
    ],
)
def test_no_file_names_a_registry_or_a_path_of_some_machine(pattern: str) -> None:
    wanted = re.compile(pattern)
    here = Path(__file__).resolve()
    found = []
    for path in ours():
        if path == here or path.stat().st_size > 5_000_000:
            continue
        text = path.read_bytes().decode(errors="replace")
        found += [f"{name(path)}: {hit.group()}" for hit in wanted.finditer(text)]
    assert found == []
