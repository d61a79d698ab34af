"""What may be told of segments to a model: aggregates of at least ten, in a few figures.

What lives here: choosing what leaves the process, and what suggestions are held against. What does
not: the words around it (``wording``), and asking (``suggesting``).

No entity, row or text of a row is told. A figure of fewer than ten entities is not, neither are the
words of topics, which come out of free texts, a level that looks like somebody's address or number,
nor anything that holds the id of an entity of the run.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from segmentry.domain.percent import NARROW_SPACE, percent
from segmentry.domain.table import ENTITY, FeatureTable
from segmentry.explain.claims import Claims
from segmentry.explain.contrast import Measured, measure
from segmentry.explain.outcome import outcome_measures
from segmentry.explain.reading import Signals, choose_pack, read_signals, widening
from segmentry.explain.suggested import Measure, Rules
from segmentry.explain.trait import statistic
from segmentry.explain.word import figure, phrase, plural_noun
from segmentry.maths.suppression import FEWEST_TOLD, small_groups
from segmentry.pipeline.run import has_other_events
from segmentry.projectfile.schema import from_data

if TYPE_CHECKING:
    from segmentry.domain.release import Release
    from segmentry.explain.pack import Pack
    from segmentry.stores.runfolder import RunFolder

MOST_MEASURES = 10
"""Measures that are told of a segment, the strongest first."""

PERSONAL = re.compile(r"@|\d{6,}|https?:|www\.|\+?\d[\d\s().-]{6,}\d", re.IGNORECASE)
"""Looks like an address, a long number or a telephone's."""

SHORTEST_ID = 4
"""An id of fewer signs is only looked for as a whole text: ``7`` stands in many a sentence."""


@dataclass(frozen=True)
class Portrait:
    """A segment as it may be told, and what suggestions for it are held against."""

    segment_id: int
    present: str
    told: Mapping[str, Any]
    rules: Rules


@dataclass(frozen=True)
class Aggregates:
    """All that may be told of a run: ``about`` everyone, and a portrait of each segment."""

    about: Mapping[str, Any]
    portraits: tuple[Portrait, ...]


@dataclass(frozen=True)
class Readings:
    """Contrasts of a run's segments, measured again from its features as they were written."""

    pack: Pack
    noun: str
    measures: tuple[tuple[Measured, ...], ...]
    signals: tuple[Signals, ...]
    outcomes: tuple[tuple[Measured, ...], ...]
    happened: tuple[Signals, ...]
    small: frozenset[str]
    """Shares that are of too few in some segment; those of the others would tell that one."""
    ids: Any
    """Ids of the entities, as texts."""


def aggregates_of(stored: RunFolder, home: Path) -> Aggregates:
    """Give what may be told of a run's segments; locked and small ones are left out.

    Parameters
    ----------
    stored : RunFolder
        Under the present names.
    home : Path
        The project's folder.

    Returns
    -------
    Aggregates
    """
    release = stored.release()
    segments = stored.document("segments")["segments"]
    read = _read(stored, release, segments, home)
    portraits = tuple(
        _portrait(segments, place, read)
        for place, segment in enumerate(segments)
        if segment["size"] >= FEWEST_TOLD and not segment.get("locked")
    )
    about = {
        "who": read.noun.lower(),
        "objective": str(release.project.get("objective", "none")),
        "entities": f"{stored.document('summary')['n_entities']:,}",
    }
    return Aggregates(about, portraits)


def _read(
    stored: RunFolder, release: Release, segments: list[dict[str, Any]], home: Path
) -> Readings:
    """Measure what the run's profiles were made from."""
    import pyarrow as pa

    summary, project = stored.document("summary"), from_data(release.project, folder=home)
    as_of = summary.get("as_of")
    cut = None if as_of is None else datetime.fromisoformat(as_of)
    table = FeatureTable.of(stored.table("features"), release.columns, cut)
    existing = stored.document("evidence").get("existing", {}).get("column")
    columns = tuple(c for c in table.columns if c.name != existing)
    table = replace(table, texts=release.texts, columns=columns)
    features = release.recipe.prepare(table)
    segment = release.assigner.answer(release.recipe.reduced(features).X).segment
    pack = choose_pack(
        (c.name for c in columns),
        objective=project.objective,
        entity=project.entity,
        has_other_events=has_other_events(project),
    )
    n_segments = len(release.segment_ids)
    measures = measure(table, features, segment, n_segments)
    outcomes = outcome_measures(table, segment, n_segments)
    both = tuple(m + o for m, o in zip(measures, outcomes, strict=True))
    return Readings(
        pack,
        plural_noun(project.entity) or pack.noun,
        measures,
        read_signals(measures, pack),
        outcomes,
        read_signals(both, pack),
        _small(both, segments),
        table.data[ENTITY].combine_chunks().cast(pa.string()),
    )


def _portrait(segments: list[dict[str, Any]], place: int, read: Readings) -> Portrait:
    segment = segments[place]
    size = int(segment["size"])
    rows = _told(read.measures[place], size, read)[:MOST_MEASURES]
    rows += _told(read.outcomes[place], size, read)
    # The value of a segment of a few is what those of all others leave.
    has_few = any(int(s["size"]) < FEWEST_TOLD for s in segments)
    keys = {"share": "share"} if has_few else {"share": "share", "share_of_value": "value_share"}
    shares = {
        name: _share(segment[key]) for name, key in keys.items() if segment.get(key) is not None
    }
    by_rule = str(segment.get("naming", {}).get("by_rule") or segment["name"])
    told = {
        "id": segment["id"],
        "name_by_rule": by_rule if _may_be_told(by_rule, read, place) else None,
        "entities": f"{size:,}",
        **shares,
        "measures": [row for _, row in rows],
    }
    others = {str(s["name"]).casefold() for i, s in enumerate(segments) if i != place}
    rules = Rules(
        Claims.of(read.signals[place], read.happened[place], read.pack),
        tuple(measure for measure, _ in rows),
        (f"{size:,}", *shares.values()),
        frozenset(others),
        by_rule,
    )
    return Portrait(segment["id"], str(segment["name"]), told, rules)


def _told(
    measures: Iterable[Measured], size: int, read: Readings
) -> list[tuple[Measure, dict[str, str]]]:
    """Choose the measures that are told, each in its own words and only once."""
    measures = tuple(measures)
    widened = widening(len(measures))
    kept: dict[str, tuple[Measure, dict[str, str]]] = {}
    for measured in measures:
        if not measured.leaves_out_zero(widened) or _is_small(measured, size):
            continue
        text = _text(measured)
        if text in kept or text in read.small or not _is_shown(measured, text, read):
            continue
        kind, own, everyone = statistic(measured)
        d = measured.contrast.difference
        # Words would be wrong where the scaled difference and the plain figures disagree.
        if d * (own - everyone) <= 0:
            continue
        write = _share if measured.is_share else figure
        figures = (write(own), write(everyone))
        if figures[0] != figures[1]:
            side = "above" if d > 0 else "below"
            row = {"measure": text, "statistic": "share" if measured.is_share else kind}
            row |= {"segment": figures[0], "everyone": figures[1], "side": side}
            kept[text] = (Measure(text, 1 if d > 0 else -1, figures), row)
    return list(kept.values())


def _small(
    measures: Iterable[Iterable[Measured]], segments: Iterable[Mapping[str, Any]]
) -> frozenset[str]:
    pairs = zip(measures, segments, strict=True)
    return frozenset(
        _text(m) for own, s in pairs for m in own if m.is_share and _is_small(m, s["size"])
    )


def _is_small(measured: Measured, size: int) -> bool:
    """Tell whether a figure is of fewer entities than may be told, or tells such a few apart."""
    known = round(measured.present_share * size)
    if known < FEWEST_TOLD:
        return True
    if not measured.is_share:
        return False
    held = round((measured.contrast.mean or 0.0) * known)
    return bool(small_groups(np.array([held, known - held])).any())


def _text(measured: Measured) -> str:
    c, column = measured.contrast, measured.column
    if c.level is not None:
        return f"{phrase(c.feature)} is {' '.join(c.level.split())}"
    sentence = " ".join(column.sentence.split())
    return sentence if " " in sentence else phrase(c.feature)


def _is_shown(measured: Measured, text: str, read: Readings) -> bool:
    topic = measured.column.text
    return (topic is None or topic.what != "topic") and not _names_somebody(text, read)


def _may_be_told(name: str, read: Readings, place: int) -> bool:
    """Tell whether the rule's name may be told: it may be made of a level or topic that may not."""
    withheld = {
        word
        for m in read.measures[place]
        if not _is_shown(m, text := _text(m), read)
        for word in re.findall(r"\w+", f"{text} {' '.join(_topic_words(m))}".casefold())
    }
    mine = set(re.findall(r"\w+", name.casefold()))
    return not mine & withheld and not _names_somebody(name, read)


def _topic_words(measured: Measured) -> tuple[str, ...]:
    return () if measured.column.text is None else measured.column.text.words


def _names_somebody(text: str, read: Readings) -> bool:
    """Tell whether a text looks personal, or holds the id of an entity of the run."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if PERSONAL.search(text):
        return True
    parts = re.findall(r"[^\s,;()'\"]+", text)
    parts += [w for part in parts for w in re.findall(r"\w+", part)]
    asked = {text, text.rpartition(" is ")[2], *(p for p in parts if len(p) >= SHORTEST_ID)}
    found = pc.any(pc.is_in(pa.array(sorted(asked), read.ids.type), value_set=read.ids))
    return bool(found.as_py())


def _share(value: float) -> str:
    return percent(value).replace(NARROW_SPACE, " ")
