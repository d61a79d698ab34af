"""The run in five plain sentences, each figure of them a stored one.

What lives here: what was found, who matters, what to do, how sure that is, and what not to do,
always in this order. What does not: their look (``render``), and any word of the trade: somebody
who never heard of a silhouette can pass these sentences on.
"""

from __future__ import annotations

from segmentry.domain.evidence import Structure, StructureTest, StructureVerdict
from segmentry.domain.percent import percent
from segmentry.domain.profile import Contrast, OutcomeRate, Profile
from segmentry.explain.word import figure, phrase, plural_noun, tokens

BAD_WORDS = {
    "churn": "churn", "cancel": "cancellation", "attrition": "attrition", "default": "default",
    "fraud": "fraud", "unsubscri": "unsubscribing", "lapse": "lapse", "exited": "departure",
}  # fmt: skip
"""Outcomes that somebody wants less of: how a column begins to say it, and the noun for it."""

BLURRED = 0.25
"""A segment whose silhouette lies below has entities on its border that fit the next as well."""

ENOUGH = {StructureVerdict.CLEAR: 0.01, StructureVerdict.WEAK: 0.05}
"""The p-value up to which the comparison with one cloud carries a verdict alone."""

FEWEST_OF = 1_000
"""A chance smaller than one in so many is not told more exactly."""


def headline(
    profiles: tuple[Profile, ...],
    structure: Structure,
    *,
    n_entities: int,
    entity: str,
    objective: str,
    decision: str,
) -> tuple[str, str, str, str, str]:
    """Say the run in five sentences.

    Parameters
    ----------
    profiles : tuple of Profile, at least one
    structure : Structure
    n_entities : int
    entity : str
        The project's word for an entity.
    objective, decision : str
        What the segments are for.

    Returns
    -------
    tuple of five str
        What was found, who matters, what to do, how sure, what not to do.
    """
    who = (plural_noun(entity) or ("Rows" if "row" in tokens(entity) else "Entities")).lower()
    return (
        _found(len(profiles), structure, f"{n_entities:,} {who}", _purpose(decision, objective)),
        _who_matters(profiles, who),
        _what_to_do(profiles, structure),
        _how_sure(structure),
        _what_not_to_do(profiles, structure, who),
    )


def _purpose(decision: str, objective: str) -> str:
    if decision:
        return f"To decide {_begun_small(decision.rstrip('.'))}, "
    return f"With {objective} in mind, " if objective != "none" else ""


def _begun_small(text: str) -> str:
    """Let a phrase stand inside a sentence; words in capitals keep theirs."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _found(n: int, structure: Structure, crowd: str, purpose: str) -> str:
    looked = f"{purpose}we looked at {crowd}"
    looked = looked[:1].upper() + looked[1:]
    if structure.test is StructureTest.NOTHING:
        return f"{looked}; whether they form groups cannot be told, so {n} segments divide them."
    if structure.verdict is StructureVerdict.NONE:
        return f"{looked} and found no clear groups; the {n} segments below only divide one crowd."
    borders = "" if structure.verdict is StructureVerdict.CLEAR else " with soft borders"
    return f"{looked}: they fall into {n} segments{borders}."


def _who_matters(profiles: tuple[Profile, ...], who: str) -> str:
    """Name the segment with the most value, and the one to watch."""
    top = max(profiles, key=lambda p: (p.value_share or 0.0, p.share))
    told = _most_value(top, who)
    watched, why = _to_watch(profiles)
    if watched is None:
        return f"{told}."
    if watched is top:
        return f"{told}; it is also the one to watch: {why}."
    return f"{told}; watch {watched.name}, {percent(watched.share)} of the {who}: {why}."


def _most_value(top: Profile, who: str) -> str:
    if top.value_share is None:
        return f"The largest segment is {top.name}, {percent(top.share)} of the {who}"
    return (
        f"The most valuable segment is {top.name}: {percent(top.share)} of the {who} hold "
        f"{percent(top.value_share)} of the value"
    )


def _to_watch(profiles: tuple[Profile, ...]) -> tuple[Profile | None, str]:
    """Point at the segment with the worst outcome, or at those who stay away longest."""
    worst = _worst_outcome(profiles)
    if worst:
        p, o = worst
        rates = f"{_rate(o, o.mean)} against {_rate(o, o.overall)} for everyone"
        return p, f"its {_spoken_outcome(o)} is {rates}"
    quiet = [(p, c) for p in profiles if (c := _recency(p)) is not None and c.low > 0]
    if not quiet:
        return None, ""
    p, c = max(quiet, key=lambda item: item[1].low * item[0].share)
    return p, (
        f"last seen {c.median or 0.0:,.0f} days ago, against {c.overall_median or 0.0:,.0f} for "
        "everyone"
    )


def _worst_outcome(profiles: tuple[Profile, ...]) -> tuple[Profile, OutcomeRate] | None:
    bad = [
        (p, o)
        for p in profiles
        for o in p.outcomes
        if any(word in o.name.lower() for word in BAD_WORDS) and o.low > o.overall
    ]
    return max(bad, key=lambda item: item[1].low - item[1].overall, default=None)


def _spoken_outcome(outcome: OutcomeRate) -> str:
    """Say an outcome as a noun: a column may be called ``churn_flag`` or ``Exited``."""
    name = outcome.name.lower()
    nouns = (noun for word, noun in BAD_WORDS.items() if word in name)
    return next(nouns, phrase(outcome.name)) if outcome.is_share else phrase(outcome.name)


def _rate(outcome: OutcomeRate, value: float) -> str:
    return percent(value) if outcome.is_share else figure(value)


def _recency(profile: Profile) -> Contrast | None:
    return next((c for c in profile.contrasts if c.feature == "recency_days"), None)


def _what_to_do(profiles: tuple[Profile, ...], structure: Structure) -> str:
    if structure.verdict is StructureVerdict.NONE:
        return (
            "Use the segments as rough slices for planning at most, and look again with more "
            "telling features or a longer history."
        )
    worst = _worst_outcome(profiles)
    start = worst[0] if worst else max(profiles, key=lambda q: (q.value_share or 0.0, q.share))
    action = start.action if start.action.endswith(("?", "!")) else f"{start.action.rstrip('.')}."
    return f"Test this first, on a part of {start.name}: “{action}”"


def _how_sure(structure: Structure) -> str:
    if structure.verdict is StructureVerdict.NONE:
        return f"There is no ground to be sure: {_why_not(structure)}."
    if structure.verdict is StructureVerdict.WEAK:
        return f"There are signs of groups, but no sharp ones: {_evidence(structure)}."
    if structure.test is StructureTest.HUMPS:
        return f"There are groups in one respect at least: {_evidence(structure)}."
    if structure.test is StructureTest.DIRECTION:
        return (
            f"There are groups, seen along one direction of behaviour, so the segments need not be "
            f"those: {_evidence(structure)}."
        )
    if structure.is_partial:
        return (
            f"There are groups in the {structure.scope} that can be compared, so the segments, "
            f"which all columns make, need not be those: {_evidence(structure)}."
        )
    return f"The groups are really there: {_evidence(structure)}."


def _why_not(structure: Structure) -> str:
    """Say what speaks against groups, or that nothing could be asked."""
    if structure.test is StructureTest.NOTHING:
        return f"whether there are groups could not be tested. {structure.sentence.rstrip('.')}"
    if structure.p_value <= ENOUGH[StructureVerdict.WEAK]:
        return (
            "the segments lie closer together than in data made up without any groups, but by too "
            "little to matter"
        )
    if structure.p_silhouette <= ENOUGH[StructureVerdict.WEAK]:
        return (
            "the segments lie closer together than chance makes them, but where they part there "
            "is no emptier space than in data made up without any groups"
        )
    return _draws(structure)


def _evidence(structure: Structure) -> str:
    """Name the test that decided: the comparison with one cloud, or humps in one column."""
    if structure.test is StructureTest.HUMPS:
        return (
            f"the values of {phrase(structure.dip_where)} gather in more than one place, and "
            f"chance alone does that in {_of_a_hundred(structure.dip_p_value)} cases"
        )
    return _draws(structure)


def _draws(structure: Structure) -> str:
    """Count the draws that look as grouped as the data."""
    n = structure.n_reached
    return (
        f"of {len(structure.null_silhouettes)} data sets made up without any groups, "
        f"{n or 'none'} {'looks' if n in {0, 1} else 'look'} as grouped as this"
    )


def _of_a_hundred(p_value: float) -> str:
    """Say a probability as so many in a hundred, or as fewer than one in a thousand.

    Examples
    --------
    >>> _of_a_hundred(0.57), _of_a_hundred(0.01), _of_a_hundred(0.004), _of_a_hundred(1e-9)
    ('57 of 100', '1 of 100', '4 of 1,000', 'fewer than 1 of 1,000')
    """
    if p_value < 1 / FEWEST_OF:
        return f"fewer than 1 of {FEWEST_OF:,}"
    if p_value < 0.0095:
        return f"{p_value * FEWEST_OF:.0f} of {FEWEST_OF:,}"
    return f"{100 * p_value:.0f} of 100"


def _what_not_to_do(profiles: tuple[Profile, ...], structure: Structure, who: str) -> str:
    if structure.verdict is StructureVerdict.NONE:
        return (
            f"Do not treat two {who} differently because a border runs between them: where one "
            "segment ends and the next begins is arbitrary."
        )
    blurred = min(profiles, key=lambda q: q.silhouette)
    if blurred.silhouette < BLURRED:
        return (
            "Do not read a segment as a cause, nor its border as sharp, least of all that of "
            f"{blurred.name}."
        )
    return (
        f"Do not read a segment as a cause: it says how {who} differ, and only a test shows what "
        "a campaign would change."
    )
