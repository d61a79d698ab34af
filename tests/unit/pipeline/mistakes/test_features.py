"""Mistakes that the prepared features tell, each planted in a project that makes none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mistaken import BEFORE, clean, columns_of, project_of
from segmentry.domain.audit import Audit
from segmentry.domain.mistake import Mistake, State
from segmentry.domain.preparation import PerColumn, Preparation, Reduce
from segmentry.domain.progress import Silent
from segmentry.domain.project import Project, frozen_mapping
from segmentry.pipeline.mistakes.features import of_features
from segmentry.pipeline.ready import Ready, make_ready


def ready(project: Project) -> Ready:
    return make_ready(project, audit=Audit(), steps=Silent())


def looked(project: Project) -> dict[str, Mistake]:
    return {m.code: m for m in of_features(project, ready(project))}


def planted(code: str, folder: Path) -> Project:
    return BEFORE[code](folder, 700, 0)


def mended(project: Project, **changes: object) -> Mistake | dict[str, Mistake]:
    return looked(replace(project, prepare=replace(project.prepare, **changes)))


def test_a_clean_project_makes_none(tmp_path):
    assert [m.code for m in looked(clean(tmp_path)).values() if m.is_found] == []


def test_correlated_features_are_told_with_those_that_repeat(tmp_path):
    project = planted("M01", tmp_path)
    mistake = looked(project)["M01"]
    copies = {f"{n}_of_pages" for n in ("views", "clicks", "downloads", "searches", "shares")}
    assert set(mistake.about) == copies | {"visits"}
    assert mistake.figures["share"] == pytest.approx(6 / 11, abs=0.01)
    assert mistake.figures["lowest_correlation"] >= 0.7
    assert mistake.fix.count(": id}}") == 5


def test_leaving_out_what_the_fix_names_mends_correlated_features(tmp_path):
    project = planted("M01", tmp_path)
    others = looked(project)["M01"].about[1:]
    roles = {**project.features.roles, **dict.fromkeys(others, "id")}
    mended = replace(project, features=replace(project.features, roles=frozen_mapping(roles)))
    assert not looked(mended)["M01"].is_found


def test_factors_count_what_correlated_features_share_once(tmp_path):
    asked = Preparation(reduce=Reduce("factor", 6.0))
    project = replace(planted("M01", tmp_path), prepare=asked)
    assert looked(project)["M01"].state is State.SETTLED
    # Each factor has its own say: no direction holds what the copies held before.
    X = ready(project).prepared.matrix.X
    assert X.var(axis=0).max() / X.var(axis=0).sum() < 0.3


def test_features_that_a_run_leaves_out_anyway_are_told_as_settled(tmp_path):
    columns = columns_of(700, 0)
    again = {"visits_again": columns["visits"] * 2 + 0.01 * columns["items"]}
    mistake = looked(project_of(tmp_path, {**columns, **again}))["M01"]
    assert mistake.state is State.SETTLED
    assert mistake.sentence.startswith("'visits_again' moves with another feature")


def test_levels_of_one_category_are_no_correlated_features(tmp_path):
    rng = np.random.default_rng(0)
    levels = {f"plan_{n}": np.array(["yes", "no"])[rng.integers(0, 2, 400)] for n in "abcd"}
    assert looked(project_of(tmp_path, levels))["M01"].state is State.ABSENT


def test_a_feature_on_a_scale_of_its_own_is_told_with_its_share_of_squared_distances(tmp_path):
    project = planted("M02", tmp_path)
    mistake = looked(project)["M02"]
    X = ready(project).prepared.features.X
    names = ready(project).prepared.features.names
    pairs = np.random.default_rng(0).integers(0, len(X), (4_000, 2))
    squares = (X[pairs[:, 0]] - X[pairs[:, 1]]) ** 2
    share = squares[:, names.index("spend")].sum() / squares.sum()
    assert mistake.about == ("spend",)
    assert mistake.figures["share"] == pytest.approx(share, abs=0.001)
    assert mistake.fix == "prepare: {scale: standard}"
    assert not mended(project, scale=PerColumn("standard"))["M02"].is_found


def test_the_scale_of_one_column_is_mended_for_that_column(tmp_path):
    columns = columns_of(700, 0)
    columns["spend"] = columns["spend"] * 100.0
    asked = Preparation(scale=PerColumn("standard", frozen_mapping({"spend": "none"})))
    fix = looked(replace(project_of(tmp_path, columns), prepare=asked))["M02"].fix
    assert fix == 'prepare: {scale: {columns: {"spend": standard}}}'


def test_a_feature_that_the_project_weighs_up_itself_is_no_mistake(tmp_path):
    project = clean(tmp_path)
    heavy = replace(project.segments, weights=frozen_mapping({"visits": 5.0}))
    mistake = looked(replace(project, segments=heavy))["M02"]
    assert mistake.state is State.SETTLED
    assert mistake.sentence.endswith("as segments.weights asks")


def test_outliers_that_nothing_is_done_about_are_told_and_mended_by_the_fix(tmp_path):
    project = planted("M06", tmp_path)
    mistake = looked(project)["M06"]
    assert mistake.about == ("guides_read",)
    assert mistake.figures["share"] > 0.9
    assert mistake.fix == 'prepare: {transform: {columns: {"guides_read": auto}}}'
    asked = PerColumn("none", frozen_mapping({"guides_read": "auto"}))
    assert mended(project, transform=asked)["M06"].state is State.SETTLED


def test_a_column_of_one_value_for_most_is_left_out_and_not_bent(tmp_path):
    columns = columns_of(700, 0)
    columns["coupons"] = np.where(np.arange(700) % 100 == 0, np.arange(700.0) + 300, 0.0)
    mistake = looked(project_of(tmp_path, columns))["M06"]
    assert mistake.is_found
    assert mistake.fix == 'features: {roles: {"coupons": id}}'


def test_few_entities_have_no_farthest_hundredth(tmp_path):
    assert looked(clean(tmp_path, n=90))["M06"].state is State.ABSENT


def test_hundreds_of_features_are_told_and_components_settle_them(tmp_path):
    project = planted("M12", tmp_path)
    mistake = looked(project)["M12"]
    assert dict(mistake.figures) == {"n_features": 206, "n_entities": 700}
    assert "more than 50" in mistake.sentence
    assert mended(project, reduce=Reduce("pca", 20.0))["M12"].state is State.SETTLED
    assert mended(project, reduce=Reduce("pca", 100.0))["M12"].is_found


def test_few_entities_for_each_feature_are_too_many_features(tmp_path):
    rng, columns = np.random.default_rng(1), columns_of(120, 0)
    more = {f"rating_of_{j}": rng.normal(size=120) for j in range(10)}
    mistake = looked(project_of(tmp_path, {**columns, **more}))["M12"]
    assert mistake.is_found
    assert "7.5 entities for each, fewer than 10" in mistake.sentence
