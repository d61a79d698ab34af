from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from reading import Built, an_engine, built, events, log, table, write
from segmentry.domain.audit import Audit
from segmentry.domain.harmony import Harmony
from segmentry.domain.project import (
    FeatureChoice,
    Outcome,
    Project,
    Shape,
    Source,
    frozen_mapping,
)
from segmentry.domain.role import Kind, Role
from segmentry.domain.table import ENTITY
from segmentry.domain.window import Window
from segmentry.errors import DataError, EngineError, ProjectFileError
from segmentry.pipeline.events import canonical_events, with_alike_kinds
from segmentry.pipeline.texts import Texts

COUNTRIES = (
    "id,at,land,age,churned\n"
    "1,2011-01-01,B,30,No\n1,2011-01-02,A,31,Yes\n1,2011-01-03,B,35,No\n"
    "2,2011-01-01,B,20,No\n2,2011-01-02,A,20,No\n"
    "3,2011-01-02,,,\n"
)


def with_roles(folder: Path, roles: dict[str, Role], **facts: Any) -> Built:
    path = write(folder / "a.csv", COUNTRIES)
    choice = FeatureChoice(roles=frozen_mapping(roles))
    return built(events(path), features=choice, **facts)


def test_the_default_cut_is_a_microsecond_after_the_last_event(tmp_path: Path) -> None:
    found = built(events(write(tmp_path / "a.csv", log(25))))
    assert found.window is not None
    assert found.window.as_of == datetime(2011, 1, 2, 0, 0, 0, 1, tzinfo=UTC)
    assert found.table.as_of == found.window.as_of
    assert found.audit.facts["as_of"] == "2011-01-02T00:00:00.000001+00:00"


def test_an_event_at_the_cut_is_outside(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", log(25))
    found = built(events(path), as_of=datetime(2011, 1, 1, 3, tzinfo=UTC))
    assert found.audit.facts["rows_used"] == 3
    assert found.table.n_entities == 3


def test_a_given_window_is_used_as_it_is(tmp_path: Path) -> None:
    window = Window(datetime(2011, 1, 5, tzinfo=UTC), 2.0, 1.0, 3.0)
    found = built(events(write(tmp_path / "a.csv", log(25))), window=window)
    assert found.window is window
    assert found.of(0)["n_events_recent"] == 0.0


def test_a_cut_before_all_events_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", log(25))
    with pytest.raises(DataError, match="no event before 2000-01-01") as caught:
        built(events(path), as_of=datetime(2000, 1, 1, tzinfo=UTC))
    assert caught.value.code == "E2008"
    assert "2011-01-01" in caught.value.what


def test_stray_dates_stay_out_of_the_default_cut_and_are_shown(tmp_path: Path) -> None:
    text = log() + "5,2099-12-31 00:00:00,3\n3,1900-01-01 00:00:00,4\n"
    found = built(events(write(tmp_path / "a.csv", text)))
    assert found.window is not None
    assert found.window.as_of.year == 2011
    after, before = found.findings("stray_date")
    assert (after.count, after.severity) == (1, "warning")
    assert after.examples == ("2099-12-31 00:00:00, entity 5",)
    assert after.done == "left out of the default cut"
    assert before.examples == ("1900-01-01 00:00:00, entity 3",)
    assert found.audit.facts["rows_used"] == 301
    assert found.of(3)["tenure_days"] > 40_000


def test_a_cut_that_is_asked_for_takes_stray_dates_in(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", log() + "5,2099-12-31 00:00:00,3\n")
    found = built(events(path), as_of=datetime(2100, 1, 1, tzinfo=UTC))
    assert found.audit.facts["rows_used"] == 301
    assert found.findings("stray_date")[0].done == "the cut was given"


def test_events_without_entity_or_time_are_left_out_and_counted(tmp_path: Path) -> None:
    text = log() + ",2011-01-01 00:00:00,1\n2,,1\n,,1\n3,someday,1\n"
    found = built(events(write(tmp_path / "a.csv", text)))
    assert found.findings("no_entity")[0].count == 2
    assert found.findings("no_time")[0].count == 2
    assert found.audit.facts["rows_read"] == 304
    assert found.audit.facts["rows_used"] == 300


def test_a_log_without_any_entity_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,at,x\nNA,2011-01-01,1\n,2011-01-02,2\n")
    with pytest.raises(DataError, match="no event has both") as caught:
        built(events(path))
    assert caught.value.code == "E2009"


def test_rows_left_out_by_where_are_counted(tmp_path: Path) -> None:
    found = built(events(write(tmp_path / "a.csv", log()), where="amount > 99"))
    assert found.audit.facts["rows_left_out_by_where"] == 99
    assert found.audit.facts["rows_used"] == 201


def test_local_times_become_utc(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,at\n1,2020-07-01 02:00:00\n2,2020-01-01 01:00:00\n")
    found = built(events(path), time_zone="Europe/Berlin")
    assert found.audit.facts["first_event"] == "2020-01-01T00:00:00+00:00"
    assert found.audit.facts["last_event"] == "2020-07-01T00:00:00+00:00"


def test_instants_are_taken_as_they_are(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,at\n1,2020-07-01T02:00:00+02:00\n2,2020-01-01T01:00:00Z\n")
    found = built(events(path), time_zone="Asia/Tokyo")
    assert found.audit.facts["first_event"] == "2020-01-01T01:00:00+00:00"
    assert found.audit.facts["last_event"] == "2020-07-01T00:00:00+00:00"


def test_an_overlay_is_the_most_frequent_value_ties_in_alphabetical_order(tmp_path: Path) -> None:
    found = with_roles(tmp_path, {"land": Role.OVERLAY})
    column = found.table.column("land")
    assert (column.role, column.kind) == (Role.OVERLAY, Kind.CATEGORY)
    assert found.table.data["land"].to_pylist() == ["B", "A", None]


def test_a_number_as_overlay_is_a_category(tmp_path: Path) -> None:
    found = with_roles(tmp_path, {"age": Role.OVERLAY})
    assert found.table.column("age").kind is Kind.CATEGORY
    assert found.table.data["age"].to_pylist() == ["30", "20", None]


def test_an_outcome_is_the_highest_value(tmp_path: Path) -> None:
    found = with_roles(tmp_path, {"churned": Role.OUTCOME, "age": Role.OUTCOME})
    assert found.table.data["churned"].to_pylist() == [1.0, 0.0, None]
    assert found.table.data["age"].to_pylist() == [35.0, 20.0, None]


def test_a_number_that_shapes_segments_is_averaged(tmp_path: Path) -> None:
    found = with_roles(tmp_path, {"age": Role.CLUSTER})
    assert found.table.data["age"].to_pylist() == [32.0, 20.0, None]


def test_ids_are_not_carried_along(tmp_path: Path) -> None:
    found = with_roles(tmp_path, {"land": Role.ID})
    assert "land" not in found.table.data.column_names


def test_an_outcome_of_the_project_may_be_a_column(tmp_path: Path) -> None:
    found = with_roles(tmp_path, {}, outcomes=(Outcome("churn", column="churned"),))
    assert found.table.column("churned").role is Role.OUTCOME


def test_only_events_before_the_cut_describe_an_entity(tmp_path: Path) -> None:
    found = with_roles(tmp_path, {"land": Role.OVERLAY}, as_of=datetime(2011, 1, 2, tzinfo=UTC))
    assert found.table.data["land"].to_pylist() == ["B", "B"]


def test_a_feature_may_have_another_role(tmp_path: Path) -> None:
    found = with_roles(tmp_path, {"weekend_share": Role.OVERLAY})
    assert found.table.column("weekend_share").role is Role.OVERLAY
    assert found.table.column("n_events").role is Role.CLUSTER


def test_a_column_named_like_a_feature_gives_way(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,at,trend\n1,2011-01-01,up\n2,2011-06-02,down\n")
    choice = FeatureChoice(roles=frozen_mapping({"trend": Role.OVERLAY}))
    found = built(events(path), features=choice)
    assert found.table.data["trend (column)"].to_pylist() == ["up", "down"]
    assert found.table.column("trend").kind is Kind.NUMBER


def test_chosen_features_are_built_and_no_others(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", log())
    choice = FeatureChoice(include=("n_events", "trend"), exclude=("trend",))
    found = built(events(path, amount="amount"), features=choice)
    assert found.table.data.column_names == ["entity_id", "n_events"]


def test_features_that_cannot_be_built_are_told_with_everything_else(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", log())
    choice = FeatureChoice(include=("n_orders", "n_evnts"))
    with pytest.raises(ProjectFileError, match="needs order, which") as caught:
        built(events(path, item="itm"), features=choice)
    assert [p.key for p in caught.value.problems] == [
        "features.include[0]",
        "features.include[1]",
        "sources[0].columns.item",
    ]


def test_money_has_the_unit_of_the_project(tmp_path: Path) -> None:
    found = built(events(write(tmp_path / "a.csv", log()), amount="amount"), currency="GBP")
    assert found.table.column("value_total").unit == "GBP"
    assert found.table.column("value_mean").unit == "GBP per event"


def test_an_amount_too_large_for_exact_sums_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "id,at,x\n" + "1,2011-01-01,1e30\n" * 3)
    with pytest.raises(EngineError, match="too large") as caught:
        built(events(path, amount="x"))
    assert caught.value.code == "E3003"


def test_several_logs_are_one(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "id,at,x\n1,2011-01-01,5\n2,2011-01-02,6\n")
    write(tmp_path / "b.csv", "who,when,what\n1,2011-01-03,p\n3,2011-01-04,q\n")
    second = events("b.csv", item="what", entity="who", time="when")
    found = built(events("a.csv", amount="x"), second, folder=tmp_path)
    assert found.table.data["entity_id"].to_pylist() == [1, 2, 3]
    assert found.of(1)["n_events"] == 2.0
    assert found.of(1)["value_total"] == 5.0
    assert found.of(3)["n_items"] == 1.0
    assert found.of(3)["value_total"] is None


def test_ids_of_two_kinds_meet_as_text(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "id,at\n1,2011-01-01\n")
    write(tmp_path / "b.csv", "id,at\nx,2011-01-01\n1,2011-01-02\n")
    found = built(events("a.csv"), events("b.csv"), folder=tmp_path)
    assert found.table.data["entity_id"].to_pylist() == ["1", "x"]
    assert found.of("1")["n_events"] == 2.0


def test_a_table_adds_its_columns_by_entity(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", log())
    rows = "".join(
        f"{i},{'Yes' if i % 2 else 'No'},{20 + i},2010-12-{i + 1:02d}\n" for i in range(5)
    )
    write(tmp_path / "people.csv", "id,churned,age,joined\n" + rows)
    choice = FeatureChoice(roles=frozen_mapping({"churned": Role.OUTCOME}))
    found = built(events("a.csv"), table("people.csv"), folder=tmp_path, features=choice)
    assert found.table.data["churned"].to_pylist() == [0.0, 1.0, 0.0, 1.0, 0.0, None, None]
    assert found.table.column("churned").role is Role.OUTCOME
    assert found.of(0)["joined_days_ago"] == pytest.approx(43.458333, abs=1e-6)
    assert found.findings("not_in_table")[0].count == 2


def test_spellings_of_a_word_are_one_where_the_project_says_so(tmp_path: Path) -> None:
    rows = "".join(
        f"{i % 5},2020-01-{1 + i:02},{w}\n"
        for i, w in enumerate(["TV", "tv ", "Radio", "telly"] * 5)
    )
    write(tmp_path / "a.csv", "id,at,what\n" + rows)
    rules = frozen_mapping({"category": Harmony(lower=True, synonyms={"tv": ("telly",)})})
    source = events("a.csv", category="what")
    include = FeatureChoice(include=("n_categories", "top_category_share"))
    apart = built(source, folder=tmp_path, features=include)
    alike = built(source, folder=tmp_path, features=include, harmonise=rules)
    assert apart.of(0)["n_categories"] == 4
    assert (alike.of(0)["n_categories"], alike.of(0)["top_category_share"]) == (2, 0.75)
    assert alike.findings("harmonised")[0].sentence == "4 spellings of category are 2 words"


def test_events_for_outcomes_alone_shape_no_feature(tmp_path: Path) -> None:
    days = [f"{i % 6},2020-{1 + m:02}-{1 + i % 27:02}\n" for m in range(9) for i in range(12)]
    write(tmp_path / "a.csv", "id,at\n" + "".join(days))
    left = "".join(f"{i},2020-{m:02}-05\n" for i, m in [(0, 3), (1, 9), (2, 9), (9, 9)])
    write(tmp_path / "b.csv", "id,at\n" + left)
    log = replace(events("a.csv"), event="visit")
    gone = Source("gone", "b.csv", Shape.EVENTS, log.columns, event="Churn", use="outcomes")
    facts = {
        "outcomes": (Outcome("left", "churn", horizon_days=30),),
        "folder": tmp_path,
        "harmonise": frozen_mapping({"kind": Harmony(lower=True)}),
    }
    one, alone = built(log, gone, **facts), built(log, **facts)
    assert one.table.data.equals(alone.table.data)
    assert one.judging is not None
    assert alone.judging is not None
    after = {f.name: f.values.tolist() for f in one.judging.followed}
    assert after["left"] == [0, 1, 1, 0, 0, 0]
    assert (
        after["events_after"]
        == {f.name: f.values.tolist() for f in alone.judging.followed}["events_after"]
    )


def test_kinds_that_a_project_names_are_written_as_its_events_are() -> None:
    choice = FeatureChoice(
        kinds=frozen_mapping({"ticket": ("Ticket", "ticket ")}), milestones=("First Order",)
    )
    project = Project(
        "p",
        (),
        features=choice,
        outcomes=(Outcome("left", "CHURN", horizon_days=30), Outcome("flag", column="Flag")),
        harmonise=frozen_mapping({"kind": Harmony(lower=True)}),
    )
    found = with_alike_kinds(project)
    assert dict(found.features.kinds) == {"ticket": ("ticket",)}
    assert found.features.milestones == ("first order",)
    assert [o.event for o in found.outcomes] == ["churn", None]
    plain = replace(project, harmonise=frozen_mapping())
    assert with_alike_kinds(plain) is plain


@pytest.mark.parametrize("n_of_first", [3, 500])
def test_pieces_hold_every_entity_once_and_in_order(tmp_path: Path, n_of_first: int) -> None:
    ids = [i * 10 - 400 for i in range(100)]
    rows = "".join(f"{i},2024-01-01\n" * (n_of_first if i == -400 else 3) for i in ids)
    path = write(tmp_path / "log.csv", f"id,at\n{rows}")
    source = Source("log", str(path), columns=frozen_mapping({"entity": "id", "time": "at"}))
    project = Project("p", (source,), folder=tmp_path)
    n = n_of_first + 99 * 3
    with an_engine() as engine:
        relation = engine.open(source, folder=str(tmp_path), audit=Audit())
        found = canonical_events([relation], engine, Texts.of(project, Audit(), None, ()))
        assert found.entities is None
        pieces = [
            sorted(set(engine.to_arrow(piece)[ENTITY].to_pylist()))
            for piece in found.pieces(found.table, engine, n_events=n, at_once=30)
        ]
    assert [i for piece in pieces for i in piece] == ids
    assert len(pieces) >= (5 if n_of_first == 3 else 3)
    assert max(map(len, pieces)) <= 60


def test_numbers_and_texts_that_hold_events_together_are_texts(tmp_path: Path) -> None:
    sources = []
    for name, order in (("one", 7), ("two", "seven")):
        row = {"id": 1, "at": pd.Timestamp("2024-01-01"), "o": order}
        path = tmp_path / f"{name}.parquet"
        pd.DataFrame([row, row]).to_parquet(path)
        columns = {"entity": "id", "time": "at", "order": "o"}
        sources.append(Source(name, str(path), columns=frozen_mapping(columns)))
    project = Project("p", tuple(sources), folder=tmp_path)
    with an_engine() as engine:
        opened = [engine.open(s, folder=str(tmp_path), audit=Audit()) for s in sources]
        texts = Texts.of(project, Audit(), None, ())
        alone = canonical_events(opened[:1], engine, texts).table
        assert str(alone["order_id"].type()) == "int64"
        both = engine.to_arrow(canonical_events(opened, engine, texts, keep_ids=True).table)
    assert sorted(both["order_id"].to_pylist()) == ["7", "7", "seven", "seven"]
