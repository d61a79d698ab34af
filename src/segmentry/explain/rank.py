"""Names of last resort: a rank in one feature, or in size.

What lives here: names for segments whose words fit other segments better, or that no contrast
tells from the others. They claim no more than an order that the figures show.
"""

from __future__ import annotations

from segmentry.domain.profile import Naming
from segmentry.explain.grammar import COMPOSED_THRESHOLD, MOST_WORDS, Option, because, n_words
from segmentry.explain.pack import Concept
from segmentry.explain.reading import Signal, Signals
from segmentry.explain.trait import WORTH_TELLING
from segmentry.explain.word import UNNAMED, label, level_label, singular

ORDINALS = (
    "", "Second-", "Third-", "Fourth-", "Fifth-", "Sixth-", "Seventh-", "Eighth-", "Ninth-",
    "Tenth-", "Eleventh-", "Twelfth-",
)  # fmt: skip


def ordinal(rank: int) -> str:
    """Write a rank in front of a superlative: nothing for the first, ``Second-`` for the next."""
    return ORDINALS[rank] if rank < len(ORDINALS) else f"{rank + 1}th-"


def graded(signals: tuple[Signals, ...], noun: str) -> list[list[Option]]:
    """Offer ranks in one feature, for segments whose words are taken by others."""
    options: list[list[Option]] = [[] for _ in signals]
    for i, own in enumerate(signals):
        for signal in _numbers_by_strength(own)[:2]:
            up, rank = signal.lead.contrast.difference > 0, _rank(signal, signals)
            about = _about(signal)
            name = f"{ordinal(rank)}{'Highest' if up else 'Lowest'} {about} {noun}"
            if n_words(name) <= MOST_WORDS and about != UNNAMED:
                why = f"ranked by {because(signal)}, since their words fit other segments better"
                naming = Naming(name, None, None, COMPOSED_THRESHOLD, why)
                options[i].append(Option(naming, -0.5 + 0.1 * min(abs(signal.difference), 2.0)))
    return options


def _about(signal: Signal) -> str:
    """Say what a feature is about: a level that is a topic or leant to, else by its name."""
    column = signal.lead.column
    if column.text is not None and column.text.what == "topic":
        return signal.concept.high.adjective or UNNAMED
    share = column.share
    if share is not None and (share.tells == "affinity" or share.family == "share_topic"):
        is_named = not share.is_rest and bool(share.levels)
        return level_label(share.levels[0], n_words=2) if is_named else UNNAMED
    return label(column.name)


def _rank(signal: Signal, signals: tuple[Signals, ...]) -> int:
    """Count the segments that lie further out, by the mean that the profile shows."""
    sign = 1.0 if signal.lead.contrast.difference > 0 else -1.0
    peers = [s[signal.key].lead.contrast.mean for s in signals if signal.key in s]
    own = sign * (signal.lead.contrast.mean or 0.0)
    return sum(sign * mean > own for mean in peers if mean is not None)


def _numbers_by_strength(signals: Signals) -> list[Signal]:
    numbers = [
        s
        for s in signals.values()
        if s.is_certain
        and has_words(s.concept)
        and s.lead.contrast.level is None
        and not s.lead.is_share
        and abs(s.difference) >= WORTH_TELLING
    ]
    return sorted(numbers, key=lambda s: (-round(abs(s.difference), 3), s.key))


def has_words(concept: Concept) -> bool:
    """Tell whether a pack lets a concept name anybody: a rank in any other would mean nothing."""
    return concept.weight > 0 and bool(concept.high.adjective or concept.low.adjective)


def last_resorts(sizes: tuple[int, ...], noun: str) -> list[Option]:
    """Call segments without any contrast by the one thing that is known of them: their size."""
    order = sorted(range(len(sizes)), key=lambda i: (-sizes[i], i))
    reason = "no contrast tells this segment from the others, so its size does"
    who = "Group" if noun == "Group" else f"{singular(noun)} Group"
    options = {
        i: Naming(f"{ordinal(r)}Largest {who}", None, None, COMPOSED_THRESHOLD, reason)
        for r, i in enumerate(order)
    }
    return [Option(options[i], -2.0) for i in range(len(sizes))]
