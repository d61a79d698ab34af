"""Money and hours over segments: who gets how much, and what is said of it."""

from __future__ import annotations

import pytest

from segmentry.domain.playbook import Effect
from segmentry.errors import UsageError
from segmentry.explain.allocation import (
    ALL,
    LOSING,
    MAY_LOSE,
    NOTHING_LEFT,
    UNKNOWN,
    UNSHOWN,
    allocated,
)

SEGMENTS = [
    {"name": name, "size": size, "share": size / 1_000}
    for name, size in (("Big", 100), ("New", 400), ("Quiet", 300), ("Rest", 200))
]
SURE = Effect("Big", 50.0, 30.0, 70.0, 10.0, 1.0)
SMALL = Effect("New", 6.0, 3.0, 9.0, 2.0, 0.25)
UNSURE = Effect("Quiet", 20.0, -5.0, 45.0, 4.0, 0.5)
EFFECTS = (SURE, SMALL, UNSURE)


def by_name(found):
    return {s.segment: s for s in found.shares}


def test_who_brings_most_for_what_is_short_gets_it():
    told = by_name(allocated(SEGMENTS, EFFECTS, budget=1_500.0))
    assert (told["Big"].treated, told["Big"].reason) == (100, ALL)
    assert told["New"].treated == 250
    assert told["New"].reason == "limited by the money"
    assert told["New"].value == pytest.approx(250 * 4)
    assert (told["New"].low, told["New"].high) == (250.0, 1_750.0)


def test_no_effect_is_invented():
    rest = by_name(allocated(SEGMENTS, EFFECTS, budget=1e9))["Rest"]
    assert (rest.treated, rest.reason) == (0, UNKNOWN)
    assert rest.value is rest.low is rest.high is None


def test_an_effect_that_may_be_nothing_is_funded_only_where_asked_for():
    quiet = by_name(allocated(SEGMENTS, EFFECTS, budget=1e6))["Quiet"]
    assert (quiet.treated, quiet.reason) == (0, UNSHOWN)
    found = allocated(SEGMENTS, EFFECTS, budget=1e6, explore=True)
    quiet = by_name(found)["Quiet"]
    assert (quiet.treated, quiet.may_lose) == (300, True)
    assert f"'Quiet' {MAY_LOSE}, at the lower end of the effect." in found.sentences


def test_an_effect_that_harms_for_certain_is_not_told_as_unknown():
    harm = Effect("Quiet", -4.0, -6.0, -2.0)
    for explore in (False, True):
        quiet = by_name(allocated(SEGMENTS, (SURE, harm), budget=1e6, explore=explore))["Quiet"]
        assert (quiet.treated, quiet.reason) == (0, LOSING)


def test_where_both_run_out_at_once_more_of_one_alone_is_told_to_bring_nothing():
    # Two of money and one of hours for each: 50 members use up both.
    both = Effect("Big", 9.0, 6.0, 12.0, 2.0, 1.0)
    told = allocated(SEGMENTS, (both,), budget=100.0, hours=50.0).sentences
    assert "Money: 100 of 100 used; more of it alone would bring nothing." in told
    assert "Hours: 50 of 50 used; more of it alone would bring nothing." in told


def test_by_lower_ends_nobody_gets_anything_who_may_cost_more():
    shown = Effect("Rest", 9.0, 1.0, 17.0, 3.0)
    told = by_name(allocated(SEGMENTS, (*EFFECTS, shown), budget=1e6, robust=True))
    assert (told["Rest"].treated, told["Rest"].reason) == (0, MAY_LOSE)
    assert told["Big"].treated == 100
    plain = by_name(allocated(SEGMENTS, (*EFFECTS, shown), budget=1e6))
    assert (plain["Rest"].treated, plain["Rest"].may_lose) == (200, True)


def test_lower_ends_may_order_segments_otherwise():
    wide = Effect("New", 30.0, 2.5, 57.5, 2.0)
    sure = Effect("Quiet", 8.0, 7.0, 9.0, 2.0)
    plain = by_name(allocated(SEGMENTS, (wide, sure), budget=400.0))
    robust = by_name(allocated(SEGMENTS, (wide, sure), budget=400.0, robust=True))
    assert (plain["New"].treated, plain["Quiet"].treated) == (200, 0)
    assert plain["Quiet"].reason == NOTHING_LEFT.format("money")
    assert (robust["New"].treated, robust["Quiet"].treated) == (0, 200)


def test_what_costs_more_than_it_brings_gets_nothing():
    dear = Effect("Rest", 3.0, 1.0, 5.0, 3.0)
    told = by_name(allocated(SEGMENTS, (dear,), budget=1e6))
    assert (told["Rest"].treated, told["Rest"].reason) == (0, LOSING)


def test_money_and_hours_bind_together():
    found = allocated(SEGMENTS, EFFECTS, budget=1_500.0, hours=120.0)
    told = {c.name: c for c in found.capacities}
    assert told["money"].used <= 1_500.0
    assert told["hours"].used == pytest.approx(120.0)
    # New needs a quarter of an hour and brings 4: an hour brings 16, and money is left.
    assert told["hours"].price == pytest.approx(16.0)
    assert told["money"].price == 0.0
    assert by_name(found)["New"].treated == 80
    assert any("one more hour alone would bring 16" in s for s in found.sentences)
    assert any("more of it alone would bring nothing, 340 is left" in s for s in found.sentences)


def test_the_sum_has_the_interval_of_independent_effects():
    found = allocated(SEGMENTS, EFFECTS, budget=1e6)
    assert found.value == pytest.approx(100 * 40 + 400 * 4)
    assert found.low == pytest.approx(found.value - ((100 * 20) ** 2 + (400 * 3) ** 2) ** 0.5)
    assert found.worst == pytest.approx(100 * 20 + 400 * 1)
    assert found.worst < found.low


def test_nothing_worth_its_cost_is_told():
    found = allocated(SEGMENTS, (UNSURE,), budget=100.0)
    assert found.value == found.low == found.high == 0.0
    assert found.sentences[0].startswith("No segment gets anything")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "nothing to share out"),
        ({"budget": -1.0}, "there cannot be -1 of money"),
        ({"hours": float("nan")}, "there cannot be nan of hours"),
    ],
)
def test_capacities_that_are_none_are_refused(given, says):
    with pytest.raises(UsageError, match=says):
        allocated(SEGMENTS, EFFECTS, **given)


def test_hours_need_somebody_who_says_what_a_member_takes():
    with pytest.raises(UsageError, match="needs of the hours") as caught:
        allocated(SEGMENTS, (Effect("Big", 5.0, 1.0, 9.0, 2.0),), hours=10.0)
    assert "column 'hours'" in str(caught.value.hint)


def test_an_effect_on_no_segment_is_refused():
    with pytest.raises(UsageError, match="no segment 'Bgi'"):
        allocated(SEGMENTS, (Effect("Bgi", 5.0, 1.0, 9.0, 2.0),), budget=10.0)


def test_one_segment_is_not_said_to_be_independent_of_itself():
    alone = allocated(SEGMENTS, EFFECTS[:1], budget=1_500.0)
    several = allocated(SEGMENTS, EFFECTS, budget=1_500.0)
    assert sum(s.treated > 0 for s in alone.shares) == 1
    assert "independently" not in " ".join(alone.sentences)
    assert "By the effect that was given" in " ".join(alone.sentences)
    assert "measured independently" in " ".join(several.sentences)
