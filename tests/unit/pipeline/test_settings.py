from __future__ import annotations

import pytest

from builders import feature_table
from segmentry.domain.audit import Audit
from segmentry.domain.project import Outcome, Project, SegmentChoice, frozen_mapping
from segmentry.errors import ProjectFileError
from segmentry.pipeline.settings import check_settings

TABLE = feature_table({"spend": [1.0, 2.0]})


def choice(**changes) -> Project:
    return Project("p", (), segments=SegmentChoice(**changes))


def test_known_methods_features_and_facets_pass():
    weights = frozen_mapping({"spend": 2.0, "value": 0.5})
    audit = Audit()
    check_settings(choice(methods=("k-means",), weights=weights), TABLE, audit)
    assert audit.findings == []


def test_every_unknown_name_is_refused_at_once_with_the_nearest():
    project = choice(methods=("kmeans",), weights=frozen_mapping({"spent": 2.0}))
    with pytest.raises(ProjectFileError, match="'kmeans'") as raised:
        check_settings(project, TABLE, Audit())
    assert [p.key for p in raised.value.problems] == ["segments.methods", "segments.weights.spent"]
    assert "did you mean 'spend'?" in str(raised.value)


def test_an_outcome_that_is_not_measured_is_told():
    audit = Audit()
    outcome = Outcome("repurchase", event="purchase", horizon_days=90.0)
    check_settings(Project("p", (), outcomes=(outcome,)), TABLE, audit)
    assert [f.code for f in audit.findings] == ["outcome_not_measured"]
