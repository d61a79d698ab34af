"""Actions: one per segment, justified by a figure, different where they can be."""

from __future__ import annotations

from builders import with_roles
from planted import planted, profiles_of, signals_of
from segmentry.domain.role import Role
from segmentry.explain.playbook import choose_plays, reason_for
from segmentry.explain.word import sentence

RETAIL = {
    "recency_days": (6.0, 240.0, 20.0, 200.0),
    "tenure_days": (400.0, 420.0, 30.0, 210.0),
    "n_orders": (20, 3, 3, 1),
    "value_total": (4000.0, 150.0, 160.0, 40.0),
}


def chosen(columns, pack="retail", objective="none"):
    signals, words = signals_of(columns, pack)
    plays = choose_plays(signals, words, objective=objective)
    return tuple(
        (sentence(play.action), reason_for(play, own))
        for play, own in zip(plays, signals, strict=True)
    )


def test_segments_that_differ_get_different_actions():
    assert len({action for action, _ in chosen(RETAIL)}) == 4


def test_the_reason_cites_the_figure_that_calls_for_the_action():
    action, reason = chosen(RETAIL, objective="retention")[0]
    assert action.startswith("Give them early access")
    assert reason.startswith("Spends")
    assert "everyone" in reason


def test_actions_and_reasons_are_whole_sentences():
    for texts in chosen(RETAIL):
        for text in texts:
            assert text[0].isupper()
            assert text.endswith(".")


def test_a_segment_without_contrasts_is_left_alone():
    _, reason = chosen({"x": (1.0, 1.0, 1.0)}, "generic")[0]
    assert "nothing calls for a special effort" in reason


def test_the_objective_leans_the_choice():
    columns = {"n_orders": (2, 20), "value_total": (900.0, 100.0)}
    assert chosen(columns, objective="revenue") != chosen(columns, objective="engagement")


def test_an_outcome_may_call_for_an_action_though_it_names_nobody():
    table, segment = planted({"wingspan": (1.0, 2.0), "churned": ("Yes", "No")})
    table = with_roles(table, {"churned": Role.OUTCOME})
    at_risk, safe = profiles_of(table, segment, objective="retention")
    assert "retention talk" in at_risk.action
    assert "with churned (everyone:" in at_risk.action_reason
    assert "hurn" not in at_risk.name + safe.name


def test_a_play_written_for_an_archetype_is_given_to_whoever_is_called_by_it():
    signals, words = signals_of({"logins": (30, 8), "nps": (60, 20)}, "saas")
    plays = choose_plays(signals, words, objective="none", archetypes=("champions", None))
    assert plays[0].key == "advocacy"
    assert "champions" not in plays[1].archetypes


def test_a_play_for_archetypes_alone_is_nobody_elses():
    signals, words = signals_of({"logins": (30, 8), "nps": (60, 20)}, "saas")
    owned = {p.key for p in words.plays if p.archetypes and not p.pattern.terms}
    chosen_keys = {p.key for p in choose_plays(signals, words, objective="none")}
    assert owned
    assert chosen_keys.isdisjoint(owned)
