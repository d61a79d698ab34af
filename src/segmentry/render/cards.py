"""One card per segment: size, value, traits, action, differences, outcomes, quality.

What lives here: what stands on a card, in words and formatted figures. What does not: layout
(``templates/segments.html.j2``), and comparing segments with each other (``compare``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from segmentry.domain.health import Basis
from segmentry.render import format as fmt
from segmentry.render.feature_words import (
    LONGEST_LABEL,
    Document,
    feature_label,
    feature_words,
    is_no,
    typical_texts,
    units,
    value_text,
)
from segmentry.render.palette import Look, look_of

TOP_TRAITS = 3
TOP_CONTRASTS = 6
NARROWEST_SCALE = 1.0
MORE_CONTRASTS = 24
"""Further rows of a card: with thousands of features the page stays a page."""

STABILITY = {
    "stable": ("comes back", "good"),
    "doubtful": ("doubtful", "warn"),
    "dissolves": ("dissolves", "bad"),
}
"""Words and tone of a segment's verdict under resampling."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A difference and its interval on an axis from 0 to 100, everyone at 50."""

    start: float
    width: float
    low: float
    high: float
    is_above: bool


@dataclass(frozen=True, slots=True)
class ContrastRow:
    """A feature of a segment against everyone's: ``measure`` tells what is not a median."""

    label: str
    measure: str
    here: str
    everyone: str
    difference: str
    interval: str
    bar: Bar


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """An outcome of a segment against everyone's."""

    name: str
    here: str
    interval: str
    everyone: str


@dataclass(frozen=True, slots=True)
class BusinessRow:
    """What a segment kept, cost or brought afterwards, against everyone's."""

    name: str
    note: str
    here: str
    interval: str
    everyone: str
    n: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule in the features' own units that finds the segment again, and how well it does."""

    text: str
    precision: str
    coverage: str


@dataclass(frozen=True, slots=True)
class Quality:
    """A figure of quality under its name in the glossary; ``tone`` as of a table's cell."""

    term: str
    label: str
    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One segment."""

    anchor: str
    name: str
    look: Look
    size: str
    share: str
    share_width: float
    value_share: str | None
    value_width: float
    value_total: str | None
    traits: tuple[str, ...]
    more_traits: tuple[str, ...]
    action: str
    action_reason: str
    channel: str
    naming: str
    rule: Rule | None
    outcomes: tuple[OutcomeRow, ...]
    overlays: tuple[tuple[str, str, str], ...]
    quality: tuple[Quality, ...]
    contrasts: tuple[ContrastRow, ...]
    more_contrasts: tuple[ContrastRow, ...]
    business: tuple[BusinessRow, ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    """What people say of it: whose name it bears where it is a model's, owner, lock, note."""

    @property
    def has_more(self) -> bool:
        """Tell whether the card holds more than its front shows."""
        return bool(
            self.more_contrasts
            or self.outcomes
            or self.business
            or self.overlays
            or self.more_traits
            or self.naming
        )


def cards(documents: Mapping[str, Document]) -> tuple[Card, ...]:
    """Word one card per segment."""
    summary, segments = documents["summary"], documents["segments"]["segments"]
    evidence = documents.get("evidence", {})
    widest = max(
        (max(s.get("share", 0.0), s.get("value_share") or 0.0) for s in segments), default=1.0
    )
    shown = [leading_first(s.get("contrasts", ())) for s in segments]
    limit = max((abs(c["difference"]) for cs in shown for c in cs), default=NARROWEST_SCALE)
    return tuple(
        _card(
            s, summary, evidence, max(widest, 1e-9), tuple(_contrast(c, summary, limit) for c in cs)
        )
        for s, cs in zip(segments, shown, strict=True)
    )


def leading_first(contrasts: Sequence[Document]) -> list[Document]:
    """Put one level of each category first: the others mostly say the same again."""
    leading = {c["feature"]: c for c in reversed(contrasts)}
    first = [c for c in contrasts if leading[c["feature"]] is c][:TOP_CONTRASTS]
    rest = [c for c in contrasts if not any(c is f for f in first)]
    return [*first, *rest[:MORE_CONTRASTS]]


def _card(
    segment: Document,
    summary: Document,
    evidence: Document,
    widest: float,
    rows: tuple[ContrastRow, ...],
) -> Card:
    playbook = segment.get("playbook", {})
    value_share = segment.get("value_share")
    traits = tuple(fmt.sentence(t) for t in segment.get("traits", ()))
    return Card(
        f"segment-{segment['id']}",
        segment["name"],
        look_of(int(segment["id"])),
        fmt.whole(segment.get("size")),
        fmt.share(segment.get("share")),
        _width(segment.get("share"), widest),
        None if value_share is None else fmt.share(value_share),
        _width(value_share, widest),
        value_text(segment["value_total"], summary) if "value_total" in segment else None,
        traits[:TOP_TRAITS],
        traits[TOP_TRAITS:],
        playbook.get("action", ""),
        playbook.get("reason", ""),
        next((x["text"] for x in playbook.get("lines", ()) if x["kind"] == "channel"), ""),
        segment.get("naming", {}).get("reason", ""),
        _rule(segment, evidence),
        tuple(_outcome(o) for o in segment.get("outcomes", ())),
        _overlays(segment.get("overlays", ())),
        _quality(segment, evidence),
        rows[:TOP_CONTRASTS],
        rows[TOP_CONTRASTS:],
        tuple(business_row(b, summary) for b in segment.get("business", ())),
        _said(segment),
    )


def _said(segment: Document) -> tuple[tuple[str, str], ...]:
    locked = "it keeps its name, and is neither merged nor split" if segment.get("locked") else None
    model = segment.get("suggested_by")
    facts = (
        ("Name", f"suggested by {model}, a model, and accepted by people" if model else None),
        ("Owner", segment.get("owner")),
        ("Locked", locked),
        ("Note", segment.get("note")),
    )
    return tuple((name, str(fact)) for name, fact in facts if fact)


def _width(value: float | None, widest: float) -> float:
    """Give a bar's width; value shares below zero (more refunds than sales) have no bar."""
    return round(100 * max(value or 0.0, 0.0) / widest, 2)


def _of(told: Document, key: str, inner: str, segment: Document) -> Document | None:
    """Give what a part of the evidence says of one segment."""
    found = told.get(key, {}).get(inner, ())
    return next((s for s in found if s.get("id") == segment["id"]), None)


def _rule(segment: Document, evidence: Document) -> Rule | None:
    told = _of(evidence, "surrogate", "rules", segment)
    if told is None or not told.get("rule"):
        return None
    return Rule(told["rule"], fmt.share(told.get("precision")), fmt.share(told.get("coverage")))


def _quality(segment: Document, evidence: Document) -> tuple[Quality, ...]:
    found = [*_health(segment, evidence)]
    stable = _of(evidence, "stability", "segments", segment)
    if stable is not None:
        words, tone = STABILITY.get(stable.get("verdict", ""), ("", ""))
        found.append(
            Quality(
                "bootstrap", "When resampled", f"{words} ({fmt.fixed(stable['jaccard'])})", tone
            )
        )
    if "silhouette" in segment:
        found.append(Quality("silhouette", "Silhouette", fmt.fixed(segment["silhouette"])))
    if "mean_confidence" in segment:
        # Runs of earlier versions call nearness so.
        is_learned = "confidence" in evidence
        term, label = ("confidence", "Confidence") if is_learned else ("", "Nearness")
        found.append(Quality(term, label, fmt.share(segment["mean_confidence"])))
    if "anomaly_share" in segment:
        found.append(Quality("anomaly", "Anomalies", fmt.share(segment["anomaly_share"])))
    return tuple(found)


def _health(segment: Document, evidence: Document) -> Iterator[Quality]:
    told = _of(evidence, "health", "segments", segment)
    if told is None or "mean" not in told:
        return
    health, mean = evidence["health"], told["mean"]
    label = "Health" if health["basis"] == Basis.OUTCOME else "Health, unchecked"
    ends = fmt.interval(fmt.whole(mean["low"]), fmt.whole(mean["high"]))
    below = ""
    # A share that would tell of fewer than ten is not there.
    if "below" in told:
        below = f", {fmt.share(told['below']['value'])} below {fmt.whole(health['floor'])}"
    yield Quality("health score", label, f"{fmt.whole(mean['value'])} ({ends}){below}")


def _overlays(told: Sequence[Document]) -> tuple[tuple[str, str, str], ...]:
    """Lay out overlays; of a yes/no column only the yes, as the no says the same again."""
    pairs = {o["column"] for o in told if not _says_no(o)}
    return tuple(
        (
            # A level of digits is a code: "Browser: 1" is no yes.
            fmt.clip(fmt.sentence(f"{feature_words(o['column'])}: {o['level']}"), LONGEST_LABEL),
            fmt.share(o["share"]),
            fmt.share(o["overall_share"]),
        )
        for o in told
        if not (_says_no(o) and o["column"] in pairs)
    )


def _says_no(overlay: Document) -> bool:
    level = str(overlay["level"])
    return is_no(level) and not level[:1].isdigit()


def has_shares(told: Document) -> bool:
    """Tell whether an outcome's means are shares; a run that did not say is judged by its means."""
    return bool(told.get("is_share", all(0 <= told[k] <= 1 for k in ("mean", "overall"))))


def _outcome(told: Document) -> OutcomeRow:
    write = fmt.share if has_shares(told) else fmt.compact
    here, low, high, everyone = (write(told[k]) for k in ("mean", "low", "high", "overall"))
    return OutcomeRow(
        fmt.sentence(fmt.words(told["name"])), here, fmt.interval(low, high), everyone
    )


def business_row(told: Document, summary: Document) -> BusinessRow:
    """Word a figure of business, in its unit."""
    currency = summary["project"].get("currency")

    def write(key: str) -> str:
        return fmt.quantity(told[key], told["unit"], currency)

    return BusinessRow(
        business_name(told["name"]),
        told["sentence"],
        write("value"),
        fmt.interval(write("low"), write("high")),
        write("everyone"),
        fmt.whole(told["n"]),
    )


def business_name(name: str) -> str:
    """Write the name of a figure of business as words.

    Examples
    --------
    >>> business_name("tickets_each"), business_name("net_revenue_retention")
    ('Tickets per member', 'Net revenue retention')
    """
    return fmt.sentence(fmt.words(name.replace("_each", "_per_member")))


def _contrast(told: Document, summary: Document, limit: float) -> ContrastRow:
    measure, here, everyone = typical_texts(
        told, units(summary), summary["project"].get("currency")
    )
    return ContrastRow(
        feature_label(told["feature"], told.get("level")),
        measure,
        here,
        everyone,
        fmt.signed(told["difference"], 2),
        fmt.interval(fmt.signed(told.get("low"), 2), fmt.signed(told.get("high"), 2)),
        _bar(told["difference"], told.get("low"), told.get("high"), max(limit, NARROWEST_SCALE)),
    )


def _bar(difference: float, low: float | None, high: float | None, limit: float) -> Bar:
    def at(value: float) -> float:
        return round(50 + 50 * max(-1.0, min(1.0, value / limit)), 2)

    end = at(difference)
    low_at, high_at = (at(difference if v is None else v) for v in (low, high))
    return Bar(min(50.0, end), round(abs(end - 50), 2), low_at, high_at, difference > 0)
