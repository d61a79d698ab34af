"""The lines of a segment's playbook, each with the measured figure that justifies it.

What lives here: which figure stands behind which line, the metric to watch and the figure at which
a play starts. What does not: the words of a play (``guide.py``, ``packs/*.yaml``) and its choice
(``playbook.py``). No line says what an action will bring: that is known after an experiment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from segmentry.domain.percent import percent
from segmentry.domain.playbook import PlaybookLine
from segmentry.explain.guide import LEAVES, Guide
from segmentry.explain.pack import Pack, Play
from segmentry.explain.playbook import reason_for
from segmentry.explain.reading import Signal, Signals
from segmentry.explain.trait import LONGEST_LEVEL, span, statistic, strongest, time_unit, trait
from segmentry.explain.word import figure, phrase, sentence

ONLY_GROW = frozenset({"tenure", "total_charges"})
"""Concepts of which no member ever has less than before."""

SOFT_BORDER = 0.9
"""A segment whose members are less sure than this on average has people on its border."""


def playbook_lines(
    play: Play,
    pack: Pack,
    signals: Signals,
    *,
    share: float,
    value_share: float | None,
    mean_confidence: float,
) -> tuple[PlaybookLine, ...]:
    """Write a play's lines for one segment.

    Parameters
    ----------
    play : Play
        The play chosen for it.
    pack : Pack
        Gives the guide that the play follows.
    signals : mapping from key to Signal
        Outcomes may be among them.
    share : float
        Share of everyone who is in the segment.
    value_share : float or None
        Share of the value that they hold.
    mean_confidence : float
        Mean confidence of their membership.

    Returns
    -------
    tuple of PlaybookLine
        In the order of ``domain.playbook.KINDS``.
    """
    guide, why = pack.guide_for(play), reason_for(play, signals)
    size = _size(share, value_share)

    def backed(kind: str, text: str, other: str = why) -> PlaybookLine:
        found = _first_certain(pack.cites.get(kind, ()), signals)
        return PlaybookLine(kind, sentence(text), sentence(trait(found)) if found else other)

    return (
        PlaybookLine("owner", sentence(guide.owner), size),
        PlaybookLine("goal", sentence(guide.goal), why),
        *(PlaybookLine("action", sentence(a), why) for a in (play.action, *guide.actions)),
        backed("cadence", guide.cadence),
        backed("channel", guide.channel),
        PlaybookLine("message", sentence(guide.message), _apart(signals, why)),
        backed("offer", guide.offer),
        *(backed("guardrail", text) for text in guide.guardrails),
        *_border(mean_confidence),
        _metric(guide, signals, size),
        _trigger(play, guide, signals, size),
    )


def _size(share: float, value_share: float | None) -> str:
    value = "" if value_share is None else f", {percent(value_share)} of the value"
    return f"{percent(share)} of everyone{value}."


def _first_certain(keys: Iterable[str], signals: Signals) -> Signal | None:
    return next((signals[k] for k in keys if k in signals and signals[k].is_certain), None)


def _apart(signals: Signals, why: str) -> str:
    """Cite what sets them apart most and is not said by the action's own reason already."""
    told = (sentence(trait(s)) for s in strongest(signals))
    return next((text for text in told if text != why), why)


def _border(mean_confidence: float) -> Iterator[PlaybookLine]:
    if mean_confidence < SOFT_BORDER:
        yield PlaybookLine(
            "guardrail",
            "Look at single cases near the border before acting on them alone.",
            f"Members are in it with a confidence of {percent(mean_confidence)} on average.",
        )


def _metric(guide: Guide, signals: Signals, size: str) -> PlaybookLine:
    """Watch what the guide names, else what happened to them, else what tells them apart."""
    named = (signals[key] for key in guide.watch if key in signals)
    outcomes = (s for s in signals.values() if s.concept.is_outcome)
    watched = next(chain(named, outcomes, strongest(signals)), None)
    if watched is None:
        return PlaybookLine("metric", "The size of the segment.", size)
    kind, own, everyone = _figures(watched)
    now = f"now {_written(own, watched)} here, {_written(everyone, watched)} for everyone"
    told = now if watched.lead.is_share else f"{now} ({kind})"
    return PlaybookLine("metric", sentence(_about(watched)), sentence(told))


def _figures(signal: Signal) -> tuple[str, float, float]:
    """Give the kind of figure that tells a signal, the segment's and everyone's."""
    return statistic(signal.lead, "share" if signal.lead.is_share else signal.concept.unit)


def _about(signal: Signal) -> str:
    level = signal.lead.contrast.level
    about = signal.concept.label or phrase(signal.lead.contrast.feature)
    return about if level is None else f"{about}: {' '.join(level.split())[:LONGEST_LEVEL]}"


def _trigger(play: Play, guide: Guide, signals: Signals, size: str) -> PlaybookLine:
    """Say at which figure the play starts: that of the segment, or for its members everyone's."""
    cited = [signals[k] for k in play.cite if k in signals and signals[k].is_certain]
    leaves = guide.starts == LEAVES
    if cited and not leaves and (held := _held(cited[0])) is not None:
        return held
    found = (s for s in (*cited, *strongest(signals)) if _can_start(s))
    signal = next((s for s in found if not (leaves and s.concept.key in ONLY_GROW)), None)
    if signal is None:
        text = "An assignment puts somebody into this segment."
        return PlaybookLine("trigger", text, size)
    kind, own, everyone = _figures(signal)
    here, there = _written(own, signal), _written(everyone, signal)
    above = own > everyone
    if leaves:
        text = f"{_about(signal)} of a member at {there} or {'less' if above else 'more'}"
        return PlaybookLine(
            "trigger", sentence(text), f"{there} is everyone's {kind}; here it is {here}."
        )
    text = f"{_about(signal)} at {here} or {'more' if above else 'less'}"
    return PlaybookLine(
        "trigger", sentence(text), f"{here} is the {kind} here; everyone's is {there}."
    )


def _held(signal: Signal) -> PlaybookLine | None:
    """Start where an entity has the level that calls for the play, if it is such a level."""
    c = signal.lead.contrast
    if c.level is None or signal.difference <= 0:
        return None
    about = signal.concept.label or phrase(c.feature)
    _, own, everyone = _figures(signal)
    shares = f"{percent(own)} here, {percent(everyone)} of everyone."
    level = " ".join(c.level.split())[:LONGEST_LEVEL]
    return PlaybookLine("trigger", sentence(f"{about}: {level!r}"), shares)


def _can_start(signal: Signal) -> bool:
    """Tell whether a single entity can pass the figure: a number whose figures bear it out."""
    if signal.lead.is_share or signal.lead.contrast.level is not None:
        return False
    _, own, everyone = _figures(signal)
    apart = _written(own, signal) != _written(everyone, signal)
    return apart and (own - everyone) * signal.lead.contrast.difference > 0


def _written(value: float, signal: Signal) -> str:
    if signal.concept.unit == "share" or signal.lead.is_share:
        return percent(value)
    unit = time_unit(signal.lead)
    return span(value, unit) if unit else figure(value)
