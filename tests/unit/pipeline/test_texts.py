"""Texts of tables and of events: features in the run, the very same ones in assignment."""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mails import write_mails, write_texts
from reading import an_engine, events, table
from segmentry.domain.audit import Audit
from segmentry.domain.progress import Silent
from segmentry.domain.project import (
    FeatureChoice,
    Project,
    SegmentChoice,
    TextChoice,
    frozen_mapping,
)
from segmentry.domain.role import Role
from segmentry.domain.table import FeatureTable
from segmentry.errors import ProjectFileError
from segmentry.features.text.score import scored
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.pipeline.assign import assign_file
from segmentry.pipeline.finished import Run
from segmentry.pipeline.run import run_project
from segmentry.pipeline.sources import build_table
from segmentry.projectfile.guess import guess
from segmentry.stores.records import to_plain


def of_texts(file: Path, **changes: object) -> Project:
    roles = frozen_mapping({"message": Role.TEXT, "label": Role.OVERLAY})
    facts = {
        "entity": "text",
        "features": FeatureChoice(roles=roles),
        "segments": SegmentChoice(3, 3, methods=("k-means",)),
        "text": TextChoice(sentiment=False),
        "folder": file.parent,
        **changes,
    }
    source = table(file, entity="row_number")
    return Project("mails", (source,), **facts)  # type: ignore[arg-type]


def of_mails(file: Path, **changes: object) -> Project:
    columns = {"entity": "customer_id", "time": "written_at", "text": "message", "nps": "nps"}
    source = events(file, **{"entity": "customer_id", **columns})
    return Project("mails", (source,), folder=file.parent, **changes)  # type: ignore[arg-type]


def built(project: Project, audit: Audit | None = None, **options: object) -> FeatureTable:
    told = {"as_of": None, "audit": audit or Audit(), "allow_bad_rows": False, **options}
    with an_engine() as engine:
        return build_table(project, engine, progress=Silent(), **told)[0]  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    file = write_texts(tmp_path_factory.mktemp("texts") / "texts.csv")
    return run_project(of_texts(file))


def test_segments_of_texts_are_what_the_texts_are_about(run: Run) -> None:
    found = pq.read_table(run.folder / "assignments.parquet").sort_by("entity_id")
    about = np.arange(found.num_rows) % 3
    own = found["segment_id"].to_numpy()
    assert adjusted_rand_index(own, about) > 0.9


def test_segments_are_named_in_the_words_of_their_topics(run: Run) -> None:
    words = {w for m in run.release().texts for t in m.facts.topics for w in t.words}
    for segment in run.segments:
        assert {w.lower() for w in segment["name"].split()} & words, segment["name"]
        assert segment["name"].endswith(("Texts", "Group"))


def test_assignment_answers_as_the_run_did_also_for_one_text(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "texts.csv"
    write_texts(file)
    again = assign_file(run.folder, file)
    batch = pq.read_table(run.folder / "assignments.parquet")
    assert again.equals(batch)
    head, first, *_ = file.read_text().splitlines()
    file.write_text(f"{head}\n{first}\n")
    assert assign_file(run.folder, file).to_pylist() == batch.slice(0, 1).to_pylist()


def test_texts_that_were_never_seen_are_assigned(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text('message,label\n"nothing of that kind",x\n"🙂",x\n,y\n"my invoice",z\n')
    assert assign_file(run.folder, file).num_rows == 4


def test_a_label_beside_texts_shapes_nothing(run: Run) -> None:
    roles = {c.name: c.role for c in run.release().columns}
    assert roles["label"] is Role.OVERLAY
    assert not any(name.startswith("label") for name in run.release().recipe.features)


def test_the_audit_tells_what_was_learned(tmp_path: Path) -> None:
    audit = Audit()
    built(of_texts(write_texts(tmp_path / "texts.csv"), text=TextChoice()), audit)
    told = audit.facts["texts"]["message"]
    assert told["n_texts"] == 300
    assert told["english_share"] == 1.0
    assert any(f.code == "texts_read" for f in audit.findings)


def test_sentiment_of_another_language_is_told_to_say_little(tmp_path: Path) -> None:
    file = tmp_path / "briefe.csv"
    rows = [f'"wo bleibt meine Lieferung nummer {i} zum Haus {i % 7}",a' for i in range(60)]
    file.write_text("\n".join(["message,label", *rows]))
    audit = Audit()
    built(of_texts(file, text=TextChoice()), audit)
    told = [f for f in audit.findings if f.code == "sentiment_says_little"]
    assert [f.severity for f in told] == ["warning"]


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        (FeatureChoice(exclude=("topic_message",)), {"sentiment_message"}),
        (FeatureChoice(include=("sentiment_message",)), {"sentiment_message"}),
        (FeatureChoice(exclude=("message",)), set()),
    ],
)
def test_features_of_texts_are_chosen_by_name(
    choice: FeatureChoice, left: set[str], tmp_path: Path
) -> None:
    file = write_texts(tmp_path / "texts.csv")
    roles = frozen_mapping({"message": Role.TEXT, "label": Role.OVERLAY})
    project = of_texts(file, features=replace(choice, roles=roles), text=TextChoice())
    assert {c.name for c in built(project).with_role(Role.CLUSTER)} == left


def test_texts_can_be_left_alone(tmp_path: Path) -> None:
    file = write_texts(tmp_path / "texts.csv")
    project = of_texts(file, text=TextChoice("none", sentiment=False))
    assert built(project).with_role(Role.CLUSTER) == ()


def test_events_with_texts_tell_of_their_entities(tmp_path: Path) -> None:
    found = built(of_mails(write_mails(tmp_path / "mails.csv"))).data.to_pylist()
    angry = [r for r in found if int(r["entity_id"][1:]) % 3 == 1]
    fond = [r for r in found if int(r["entity_id"][1:]) % 3 == 2]
    assert all(r["mean_sentiment"] < 0 and r["negative_share"] == 1 for r in angry)
    assert all(r["mean_sentiment"] > 0 and r["negative_share"] == 0 for r in fond)
    assert {r["nps"] for r in angry} == {-1.0}
    assert {r["nps_latest"] for r in fond} == {10.0}
    assert all(r["n_texts"] == r["n_events"] for r in found)


def test_entities_who_write_of_one_matter_share_their_topic(tmp_path: Path) -> None:
    project = of_mails(write_mails(tmp_path / "mails.csv"), text=TextChoice(topics=3))
    table_ = built(project)
    topics = [c for c in table_.columns if c.share is not None and c.share.field == "topic"]
    assert len(topics) >= 2
    rows = table_.data.sort_by("entity_id").to_pylist()
    main = [max(topics, key=lambda c: r[c.name]).name for r in rows]
    assert all(len(set(main[i::3])) == 1 for i in range(3))


def test_topics_of_events_are_learned_from_texts_before_the_cut(tmp_path: Path) -> None:
    file = write_mails(tmp_path / "mails.csv")
    cut = datetime(2025, 5, 1, tzinfo=UTC)
    whole = built(of_mails(file), as_of=cut)
    lines = file.read_text().splitlines()
    file.write_text("\n".join([lines[0], *(x for x in lines[1:] if x.split(",")[1] < "2025-05")]))
    alone = built(of_mails(file), as_of=cut)
    assert whole.texts[0].facts == alone.texts[0].facts
    assert whole.data.equals(alone.data)


def test_a_share_of_topics_is_that_of_an_entitys_texts_drawn_to_everyones(tmp_path: Path) -> None:
    """Against the topics of single texts, counted plainly; who wrote nothing known has none."""
    file = write_mails(tmp_path / "mails.csv")
    lines = [*file.read_text().splitlines(), 'C9999,2025-03-01 09:00:00,"qqq zzz",5']
    file.write_text("\n".join(lines) + "\n")
    found = built(of_mails(file, text=TextChoice(topics=3)))
    (model,) = found.texts
    rows = list(csv.DictReader(file.read_text().splitlines()))
    main = scored(pa.array([r["message"] for r in rows]), model).main
    names = [t.name for t in model.facts.topics]
    topics: dict[str, list[str]] = {}
    for row, place in zip(rows, main, strict=True):
        topics.setdefault(row["customer_id"], []).extend([names[place]] if place >= 0 else [])
    columns = [c for c in found.columns if c.share is not None and c.share.field == "topic"]
    for row in found.data.to_pylist():
        own = topics[row["entity_id"]]
        for column in columns:
            share = column.share
            assert share is not None
            if not own:
                assert row[column.name] is None
                continue
            counted = sum((t in share.levels) != share.is_rest for t in own)
            drawn = (counted + share.prior) / (len(own) + share.strength)
            assert row[column.name] == pytest.approx(drawn, rel=1e-9)
    assert topics["C9999"] == []


@pytest.mark.parametrize(("n_writers", "is_told"), [(4, False), (5, True)])
def test_the_name_of_somebody_known_to_few_is_no_part_of_a_release(
    n_writers: int, is_told: bool, tmp_path: Path
) -> None:
    file = write_mails(tmp_path / "mails.csv")
    head, *lines = file.read_text().splitlines()
    first = {}
    for i, line in enumerate(lines):
        first.setdefault(line.split(",")[0], i)
    for _, i in list(first.items())[: 3 * n_writers : 3]:
        # Somebody's name in all that these few entities write.
        who = lines[i].split(",")[0]
        lines = [x.replace('."', ' says Hanselmann."') if x.startswith(who) else x for x in lines]
    file.write_text("\n".join([head, *lines]) + "\n")
    found = built(of_mails(file, text=TextChoice(topics=3)))
    (model,) = found.texts
    assert ("hanselmann" in model.facts.terms) is is_told
    kept = json.dumps([to_plain(model.facts), *(to_plain(c) for c in found.columns)])
    assert ("hansel" in kept) is is_told


def test_assignment_reads_texts_of_events_as_the_run_did(tmp_path: Path) -> None:
    file = write_mails(tmp_path / "mails.csv")
    made = run_project(of_mails(file, segments=SegmentChoice(3, 3, methods=("k-means",))))
    batch = pq.read_table(made.folder / "assignments.parquet")
    assert assign_file(made.folder, file).equals(batch)
    lines = file.read_text().splitlines()
    file.write_text("\n".join([lines[0], *(x for x in lines[1:] if x.startswith("C0001"))]))
    one = assign_file(made.folder, file).to_pylist()
    assert one == [r for r in batch.to_pylist() if r["entity_id"] == "C0001"]


def with_scores(file: Path, scores: list[float]) -> Project:
    rows = [f"C{i:03d},2025-01-{1 + i % 28:02d},hello,{s}" for i, s in enumerate(scores)]
    file.write_text("\n".join(["customer_id,written_at,message,nps", *rows]))
    return of_mails(file)


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        ([1, 2, 11], "from 1 to 11"),
        ([-1, 9], "from -1 to 9"),
        ([9.5, 10.0], "no whole numbers"),
        ([1, 2, 3, 4, 5] * 6, "none of 30 is above 5"),
    ],
)
def test_answers_on_another_scale_are_refused(
    scores: list[float], told: str, tmp_path: Path
) -> None:
    with pytest.raises(ProjectFileError, match=told):
        built(with_scores(tmp_path / "mails.csv", scores))


def test_few_low_answers_are_believed(tmp_path: Path) -> None:
    assert built(with_scores(tmp_path / "mails.csv", [1, 3, 0])).n_entities == 3


@pytest.mark.data
def test_support_queries_are_found_and_assigned(data_folder: Path, tmp_path: Path) -> None:
    rows = gzip.open(data_folder / "banking77" / "train.csv.gz", "rt").read().splitlines()  # noqa: SIM115
    file = tmp_path / "queries.csv"
    file.write_text("\n".join([rows[0], *rows[1::7]]))
    project = guess([file], folder=tmp_path).project
    made = run_project(replace(project, segments=SegmentChoice(4, 6, methods=("k-means",))))
    assert made.verdict in {"clear", "weak", "none"}
    assert assign_file(made.folder, file).equals(made.assignments())
    names = {s["name"] for s in made.segments}
    assert len({"New Card Texts", "Top Up Texts", "Exchange Rate Texts"} & names) >= 2
