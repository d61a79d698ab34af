"""A release answers by itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from builders import assigner, feature_table, number_step
from segmentry.domain.recipe import Recipe
from segmentry.domain.release import Release
from segmentry.domain.table import FeatureTable
from segmentry.errors import AssignmentError, UsageError

MAY, JUNE = datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC)


def release():
    return Release(
        fingerprint="f00",
        workspace="default",
        project={},
        window=None,
        columns=(),
        recipe=Recipe((number_step(scale=2.0, limit=50.0),)),
        assigner=assigner((0.0,), (10.0,)),
        segment_ids=(1, 2),
        segment_names=("Small spenders", "Big spenders"),
    )


def test_entities_get_the_segment_that_their_features_put_them_in():
    answers = release().assign(feature_table({"spend": [1.0, 19.0]}, ids=["a", "b"]))
    table = answers.to_arrow().to_pydict()
    assert table["entity_id"] == ["a", "b"]
    assert table["segment"] == ["Small spenders", "Big spenders"]
    assert answers.release == "f00"


def test_the_cut_is_the_tables_unless_another_is_named():
    table = feature_table({"spend": [1.0]})
    table = FeatureTable(table.data, table.columns, MAY)
    assert release().assign(table).as_of == MAY
    assert release().assign(table, as_of=JUNE).as_of == JUNE


def test_a_table_that_lacks_a_feature_is_refused():
    with pytest.raises(AssignmentError, match=r"no feature 'spend'.*E6001"):
        release().assign(feature_table({"visits": [1.0]}))


@pytest.mark.parametrize("asked", [2, "2", "Big spenders", "BIG SPENDERS"])
def test_a_segment_is_found_by_its_id_or_its_name(asked):
    assert release().place_of(asked) == 1


def test_a_segment_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(UsageError, match=r"(?s)no segment 3.*1 \(Small spenders\), 2 \(Big"):
        release().place_of(3)
