"""What an engine declares that it cannot do is refused with key and reason."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from segmentry.domain.project import KeyMap, Project, Shape, Source, frozen_mapping
from segmentry.engines.base import Capabilities
from segmentry.pipeline.refusals import refused

COLUMNS = frozen_mapping({"entity": "who", "time": "at", "text": "said"})


def told(project: Project, **reasons: str) -> dict[str | None, str]:
    engine: Any = SimpleNamespace(name="Here", capabilities=Capabilities(reasons))
    problems = refused(project, cast("Any", engine))
    assert {p.code for p in problems} <= {"E1009"}
    return {p.key: p.what for p in problems}


def test_what_is_supported_is_not_refused() -> None:
    assert told(Project("x", (Source("x", "x", columns=COLUMNS),))) == {}


def test_sources_and_features_are_refused_at_their_keys() -> None:
    sources = (
        Source("log", "x", columns=COLUMNS),
        Source("plans", "y", Shape.CHANGES, frozen_mapping({"entity": "who", "time": "at"})),
    )
    reasons = {"text": "rows stay", "changes": "not shown", "measure: median": "no quantile"}
    found = told(Project("x", sources), **reasons)
    assert set(found) == {"sources[0].columns.text", "sources[1].shape", "features.include"}
    assert found["sources[1].shape"] == "'shape: changes' is not possible on Here: not shown"
    assert found["features.include"].endswith("on Here: no quantile")


def test_texts_leave_where_the_project_lets_them() -> None:
    source = Source("log", "x", columns=COLUMNS, texts="leave")
    assert told(Project("x", (source,)), text="rows stay") == {}


def test_lookups_in_files_are_refused_where_they_stand() -> None:
    hops = (KeyMap("a", "b", source="other"), KeyMap("b", "c", path="pairs.csv"))
    both = Source("log", "x", columns=COLUMNS, key=hops)
    one = Source("log", "x", columns=COLUMNS, key=hops[1:])
    found = told(Project("x", (both, one)), **{"key: path": "a file lies elsewhere"})
    assert found == dict.fromkeys(
        ("sources[0].key[1].path", "sources[1].key.path"),
        "'key' with a path is not possible on Here: a file lies elsewhere",
    )
