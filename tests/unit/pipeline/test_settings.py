from __future__ import annotations

import pytest

from builders import feature_table
from segmentry.domain.feature import ShareOf
from segmentry.domain.project import Project, SegmentChoice, frozen_mapping
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
