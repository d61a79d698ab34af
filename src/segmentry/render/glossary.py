"""Terms of the trade in plain words: shown where a term stands, and listed at a page's end."""

from __future__ import annotations

from segmentry.domain.percent import percent

GLOSSARY: dict[str, str] = {
    "adjusted Rand index": (
        "How far two groupings of the same entities agree: 1 is the same grouping, 0 is what "
        "chance alone would give."
    ),
    "anomaly": (
        "An entity that lies far from the centre of its segment. It keeps the nearest segment, "
        "and is flagged."
    ),
    "BIC": (
        "Bayesian information criterion: how badly a mixture of clouds fits the data, with a fine "
        "for every further cloud. Lower is better; only comparable within one data set."
    ),
    "bootstrap": (
        "Entities are drawn anew from the same data, with replacement, and the method is run anew "
        "with its number of segments. What chance made seldom comes back; what is there mostly "
        "does. The search for a method and a number is not repeated."
    ),
    "Calinski-Harabasz": (
        "Spread between the segments over spread inside them. Higher is better; only comparable "
        "within one data set."
    ),
    "candidate": (
        "One way to divide the entities into segments: a method and a number. All are measured "
        "alike, and "
        "one is chosen by a written rule."
    ),
    "centre": (
        "The point that stands for a segment: the average of its members' prepared features. Who "
        "lies nearest to it belongs to the segment."
    ),
    "confidence": (
        "How often entities that lie as near to their segment keep it when entities are drawn anew "
        f"and segmented anew: of those told {percent(0.8)}, about {percent(0.8)} did. It does not "
        "say that the segment is real."
    ),
    "continuity": (
        "How well a picture keeps neighbours together: 1 means that whoever is near in the data is "
        "near in the picture, about 0.5 is chance."
    ),
    "contrast": (
        "How far a segment's mean lies from everyone's, in standard deviations of the prepared "
        "feature. 0 is no difference; beyond 0.8 is large."
    ),
    "Davies-Bouldin": (
        "How alike each segment is to its most similar neighbour, on average. Lower is better."
    ),
    "dip test": ("A test (Hartigan and Hartigan, 1985) for more than one hump in a distribution."),
    "discriminant validity": (
        "A classifier learns the segments from a part of the entities and guesses the rest. "
        "Segments that cannot be recognised by it are hardly different."
    ),
    "entity": "Who is segmented: a customer, an account, a device.",
    "feature": "A number or a category that describes what an entity does.",
    "fidelity": (
        "How many entities the nearest centre puts where the method itself had put them. The rest "
        "lie in corners that centres cannot follow."
    ),
    "fingerprint": (
        "A digest of inputs, settings and results. Equal fingerprints mean equal segmentations."
    ),
    "health score": (
        "How healthy the tie to an entity is, from 0 to 100: 100 less the chance of the bad "
        "end of an outcome, such as churn, or no event for so many days, by a model judged on "
        "entities that it had not learned from. Where it is called unchecked it is "
        "a mean rank in features whose good end is known, held against no outcome."
    ),
    "held-out outcome": (
        "What happened after an earlier day. Entities were put into segments by what was known "
        "before that day alone, so the assignment could not see it. The borders of the segments "
        "were found with data up to the end: they are not blind to it."
    ),
    "interval": (
        "The range in which the true figure plausibly lies: 95 of 100 such ranges hold it."
    ),
    "Jaccard": (
        "How much of two groups is the same: members in both, over members in either. 1 is the "
        "very same group, 0 has nobody in common."
    ),
    "median": "The figure in the middle: half of the entities lie below it, half above.",
    "outcome": (
        "Something that happened to entities (churn, conversion). Segments are judged by it; it "
        "is never one of the features."
    ),
    "overlay": (
        "A property that describes segments afterwards, such as a country. It does not shape them."
    ),
    "p-value": (
        "How often data without groups would look at least as grouped as this by chance. Small "
        "means: probably not chance."
    ),
    "percentile": "How many of 100 of everyone lie below the segment's middle, ties counted half.",
    "principal components": (
        "The two directions along which the entities differ most. The map draws these and leaves "
        "the others out."
    ),
    "seed stability": (
        "The method is started again from other random points, once at least; this is how far the "
        "resulting groupings agree (adjusted Rand index)."
    ),
    "segment": "A group of entities that behave alike, with a name.",
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
    "surrogate rule": (
        "A short chain of comparisons that finds most of a segment again: a simplified copy that "
        "people can say and check, grown on some entities and tried on others."
    ),
    "trustworthiness": (
        "How far neighbours in a picture may be believed: 1 means that whoever is near in the "
        "picture is near in the data, about 0.5 is chance."
    ),
    "variance explained": (
        "How much of the differences between entities lies between the segments and not inside "
        "them. More segments always explain more, so compare equal numbers."
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
