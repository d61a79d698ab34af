"""Texts where they come in: columns of tables become features, events get scores beside them.

What lives here: which texts a model is learned from, and putting its scores where rows are. What
does not: the scores themselves (``features/text``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.percent import percent
from segmentry.domain.project import MOST_TOPICS, Project, Source, TextChoice
from segmentry.domain.role import Role
from segmentry.domain.table import ENTITY, FeatureColumn
from segmentry.domain.textmodel import TextModel
from segmentry.engines.base import Engine
from segmentry.errors import ProjectFileError
from segmentry.features.rows import EXACT
from segmentry.features.text.score import score_table, scored, text_columns, text_values
from segmentry.features.text.specs import ANSWER, FELT, HIGHEST, LENGTH, NEGATIVE, TOPIC
from segmentry.features.text.topics import fit_text_model
from segmentry.seeds import stream

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

TEXT = "text"
"""The canonical field of events that holds what somebody wrote."""

MOST_EVENT_TOPICS = 12
"""Topics of events at most: an entity has few texts, and each has one main topic."""

MOST_SEEN = 500_000
"""Distinct texts of events that a model may be learned from; of more, those of some are taken."""

MOSTLY_FOREIGN, FEW_KNOWN = 0.5, 0.2
"""Shares of texts that look English, and that have a known word, below which sentiment is told to
say little."""

ENOUGH_SCORES, LOWEST_TOP = 20, 8
"""So many answers without one of eight or more are answers on a shorter scale."""


@dataclass
class Texts:
    """Models by the column that they are of: given with a release, or learned here.

    ``is_given`` says that nothing may be learned: an assignment reads texts as its run did.
    """

    project: Project
    audit: Audit
    models: dict[str, TextModel] = field(default_factory=dict)
    is_given: bool = False

    @classmethod
    def of(cls, project: Project, audit: Audit, like: object, models: Iterable[TextModel]) -> Texts:
        """Begin with the models of an earlier table, where there is one."""
        given = {m.facts.column: m for m in models}
        return cls(project, audit, given, is_given=like is not None)

    def model_of(
        self,
        column: str,
        texts: Sequence[str | None],
        writers: Sequence[int] | None = None,
        *,
        most: int = MOST_TOPICS,
    ) -> TextModel | None:
        """Give the model of a column: the one of the release, or a new one.

        ``writers`` say whose each text is; where not given, each is somebody else's.
        """
        if column in self.models or self.is_given:
            return self.models.get(column)
        choice = self.project.text
        if choice.topics == "none" and not choice.sentiment:
            return None
        rng = stream(self.project.seed, "text", column)
        model = fit_text_model(
            texts, column=column, rng=rng, writers=writers, choice=choice, most=most
        )
        self.models[column] = model
        return model

    @property
    def made(self) -> tuple[TextModel, ...]:
        """Give the models, by the names of their columns."""
        return tuple(self.models[name] for name in sorted(self.models))


def with_texts(
    data: pa.Table,
    rows: pa.Table,
    source: Source,
    roles: Mapping[str, Role],
    texts: Texts,
    like: Sequence[FeatureColumn] | None,
) -> tuple[pa.Table, tuple[FeatureColumn, ...]]:
    """Put features of a table's texts beside its other columns; ``rows`` and ``data`` align.

    Returns
    -------
    data : pyarrow.Table
    columns : tuple of FeatureColumn
        Of the features that were added.
    """
    import pyarrow as pa

    added: tuple[FeatureColumn, ...] = ()
    for name in rows.column_names:
        if roles.get(name) is not Role.TEXT or name not in rows.column_names:
            continue
        values = rows[name].cast(pa.string())
        label = name if like is not None or name not in texts.models else f"{name} ({source.name})"
        wanted = None
        if like is not None:
            wanted = [c for c in like if c.text and c.text.column in {name, _beside(name, source)}]
            label = wanted[0].text.column if wanted and wanted[0].text else name
        model = texts.model_of(label, values.to_pylist() if not texts.is_given else ())
        if model is None:
            continue
        columns = _wanted(text_columns(model), texts.project, name) if wanted is None else wanted
        for column, array in zip(columns, text_values(values, model, columns), strict=True):
            data = data.append_column(column.name, array)
        added += tuple(columns)
        if not texts.is_given:
            _tell(values, model, source, texts.audit)
    return data, added


def _beside(name: str, source: Source) -> str:
    return f"{name} ({source.name})"


def _wanted(
    columns: Sequence[FeatureColumn], project: Project, name: str
) -> tuple[FeatureColumn, ...]:
    """Keep the features of a column of texts that a project wants, by its name or by theirs."""
    choice, roles = project.features, project.features.roles

    def is_named(column: FeatureColumn, asked: Iterable[str]) -> bool:
        return bool({name, column.name, column.family or ""} & set(asked))

    kept = (c for c in columns if not is_named(c, choice.exclude))
    if choice.include != "auto":
        kept = (c for c in kept if is_named(c, choice.include))
    return tuple(replace(c, role=roles.get(c.name, c.role)) for c in kept)


def names_of(project: Project) -> set[str]:
    """Give the names by which a project may speak of features of its tables' texts."""
    columns = [c for c, role in project.features.roles.items() if role is Role.TEXT]
    return {n for c in columns for n in (c, f"topic_{c}", f"sentiment_{c}")}


def _tell(values: pa.ChunkedArray, model: TextModel, source: Source, audit: Audit) -> None:
    """Tell what was learned, and how far sentiment can be believed."""
    facts, found = model.facts, scored(values, model)
    there = ~np.isnan(found.n_words)
    n = int(there.sum())
    shown = "; ".join(t.name for t in facts.topics[:8])
    no_topic = int((there & (found.main < 0)).sum()) if facts.topics else 0
    audit.facts.setdefault("texts", {})[facts.column] = {
        "n_texts": n,
        "n_topics": model.n_topics,
        "n_terms": len(facts.terms),
        "english_share": facts.english_share,
        "without_topic": no_topic,
        "with_sentiment": int((~np.isnan(found.sentiment)).sum()),
        "neutral": list(facts.neutral),
    }
    audit.add(
        Finding(
            "texts_read",
            f"{facts.column!r} holds texts: {model.n_topics} topics were learned from "
            f"{facts.n_texts} of them" + (f" ({shown} ...)" if shown else ""),
            source=source.name,
            column=facts.column,
            count=n,
            done="their topics and sentiment are features; what has none of the words has no topic",
        )
    )
    if facts.has_sentiment and n:
        _tell_sentiment(found.is_english[there], found.sentiment[there], model, source, audit)


def _tell_sentiment(
    is_english: Any, felt: Any, model: TextModel, source: Source, audit: Audit
) -> None:
    english, known = float(is_english.mean()), float((~np.isnan(felt)).mean())
    if english >= MOSTLY_FOREIGN and known >= FEW_KNOWN:
        return
    audit.add(
        Finding(
            "sentiment_says_little",
            f"Sentiment says little of {model.facts.column!r}: {percent(english)} of its texts "
            f"look English and {percent(known)} have a word that the lexicon knows.",
            severity="info" if english >= MOSTLY_FOREIGN else "warning",
            source=source.name,
            column=model.facts.column,
            done="kept where it is known; text: {sentiment: false} leaves it out",
        )
    )


def with_scores(
    parts: Sequence[ir.Table],
    engine: Engine,
    texts: Texts,
    *,
    cut: int | None,
) -> list[ir.Table]:
    """Put scores beside events with a text, in place of the text.

    Parameters
    ----------
    parts : sequence of ibis table
        Sources in canonical names, those with texts with a column ``text``.
    engine : Engine
    texts : Texts
    cut : int or None
        Microseconds since 1970: a model is learned from texts before it only.

    Returns
    -------
    list of ibis table
        With ``topic``, ``sentiment``, ``is_negative`` and ``n_words`` where there was a text.
    """
    import pyarrow as pa

    with_text = [p for p in parts if TEXT in p.columns]
    if not with_text:
        return list(parts)
    found = _distinct(with_text, engine)
    learned, writers = ([], []) if texts.is_given else _written(with_text, engine, cut)
    model = texts.model_of(TEXT, learned, writers, most=MOST_EVENT_TOPICS)
    if model is None:
        return [p.drop(TEXT) if TEXT in p.columns else p for p in parts]
    table = score_table(found, model)
    unwanted = [] if model.facts.has_sentiment else [FELT, NEGATIVE]
    unwanted += [] if model.n_topics else [TOPIC]
    table = table.drop_columns(unwanted).append_column("scored text", found.cast(pa.string()))
    scores = engine.take_in(table)
    if not texts.is_given:
        source = texts.project.sources[0]
        _tell(pa.chunked_array([found]), model, source, texts.audit)
    # Kept, so that texts are compared once, and what follows may join to it as to any table.
    return [engine.keep(_scored(p, scores)) if TEXT in p.columns else p for p in parts]


def _distinct(parts: Sequence[ir.Table], engine: Engine) -> pa.Array:
    import pyarrow as pa

    found: set[str] = set()
    for part in parts:
        rows = part.filter(part[TEXT].notnull())
        found.update(engine.to_arrow(rows.select(TEXT).distinct())[TEXT].to_pylist())
    return pa.array(sorted(found), type=pa.string())


def _written(
    parts: Sequence[ir.Table], engine: Engine, cut: int | None
) -> tuple[list[str], list[int]]:
    """Give the texts before a cut, each with whose it is; several times where it is of several."""
    found: set[tuple[str, str]] = set()
    for part in parts:
        rows = part.filter(part[TEXT].notnull() & part[ENTITY].notnull())
        if cut is not None and "micros" in rows.columns:
            rows = rows.filter(rows["micros"] < cut)
        pairs = engine.to_arrow(rows.select(TEXT, ENTITY).distinct())
        # An id may be a number in one source and a text in the next: it is of one writer.
        who = pairs[ENTITY].cast("string").to_pylist()
        found.update(zip(pairs[TEXT].to_pylist(), who, strict=True))
    writers = {name: i for i, name in enumerate(sorted({who for _, who in found}))}
    return [text for text, _ in sorted(found)], [writers[who] for _, who in sorted(found)]


def _scored(part: ir.Table, scores: ir.Table) -> ir.Table:
    joined = part.left_join(scores, part[TEXT] == scores["scored text"])
    values: dict[str, Any] = {n: part[n] for n in part.columns if n != TEXT}
    for name in (TOPIC, FELT, NEGATIVE, LENGTH):
        if name in scores.columns:
            values[name] = scores[name].cast(EXACT) if name == FELT else scores[name]
    return joined.select(**values)


def implied(fields: Iterable[str], choice: TextChoice) -> set[str]:
    """Give the canonical fields that scoring puts beside events with these."""
    known, found = set(fields), set()
    if TEXT in known:
        found |= {LENGTH} if choice.sentiment or choice.topics != "none" else set()
        found |= {FELT, NEGATIVE} if choice.sentiment else set()
        found |= {TOPIC} if choice.topics != "none" else set()
    return found


def check_scores(part: ir.Table, source: Source, engine: Engine, *, key: str, is_new: bool) -> None:
    """Refuse answers that are not on the scale from 0 to 10 that promoters are counted on.

    Raises
    ------
    ProjectFileError
        E1002, with the range that was found.
    """
    if ANSWER not in part.columns:
        return
    score = part[ANSWER]
    whole = score.cast("float64")
    counted = engine.to_arrow(
        part.aggregate(
            low=whole.min(),
            high=whole.max(),
            n=score.count(),
            broken=part.count(where=whole != whole.floor()),
        )
    ).to_pylist()[0]
    low, high, n = counted["low"], counted["high"], int(counted["n"])
    if not n:
        return
    if low < 0 or high > HIGHEST:
        reason = f"they run from {low:g} to {high:g}"
    elif int(counted["broken"]):
        reason = f"{int(counted['broken'])} of {n} are no whole numbers"
    elif is_new and n >= ENOUGH_SCORES and high < LOWEST_TOP:
        reason = f"none of {n} is above {high:g}, as on a shorter scale"
    else:
        return
    raise ProjectFileError(
        f"{source.columns[ANSWER]!r} holds no answers on the scale from 0 to 10: {reason}",
        code="E1002",
        where=source.name,
        key=key,
        hint="promoters are counted on 0 to 10 only; map the column as score instead to average it",
    )
