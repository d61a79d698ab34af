"""Checks of what ties sources together: all at once, each at its key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from segmentry.domain.harmony import Harmony
from segmentry.domain.project import Accounts, KeyMap, Project, frozen_mapping
from segmentry.errors import ProjectFileError
from segmentry.projectfile.emit import scalar
from segmentry.projectfile.load import read
from segmentry.projectfile.schema import as_data, from_data

LOG: dict[str, Any] = {"name": "log", "path": "a.csv", "columns": {"entity": "id", "time": "at"}}
SUBS: dict[str, Any] = {
    "name": "subs",
    "path": "b.csv",
    "shape": "changes",
    "columns": {"entity": "id", "time": "since", "until": "end"},
}
HOP = {"source": "subs", "from": "sub", "to": "account"}


def loaded(*sources: dict[str, Any], **facts: Any) -> Project:
    return from_data({"sources": list(sources), **facts}, folder=Path())


def refused(*sources: dict[str, Any], **facts: Any) -> dict[str | None, str]:
    with pytest.raises(ProjectFileError, match=r".+") as caught:
        loaded(*sources, **facts)
    return {p.key: p.what for p in caught.value.problems or (caught.value,)}


def test_a_lookup_is_one_mapping_or_a_list_of_them() -> None:
    one = loaded({**LOG, "key": HOP}, SUBS)
    assert one.sources[0].key == (KeyMap("sub", "account", "subs"),)
    second = {"path": "c.csv", "from": "a", "to": "b", "take": {"channel": "way"}}
    two = loaded({**LOG, "key": [HOP, second]}, SUBS)
    assert two.sources[0].key[1] == KeyMap(
        "a", "b", None, "c.csv", frozen_mapping({"channel": "way"})
    )
    assert two.sources[0].fields == {"entity", "time", "channel"}


def test_everything_that_ties_sources_comes_back_as_it_was() -> None:
    project = loaded(
        {**LOG, "key": [HOP, {"path": "c.csv", "from": "a", "to": "b"}], "use": "outcomes"},
        {**LOG, "name": "more", "columns": {**LOG["columns"], "id": "x"}, "deduplicate": "id"},
        {**SUBS, "combine": "sum"},
        accounts={"key": "account_id", "source": "subs"},
        harmonise={"category": {"lower": True, "synonyms": {"tv": ["telly"]}}},
    )
    assert from_data(as_data(project), folder=Path()) == project
    assert read(scalar(as_data(project)), file="x.yaml", folder=Path()).project == project
    assert project.accounts == Accounts("account_id", "subs")
    assert project.harmonise["category"] == Harmony(lower=True, synonyms={"tv": ("telly",)})


@pytest.mark.parametrize(
    ("source", "key", "says"),
    [
        ({**LOG, "key": {**HOP, "source": "sub"}}, "sources[0].key.source", "no source is called"),
        ({**LOG, "key": {"from": "a", "to": "b"}}, "sources[0].key", "a source or in a file"),
        ({**LOG, "key": {**HOP, "path": "x.csv"}}, "sources[0].key", "a source or in a file"),
        ({**LOG, "key": {"source": "subs", "to": "b"}}, "sources[0].key.from", "is missing"),
        ({**LOG, "key": {**HOP, "take": {"time": "t"}}}, "sources[0].key.take.time", "already"),
        (
            {**LOG, "key": [HOP, {**HOP, "take": {"entity": "t"}}]},
            "sources[0].key[1].take.entity",
            "unknown",
        ),
        ({**LOG, "combine": "sum"}, "sources[0].combine", "for a table of changes"),
        (
            {**LOG, "columns": {**LOG["columns"], "until": "x"}},
            "sources[0].columns.until",
            "ends a row",
        ),
        ({**LOG, "deduplicate": "last"}, "sources[0].deduplicate", "for tables"),
        ({**LOG, "deduplicate": "id"}, "sources[0].deduplicate", "need each other"),
        ({**LOG, "use": "outcomes"}, "sources[0].use", "for outcomes alone"),
        ({**SUBS, "name": "x", "use": "outcomes"}, "sources[0].use", "is for events"),
        ({**SUBS, "name": "x", "event": "a"}, "sources[0].event", "not for a table of changes"),
        (
            {**SUBS, "name": "x", "columns": {"entity": "id"}},
            "sources[0].columns.time",
            "needs 'time'",
        ),
        (
            {**SUBS, "name": "x", "columns": {**SUBS["columns"], "item": "i"}},
            "sources[0].columns.item",
            "attributes",
        ),
    ],
)
def test_what_does_not_go_together_is_told_at_its_key(
    source: dict[str, Any], key: str, says: str
) -> None:
    assert says in refused(source, SUBS)[key]


def test_problems_of_several_sources_are_told_at_once_with_their_lines() -> None:
    text = (
        "sources:\n"
        "  - path: a.csv\n    columns: {entity: id, time: at}\n"
        "    key:\n      source: sbs\n      from: x\n      to: y\n"
        "  - name: subs\n    path: b.csv\n    shape: changes\n    columns: {entity: id}\n"
        "accounts: {key: acc, source: nobody}\n"
    )
    with pytest.raises(ProjectFileError, match=r".+") as caught:
        read(text, file="p.yaml", folder=Path())
    assert [str(p.where) for p in caught.value.problems] == [
        "p.yaml:5 [sources[0].key.source]",
        "p.yaml:11 [sources[1].columns.time]",
        "p.yaml:12 [accounts.source]",
    ]


def test_changes_alone_describe_nobody() -> None:
    assert "other sources tell" in refused(SUBS)["sources[0].shape"]


def test_accounts_need_events() -> None:
    table = {"name": "t", "path": "t.csv", "shape": "table", "columns": {"entity": "id"}}
    assert "no source holds events" in refused(table, accounts={"key": "a"})["accounts"]


def test_logs_may_take_their_time_from_another_source() -> None:
    late = {"name": "items", "path": "c.csv", "columns": {"entity": "order"}}
    hop = {"path": "o.csv", "from": "order", "to": "id", "take": {"time": "day"}}
    assert loaded(LOG, {**late, "key": hop})
    assert "has no time" in refused(LOG, late)["sources[1].columns.time"]
