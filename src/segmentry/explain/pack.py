"""Domain packs: the words of a trade, as data.

What lives here: what a pack holds, and how its YAML becomes values. What does not: choosing a
pack for the columns at hand (``choice.py``) and making names and actions of it.

A pack names *concepts* (patterns over column names, and words for high and low), *archetypes*
(patterns over concepts that have a name of their own) and *plays* (actions with the pattern that
calls for them). Every pack stands on ``generic``, whose entries it may replace by the same key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from segmentry.errors import UsageError, nearest
from segmentry.explain.guide import GUIDE_KEYS, Guide, guide_of, only

BASE = "generic"
FEATURES = "features"
"""Words for the features of the house, which are part of the generic pack."""

CHOICES = ("retail", "saas", "b2b", "media", "finance", "telecom", "web", "grocery")
"""Packs that may be chosen, in the order in which ties are settled; ``generic`` is beneath all."""

FACT_KEYS = (
    "mean_at_most", "mean_at_least", "median_at_most", "median_at_least",
    "ratio_at_most", "ratio_at_least",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pole:
    """Words for one end of a concept.

    ``adjective`` needs a large difference, ``mild`` a moderate one; ``noun`` is a whole noun
    phrase that may stand for the segment's noun. ``trait`` is a phrase with places for figures.
    ``ratio`` is how far the raw figure must be from everyone's for the adjective: at most that
    much of it where it is below 1, at least where it is above.
    """

    adjective: str = ""
    mild: str = ""
    noun: str = ""
    trait: str = ""
    ratio: float = 1.0
    beyond: float | None = None
    """What the raw figure itself must reach for the adjective: above 0 at least, below at most."""


@dataclass(frozen=True, slots=True)
class Concept:
    """What columns are about, in the words of the trade."""

    key: str
    match: tuple[re.Pattern[str], ...] = ()
    families: tuple[str, ...] = ("",)
    """The sides of an entity that it measures, its own first: no name tells any of them twice, and
    no traits the first."""
    weight: float = 1.0
    """How much a name gains by saying it: 0 keeps it out of names."""
    slot: int = 5
    """Where its adjective stands in a name: lower is further left."""
    label: str = ""
    unit: str = ""
    is_outcome: bool = False
    """True for what happened to entities: it calls for actions, and archetypes may ask for it, but
    no name is composed of it."""
    reverse: bool = False
    """True where a large value of the column means little of the concept."""
    good: str = ""
    """The end that is good for keeping the entity, ``high`` or ``low``; empty where neither is
    known to be. Of outcomes it marks those that tell who stays."""
    high: Pole = field(default_factory=Pole)
    low: Pole = field(default_factory=Pole)
    levels: Mapping[str, str] = field(default_factory=dict)
    """Words for category levels, keyed by the level in lower case; empty: never told in words."""


@dataclass(frozen=True, slots=True)
class Term:
    """One demand of a pattern: a concept, or a level of it, being high, low or typical."""

    concept: str
    wanted: str
    weight: float = 1.0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A demand on raw figures: the first of the named columns or concepts that is there."""

    of: tuple[str, ...]
    key: str
    bound: float


@dataclass(frozen=True, slots=True)
class Pattern:
    """Terms and facts together, as archetypes and plays use them."""

    terms: tuple[Term, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Archetype:
    """A well-known kind of segment with a name of its own.

    One that shows in several ways stands there once for each of them, under the same key and name.
    """

    key: str
    name: str
    pattern: Pattern
    threshold: float
    objectives: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Play:
    """An action, the pattern that calls for it, and the concept whose figure justifies it.

    One that is written for ``archetypes`` is theirs first; without a pattern it is nobody else's.
    ``own`` is what it says beside its action, over the pack's guide of the name ``guide``.
    """

    key: str
    action: str
    pattern: Pattern
    objectives: frozenset[str]
    cite: tuple[str, ...]
    archetypes: frozenset[str] = frozenset()
    guide: str = ""
    own: Guide = field(default_factory=Guide)


@dataclass(frozen=True)
class Pack:
    """The words of one trade, the generic ones beneath them."""

    name: str
    noun: str
    concepts: tuple[Concept, ...]
    archetypes: tuple[Archetype, ...]
    plays: tuple[Play, ...]
    signs: tuple[tuple[re.Pattern[str], float], ...] = ()
    objectives: Mapping[str, float] = field(default_factory=dict)
    entities: frozenset[str] = frozenset()
    buys_only: bool = False
    """True where its words take every event for a purchase: "bought", "one-time buyers"."""
    guides: Mapping[str, Guide] = field(default_factory=dict)
    cites: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For kinds of lines, the concepts that justify them before the play's own does."""

    def guide_for(self, play: Play) -> Guide:
        """Give what a play says beside its action."""
        return play.own.over(self.guides.get(play.guide, Guide()))


@cache
def load_pack(name: str) -> Pack:
    """Read a shipped pack together with the generic one beneath it.

    Raises
    ------
    UsageError
        If there is no such pack, or its file does not follow the schema.
    """
    if name not in (BASE, *CHOICES):
        msg = f"there is no domain pack {name!r}"
        raise UsageError(msg, hint=nearest(name, (BASE, *CHOICES)))
    pack = parse_pack(name, _read(name))
    if name == BASE:
        # Words for whole names come first: no loose pattern reads a feature of the house.
        own = parse_pack(FEATURES, _read(FEATURES))
        return replace(pack, concepts=_over(own.concepts, pack.concepts))
    return stacked(pack, load_pack(BASE))


def _read(name: str) -> dict[str, Any]:
    import yaml

    text = (resources.files(__package__) / "packs" / f"{name}.yaml").read_text(encoding="utf-8")
    # The loader in C is ten times as fast and just as safe, but not in every build.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(text, Loader=loader))  # noqa: S506 - a safe loader


def stacked(pack: Pack, base: Pack) -> Pack:
    """Put a pack on top of another; entries of the same key replace the lower ones."""
    return Pack(
        pack.name,
        pack.noun or base.noun,
        _over(pack.concepts, base.concepts),
        _over(pack.archetypes, base.archetypes),
        _over(pack.plays, base.plays),
        pack.signs,
        pack.objectives,
        pack.entities,
        pack.buys_only,
        {**base.guides, **{k: g.over(base.guides.get(k, Guide())) for k, g in pack.guides.items()}},
        {k: (*pack.cites.get(k, ()), *base.cites.get(k, ())) for k in {**base.cites, **pack.cites}},
    )


Entry = TypeVar("Entry", Concept, Archetype, Play)


def _over(upper: tuple[Entry, ...], lower: tuple[Entry, ...]) -> tuple[Entry, ...]:
    keys = {entry.key for entry in upper}
    return upper + tuple(entry for entry in lower if entry.key not in keys)


def parse_pack(name: str, data: Mapping[str, Any]) -> Pack:
    """Turn a pack's data into values, refusing keys that the schema does not have.

    Raises
    ------
    UsageError
        If a key is unknown or a term is not understood.
    """
    known = {"noun", "concepts", "archetypes", "plays", "signs", "objectives", "entities"}
    only(data, known | {"buys_only", "guides", "cites"}, f"pack {name}")
    return Pack(
        name,
        str(data.get("noun", "")),
        tuple(_concept(k, v, name) for k, v in (data.get("concepts") or {}).items()),
        tuple(
            archetype
            for k, v in (data.get("archetypes") or {}).items()
            for archetype in _archetypes(k, v, name)
        ),
        tuple(_play(k, v, name) for k, v in (data.get("plays") or {}).items()),
        tuple((re.compile(p), float(w)) for p, w in (data.get("signs") or {}).items()),
        {str(k): float(v) for k, v in (data.get("objectives") or {}).items()},
        frozenset(str(e) for e in data.get("entities") or ()),
        bool(data.get("buys_only", False)),
        {
            str(k): guide_of(v, f"pack {name}, guide {k}")
            for k, v in (data.get("guides") or {}).items()
        },
        {str(k): tuple(map(str, v)) for k, v in (data.get("cites") or {}).items()},
    )


def _concept(key: str, data: Mapping[str, Any], pack: str) -> Concept:
    where = f"pack {pack}, concept {key}"
    plain = {"family", "weight", "slot", "label", "unit", "reverse", "outcome", "good"}
    only(data, plain | {"match", "high", "low", "levels"}, where)
    good = str(data.get("good", ""))
    if good not in {"", "high", "low"}:
        msg = f"the good end is high or low, not {good!r}"
        raise UsageError(msg, where=where, hint="good: high")
    levels = {str(k).lower(): str(v) for k, v in (data.get("levels") or {}).items()}
    return Concept(
        key=key,
        match=tuple(re.compile(p) for p in data.get("match", ())),
        families=_families(data.get("family", key)),
        weight=float(data.get("weight", 1.0)),
        slot=int(data.get("slot", 5)),
        label=str(data.get("label", "")),
        unit=str(data.get("unit", "")),
        is_outcome=bool(data.get("outcome", False)),
        reverse=bool(data.get("reverse", False)),
        good=good,
        high=_pole(data.get("high"), where),
        low=_pole(data.get("low"), where),
        levels=levels,
    )


def _families(told: str | list[str]) -> tuple[str, ...]:
    return (told,) if isinstance(told, str) else tuple(str(family) for family in told)


def _pole(data: Mapping[str, Any] | None, where: str) -> Pole:
    given = dict(data or {})
    only(given, {"adjective", "mild", "noun", "trait", "ratio", "beyond"}, where)
    ratio, beyond = float(given.pop("ratio", 1.0)), given.pop("beyond", None)
    return Pole(
        **{k: str(v) for k, v in given.items()},
        ratio=ratio,
        beyond=None if beyond is None else float(beyond),
    )


def _archetypes(key: str, data: Mapping[str, Any], pack: str) -> Iterator[Archetype]:
    """Read an archetype, or each of the ``ways`` in which it shows."""
    where = f"pack {pack}, archetype {key}"
    pattern = {"terms", "facts", "threshold"}
    only(data, {"name", "objectives", "ways", *pattern}, where)
    for way in data.get("ways", [data]):
        if way is not data:
            only(way, pattern, where)
        yield Archetype(
            key,
            str(data["name"]),
            _pattern(way, where),
            float(way.get("threshold", 0.55)),
            frozenset(data.get("objectives", ())),
        )


def _play(key: str, data: Mapping[str, Any], pack: str) -> Play:
    where = f"pack {pack}, play {key}"
    plain = {"action", "terms", "facts", "objectives", "cite", "archetypes", "guide"}
    only(data, plain | GUIDE_KEYS, where)
    return Play(
        key,
        str(data["action"]),
        _pattern(data, where),
        frozenset(data.get("objectives", ())),
        tuple(data.get("cite", ())),
        frozenset(map(str, data.get("archetypes", ()))),
        str(data.get("guide", "")),
        guide_of({k: v for k, v in data.items() if k in GUIDE_KEYS}, where),
    )


def _pattern(data: Mapping[str, Any], where: str) -> Pattern:
    terms = tuple(_term(str(k), str(v), where) for k, v in (data.get("terms") or {}).items())
    return Pattern(terms, tuple(f for d in data.get("facts", ()) for f in _facts(d, where)))


def _term(concept: str, text: str, where: str) -> Term:
    """Read ``high``, ``maybe low`` (where the concept is there) or ``typical*0.5`` (weight)."""
    found = re.fullmatch(r"(maybe )?(high|low|typical)(?:\*([0-9.]+))?", text)
    if not found:
        msg = f"term {concept!r} wants {text!r}, not high, low or typical"
        raise UsageError(msg, where=where, hint="for example high, maybe low, typical*0.5")
    return Term(concept, found[2], float(found[3] or 1.0), optional=bool(found[1]))


def _facts(data: Mapping[str, Any], where: str) -> list[Fact]:
    only(data, {"of", *FACT_KEYS}, where)
    return [Fact(tuple(data["of"]), key, float(data[key])) for key in FACT_KEYS if key in data]
