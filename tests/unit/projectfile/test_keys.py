"""The table of keys: it prints itself, and its defaults are those of the domain."""

from __future__ import annotations

from pathlib import Path

from segmentry.domain.project import Project, Shape, Source, frozen_mapping
from segmentry.projectfile.keys import PROJECT, SEGMENTS, describe
from segmentry.projectfile.schema import from_data


def test_every_key_is_printed_with_its_meaning() -> None:
    lines = describe().splitlines()
    assert len(lines) == len(set(lines)) > 30
    assert all(line.split(": ", 1)[1].endswith(".") for line in lines)


def test_a_key_is_printed_with_type_help_and_default() -> None:
    line = next(x for x in describe().splitlines() if x.startswith("segments.min:"))
    assert line == (
        "segments.min: a whole number, 2 to 100. The fewest segments to look for. Default: 4."
    )


def test_a_key_of_a_section_on_the_top_level_is_shown_its_home() -> None:
    for key in SEGMENTS.keys:
        assert PROJECT.elsewhere[key.name] == f"did you mean 'segments.{key.name}'?"


def test_the_defaults_are_those_of_the_domain() -> None:
    columns = {"entity": "id", "time": "at"}
    source = {"path": "a.csv", "columns": columns}
    read = from_data({"sources": [source]}, folder=Path())
    plain = Source("a", "a.csv", Shape.EVENTS, frozen_mapping(columns))
    assert read == Project("project", (plain,))
