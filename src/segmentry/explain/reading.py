"""What measured contrasts mean: columns read as concepts of a pack.

What lives here: matching columns to concepts, choosing the pack, and one signal per concept and
segment. What does not: the words (``pack.py``), and what is made of signals (``archetype.py``,
``name.py``, ``trait.py``, ``playbook.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from segmentry.domain.feature import ShareOf
from segmentry.domain.role import Role
from segmentry.domain.table import FeatureColumn
from segmentry.domain.textmodel import TextOf
from segmentry.explain.contrast import Measured, Measures
from segmentry.explain.pack import BASE, CHOICES, Concept, Pack, Pole, load_pack
from segmentry.explain.word import UNNAMED, label, level_label, phrase, tokens
from segmentry.maths.intervals import LEVEL, normal_quantile

MILESTONE = "days_to_kind="
"""Begins the name of the time until an event of a kind."""

PATHS = "paths"
"""The family of derived features whose meaning only its model can tell."""

LONGEST_PATH = 120
LONGEST_LEVEL = 40

MOSTLY_KNOWN = 0.5
"""A number that is known for less of a segment than this says nothing in words."""


@dataclass(frozen=True, slots=True)
class Signal:
    """How far a segment differs in one concept, or in one level of a category.

    ``difference`` is turned so that positive means much of the concept; it averages the columns
    of the concept. ``lead`` is the column that speaks for it among ``members``. ``ahead`` says how
    far the segment lies beyond the next one in its direction (0 where another is further out).
    """

    key: str
    concept: Concept
    difference: float
    is_certain: bool
    lead: Measured
    members: tuple[Measured, ...]
    ahead: float = 0.0

    @property
    def pole(self) -> Pole:
        """Give the words for the end at which the segment stands."""
        return self.concept.high if self.difference > 0 else self.concept.low


Signals = Mapping[str, Signal]


def choose_pack(
    columns: Iterable[str],
    *,
    objective: str,
    entity: str | None = None,
    has_other_events: bool = False,
) -> Pack:
    """Choose the pack whose words fit columns, objective and entity best.

    Every column gives a pack the weight of the first of its signs that matches, the same words in
    many columns only once; objective and entity add a little. Without a sign in the columns
    nobody's trade is assumed.

    Parameters
    ----------
    columns : iterable of str
        Names of all columns, whatever their role.
    objective : str
        The project's objective.
    entity : str, optional
        The project's word for an entity.
    has_other_events : bool
        Whether events are counted that are no purchases, so that words of buying would be false.

    Returns
    -------
    Pack
        The generic pack where no other reaches 2 points.
    """
    readable = [tokens(name) for name in columns]
    who = set(tokens(entity or "").split())
    best, most = BASE, 2.0
    for name in CHOICES:
        pack = load_pack(name)
        if pack.buys_only and has_other_events:
            continue
        # The house has five features with "session" in their names: still one sign of a trade.
        signs = dict(_sign(pack, text) for text in readable)
        points = sum(signs.values())
        points += pack.objectives.get(objective, 0.0) + (2.0 if who & pack.entities else 0.0)
        if points >= most + (1e-9 if best != BASE else 0.0):
            best, most = name, points
    return load_pack(best)


def _sign(pack: Pack, text: str) -> tuple[str, float]:
    found = ((at[0], weight) for sign, weight in pack.signs if (at := sign.search(text)))
    return next(found, ("", 0.0))


def concept_of(column: FeatureColumn, pack: Pack) -> tuple[Concept, int]:
    """Find the concept that a column is about, and the rank of the pattern that told.

    Outcomes are read as concepts of outcomes only, and other columns as the others: a yes/no
    column ``Revenue`` tells who bought, not how much. A column that no pattern knows is its own
    concept, named by its own words.
    """
    if (own := _own_concept(column)) is not None:
        return own, 0
    text, is_outcome = tokens(column.name), column.role is Role.OUTCOME
    for concept in pack.concepts:
        if concept.is_outcome is not is_outcome:
            continue
        for rank, pattern in enumerate(concept.match):
            if pattern.search(text):
                return concept, rank
    return unknown_concept(column), 0


def _own_concept(column: FeatureColumn) -> Concept | None:
    """Make a concept of a feature that the data or the project names, as no pack can."""
    if column.share is not None:
        return _SHARE_CONCEPTS[column.share.tells](column.name, column.share)
    if column.text is not None:
        return text_concept(column.name, column.text)
    if column.name.startswith(MILESTONE):
        return milestone_concept(column.name)
    if column.derived is not None and column.derived.family == PATHS:
        return path_concept(column)
    return None


def milestone_concept(column: str) -> Concept:
    """Make a concept of the time until something was first done, which names nobody."""
    kind = " ".join(column.removeprefix(MILESTONE).split())[:LONGEST_LEVEL]
    trait = f"first {_unformatted(kind)!r} after {{span}} ({{kind}}; everyone: {{everyone_span}})"
    return Concept(
        key=f"column {column}",
        families=(f"column {column}",),
        weight=0.5,
        label=f"time until the first {kind!r}",
        high=Pole(trait=trait),
        low=Pole(trait=trait),
    )


def path_concept(column: FeatureColumn) -> Concept:
    """Make a concept of a direction of what follows what, told by what its model found."""
    told = " ".join(column.sentence.partition(": ")[2].split())[:LONGEST_PATH] or column.name
    said = _unformatted(told)
    return Concept(
        key=f"column {column.name}",
        families=(f"column {column.name}",),
        weight=0.2,
        label=f"direction of {told}",
        high=Pole(trait=f"leans towards {said} ({{figures}})"),
        low=Pole(trait=f"leans away from {said} ({{figures}})"),
    )


def _unformatted(text: str) -> str:
    """Keep braces of the data from being read as places for figures."""
    return text.replace("{", "{{").replace("}", "}}")


def share_concept(column: str, share: ShareOf) -> Concept:
    """Make a concept of how much of what an entity does is at one level of a field.

    What is left over from all named levels, and levels without letters, stay out of names.
    """
    level = level_label(share.levels[0])
    is_named = not share.is_rest and any(sign.isalpha() for sign in level)
    what = _OTHER[share.field] if share.is_rest else f"{_SAID[share.field]} {level or '?'}"
    trait = f"{{percent}} of events {what} (everyone: {{everyone}})"
    return Concept(
        key=f"column {column}",
        families=(f"share {share.field}",),
        weight=0.5 if is_named else 0.0,
        slot=4,
        label=f"share of events {what}",
        unit="share",
        high=Pole(adjective=f"{level}-Heavy" if is_named else "", trait=trait),
        low=Pole(adjective=f"{level}-Light" if is_named else "", trait=trait),
    )


def affinity_concept(column: str, share: ShareOf) -> Concept:
    """Make a concept of how far the share of a level lies from everyone's.

    It is of the family of the share itself, so that nothing is told in both ways.
    """
    shared = share_concept(column, share)
    level = level_label(share.levels[0])
    what = shared.label.removeprefix("share of events ")
    trait = (
        f"events {what} at {{folds}} times the usual share ({{kind}}; everyone: {{everyone_folds}})"
    )
    high = Pole(adjective=f"{level}-Leaning" if shared.weight else "", trait=trait)
    label = f"events {what} against the usual share"
    return replace(shared, label=label, unit="", high=high, low=Pole(trait=trait))


def steps_concept(column: str, share: ShareOf) -> Concept:
    """Make a concept of how many of an entity's steps lead from one kind to one other."""
    before, after = (" ".join(v.split())[:LONGEST_LEVEL] for v in share.levels)
    said = f"from {before!r} to {after!r}"
    trait = f"{{percent}} of steps {_unformatted(said)} (everyone: {{everyone}})"
    return Concept(
        key=f"column {column}",
        families=("share of steps",),
        weight=0.0,
        label=f"share of steps {said}",
        unit="share",
        high=Pole(trait=trait),
        low=Pole(trait=trait),
    )


_SHARE_CONCEPTS: Mapping[str | None, Callable[[str, ShareOf], Concept]] = {
    None: share_concept,
    "affinity": affinity_concept,
    "steps": steps_concept,
}


def text_concept(column: str, told: TextOf) -> Concept:
    """Make a concept of what texts are about, in their own words, or of how they feel."""
    if told.what == "sentiment":
        return Concept(
            key=f"column {column}",
            families=(f"column {column}",),
            weight=0.8,
            slot=2,
            label=f"sentiment of {phrase(told.column)}",
            high=Pole(adjective="Positive"),
            low=Pole(adjective="Negative"),
        )
    words = level_label(" ".join(told.words[:2]), n_words=2)
    said = ", ".join(told.words[:4])
    return Concept(
        key=f"column {column}",
        # Of topics only the strongest is told: what a text is about, it is little else about.
        families=(f"column {column}",),
        weight=1.0 if words else 0.0,
        slot=4,
        label=f"about {said}",
        high=Pole(adjective=words, trait=f"about {said} ({{figures}})"),
        low=Pole(trait=f"seldom about {said} ({{figures}})"),
    )


_SAID = {
    "kind": "of the kind",
    "channel": "through",
    "category": "in",
    "item": "on",
    "device": "on",
    "topic": "about",
}
_OTHER = {
    "kind": "of other kinds",
    "channel": "through other channels",
    "category": "in other categories",
    "item": "on other items",
    "device": "on other devices",
    "topic": "about other things",
}


def unknown_concept(column: FeatureColumn) -> Concept:
    """Make a concept of a column's own name; a name without words stays out of names.

    Average and total of one measure are of one family, so that no name tells it twice, and a
    total says that it is one: a long call is not many calls.
    """
    name, said = label(column.name), phrase(column.name)
    if column.aspect is not None and said.startswith("total "):
        name = f"Total {label(column.name, n_words=1)}"
    if column.aspect is not None and said.startswith("mean "):
        said = f"average {said.removeprefix('mean ')}"
    return Concept(
        key=f"column {column.name}",
        families=(f"column {column.aspect or column.name}",),
        weight=0.0 if name == UNNAMED else 0.8,
        label=said,
        high=Pole(adjective=f"High {name}"),
        low=Pole(adjective=f"Low {name}"),
    )


def read_signals(measures: Measures, pack: Pack) -> tuple[Signals, ...]:
    """Turn each segment's contrasts into signals, one per concept or level.

    Parameters
    ----------
    measures : tuple of tuple of Measured
        One entry per segment, all over the same columns.
    pack : Pack

    Returns
    -------
    tuple of mapping from key to Signal
        A level's key is ``concept=level`` with the level in lower case.
    """
    columns = {m.column.name: m.column for measured in measures for m in measured}
    read = {name: concept_of(column, pack) for name, column in columns.items()}
    plain = [_signals_of(measured, read, widening(len(measured))) for measured in measures]
    return tuple(_compared(own, plain[:i] + plain[i + 1 :]) for i, own in enumerate(plain))


def _compared(own: dict[str, Signal], others: list[dict[str, Signal]]) -> Signals:
    return {key: replace(s, ahead=_ahead(s, key, others)) for key, s in own.items()}


def _ahead(signal: Signal, key: str, others: list[dict[str, Signal]]) -> float:
    sign = 1.0 if signal.difference > 0 else -1.0
    rivals = [sign * other[key].difference for other in others if key in other]
    return max(0.0, sign * signal.difference - max(rivals, default=0.0))


def _signals_of(
    measured: tuple[Measured, ...], read: Mapping[str, tuple[Concept, int]], widened: float
) -> dict[str, Signal]:
    members: dict[str, list[tuple[int, Measured]]] = {}
    concepts: dict[str, Concept] = {}
    for item in measured:
        if item.contrast.mean is None or item.present_share < MOSTLY_KNOWN:
            continue
        concept, rank = read[item.contrast.feature]
        level = item.contrast.level
        key = concept.key if level is None else f"{concept.key}={level.strip().lower()}"
        concepts[key] = concept
        members.setdefault(key, []).append((rank, item))
    return {key: _signal(key, concepts[key], found, widened) for key, found in members.items()}


def _signal(
    key: str, concept: Concept, found: list[tuple[int, Measured]], widened: float
) -> Signal:
    lead = min(found, key=lambda pair: (pair[0], pair[1].contrast.feature))[1]
    turn = -1.0 if concept.reverse else 1.0
    mean = turn * sum(item.contrast.difference for _, item in found) / len(found)
    agrees = mean * turn * lead.contrast.difference > 0
    members = tuple(item for _, item in found)
    return Signal(key, concept, mean, lead.leaves_out_zero(widened) and agrees, lead, members)


def widening(n_contrasts: int) -> float:
    """Say how much wider intervals must be for all of a segment's words to hold together.

    One interval in twenty leaves out 0 by chance; among three thousand features that would be
    150 words for nothing. Words therefore ask for Bonferroni's level.

    References
    ----------
    Dunn, O. J. (1961). Multiple comparisons among means. JASA 56, 52-64.

    Examples
    --------
    >>> widening(1), round(widening(20), 2)
    (1.0, 1.54)
    """
    wide = normal_quantile(1.0 - (1.0 - LEVEL) / max(n_contrasts, 1))
    return wide / normal_quantile()
