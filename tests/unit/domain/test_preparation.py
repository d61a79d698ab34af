"""What a project may ask of preparation."""

from __future__ import annotations

from segmentry.domain.preparation import Fill, PerColumn, Preparation, earlier_column


def test_a_column_has_its_own_answer_or_that_of_all():
    answers = PerColumn("auto", {"spend": "none"})
    assert (answers.of("spend"), answers.of("age")) == ("none", "auto")
    assert (answers.asked("spend"), answers.asked("age")) == (True, False)


def test_runs_that_gaps_are_filled_by_are_named_once():
    rule = Fill("by_segment", run="runs/a")
    asked = Preparation(impute=PerColumn(rule, {"x": rule, "y": Fill("mean")}))
    assert asked.earlier_runs == ("runs/a",)
    assert rule.category == earlier_column("runs/a") == "segment in a"


def test_the_house_asks_for_nothing():
    assert Preparation() == Preparation()
    assert Preparation().earlier_runs == ()
    assert Fill("by", column="plan").category == "plan"
