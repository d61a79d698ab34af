"""What a doubter asks is answered with the run's own figures."""

from __future__ import annotations

import pytest

from factories_render import documents, minimal
from segmentry.render import format as fmt
from segmentry.render import trust

TOLD = documents(n_segments=3)


def plain(text: str) -> str:
    return text.replace("\u202f", " ")


def answer(question: str, **evidence):
    told = {"evidence": evidence, "segments": {"segments": []}}
    found = {a.question: a for a in trust.answers(told)}
    return found[next(q for q in found if q.startswith(question))]


def test_a_full_run_answers_every_question_and_a_bare_one_none():
    assert len(trust.answers(TOLD)) == 7
    assert trust.answers(minimal()) == ()


@pytest.mark.parametrize(
    ("verdict", "tone"), [("clear", "good"), ("weak", "warn"), ("none", "bad")]
)
def test_the_structure_verdict_sets_the_tone(verdict, tone):
    assert answer("Are there groups", structure={"verdict": verdict}).tone == tone


@pytest.mark.parametrize(
    ("verdicts", "text", "tone"),
    [
        (["stable", "stable"], "2 of 2 do", "good"),
        (["stable", "doubtful"], "1 of 2 do", "warn"),
        (["stable", "dissolves"], "1 of 2 do; 1 dissolves", "bad"),
    ],
)
def test_segments_that_come_back_are_counted(verdicts, text, tone):
    told = answer("Do they come", stability={"segments": [{"verdict": v} for v in verdicts]})
    assert (told.text, told.tone) == (text, tone)


@pytest.mark.parametrize(("accuracy", "tone"), [(0.9, "good"), (0.5, "warn")])
def test_being_recognised_is_held_against_chance(accuracy, tone):
    told = answer("Can a member", discriminant={"accuracy": accuracy, "chance": 0.4})
    assert told.tone == tone
    assert "by chance 40 %" in plain(told.text)


@pytest.mark.parametrize(("own", "start"), [(0.5, "yes"), (0.2, "no")])
def test_losing_to_a_simple_cut_is_admitted(own, start):
    baseline = {"name": "RFM", "explained_share": 0.3, "chosen_explained_share": own}
    assert answer("Better", baseline=baseline).text.startswith(start)


def after(own, simple, p_value=0.001, **changes):
    return {
        "explained": own,
        "baseline_explained": simple,
        "p_value": p_value,
        "overall": 0.4,
        **changes,
    }


@pytest.mark.parametrize(
    ("outcomes", "told", "tone"),
    [
        ([after(0.3, 0.1), after(0.2, 0.1), after(0.1, 0.2)], "yes", "good"),
        ([after(0.3, 0.1), after(0.1, 0.2)], "in part", "warn"),
        ([after(0.1, 0.2)], "in part", "warn"),
        # What differs for nobody, or by chance alone, decides nothing.
        ([after(0.3, 0.1), after(0.0, 0.1, 0.4), after(0.0, 0.0, overall=0)], "yes", "good"),
        ([after(0.0, 0.1, 0.4)], "yes", "good"),
    ],
)
def test_better_than_simple_is_also_asked_of_what_followed(outcomes, told, tone):
    baseline = {"name": "RFM", "explained_share": 0.3, "chosen_explained_share": 0.5}
    found = answer("Better", baseline=baseline, heldout={"outcomes": outcomes})
    assert (found.text.split(":")[0], found.tone) == (told, tone)


def test_a_lead_within_its_interval_is_no_win():
    baseline = {"name": "RFM", "explained_share": 0.3, "chosen_explained_share": 0.5}
    unsure = after(0.3, 0.1, beyond_baseline={"value": 0.2, "low": -0.1, "high": 0.5})
    sure = after(0.3, 0.1, beyond_baseline={"value": 0.2, "low": 0.1, "high": 0.3})
    found = answer("Better", baseline=baseline, heldout={"outcomes": [unsure, sure]})
    assert found.tone == "warn"
    assert plain(found.text).startswith("in part")
    assert plain(found.text).endswith(
        "they explain more in 1 of 2 outcomes, less in 0, with no difference shown in 1"
    )


def test_losing_in_both_respects_is_a_no():
    baseline = {"name": "RFM", "explained_share": 0.3, "chosen_explained_share": 0.2}
    found = answer("Better", baseline=baseline, heldout={"outcomes": [after(0.1, 0.2)]})
    assert plain(found.text) == (
        "no: they explain 20 % of the variety of their own features, RFM 30 %; of what followed "
        "they explain more in 0 of 1 outcomes"
    )


@pytest.mark.parametrize(
    ("silhouette", "words", "tone"),
    [
        (0.71, "strongly apart", "good"),
        (0.6, "reasonably apart", "good"),
        (0.5, "weakly apart", "warn"),
        (0.26, "weakly apart", "warn"),
        (0.25, "hardly apart", "warn"),
        (-0.1, "hardly apart", "warn"),
    ],
)
def test_the_silhouette_is_worded_by_the_bands_of_its_authors(silhouette, words, tone):
    check = {"name": "silhouette", "estimate": silhouette, "verdict": "pass"}
    found = answer("Are they apart", checks=[check])
    assert found.text.startswith(words)
    assert found.tone == tone


def test_outcomes_that_differ_afterwards_are_counted():
    told = answer("Do they foretell", heldout={"outcomes": [{"p_value": 0.001}, {"p_value": 0.3}]})
    assert (told.text, told.tone) == ("1 of 2 outcomes differ afterwards", "warn")


@pytest.mark.parametrize("same", [{"overall": 0.0}, {"overall": 1.0, "varies": False}])
def test_what_is_the_same_for_everyone_foretells_nothing(same):
    same = {"name": "left", "p_value": 1.0, "explained": 0.0, "segments": [{}], **same}
    told = answer("Do they foretell", heldout={"outcomes": [{"p_value": 0.001}, same]})
    assert (told.text, told.tone) == ("1 of 1 outcomes differ afterwards", "good")
    told = answer("Do they foretell", heldout={"outcomes": [same]})
    assert (told.text.split(" (")[0], told.tone) == ("could not be measured", "")
    (note,) = trust.heldout_notes({"evidence": {"heldout": {"outcomes": [same]}}})
    assert note == "It could not be measured (the same for everyone)."


@pytest.mark.parametrize(
    ("events", "where", "anchor"),
    [
        ((), "on entities held out", "apart"),
        ([after(0.1, 0.2, 0.3)], "when held out", "afterwards"),
    ],
)
def test_outcomes_of_tables_count_too(events, where, anchor):
    gain = {"value": 0.107, "low": 0.09, "high": 0.125}
    table = {"outcomes": [after(0.125, 0.018, beyond_baseline=gain)]}
    evidence = {"heldout": {"outcomes": events}, "heldout_columns": table}
    told = answer("Do they foretell", **evidence)
    assert (told.text, told.anchor) == (f"1 of {1 + len(events)} outcomes differ {where}", anchor)
    baseline = {"name": "RFM", "explained_share": 0.3, "chosen_explained_share": 0.5}
    simple = answer("Better", baseline=baseline, **evidence)
    assert simple.text.endswith("of outcomes held out they explain more in 1 of 1 outcomes")


def test_a_note_tells_the_intervals_where_a_run_kept_them():
    gain = {"value": 0.107, "low": -0.01, "high": 0.125}
    bounds = {"explained_low": 0.106, "explained_high": 0.146}
    told = after(0.125, 0.018, beyond_baseline=gain, segments=[{}], **bounds)
    part = {"baseline": "value quantiles", "outcomes": [told]}
    (note,) = trust.heldout_notes({"evidence": {"heldout_columns": part}}, "heldout_columns")
    assert plain(note) == (
        "The segments explain 12 % (11 % to 15 %) of its variety, value quantiles 1.8 %: "
        "+10.7 points (\N{MINUS SIGN}1.0 to +12.5), which shows no difference between the two."
    )


def test_a_note_beneath_an_outcome_says_what_was_counted_and_explained():
    back, value = map(plain, trust.heldout_notes(TOLD))
    assert back == (
        "Placed at least one order in the 90 days after the cut. The segments explain 21 % of its "
        "variety, RFM quantiles 17 %."
    )
    assert value.endswith("Chance alone may have made these differences.")


def test_every_candidate_keeps_its_reason_in_the_table():
    rows = trust.candidates_table(TOLD["candidates"]).rows
    told = TOLD["candidates"]["candidates"]
    assert [r[0].note.lower() for r in rows] == [c["reason"].lower() for c in told]
    assert [r[0].is_marked for r in rows] == [c["kept"] for c in told]


def test_a_reason_does_not_repeat_the_candidates_name():
    told = {"name": "ward, 4 segments", "reason": "ward, 4 segments: the best", "scores": {}}
    (row,) = trust.candidates_table({"candidates": [told]}).rows
    assert (row[0].text, row[0].note) == ("Ward, 4 segments", "The best")


def test_a_score_is_told_with_what_is_known_of_its_spread():
    scores = {
        "silhouette": 0.3,
        "silhouette_low": 0.2,
        "silhouette_high": 0.4,
        "seed_ari": 0.9,
        "seed_ari_low": 0.7,
    }
    table = trust.candidates_table({"candidates": [{"name": "a", "scores": scores}]})
    assert [(c.text, c.note) for c in table.rows[0][1:]] == [
        ("0.30", "0.20 to 0.40"),
        ("0.90", "worst 0.70"),
    ]


def test_agreement_with_one_other_seed_has_no_worst():
    scores = {"seed_ari": 0.9, "seed_ari_low": 0.9}
    table = trust.candidates_table({"candidates": [{"name": "ward", "scores": scores}]})
    assert [(c.text, c.note) for c in table.rows[0][1:]] == [("0.90", "")]


def test_rules_are_told_under_the_segments_names():
    table = trust.rules_table(TOLD["evidence"], TOLD["segments"]["segments"])
    assert [row[0].text for row in table.rows] == [s["name"] for s in TOLD["segments"]["segments"]]
    assert [plain(c.text) for c in table.rows[0][2:]] == ["93 %", "88 %"]
    assert trust.rules_table({}, []) is None


def test_the_baseline_stands_beside_the_choice():
    rows = trust.baseline_table(TOLD).rows
    assert [[plain(c.text) for c in row] for row in rows] == [
        ["These segments", "3", "0.31", "47 %"],
        ["RFM quantiles", "3", "0.12", "29 %"],
    ]
    assert trust.baseline_table(minimal()) is None


def test_methods_are_told_with_their_reasons():
    table = trust.methods_table(TOLD["candidates"])
    assert [c.text for c in table.rows[2]] == ["Ward", "Tried: on 2,000 micro-clusters."]
    assert trust.methods_table({}) is None


@pytest.mark.parametrize(
    ("check", "interval", "wanted", "verdict"),
    [
        (
            {"low": 0.1, "high": 0.2, "threshold": 0.3, "verdict": "fail"},
            "0.100 to 0.200",
            "at least 0.300",
            "fails",
        ),
        (
            {"low": 0.1, "threshold": 0.3, "larger_is_better": False, "verdict": "pass"},
            "from 0.100",
            "at most 0.300",
            "passes",
        ),
        ({"high": 0.2, "verdict": "info"}, "up to 0.200", "–", "for information"),
        ({}, "–", "–", ""),
    ],
)
def test_a_check_is_told_with_interval_threshold_and_verdict(check, interval, wanted, verdict):
    table = trust.checks_table({"checks": [{"name": "silhouette", "estimate": 0.15, **check}]})
    assert [c.text for c in table.rows[0]] == ["Silhouette", "0.150", interval, wanted, verdict]


def test_a_check_of_a_share_is_written_as_a_share_and_toned_by_its_verdict():
    told = {"name": "smallest_share", "estimate": 0.06, "threshold": 0.02, "verdict": "pass"}
    row = trust.checks_table({"checks": [told]}).rows[0]
    assert [plain(c.text) for c in row[1:4]] == ["6 %", "–", "at least 2 %"]
    assert row[4].classes == "tone-good"


def test_no_checks_are_no_table():
    assert trust.checks_table({}) is None


def test_large_scores_are_told_with_their_interval_too():
    scores = {"calinski_harabasz": 5123.4, "calinski_harabasz_low": 4000.0,
              "calinski_harabasz_high": 6000.0, "inertia": 20.0}  # fmt: skip
    table = trust.candidates_table({"candidates": [{"name": "a", "scores": scores}]})
    notes = [c.note for c in table.rows[0][1:]]
    assert notes[0].endswith(f" to {fmt.plain(6000.0, 4)}")
    assert notes[1] == ""
