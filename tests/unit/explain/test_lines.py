"""Lines of a playbook: each kind is there, and every figure is a measured one."""

from __future__ import annotations

import re
from functools import cache

import pytest

from named import TUNED, drawn, populations, profiled
from planted import signals_of
from segmentry.domain.percent import percent
from segmentry.domain.playbook import KINDS
from segmentry.explain.lines import playbook_lines
from segmentry.explain.pack import BASE, CHOICES, load_pack
from segmentry.explain.playbook import choose_plays
from segmentry.explain.word import figure

NUMBER = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?")
HEALTH = "customer success health table"

ACCOUNTS = {
    "logins": (40, 30, 4, 12),
    "features_adopted": (18, 16, 3, 4),
    "support_tickets": (3, 1, 3, 14),
    "nps": (70, 40, 30, 10),
    "days_since_last_login": (1.0, 1.5, 60.0, 3.0),
}


def lines_of(columns, pack="saas", *, confidence=0.95, value_share=0.4, objective="none"):
    signals, words = signals_of(columns, pack)
    plays = choose_plays(signals, words, objective=objective)
    return [
        playbook_lines(
            play, words, own, share=0.25, value_share=value_share, mean_confidence=confidence
        )
        for play, own in zip(plays, signals, strict=True)
    ]


def told(lines, kind):
    return [line for line in lines if line.kind == kind]


@cache
def healthy_and_not():
    """Profile the accounts of the health table by what was planted."""
    population = next(p for p in populations(TUNED) if p.name == HEALTH)
    table, segment = drawn(population)
    kinds = [spec["is"] for spec in population.segments]
    return dict(zip(kinds, profiled(population, table, segment), strict=True))


def test_every_kind_of_line_is_there_in_its_order_with_a_reason():
    for lines in lines_of(ACCOUNTS):
        kinds = [line.kind for line in lines]
        assert set(kinds) == set(KINDS)
        assert kinds == sorted(kinds, key=KINDS.index)
        for line in lines:
            assert line.text[0].isupper() or line.text[0].isdigit()
            assert line.text.endswith((".", "?", "!"))
            assert any(sign.isdigit() for sign in line.reason), line


@pytest.mark.parametrize("name", [BASE, *CHOICES])
def test_every_play_of_a_pack_has_a_whole_guide_without_figures_or_promises(name):
    pack = load_pack(name)
    for play in pack.plays:
        guide = pack.guide_for(play)
        texts = (guide.owner, guide.goal, guide.cadence, guide.channel, guide.message, guide.offer)
        assert all(texts), play.key
        assert guide.guardrails, play.key
        for text in (*texts, *guide.guardrails, *guide.actions):
            assert not any(sign.isdigit() for sign in text), text
            assert not re.search(r"will (increase|grow|rise)|uplift|guarantee", text.lower()), text


def test_what_packs_watch_and_cite_are_concepts_of_some_trade():
    packs = [load_pack(name) for name in (BASE, *CHOICES)]
    known = {c.key for pack in packs for c in pack.concepts}
    for pack in packs:
        named = {key for play in pack.plays for key in pack.guide_for(play).watch}
        named |= {key for keys in pack.cites.values() for key in keys}
        assert named <= known, named - known
        archetypes = {a.key for a in pack.archetypes}
        assert {key for play in pack.plays for key in play.archetypes} <= archetypes
        assert set(pack.cites) <= set(KINDS)


def test_the_owner_is_told_how_many_and_how_much_value():
    (owner,) = told(lines_of(ACCOUNTS)[0], "owner")
    assert owner.reason == f"{percent(0.25)} of everyone, {percent(0.4)} of the value."
    (owner,) = told(lines_of(ACCOUNTS, value_share=None)[0], "owner")
    assert owner.reason == f"{percent(0.25)} of everyone."


def test_a_soft_border_is_a_guardrail_of_its_own():
    firm, soft = (lines_of(ACCOUNTS, confidence=c)[0] for c in (0.95, 0.71))
    assert len(told(soft, "guardrail")) == len(told(firm, "guardrail")) + 1
    assert percent(0.71) in told(soft, "guardrail")[-1].reason


def test_a_play_for_members_who_change_starts_at_everyones_figure():
    signals, words = signals_of(ACCOUNTS, "saas")
    play = next(p for p in words.plays if p.key == "review_and_beta")
    lines = playbook_lines(
        play, words, signals[1], share=0.2, value_share=None, mean_confidence=0.95
    )
    (trigger,) = told(lines, "trigger")
    everyone = figure(signals[1]["frequency"].lead.contrast.overall_median)
    assert trigger.text == f"Usage of a member at {everyone} or less."
    assert f"{everyone} is everyone's median" in trigger.reason


def test_no_member_is_expected_to_grow_younger():
    columns = {"tenure": (60, 5), "TotalCharges": (5e3, 2e2), "MonthlyCharges": (95.0, 60.0)}
    signals, words = signals_of(columns, "telecom")
    play = next(p for p in words.plays if p.key == "renewal")
    facts = {"share": 0.5, "value_share": None, "mean_confidence": 0.95}
    (trigger,) = told(playbook_lines(play, words, signals[0], **facts), "trigger")
    assert words.guide_for(play).starts == "leaves"
    assert trigger.text.startswith("Monthly charges of a member at")


def test_a_level_that_calls_for_a_play_is_where_it_starts():
    columns = {"InternetService": ("No", "DSL"), "MonthlyCharges": (20.0, 60.0)}
    signals, words = signals_of(columns, "telecom")
    play = next(p for p in words.plays if p.key == "internet_offer")
    facts = {"share": 0.5, "value_share": None, "mean_confidence": 0.95}
    (trigger,) = told(playbook_lines(play, words, signals[0], **facts), "trigger")
    assert trigger.text == "Internet service: 'No'."
    own = signals[0]["internet=no"].lead.contrast
    assert trigger.reason == f"{percent(own.mean)} here, {percent(own.overall_mean)} of everyone."


def test_without_contrasts_the_lines_speak_of_the_size():
    lines = lines_of({"x": (1.0, 1.0, 1.0)}, "generic")[0]
    (metric,), (trigger,) = told(lines, "metric"), told(lines, "trigger")
    assert metric.text == "The size of the segment."
    assert trigger.text == "An assignment puts somebody into this segment."


def test_the_outcome_is_watched_where_there_is_one():
    (metric,) = told(healthy_and_not()["At Risk"].playbook, "metric")
    assert metric.text == "Churn."
    (churn,) = healthy_and_not()["At Risk"].outcomes
    assert metric.reason == (
        f"Now {percent(churn.mean)} here, {percent(churn.overall)} for everyone."
    )


def shown(value):
    """Give the texts in which a stored number may stand."""
    texts = {figure(value), figure(abs(value)), percent(value), percent(abs(value))}
    texts |= {percent(abs(1.0 - value)), f"{value:,.0f}"}
    return {NUMBER.search(t)[0] for t in texts if NUMBER.search(t)}


def allowed(profile):
    """Give every number that the lines of a profile may say, from what the profile stores."""
    found = {t for v in (profile.share, profile.mean_confidence) for t in shown(v)}
    for o in profile.outcomes:
        found |= shown(o.mean) | shown(o.overall)
    for c in profile.contrasts:
        pairs = ((c.mean, c.overall_mean), (c.median, c.overall_median))
        for own, everyone in pairs:
            for value in (own, everyone):
                # Parts of a day are told in hours or minutes.
                parts = () if value is None else (value, 24 * value, 1440 * value)
                found |= {text for part in parts for text in shown(part)}
            if own is not None and everyone:
                found |= shown(own / everyone) | shown(1.0 - own / everyone)
    return found


@pytest.mark.parametrize("objective", ["retention", "revenue"])
def test_every_number_of_a_line_is_a_stored_one(objective):
    for population in populations(TUNED):
        table, segment = drawn(population)
        for profile in profiled(population, table, segment, objective=objective):
            known = allowed(profile)
            for line in profile.playbook:
                for number in NUMBER.findall(f"{line.text} {line.reason}"):
                    assert number in known, (number, line)


@pytest.mark.parametrize(
    ("planted_as", "says"),
    [
        ("Champions", "reference"),
        ("Struggling Adopters", "a week"),
        ("Self-Sufficient Power Users", "beta"),
        ("At Risk", "Call the sponsor"),
        ("Expansion Ready", "seats"),
    ],
)
def test_customer_success_gets_the_play_of_each_kind_of_account(planted_as, says):
    assert says in healthy_and_not()[planted_as].action
