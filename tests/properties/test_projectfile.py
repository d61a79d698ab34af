"""Laws of the project file: what is written is read back, whatever names and values it holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segmentry.domain.project import (
    EVENT_FIELDS,
    OBJECTIVES,
    FeatureChoice,
    Namer,
    Outcome,
    Privacy,
    Project,
    SegmentChoice,
    Shape,
    Source,
    Windows,
    frozen_mapping,
)
from segmentry.domain.role import Role
from segmentry.errors import ProjectFileError
from segmentry.projectfile.emit import emit
from segmentry.projectfile.guessed import Guess
from segmentry.projectfile.load import load
from segmentry.projectfile.schema import as_data, from_data

# Everything that UTF-8 can carry: a column may be called anything.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(
    lambda text: text.strip()
)
DAYS = st.floats(min_value=0.001, max_value=36_500.0)
MAPPINGS = st.dictionaries(TEXTS, st.sampled_from(list(Role)), max_size=4).map(frozen_mapping)


@st.composite
def events(draw: st.DrawFn) -> Source:
    others = [f for f in EVENT_FIELDS if f not in {"entity", "time", "kind"}]
    columns = {"entity": draw(TEXTS.filter(lambda t: t != "row_number")), "time": draw(TEXTS)}
    columns |= draw(st.dictionaries(st.sampled_from(others), TEXTS, max_size=4))
    return Source(
        draw(TEXTS),
        draw(TEXTS.filter(lambda t: "://" not in t)),
        Shape.EVENTS,
        frozen_mapping(columns),
        types=frozen_mapping(draw(st.dictionaries(TEXTS, st.just("%d/%m/%Y"), max_size=2))),
        event=draw(st.none() | TEXTS),
        where=draw(st.none() | TEXTS),
    )


@st.composite
def tables(draw: st.DrawFn) -> Source:
    return Source(
        draw(TEXTS),
        draw(TEXTS.filter(lambda t: "://" not in t)),
        Shape.TABLE,
        frozen_mapping({"entity": draw(TEXTS)}),
        deduplicate=draw(st.sampled_from([None, "last"])),
    )


@st.composite
def choices(draw: st.DrawFn) -> SegmentChoice:
    low = draw(st.integers(2, 20))
    return SegmentChoice(
        low,
        draw(st.integers(low, 100)),
        draw(st.floats(min_value=1e-9, max_value=min(0.5, 1 / (low + 1)))),
        draw(st.just("auto") | st.lists(TEXTS, min_size=1, max_size=2).map(tuple)),
        frozen_mapping(draw(st.dictionaries(TEXTS, st.floats(1e-3, 1e3), max_size=2))),
        search_rows=draw(st.just("all") | st.integers(1_000, 1_000_000)),
    )


@st.composite
def outcomes(draw: st.DrawFn) -> Outcome:
    if draw(st.booleans()):
        return Outcome(draw(TEXTS), event=draw(TEXTS), horizon_days=draw(DAYS))
    return Outcome(draw(TEXTS), column=draw(TEXTS))


@st.composite
def projects(draw: st.DrawFn) -> Project:
    names = st.lists(TEXTS, min_size=1, max_size=2).map(tuple)
    return Project(
        name=draw(TEXTS),
        sources=tuple(
            draw(st.lists(events() | tables(), min_size=1, max_size=2, unique_by=lambda s: s.name))
        ),
        entity=draw(TEXTS),
        objective=draw(st.sampled_from(OBJECTIVES)),
        decision=draw(st.just("") | TEXTS),
        owner=draw(st.just("") | TEXTS),
        time_zone=draw(st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"])),
        currency=draw(st.none() | TEXTS),
        windows=Windows(draw(st.none() | DAYS), draw(DAYS), draw(DAYS)),
        features=FeatureChoice(
            draw(st.just("auto") | names), draw(st.just(()) | names), draw(MAPPINGS)
        ),
        segments=draw(choices()),
        outcomes=tuple(draw(st.lists(outcomes(), max_size=2, unique_by=lambda o: o.name))),
        privacy=Privacy(draw(st.sampled_from(["raw", "pseudonym"]))),
        namer=Namer(draw(st.none() | TEXTS), draw(st.none() | TEXTS)),
        seed=draw(st.integers(0, 2**63 - 1)),
    )


@given(projects())
def test_a_project_survives_plain_data(project: Project) -> None:
    assert from_data(as_data(project), folder=project.folder) == project


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(projects(), st.lists(TEXTS, max_size=2))
def test_a_project_survives_being_written_and_read(
    tmp_path: Path, project: Project, notes: list[str]
) -> None:
    reasons = {f"features.roles.{c}": note for c in project.features.roles for note in notes}
    file = tmp_path / "segmentry.yaml"
    file.write_text(emit(Guess(project, tuple(notes), reasons)), encoding="utf-8", newline="")
    assert load(file).project == replace(project, folder=tmp_path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_file_is_read_or_refused_in_words(tmp_path: Path, content: str | bytes) -> None:
    file = tmp_path / "segmentry.yaml"
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    file.write_bytes(raw)
    with pytest.raises(ProjectFileError, match=r".+"):
        load(file)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = ["version", "project", "sources", "windows", "features", "segments", "outcomes", "seed"]


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), PLAIN, max_size=8))
def test_any_values_are_read_or_refused_with_a_key_for_each(data: dict[str, object]) -> None:
    project, error = None, None
    try:
        project = from_data(data, folder=Path())
    except ProjectFileError as refused:
        error = refused
    if project is not None:
        assert from_data(as_data(project), folder=Path()) == project
    if error is not None:
        assert all(p.key is not None for p in error.problems or (error,))
