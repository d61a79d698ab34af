"""A comparison as people read it."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.cli.compare_words import print_comparison
from segmentry.domain.comparison import Compared, Comparison
from segmentry.judge.contest import CRITERIA

FIGURES = {c.name: 0.5 for c in CRITERIA} | {"silhouette_low": 0.4, "silhouette_high": 0.6}


def row(method, *, missing=(), **marks):
    figures = {n: v for n, v in FIGURES.items() if n not in missing}
    return Compared(
        method, 4, figures, dict.fromkeys(missing, "no wind"), "", np.arange(4), **marks
    )


def printed(capsys, *rows, is_thorough=False, **changes):
    facts = {
        "left_out": {"dbscan": "Not tried: too wide.", "personas": "Not asked for."},
        "agreeing": tuple(r.name for r in rows),
        "agreement": np.full((len(rows), len(rows)), 0.25),
        "front_by": ("silhouette",),
        "sentence": "The rule chooses ward.",
        "n_entities": 9,
        "n_searched": 9,
        "notes": ("Mind the step.",),
    }
    print_comparison(Comparison(rows, **{**facts, **changes}), is_thorough=is_thorough)
    return capsys.readouterr().out.splitlines()


def test_marks_stand_before_the_method(capsys):
    lines = printed(
        capsys,
        row("ward", is_kept=True, is_on_front=True),
        row("k-means", faults=("its smallest segment is a crumb",)),
    )
    assert any(" ".join(line.split()).startswith("=* ward 4") for line in lines)
    assert any(line.lstrip().startswith("!") and "k-means" in line for line in lines)
    assert "! k-means, 4 segments: its smallest segment is a crumb" in lines


def test_a_figure_that_is_not_there_says_why_once(capsys):
    lines = printed(capsys, row("ward", missing=("noise_share",)), row("k-means"))
    assert "- in noise: no wind (ward, 4 segments)" in lines
    lines = printed(capsys, *(row(m, missing=("noise_share",)) for m in ("ward", "k-means")))
    assert "- in noise: no wind (all)" in lines


@pytest.mark.parametrize(("is_thorough", "expected"), [(False, 0), (True, 1)])
def test_costly_criteria_have_a_table_of_their_own_where_they_were_measured(
    capsys, is_thorough, expected
):
    lines = printed(capsys, row("ward"), is_thorough=is_thorough)
    assert sum(" DBCV " in line for line in lines) == expected


def test_a_front_among_rows_that_all_fail_is_said_to_be_one(capsys):
    failing = {"faults": ("it is a crumb",), "is_on_front": True}
    out = " ".join(printed(capsys, row("ward", **failing), row("k-means", **failing)))
    assert "Pareto front: of rows that all fail a condition, no other is at least as good" in out
    assert "meets the conditions" not in out
    out = " ".join(printed(capsys, row("ward", **failing), row("k-means")))
    assert "Pareto front: no other that meets the conditions is at least as good" in out


def test_the_outcome_and_its_entities_stand_beside_the_criterion(capsys):
    lines = printed(capsys, row("ward"), is_thorough=True, outcome="'churn', on 9 entities")
    (line,) = [line for line in lines if line.startswith("outcome: ")]
    assert line.endswith("(more is better); here 'churn', on 9 entities")
    assert "held-out" not in line


def test_the_interval_stands_beside_the_silhouette_and_no_line_is_broken(capsys):
    lines = printed(capsys, row("ward"))
    assert any("0.50 (0.40 to 0.60)" in line and "ward" in line for line in lines)


def test_what_was_left_out_the_notes_and_the_sentence_come_last(capsys):
    lines = printed(capsys, row("ward"), row("k-means"))
    assert lines[-3:] == [
        "dbscan: Not tried: too wide.",
        "Mind the step.",
        "The rule chooses ward.",
    ]
    assert any(" ".join(line.split()) == "2 k-means, 4 segments 0.25" for line in lines)


def test_one_method_has_nobody_to_agree_with(capsys):
    assert not any("adjusted Rand" in line for line in printed(capsys, row("ward")))


def test_an_interval_stands_beneath_its_figure_by_its_longer_side(capsys):
    sure = row("ward")
    sided = {**FIGURES, "neighbour_agreement_low": 0.42, "neighbour_agreement_high": 0.53}
    lines = printed(capsys, Compared("k-means", 4, sided, {}, "", np.arange(4)), sure)
    places = [i for i, line in enumerate(lines) if "±.08" in line]
    assert len(places) == 1
    assert "k-means" in lines[places[0] - 1]
    assert any(line.startswith("± beneath a figure") for line in lines)
    assert not any("±" in line for line in printed(capsys, sure))


def test_intervals_widen_no_table_that_costs_more(capsys):
    names = [c.name for c in CRITERIA if c.is_costly]
    ends = {f"{n}_{e}": v for n in names for e, v in (("low", 0.41), ("high", 0.59))}
    own = Compared("k-means", 4, {**FIGURES, **ends}, {}, "", np.arange(4))
    sided, bare = (
        next(line for line in printed(capsys, r, is_thorough=True) if " DBCV " in line)
        for r in (own, row("k-means"))
    )
    assert sided == bare
