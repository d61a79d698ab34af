"""Documents are plain JSON, and keys that cannot be filled are absent."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from builders import blobs, candidate, feature_table, matrix, number_step
from segmentry.cluster.catalogue import Tried
from segmentry.domain.audit import Audit, Finding
from segmentry.domain.business import BusinessFigure, BusinessOf
from segmentry.domain.evidence import (
    Check,
    Discriminant,
    Evidence,
    FeatureDifference,
    SegmentStability,
    Significance,
    Stability,
    Structure,
    StructureVerdict,
)
from segmentry.domain.judging import Heldout, OutcomeAfter, SegmentAfter
from segmentry.domain.mistake import Mistake, State, absent
from segmentry.domain.playbook import PlaybookLine
from segmentry.domain.profile import Contrast, Naming, Profile
from segmentry.domain.project import Project
from segmentry.domain.recipe import LeftOut, Recipe
from segmentry.domain.role import Role
from segmentry.judge.select import RULE, select
from segmentry.pipeline.documents import (
    audit_document,
    candidates_document,
    evidence_document,
    plain,
    segments_document,
    summary_document,
)

STRUCTURE = Structure(StructureVerdict.WEAK, 0.01, 0.3, (0.1, 0.2), 300, 0.5, "x", "Weak.")
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def profile(**changes):
    facts = {
        "segment_id": 2,
        "naming": Naming("Loyal regulars", None, None, 0.5, "Composed."),
        "size": 10,
        "share": 0.1,
        "value_share": None,
        "value_total": 0.0,
        "mean_confidence": 0.8,
        "anomaly_share": 0.0,
        "silhouette": 0.4,
        "contrasts": (Contrast("plan", "pro", 0.4, None, 0.2, None, 0.5, 0.3, 0.7),),
        "traits": ("buys weekly (4 orders)",),
        "outcomes": (),
        "overlays": (),
        "action": "Thank them",
        "action_reason": "They stay.",
    }
    return Profile(**{**facts, **changes})


def summary(X, **changes):
    n = len(X)
    facts = {
        "fingerprint": "f00",
        "created_at": NOON,
        "headline": ("One.", "Two."),
        "value_feature": None,
        "segment": np.arange(n) % 3,
        "rng": np.random.default_rng(0),
    }
    table = feature_table({"x0": X[:, 0]})
    evidence = Evidence(STRUCTURE, ())
    return summary_document(Project("shop", ()), table, matrix(X), evidence, **{**facts, **changes})


def keeps(document):
    """Tell whether nothing is lost on the way through a file."""
    return json.loads(json.dumps(document, allow_nan=False)) == document


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": None, "b": 0}, {"b": 0}),
        ({"a": {"b": None}}, {"a": {}}),
        ((1, (2.5, "x")), [1, [2.5, "x"]]),
        (np.float64(0.5), 0.5),
        (np.arange(3), [0, 1, 2]),
        (NOON, "2024-05-01T12:00:00+00:00"),
        (LeftOut("x", "why"), {"column": "x", "reason": "why"}),
        ({Role.OVERLAY: True}, {"overlay": True}),
    ],
)
def test_values_become_plain_and_what_is_none_is_absent(value, expected):
    found = plain(value)
    assert found == expected
    assert keeps(found)


def test_numpy_numbers_become_those_of_python():
    assert [type(v) for v in plain([np.int64(1), np.float64(1.0), np.bool_(1)])] == [
        int,
        float,
        bool,
    ]


def test_a_segment_has_its_id_and_name_first_and_its_action_as_playbook():
    document = segments_document((profile(),))
    segment = document["segments"][0]
    assert list(segment)[:2] == ["id", "name"]
    assert (segment["id"], segment["name"]) == (2, "Loyal regulars")
    assert segment["playbook"] == {"action": "Thank them", "reason": "They stay."}
    assert not {"action", "action_reason", "segment_id"} & set(segment)
    assert keeps(document)


def test_what_a_segment_does_not_have_is_absent_and_a_zero_stays():
    segment = segments_document((profile(),))["segments"][0]
    assert "value_share" not in segment
    assert segment["value_total"] == 0.0
    assert set(segment["naming"]) == {"name", "threshold", "reason"}
    assert "median" not in segment["contrasts"][0]


def test_candidates_say_what_was_chosen_and_why():
    selection = select((candidate(4, silhouette=0.5), candidate(5)), np.arange(9), min_share=0.02)
    document = candidates_document(selection)
    assert (document["chosen"], document["rule"], document["n_rows"]) == (
        "k-means, 4 segments",
        RULE,
        9,
    )
    assert [c["kept"] for c in document["candidates"]] == [True, False]
    assert document["candidates"][0]["reason"] == document["reason"]
    assert keeps(document)


def test_candidates_say_what_was_tried_and_what_speaks_for_the_choice():
    selection = select((candidate(4, jaccard_min=0.9), candidate(5)), np.arange(9), min_share=0.02)
    document = candidates_document(
        selection, (Tried("ward", is_tried=False, reason="Not asked for."),), ("It is so.",)
    )
    assert document["methods"] == [{"name": "ward", "reason": "Not asked for."}]
    assert document["rationale"] == ["It is so."]
    assert [c["shortlisted"] for c in document["candidates"]] == [True, False]
    assert document["candidates"][0]["scores"]["jaccard_min"] == 0.9
    assert keeps(document)


def test_an_index_without_bound_is_absent():
    selection = select((candidate(4, calinski_harabasz=np.inf),), np.arange(9), min_share=0.02)
    scores = candidates_document(selection)["candidates"][0]["scores"]
    assert "calinski_harabasz" not in scores
    assert "silhouette" in scores


def test_evidence_gives_each_check_its_verdict():
    checks = (Check("silhouette", 0.3, 0.2, 0.4, 0.25), Check("explained_share", 0.6))
    document = evidence_document(Evidence(STRUCTURE, checks, ("Mind this.",)))
    assert [c["verdict"] for c in document["checks"]] == ["warn", "info"]
    assert "threshold" not in document["checks"][1]
    assert document["structure"]["verdict"] == "weak"
    assert document["warnings"] == ["Mind this."]
    assert keeps(document)


def test_parts_of_the_evidence_that_were_measured_are_in_the_document():
    evidence = Evidence(
        STRUCTURE,
        (),
        stability=Stability(20, 900, (SegmentStability(1, 0.7, 0.6, 0.8),), "So so."),
        significance=Significance(
            30, 30, (FeatureDifference("spend", 0.4, 0.3, 0.5, 0.001, 0.002),), "Told."
        ),
        discriminant=Discriminant(0.9, 0.88, 0.92, 0.4, 300, (1, 2), 0.8, "Told."),
    )
    document = evidence_document(evidence)
    assert document["stability"]["segments"] == [
        {"id": 1, "jaccard": 0.7, "low": 0.6, "high": 0.8, "verdict": "doubtful"}
    ]
    assert document["discriminant"]["worst_pair"] == [1, 2]
    assert document["significance"]["features"][0]["feature"] == "spend"
    assert not {"silhouettes", "surrogate", "baseline"} & set(document)
    assert keeps(document)


def test_what_followed_is_in_the_evidence_where_it_was_measured():
    segment = SegmentAfter(1, 40, 0.5, 0.35, 0.65)
    outcome = OutcomeAfter(
        "active_after", "Came back.", "share", 0.4, 0.3, 0.5, 0.01, 0.2, (segment,)
    )
    heldout = Heldout(NOON, NOON, 30.0, 100, (outcome,), "Told.")
    document = evidence_document(Evidence(STRUCTURE, ()), heldout)
    assert document["heldout"]["cut"] == "2024-05-01T12:00:00+00:00"
    assert document["heldout"]["outcomes"][0]["segments"] == [
        {"id": 1, "n": 40, "mean": 0.5, "low": 0.35, "high": 0.65}
    ]
    assert "baseline_explained" not in document["heldout"]["outcomes"][0]
    assert keeps(document)
    assert "heldout" not in evidence_document(Evidence(STRUCTURE, ()))


def test_figures_of_business_stand_with_their_segment_alone():
    figure = BusinessFigure("value_kept", "Told.", "share", 0.8, 0.7, 0.9, 0.75, 40)
    (told,) = segments_document((profile(business=(figure,)),))["segments"]
    assert told["business"] == [plain(figure)]
    assert "business" not in segments_document((profile(),))["segments"][0]
    heldout = Heldout(NOON, NOON, 30.0, 100, (), "Told.", business=(BusinessOf(2, (figure,)),))
    assert "business" not in evidence_document(Evidence(STRUCTURE, ()), heldout)["heldout"]


def test_the_audit_holds_facts_findings_and_the_recipe():
    audit = Audit(facts={"n_rows": np.int64(5)})
    audit.add(Finding("bad_value", "3 values.", count=3, examples=("a",)))
    recipe = Recipe((number_step("spend"),), (), (LeftOut("age", "is constant"),))
    document = audit_document(audit, recipe)
    assert document["facts"] == {"n_rows": 5}
    assert document["findings"][0]["examples"] == ["a"]
    assert "column" not in document["findings"][0]
    assert document["recipe"]["numbers"][0]["column"] == "spend"
    assert document["recipe"]["left_out"] == [{"column": "age", "reason": "is constant"}]
    assert keeps(document)


def test_the_summary_says_what_was_segmented():
    document = summary(blobs(50)[0])
    assert (document["n_entities"], document["n_features"]) == (50, 4)
    assert document["verdict"] == "weak"
    assert document["created_at"] == "2024-05-01T12:00:00+00:00"
    assert document["headline"] == ["One.", "Two."]
    assert keeps(document)


def test_a_summary_without_cut_value_or_currency_leaves_them_out():
    document = summary(blobs(50)[0])
    assert not {"as_of", "value_feature"} & set(document)
    assert "currency" not in document["project"]


def test_a_summary_holds_the_map_of_its_entities():
    drawn = summary(blobs(50)[0])["map"]
    assert len(drawn["points"]) == 50
    assert drawn["quality"]["n_points"] == 50


def test_mistakes_that_were_looked_for_are_told_and_absent_where_nobody_looked():
    looked = (Mistake("M03", State.FOUND, "seen", "mend"), absent("M10", "not seen"))
    told = evidence_document(Evidence(STRUCTURE, ()), mistakes=looked)["mistakes"]
    assert [(m["code"], m["state"]) for m in told] == [("M03", "found"), ("M10", "absent")]
    assert json.dumps(told)
    assert "mistakes" not in evidence_document(Evidence(STRUCTURE, ()))


def test_lines_of_a_playbook_stand_beside_the_action_where_there_are_any():
    line = PlaybookLine("owner", "Sales.", "10 % of everyone.")
    (bare,) = segments_document((profile(),))["segments"]
    (told,) = segments_document((profile(playbook=(line,)),))["segments"]
    assert set(bare["playbook"]) == {"action", "reason"}
    assert told["playbook"]["lines"] == [
        {"kind": "owner", "text": "Sales.", "reason": "10 % of everyone."}
    ]
    assert json.loads(json.dumps(told)) == told
