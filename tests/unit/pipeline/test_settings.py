from __future__ import annotations

from dataclasses import replace

import pytest

from builders import feature_table, with_roles
from segmentry.domain.feature import ShareOf
from segmentry.domain.preparation import Fill, PerColumn, Preparation, Split
from segmentry.domain.project import Outcome, Project, SegmentChoice, frozen_mapping
from segmentry.domain.role import Role
from segmentry.errors import ProjectFileError
from segmentry.pipeline.settings import check_settings

TABLE = feature_table({"spend": [1.0, 2.0]})


def choice(**changes) -> Project:
    return Project("p", (), segments=SegmentChoice(**changes))


def test_known_methods_features_and_facets_pass():
    weights = frozen_mapping({"spend": 2.0, "value": 0.5})
    check_settings(choice(methods=("k-means",), weights=weights), TABLE)


def test_every_unknown_name_is_refused_at_once_with_the_nearest():
    project = choice(methods=("kmeans",), weights=frozen_mapping({"spent": 2.0}))
    with pytest.raises(ProjectFileError, match="'kmeans'") as raised:
        check_settings(project, TABLE)
    assert [p.key for p in raised.value.problems] == ["segments.methods", "segments.weights.spent"]
    assert "did you mean 'spend'?" in str(raised.value)


def test_a_family_of_shares_may_be_weighed_as_one():
    share = ShareOf("kind", ("buy",), is_rest=False, prior=1.0, strength=2.0)
    table = feature_table({"share_kind=buy": [0.25, 0.5]}, share=share)
    check_settings(choice(weights=frozen_mapping({"share_kind": 2.0})), table)


def test_gaps_are_not_filled_by_the_segments_that_there_are():
    table = feature_table({"spend": [1.0, 2.0], "tier": ["a", "b"], "town": ["x", "y"]})
    table = with_roles(table, {"tier": Role.OVERLAY, "town": Role.OVERLAY})

    def asked(by: str) -> Project:
        impute = PerColumn(Fill("by", column=by))
        return replace(choice(existing="tier"), prepare=Preparation(impute=impute))

    check_settings(asked("town"), table)
    with pytest.raises(ProjectFileError, match="but holds those that there are") as raised:
        check_settings(asked("tier"), table)
    assert (raised.value.code, raised.value.key) == ("E1002", "prepare.impute.by")


def test_outcomes_and_features_that_segments_are_asked_about_have_to_be_there():
    project = choice(must_differ_in="churn", act_upon=("spent",))
    with pytest.raises(ProjectFileError, match="no outcome 'churn'") as raised:
        check_settings(project, TABLE)
    keys = [p.key for p in raised.value.problems]
    assert keys == ["segments.must_differ_in", "segments.act_upon"]
    assert "name one below outcomes" in str(raised.value)
    assert "did you mean 'spend'?" in str(raised.value)


def test_an_outcome_is_known_by_its_name_or_by_its_column():
    table = with_roles(feature_table({"spend": [1.0], "left": [1.0]}), {"left": Role.OUTCOME})
    check_settings(choice(must_differ_in="left", act_upon=("spend",)), table)
    named = replace(choice(must_differ_in="churn"), outcomes=(Outcome("churn", event="end"),))
    check_settings(named, TABLE)


def test_features_are_weighed_by_no_outcome_that_is_not_there_and_not_without_a_split():
    with pytest.raises(ProjectFileError, match="no outcome 'churn'") as raised:
        check_settings(choice(guided_by="churn"), TABLE)
    assert raised.value.key == "segments.guided_by"
    with pytest.raises(ProjectFileError, match="need entities held out") as raised:
        check_settings(choice(guided_by="active_after"), TABLE)
    assert raised.value.hint == "split: {train: 0.7}"
    check_settings(replace(choice(guided_by="active_after"), split=Split(0.7)), TABLE)
