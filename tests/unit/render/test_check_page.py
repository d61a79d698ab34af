"""The page of a data check."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from segmentry.render.check_page import (
    answers,
    drawing,
    findings,
    key_figures,
    render_check,
    verdict,
)
from segmentry.render.format import share

ODD = "<script>alert(\"x\")</script> & 'co'"


def finding(**more: Any) -> dict[str, Any]:
    """Give a finding."""
    return {
        "kind": "guests",
        "title": "rows of nobody",
        "severity": "warning",
        "sentence": "7 rows name nobody",
        "columns": ["who"],
        "count": 7,
        "total": 900,
        "examples": [],
        "rule": "nothing; only told",
        "fix": "where: who is not null",
        "can_be_recorded": True,
        "exact": True,
    } | more


def column(**more: Any) -> dict[str, Any]:
    """Give a column."""
    return {
        "name": "price",
        "use": "amount",
        "missing": 270,
        "missing_share": 0.3,
        "distinct": 40,
        "distinct_is_exact": True,
        "min": 0.5,
        "median": 10.0,
        "max": 12345.0,
        "skewness": 9.0,
        "zero_share": 0.0,
        "histogram": [9, 4, 0, 1],
    } | more


def document(*found: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Give a check with these findings."""
    severities = [f["severity"] for f in found]
    source = {
        "name": "orders",
        "paths": ["orders.csv"],
        "shape": "events",
        "mapping": {"entity": "who", "time": "at"},
        "where": "",
        "n_rows": 900,
        "n_columns": 2,
        "n_sampled": 900,
        "columns": [column()],
        "columns_left_out": 0,
        "correlated": [{"first": "a", "other": "b", "rho": -0.95}],
        "coverage": {
            "rows_kept": 893,
            "n_entities": 90,
            "one_event": 9,
            "rows_per_entity": [{"at": 0.5, "rows": 4.0}, {"at": 1.0, "rows": 70.0}],
            "first": "2024-01-01",
            "last": "2024-03-01",
            "n_days": 61,
            "active_days": 60,
            "period_days": 1,
            "periods": [1, 20, 3],
        },
    } | more
    return {
        "project": "shop",
        "guessed": False,
        "checked_at": "2025-06-01T10:00:00+00:00",
        "counts": {s: severities.count(s) for s in ("error", "warning", "info")},
        "findings": list(found),
        "sources": [source],
    }


def shown(page: str) -> str:
    """Give what a reader sees of a page."""
    body = page.split("<body>")[1].split("<script type", maxsplit=1)[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_the_page_loads_and_sends_nothing() -> None:
    page = render_check(document(finding()))
    assert "default-src 'none'" in html.unescape(page)
    assert not re.findall(r"(?:src|href)=\"(?!#)[^\"]*\"", page)
    assert "style=" not in page
    assert len(page) < 200_000


def test_names_and_values_are_shown_as_they_are() -> None:
    odd = finding(sentence=f"7 rows have {ODD}", examples=[ODD], fix=ODD)
    page = render_check(document(odd, columns=[column(name=ODD)]))
    assert "<script>alert" not in page
    assert shown(page).count("alert(") == 4


def test_findings_are_grouped_by_what_they_do_to_a_run() -> None:
    told = (
        finding(severity="error", title="keys that repeat"),
        finding(),
        finding(severity="info", title="long tails"),
        finding(severity="info", title="cancellations", rule="where: x", can_be_recorded=False),
    )
    groups = findings(document(*told))
    assert [(g.anchor, [n.title for n in g.notes]) for g in groups] == [
        ("stops", ["keys that repeat"]),
        ("bends", ["rows of nobody"]),
        ("notes", ["long tails"]),
        ("settled", ["cancellations"]),
    ]
    assert [text for _, text in answers(groups)] == [
        "Keys that repeat.",
        "Rows of nobody.",
        "Cancellations.",
    ]


@pytest.mark.parametrize(
    ("severity", "tone", "words"),
    [
        ("error", "none", "1 error to mend first"),
        ("warning", "weak", "1 warning to look at"),
        ("info", "clear", "Ready for a run"),
    ],
)
def test_the_verdict_follows_the_severest(severity: str, tone: str, words: str) -> None:
    assert verdict(document(finding(severity=severity))) == (tone, words)


def test_a_fix_is_a_command_and_what_it_writes() -> None:
    text = shown(render_check(document(finding())))
    assert "segmentry check --fix guests writes where: who is not null" in text
    advised = shown(render_check(document(finding(can_be_recorded=False, fix="mend it"))))
    assert "What to do Mend it." in advised


def test_a_count_that_the_sentence_has_is_not_repeated() -> None:
    (group,) = findings(document(finding(), finding(sentence="some name nobody")))
    assert [n.count for n in group.notes] == ["", "7 of 900"]


def test_columns_coverage_and_pairs_are_shown() -> None:
    text = shown(render_check(document()))
    holds = f"price amount {share(0.3)} 40 0.5 to 12.3k, median 10 Long tail"
    assert " ".join(holds.split()) in text
    assert "Events for each day, 1 to 20; 60 of 61 days have any" in text
    assert "a b −0.95" in text
    assert " ".join(f"893 ({share(893 / 900)})".split()) in text
    assert "Nothing was found that is wrong or strange." in text


def test_drawings_have_a_bar_for_each_bin_that_holds_something() -> None:
    drawn = drawing([0, 1, 10_000], "words")
    assert drawn is not None
    assert [bar.x for bar in drawn.bars] == [1, 2]
    # What is there can be seen.
    assert min(bar.height for bar in drawn.bars) >= 1
    assert drawing([0, 0], "nothing") is None


def test_key_figures_add_up_sources() -> None:
    assert key_figures(document())[0] == ("rows", "900")
    assert key_figures(document())[-1] == ("from first to last event", "61 days")


def test_a_grave_mistake_alone_keeps_the_check_from_being_ready() -> None:
    made = {"code": "M03", "title": "number by gut feel", "state": "found", "severity": "warning"}
    note = made | {"severity": "info"}
    assert verdict(document() | {"mistakes": [made]}) == ("weak", "1 mistake to look at")
    assert verdict(document() | {"mistakes": [note]}) == ("clear", "Ready for a run")
    assert answers((), [made])[-1] == ("Common mistakes", "Number by gut feel.")
    assert len(answers(())) == 3
