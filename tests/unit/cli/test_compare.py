"""The compare command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import segmentry
from finished import Finished
from segmentry.cli.compare import band_of
from segmentry.errors import UsageError
from simulated import log


def test_one_table_says_what_the_rule_would_take(shop: Finished) -> None:
    before = sorted((shop.folder / "runs").iterdir())
    done = segmentry("compare", "k-means", "ward", folder=shop.folder)
    assert done.status == 0, done.messages
    lines = done.output.splitlines()
    head = next(line for line in lines if " method " in line)
    for heading in ("k", "silhouette", "DB", "inertia", "seeds", "smallest", "noise", "seconds"):
        assert heading in head
    assert sum(line.startswith(" ") and " k-means " in line for line in lines) >= 1
    assert any(line.startswith("The rule chooses ") for line in lines)
    assert any(line.startswith("= is what the rule takes among all") for line in lines)
    assert "agreement of the methods' choices" in done.output
    assert "search: 2 methods" in done.messages
    assert sorted((shop.folder / "runs").iterdir()) == before


def test_a_machine_reads_stable_keys(shop: Finished) -> None:
    done = segmentry("compare", "k-means", "--k", "4-5", "--all", "--json", folder=shop.folder)
    found = json.loads(done.output)
    assert list(found) == [
        *("format", "n_entities", "n_searched", "rows", "left_out", "front_by", "agreement"),
        *("outcome", "sentence", "notes"),
    ]
    assert found["outcome"] is None
    assert [r["n_segments"] for r in found["rows"]] == [4, 5]
    assert list(found["rows"][0]) == [
        *("method", "n_segments", "choice", "kept", "front", "figures", "missing"),
        *("segments_jaccard", "faults", "reason"),
    ]
    assert found["rows"][0]["missing"]["dbcv"] == "costly: asked for by --thorough"
    assert sum(r["kept"] for r in found["rows"]) == 1
    assert found["agreement"]["ari"] == [[1.0]]


def test_a_name_of_no_method_is_wrong_usage_with_the_nearest(shop: Finished) -> None:
    done = segmentry("compare", "k-meens", folder=shop.folder)
    assert done.status == 2
    assert "there is no method 'k-meens'" in done.messages
    assert "did you mean 'k-means'?" in done.messages


def test_auto_compares_what_a_run_tries_by_itself(shop: Finished) -> None:
    done = segmentry("compare", "auto", "--k", "4", "--json", folder=shop.folder)
    assert done.status == 0, done.messages
    names = {r["method"] for r in json.loads(done.output)["rows"]}
    assert {"k-means", "ward"} <= names
    assert "hdbscan" not in names


@pytest.mark.parametrize("text", ["", "x", "1", "1-4", "5-4", "4-", "4-5-6", "-3", "2-9999"])
def test_numbers_that_cannot_be_are_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="--k cannot be"):
        band_of(text)


def test_one_number_or_a_first_and_a_last_are_read() -> None:
    assert band_of("6") == range(6, 7)
    assert band_of("3-4") == range(3, 5)
    assert band_of(None) is None


def test_more_segments_than_entities_allow_are_refused(shop: Finished) -> None:
    done = segmentry("compare", "--k", "90", folder=shop.folder)
    assert done.status == 1
    assert "90 segments need at least 900" in done.messages


def test_sensitivity_is_a_table_of_its_own(shop: Finished) -> None:
    done = segmentry("compare", "--sensitivity", "k-means", "--k", "4", folder=shop.folder)
    assert done.status == 0, done.messages
    assert done.output.startswith("choice: k-means, 4 segments")
    assert "decision" in done.output
    assert "hang on" in done.output.splitlines()[-1]
    found = json.loads(
        segmentry(
            "compare", "--sensitivity", "k-means", "--k", "4", "--json", folder=shop.folder
        ).output
    )
    assert (found["method"], found["n_segments"]) == ("k-means", 4)
    first, last = found["variations"][0], found["variations"][-1]
    assert {"decision", "variant", "ari", "weakest_segment", "segments_jaccard"} <= set(first)
    assert set(last) == {"decision", "missing"}


def test_sensitivity_goes_with_no_other_table(shop: Finished) -> None:
    done = segmentry("compare", "--sensitivity", "--all", folder=shop.folder)
    assert done.status == 2
    assert "--sensitivity is a table of its own" in done.messages


@pytest.fixture(scope="module")
def bought(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("bought")
    told = log(home, "retail", n_users=200)
    assert segmentry("init", told.events, folder=home).status == 0
    return home


def test_tables_have_no_earlier_cut(shop: Finished) -> None:
    done = segmentry("compare", "--over-time", folder=shop.folder)
    assert done.status == 1
    assert "error E2009: nothing in the sources happened at a time" in done.messages


def test_earlier_cuts_are_a_table_of_their_own(bought: Path) -> None:
    done = segmentry("compare", "--over-time", "k-means", "--k", "4", folder=bought)
    assert done.status == 0, done.messages
    assert done.output.startswith("choice: k-means, 4 segments, at ")
    assert "look back: features at 2 earlier cuts" in done.messages
    told = segmentry("compare", "--over-time", "k-means", "--k", "4", "--json", folder=bought)
    found = json.loads(told.output)
    assert list(found) == [
        *("format", "n_entities", "method", "n_segments", "as_of", "shares", "cuts"),
        *("sentence", "notes"),
    ]
    assert len(found["cuts"]) == 2
    assert [s["id"] for s in found["cuts"][0]["segments"]] == [1, 2, 3, 4]


def test_two_tables_of_their_own_are_not_printed_at_once(shop: Finished) -> None:
    done = segmentry("compare", "--sensitivity", "--over-time", folder=shop.folder)
    assert done.status == 2
    assert "--sensitivity and --over-time are tables of their own" in done.messages


def test_guided_segments_are_a_table_of_their_own(bought: Path) -> None:
    words = ("compare", "--guided", "events_after", "k-means", "--k", "4")
    done = segmentry(*words, folder=bought)
    assert done.status == 0, done.messages
    assert done.output.startswith("choice: k-means, 4 segments; outcome: events_after (what")
    found = json.loads(segmentry(*words, "--json", folder=bought).output)
    assert (found["method"], len(found["gains"])) == ("k-means", 5)
    assert {"plain", "guided", "gain", "forecast", "features"} <= set(found)


def test_a_name_of_no_outcome_is_wrong_usage(bought: Path) -> None:
    done = segmentry("compare", "--guided", "churn", folder=bought)
    assert done.status == 2
    assert "there is no outcome 'churn'" in done.messages
    assert "known: 'active_after', 'events_after', 'value_after'" in done.messages


def test_preparations_are_a_table_of_their_own(shop: Finished) -> None:
    words = ("compare", "--preparations", "k-means", "--k", "4")
    done = segmentry(*words, folder=shop.folder)
    assert done.status == 0, done.messages
    assert done.output.startswith("choice: k-means, 4 segments, 200 rows")
    found = json.loads(segmentry(*words, "--json", folder=shop.folder).output)
    assert found["rows"][0]["decision"] is None
    assert sum(row["preferred"] for row in found["rows"]) == 1
    assert "balance: facets" in {*found["left_out"], *(named(row) for row in found["rows"])}


def named(row: dict[str, str]) -> str:
    return f"{row['decision']}: {row['variant']}"
