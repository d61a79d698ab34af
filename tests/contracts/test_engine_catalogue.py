"""All of the catalogue in one log: every field on every edge, and unknown now and then."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pyarrow as pa

from alike import assert_built_alike
from places import Place, events_of
from plainly.draws import crowd
from plainly.oracle import BARE, CASES, CHOICE, MEASURES, Case
from segmentry.domain.project import Project, TextChoice, Windows, frozen_mapping
from segmentry.features.catalogue import CATALOGUE
from segmentry.features.choose import possible_features
from segmentry.pipeline.events import mapped_fields

FIELDS = {"order_id": "order", "session_id": "session"}
"""Fields that a project file calls something else."""

WINDOWS = Windows(recent_days=14.5, also_days=(30.0, 90.0), outcome_days=100_000)

ABOUT = (
    ("the parcel", "the delivery", "the courier"),
    ("the refund", "the invoice", "the payment"),
    ("the password", "the account", "the login"),
)
FELT = ("came late, this is terrible", "was great, thank you", "is missing again", "worked quickly")
SAID = [f"{a} with {b} {felt}" for one in ABOUT for a in one for b in one for felt in FELT] + [None]


def a_log(case: Case) -> pa.Table:
    """Give a log with every field of a case, its times as times and its words as words."""
    rows = case.rows(crowd(case, Random(11), 90))
    at = rows["micros"].combine_chunks().cast(pa.timestamp("us"))
    said = pa.array([SAID[i % len(SAID)] for i in range(len(rows))])
    rows = rows.drop_columns(["micros"]).append_column("at", at).append_column("said", said)
    return rows.rename_columns([n.removeprefix("measure: ") for n in rows.column_names])


def built_alike(place: Place, case: Case, known: set[str]) -> set[str]:
    """Build those of some features that a log allows on two engines, compare and name them."""
    rows = a_log(case)
    others = {"entity_id", "at", "said", *MEASURES}
    columns = {FIELDS.get(n, n): n for n in rows.column_names if n not in others}
    columns |= {"entity": "entity_id", "time": "at", "text": "said"}
    found = []
    for one in (place, place.beside):
        source = events_of(one, rows, columns, texts="leave")
        project = Project(
            "all",
            (source,),
            windows=WINDOWS,
            features=replace(CHOICE, kinds=frozen_mapping(CHOICE.kinds)),
            text=TextChoice(topics=3),
            time_zone="Europe/Berlin",
        )
        allowed = possible_features(mapped_fields(project), project.features, WINDOWS)
        chosen = tuple(sorted(known & set(allowed)))
        project = replace(project, features=replace(project.features, include=chosen))
        found.append(one.built(project, case.window and case.window.as_of)[0])
    assert_built_alike(*found)
    assert len(found[0][0].entity_ids) == len(set(rows["entity_id"].to_pylist())) == 90
    return {c.name for c in found[0][0].columns}


def test_every_feature_of_the_catalogue(place: Place) -> None:
    known, whole = {s.name for s in CATALOGUE}, CASES["leap day"]
    built = built_alike(place, whole, known)
    # Some features stand in where a field is missing that others need.
    others = known - built
    assert others
    built |= built_alike(place, replace(whole, fields=BARE), others)
    assert known <= built
