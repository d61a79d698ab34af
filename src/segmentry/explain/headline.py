"""The run in five plain sentences, each figure of them a stored one.

What lives here: who was looked at, how sure the segments are, which matters most, which needs
attention, and what comes next. What does not: their look (``render``).
"""

from __future__ import annotations

from segmentry.domain.evidence import Structure, StructureVerdict
from segmentry.domain.profile import Profile
from segmentry.explain.word import percent, plural_noun, sentence


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
    """
    who = (plural_noun(entity) or "Entities").lower()
    return (
        _looked_at(n_entities, who, decision, objective),
        _found(len(profiles), structure),
        _matters_most(profiles, who),
        _needs_attention(profiles, who),
        _next_step(profiles, structure, decision),
    )


def _looked_at(n_entities: int, who: str, decision: str, objective: str) -> str:
    purpose = ""
    if decision:
        purpose = f" to decide {decision.rstrip('.')}"
    elif objective != "none":
        purpose = f" with {objective} in mind"
    return f"We looked at {n_entities:,} {who}{purpose}."


def _found(n: int, structure: Structure) -> str:
    why = _evidence(structure)
    if structure.verdict is StructureVerdict.NONE:
        return (
            f"We found no clear groups ({why}); the {n} segments below are the least bad way to "
            "cut one crowd, and their borders are arbitrary."
        )
    if structure.verdict is StructureVerdict.WEAK:
        return f"They fall into {n} segments that shade into one another ({why})."
    return f"They fall into {n} segments, and the data does hold groups ({why})."


def _evidence(structure: Structure) -> str:
    """Name the test that decided: humps in one column, or the comparison with one cloud."""
    if structure.verdict is not StructureVerdict.NONE and (
        structure.dip_p_value < structure.p_value
    ):
        return f"{structure.dip_where!r} has more than one hump, {_p(structure.dip_p_value)}"
    return f"{_p(structure.p_value)} against structureless data"


def _p(value: float) -> str:
    return f"p = {value:.2g}" if value >= 0.001 else "p below 0.001"


def _matters_most(profiles: tuple[Profile, ...], who: str) -> str:
    if any(p.value_share is not None for p in profiles):
        top = max(profiles, key=lambda p: (p.value_share or 0.0, p.share))
        return (
            f"{top.name} are {percent(top.share)} of the {who} and hold "
            f"{percent(top.value_share or 0.0)} of the value."
        )
    top = max(profiles, key=lambda p: p.share)
    share = f"{percent(top.share)} of the {who}"
    return f"{top.name} are the largest segment with {share}: {top.traits[0]}."


BAD_WORDS = ("churn", "cancel", "attrition", "default", "fraud", "unsubscri", "lapse", "exited")


def _needs_attention(profiles: tuple[Profile, ...], who: str) -> str:
    """Point at the segment with the worst outcome, or the weakest hold on its place."""
    bad = [
        (o.low - o.overall, p, o)
        for p in profiles
        for o in p.outcomes
        if any(word in o.name.lower() for word in BAD_WORDS) and o.low > o.overall
    ]
    if bad:
        _, p, o = max(bad, key=lambda item: item[0])
        return (
            f"{p.name} need attention: {o.name} is {percent(o.mean)} there "
            f"({percent(o.low)} to {percent(o.high)}), against {percent(o.overall)} for everyone."
        )
    quiet = [p for p in profiles if _recency(p) > 0]
    if quiet:
        p = max(quiet, key=lambda q: _recency(q) * q.share)
        return f"{p.name} need attention, {percent(p.share)} of the {who}: {_recency_trait(p)}."
    p = min(profiles, key=lambda q: q.silhouette)
    return (
        f"{p.name} are the least sharply drawn segment (silhouette {p.silhouette:.2f}), "
        "so treat its border with care."
    )


def _recency(profile: Profile) -> float:
    return max((c.low for c in profile.contrasts if c.feature == "recency_days"), default=0.0)


def _recency_trait(profile: Profile) -> str:
    c = next(c for c in profile.contrasts if c.feature == "recency_days")
    return (
        f"last active {c.median or 0.0:,.0f} days ago in the median, "
        f"against {c.overall_median or 0.0:,.0f} for everyone"
    )


def _next_step(profiles: tuple[Profile, ...], structure: Structure, decision: str) -> str:
    if structure.verdict is StructureVerdict.NONE:
        return (
            "Before acting on these segments, try richer features or a longer history, "
            "or serve everyone alike."
        )
    p = max(profiles, key=lambda q: (q.value_share or 0.0, q.share))
    first = p.action[:1].lower() + p.action[1:].rstrip(".")
    start = "Next step" if not decision else f"Next step towards {decision.rstrip('.')}"
    end = " Test it" if first.endswith("?") else "; test it"
    return sentence(f"{start}: for {p.name}, {first}{end} on a part of them first")
