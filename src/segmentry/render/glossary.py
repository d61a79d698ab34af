"""Terms of the trade in plain words: shown where a term stands, and listed at the report's end."""

from __future__ import annotations

GLOSSARY: dict[str, str] = {
    "adjusted Rand index": (
        "How far two groupings of the same entities agree: 1 is the same grouping, 0 is what "
        "chance alone would give."
    ),
    "anomaly": (
        "An entity that lies far from the centre of its segment. It keeps the nearest segment, "
        "and is flagged."
    ),
    "Calinski-Harabasz": (
        "Spread between the segments over spread inside them. Higher is better; only comparable "
        "within one data set."
    ),
    "confidence": (
        "How much nearer an entity lies to its own segment than to the runner-up: 50% on the "
        "border, 100% at the centre. It is nearness, not a probability."
    ),
    "contrast": (
        "How far a segment's mean lies from everyone's, in standard deviations of the prepared "
        "feature. 0 is no difference; beyond 0.8 is large."
    ),
    "Davies-Bouldin": (
        "How alike each segment is to its most similar neighbour, on average. Lower is better."
    ),
    "dip test": ("A test (Hartigan and Hartigan, 1985) for more than one hump in a distribution."),
    "fingerprint": (
        "A hash over inputs, settings and results. Equal fingerprints mean equal segmentations."
    ),
    "interval": (
        "The range in which the true figure plausibly lies: 95 of 100 such ranges hold it."
    ),
    "outcome": (
        "Something that happened to entities (churn, conversion). Segments are judged by it and "
        "never built from it."
    ),
    "overlay": (
        "A property that describes segments afterwards, such as a country. It does not shape them."
    ),
    "p-value": (
        "How often data without groups would look at least as grouped as this by chance. Small "
        "means: probably not chance."
    ),
    "principal components": (
        "The two directions along which the entities differ most. The map draws these and leaves "
        "the others out."
    ),
    "seed stability": (
        "The method is started several times from different random points; this is how far the "
        "resulting groupings agree."
    ),
    "silhouette": (
        "How much closer entities are to their own segment than to the next one, from −1 to 1. "
        "Behaviour data seldom exceeds 0.5."
    ),
    "standard deviation": (
        "The usual distance of an entity from the average. It puts features of different units "
        "on one scale."
    ),
    "structure test": (
        "Compares the data with made-up data that has the same spread and correlations but no "
        "groups. Real groups must beat it."
    ),
    "within-cluster sum of squares": (
        "Total squared distance of entities to their segment's centre. It always falls with more "
        "segments; a bend hints at a natural number."
    ),
}


def anchor(term: str) -> str:
    """Give the id of a term in the report's glossary.

    Examples
    --------
    >>> anchor("adjusted Rand index")
    'term-adjusted-rand-index'
    """
    return "term-" + "".join(c if c.isalnum() else "-" for c in term.lower())
