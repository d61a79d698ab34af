"""Packs as data: every shipped one is whole, and mistakes are told by name."""

from __future__ import annotations

import string

import pytest

from segmentry.domain.project import OBJECTIVES
from segmentry.errors import UsageError
from segmentry.explain.grammar import FEWEST_WORDS, MOST_WORDS, n_words
from segmentry.explain.pack import BASE, CHOICES, Term, load_pack, parse_pack

ALL = (BASE, *CHOICES)
PLACES = {
    "own", "everyone", "kind", "times", "less", "percent", "figures", "about", "level", "span",
    "everyone_span",
}  # fmt: skip


@pytest.mark.parametrize("name", ALL)
def test_every_shipped_pack_follows_the_schema(name):
    pack = load_pack(name)
    assert pack.noun
    assert pack.concepts
    assert pack.archetypes
    assert pack.plays


@pytest.mark.parametrize("name", ALL)
def test_archetype_names_have_two_to_four_words_and_no_number(name):
    for archetype in load_pack(name).archetypes:
        spoken = archetype.name.format(noun="Customers")
        assert FEWEST_WORDS <= n_words(spoken) <= MOST_WORDS, spoken
        assert not any(c.isdigit() for c in spoken), spoken
        assert 0 < archetype.threshold <= 1


@pytest.mark.parametrize("name", ALL)
def test_archetypes_do_not_share_a_name(name):
    spoken = {a.key: a.name for a in load_pack(name).archetypes}
    assert len(spoken) == len(set(spoken.values()))


@pytest.mark.parametrize("name", ALL)
def test_patterns_speak_of_concepts_that_exist(name):
    pack = load_pack(name)
    known = {c.key for c in pack.concepts}
    patterns = [a.pattern for a in pack.archetypes] + [p.pattern for p in pack.plays]
    for term in (t for p in patterns for t in p.terms):
        assert term.concept.partition("=")[0] in known, term
    for key in (k for play in pack.plays for k in play.cite):
        assert key.partition("=")[0] in known, key


@pytest.mark.parametrize("name", ALL)
def test_traits_have_only_known_places(name):
    for concept in load_pack(name).concepts:
        for pole in (concept.high, concept.low):
            places = {p for _, p, _, _ in string.Formatter().parse(pole.trait) if p}
            assert places <= PLACES, (concept.key, places)


@pytest.mark.parametrize("name", ALL)
def test_plays_serve_known_objectives_and_promise_nothing(name):
    for play in load_pack(name).plays:
        assert play.objectives <= set(OBJECTIVES)
        assert not any(w in play.action.lower() for w in ("will increase", "uplift", "guarantee"))


def test_a_pack_replaces_the_generic_entry_of_the_same_key():
    retail, generic = load_pack("retail"), load_pack(BASE)
    words = {c.key: c for c in retail.concepts}
    assert "bought" in words["recency"].high.trait
    assert words["trend"] == next(c for c in generic.concepts if c.key == "trend")
    assert sum(c.key == "recency" for c in retail.concepts) == 1


def test_an_unknown_pack_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError, match="there is no domain pack 'retial'"):
        load_pack("retial")


def test_an_unknown_key_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError, match="did you mean 'adjective'"):
        parse_pack("mine", {"concepts": {"spend": {"high": {"adjectiv": "Big"}}}})


def test_a_term_that_is_not_understood_is_refused():
    with pytest.raises(UsageError, match="wants 'huge', not high, low or typical"):
        parse_pack("mine", {"archetypes": {"a": {"name": "A B", "terms": {"value": "huge"}}}})


def test_an_archetype_that_shows_in_several_ways_stands_there_once_for_each():
    ways = [{"terms": {"value": "low"}}, {"terms": {"recency": "high"}, "threshold": 0.7}]
    described = {"name": "A B", "ways": ways, "objectives": ["retention"]}
    found = parse_pack("mine", {"archetypes": {"a": described}}).archetypes
    assert [(a.key, a.name, a.threshold) for a in found] == [("a", "A B", 0.55), ("a", "A B", 0.7)]
    assert {a.objectives for a in found} == {frozenset({"retention"})}
    assert [a.pattern.terms[0].concept for a in found] == ["value", "recency"]


def test_a_way_has_a_pattern_and_nothing_else():
    with pytest.raises(UsageError, match="unknown key 'name'"):
        parse_pack("mine", {"archetypes": {"a": {"name": "A B", "ways": [{"name": "C D"}]}}})


@pytest.mark.parametrize("name", ALL)
def test_archetypes_speak_to_known_objectives(name):
    for archetype in load_pack(name).archetypes:
        assert archetype.objectives <= set(OBJECTIVES)


def test_terms_may_be_weighted_and_optional():
    pack = parse_pack(
        "mine", {"archetypes": {"a": {"name": "A B", "terms": {"value": "maybe high*0.5"}}}}
    )
    assert pack.archetypes[0].pattern.terms == (Term("value", "high", 0.5, optional=True),)
