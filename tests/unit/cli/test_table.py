"""The table of segments."""

from __future__ import annotations

from typing import Any

import pytest

from segmentry.cli.table import cells, owned_cells, price_cells, print_run, verdict_lines
from segmentry.domain.reshaping import Figure

SEGMENT: dict[str, Any] = {
    "name": "Loyal regulars",
    "size": 12345,
    "share": 0.25,
    "value_share": 0.5,
    "silhouette": 0.4321,
    "traits": ["orders 4 times as often", "buys on weekends"],
}


def documents(verdict: str = "clear", **more: Any) -> dict[str, Any]:
    structure = {"verdict": verdict, "sentence": "The data is like this."}
    return {"evidence": {"structure": structure}, "segments": {"segments": [SEGMENT | more]}}


def test_a_row_has_the_figures_of_its_segment() -> None:
    assert cells(SEGMENT) == (
        "Loyal regulars", "12,345", "25\u202f%", "50\u202f%", "0.43", "orders 4 times as often",
    )  # fmt: skip


def test_what_a_run_does_not_know_stays_empty() -> None:
    bare = {k: v for k, v in SEGMENT.items() if k != "value_share"} | {"traits": []}
    assert cells(bare)[3] == cells(bare)[5] == ""


def test_the_verdict_stands_above_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    print_run(documents())
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "structure: clear. The data is like this."
    assert any("Loyal regulars" in line and "12,345" in line for line in lines)


def test_without_structure_a_warning_comes_first() -> None:
    lines = verdict_lines({"verdict": "none", "sentence": "Nothing."})
    assert lines[0].startswith("WARNING: no clear segments")
    assert lines[1] == "structure: none. Nothing."


def test_what_entities_count_by_is_told_beneath(capsys: pytest.CaptureFixture[str]) -> None:
    findings = [{"code": "few_features", "sentence": "Few."}]
    print_run({**documents(), "audit": {"findings": findings}})
    assert "weights:" not in capsys.readouterr().out
    findings.append({"code": "weighted", "sentence": "Entities count by w."})
    print_run({**documents(), "audit": {"findings": findings}})
    assert capsys.readouterr().out.splitlines()[-1] == "weights: Entities count by w."


def test_names_are_text_and_neither_markup_nor_orders_to_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_run(documents(name="[red]Big[/red] \x1b[2J spenders"))
    out = capsys.readouterr().out
    assert "[red]Big[/red] \\x1b[2J spenders" in out
    assert "\x1b" not in out


def test_what_a_change_would_bring_is_told_beneath_in_one_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = documents()
    told["evidence"]["existing"] = {"sentence": "Beside the 3 existing segments of plan."}
    print_run(told)
    assert (
        capsys.readouterr()
        .out.rstrip()
        .endswith("existing: Beside the 3 existing segments of plan.")
    )


def test_a_row_tells_what_people_say_and_stays_empty_where_they_say_nothing():
    row = {"id": 1, "name": "VIPs", "size": 1200, "share": 0.5, "named_by": "people"}
    assert owned_cells(row)[4:] == ("people", "", "", "")
    said = {**row, "locked": True, "owner": "ada", "note": "ask\nin May"}
    assert owned_cells(said)[4:] == ("people", "yes", "ada", "ask in May")


def test_a_figure_before_and_after_stays_empty_where_there_was_none():
    whole = Figure("silhouette", 0.3, 0.25, 0.35, 0.2, None, None)
    assert price_cells(whole) == ("silhouette", "0.30 (0.25 to 0.35)", "0.20")
    assert price_cells(Figure("x", after=0.5)) == ("x", "", "0.50")
