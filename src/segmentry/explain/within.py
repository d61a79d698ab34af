"""What sets the parts of a segment apart from the whole of it, in words.

What lives here: names and phrases that hold a part against its segment. What does not: phrases of
segments against everyone (``trait.py``), and which parts there are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.matrix import Matrix
from segmentry.domain.role import Kind
from segmentry.domain.table import FeatureTable
from segmentry.explain.contrast import measure
from segmentry.explain.name import name_parts
from segmentry.explain.reading import Signals, choose_pack, read_signals
from segmentry.explain.trait import traits
from segmentry.explain.word import plural_noun

EVERYONE = "everyone"


@dataclass(frozen=True, slots=True)
class PartWords:
    """What a part of a segment is called, and what sets it apart there."""

    name: str
    traits: tuple[str, ...]


def part_words(
    table: FeatureTable,
    matrix: Matrix,
    part: NDArray[np.int64],
    n_parts: int,
    taken: frozenset[str] = frozenset(),
    *,
    objective: str = "none",
    entity: str | None = None,
    has_other_events: bool = False,
) -> tuple[PartWords, ...]:
    """Name each part of a segment, and say what sets it apart from the segment.

    Parameters
    ----------
    table : FeatureTable of n rows
        The segment's entities only.
    matrix : Matrix of the same n rows
    part : ndarray of int, shape (n,)
    n_parts : int
    taken : frozenset of str
        Names that others have, in lower case.
    objective, entity, has_other_events
        As segments are described.

    Returns
    -------
    tuple of PartWords
        With three to five phrases for each part, the strongest difference first.
    """
    pack = choose_pack(
        (c.name for c in table.columns),
        objective=objective,
        entity=entity,
        has_other_events=has_other_events,
    )
    signals = read_signals(measure(table, matrix, part, n_parts), pack)
    sizes = np.bincount(part, minlength=n_parts)
    yardstick = _yardstick(table)
    noun = plural_noun(entity) or pack.noun
    names = name_parts(signals, pack, noun=noun, sizes=tuple(map(int, sizes)), taken=taken)

    def said(own: Signals, size: int) -> tuple[str, ...]:
        phrases = traits(own, share=float(size / max(len(part), 1)), value_share=None)
        return tuple(
            yardstick.sub(lambda found: "the segment" if found[0] == EVERYONE else found[0], phrase)
            for phrase in phrases
        )

    return tuple(
        PartWords(name, said(own, size))
        for name, own, size in zip(names, signals, sizes, strict=True)
    )


def _yardstick(table: FeatureTable) -> re.Pattern[str]:
    """Find "everyone" where a phrase measures by it, and not where data is called so.

    What the data calls something stands in quotes, or is a level of the table.
    """
    columns = [c.name for c in table.columns if c.kind is Kind.CATEGORY]
    levels = {level for name in columns for level in table.categories(name)[1]}
    own = {" ".join(level.split()) for level in levels if EVERYONE in level} - {EVERYONE}
    longest_first = sorted(own, key=lambda name: (-len(name), name))
    called = [*map(re.escape, longest_first), r"(?<!\w)'[^']*'", r"(?<!\w)\"[^\"]*\""]
    return re.compile("|".join([*called, rf"\b{EVERYONE}\b"]))
