"""How far the segments may be trusted: answers at a glance, and the tables behind them.

What lives here: wording of evidence and of the choice among candidates. What does not: their
charts (``figures_evidence``), and any measuring.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from segmentry.render import existing_view
from segmentry.render import format as fmt
from segmentry.render.chart import Cell, Table, named, numbers, texts
from segmentry.render.feature_words import Document, method_name, names
from segmentry.render.opening import verdict_note
from segmentry.render.palette import look_of
from segmentry.render.reshaped_view import scores_by_hand

HELD_OUT = ("heldout", "heldout_columns")
"""Parts of the evidence with outcomes on entities that segments were not made of."""

LEVEL = 0.05
"""Below this p-value a difference between segments is told as one."""

APART = (
    (0.71, "strongly apart", "good"),
    (0.51, "reasonably apart", "good"),
    (0.26, "weakly apart, which a method may have made itself", "warn"),
)
"""Least mean silhouettes of the bands of Kaufman and Rousseeuw (1990, Finding groups in data,
chapter 2), and what to call them; below all of these they saw no structure of substance."""
HARDLY_APART = ("hardly apart, they touch", "warn")


@dataclass(frozen=True, slots=True)
class Score:
    """A score of a candidate: key in the documents, title, glossary term, and how it is read."""

    key: str
    title: str
    term: str
    better: str
    has_panel: bool = True


SCORES = (
    Score("silhouette", "Silhouette", "silhouette", "higher"),
    Score("seed_ari", "Agreement of seeds", "seed stability", "higher"),
    Score("jaccard_mean", "Overlap when resampled", "bootstrap", "higher", has_panel=False),
    Score("smallest_share", "Smallest segment", "", "higher"),
    Score("davies_bouldin", "Davies-Bouldin", "Davies-Bouldin", "lower"),
    Score("calinski_harabasz", "Calinski-Harabasz", "Calinski-Harabasz", "higher"),
    Score("bic", "BIC", "BIC", "lower"),
    Score("inertia", "Sum of squares", "within-cluster sum of squares", "bend"),
    Score("fidelity", "Kept by nearest centre", "fidelity", "higher", has_panel=False),
)
AS_SHARES = {"smallest_share", "fidelity"}


@dataclass(frozen=True, slots=True)
class Answer:
    """A question that a doubter asks, and what the evidence says; ``tone`` as of a cell."""

    question: str
    text: str
    tone: str
    anchor: str


def answers(documents: Mapping[str, Document]) -> tuple[Answer, ...]:
    """Answer what a doubter asks first, as far as the run measured it."""
    evidence = documents.get("evidence", {})
    found = (
        _groups_at_all(evidence),
        _come_back(evidence),
        _apart(evidence),
        _told_apart(evidence),
        _simple_rules(evidence),
        _better_than_simple(evidence),
        _better_than_existing(evidence),
        _foretell(evidence),
    )
    return tuple(a for a in found if a is not None)


def _groups_at_all(evidence: Document) -> Answer | None:
    structure = evidence.get("structure", {})
    note = verdict_note(structure.get("verdict"), structure)
    if note is None:
        return None
    tone = {"clear": "good", "weak": "warn", "none": "bad"}[note.word]
    return Answer("Are there groups at all?", note.heading, tone, "structure")


def _come_back(evidence: Document) -> Answer | None:
    told = evidence.get("stability", {}).get("segments", ())
    if not told:
        return None
    stable = sum(s.get("verdict") == "stable" for s in told)
    lost = sum(s.get("verdict") == "dissolves" for s in told)
    text = f"{stable} of {len(told)} do"
    if lost:
        text += f"; {lost} {'dissolves' if lost == 1 else 'dissolve'}"
    tone = "bad" if lost else ("good" if stable == len(told) else "warn")
    return Answer("Do they come back in other samples?", text, tone, "stability")


def _apart(evidence: Document) -> Answer | None:
    check = next((c for c in evidence.get("checks", ()) if c.get("name") == "silhouette"), None)
    if check is None or "estimate" not in check:
        return None
    rounded = round(check["estimate"], 2)  # the bands are told to two digits
    words, tone = next(((w, t) for least, w, t in APART if rounded >= least), HARDLY_APART)
    return Answer(
        "Are they apart from each other?",
        f"{words}: silhouette {fmt.fixed(check['estimate'])}",
        tone,
        "outlines" if evidence.get("silhouettes", {}).get("segments") else "checks",
    )


def _told_apart(evidence: Document) -> Answer | None:
    told = evidence.get("discriminant")
    if not told:
        return None
    accuracy, chance = told["accuracy"], told.get("chance", 0.0)
    # Half of the way from chance to certainty is the least that deserves to be called recognised.
    tone = "good" if accuracy - chance >= (1 - chance) / 2 else "warn"
    text = f"{fmt.share(accuracy)} are recognised; by chance {fmt.share(chance)}"
    return Answer("Can a member be recognised?", text, tone, "recognised")


def _simple_rules(evidence: Document) -> Answer | None:
    told = evidence.get("surrogate")
    if not told:
        return None
    text = f"a few simple rules are right for {fmt.share(told['accuracy'])}"
    return Answer("Can they be said in plain rules?", text, "", "rules")


def _better_than_simple(evidence: Document) -> Answer | None:
    told = evidence.get("baseline")
    own = (told or {}).get("chosen_explained_share")
    if not told or own is None or "explained_share" not in told:
        return None
    wins = [own > told["explained_share"]]
    text = (
        f"they explain {fmt.share(own)} of the variety of their own features, {told['name']} "
        f"{fmt.share(told['explained_share'])}"
    )
    compared = [o for o in _differing(evidence) if "baseline_explained" in o]
    if compared:
        signs = [_against_simple(o) for o in compared]
        won, lost = signs.count(1), signs.count(-1)
        wins.append(2 * won > len(compared))
        which = (
            "outcomes held out" if _outcomes_in(evidence, "heldout_columns") else "what followed"
        )
        text += f"; of {which} they explain more in {won} of {len(compared)} outcomes"
        if won + lost < len(compared):
            text += f", less in {lost}, with no difference shown in {signs.count(0)}"
    word, tone = ("yes", "good") if all(wins) else ("in part" if any(wins) else "no", "warn")
    return Answer("Better than a simple grouping?", f"{word}: {text}", tone, "baseline")


def _against_simple(outcome: Document) -> int:
    """Say whether segments tell more of what followed than the simple grouping (1), or less (-1).

    A run that kept no interval of the difference is read by the two shares.
    """
    ahead = outcome["explained"] - outcome["baseline_explained"]
    gain = outcome.get("beyond_baseline") or {"low": ahead, "high": ahead}
    return int(gain["low"] > 0) - int(gain["high"] < 0)


def _better_than_existing(evidence: Document) -> Answer | None:
    told = existing_view.answer(evidence)
    return None if told is None else Answer("Better than what there is?", *told, "existing")


def _foretell(evidence: Document) -> Answer | None:
    if not _held_out(evidence):
        return None
    measured, differ = len(_measured(evidence)), len(_differing(evidence))
    has = [bool(_outcomes_in(evidence, part)) for part in HELD_OUT]
    # What is in a table happened beside the features, not after them.
    where = "when held out" if all(has) else "afterwards" if has[0] else "on entities held out"
    text = f"{differ} of {measured} outcomes differ {where}"
    tone = "good" if differ == measured else ("warn" if differ else "bad")
    if not measured:
        text, tone = "could not be measured (what followed is the same for everyone)", ""
    anchor = "afterwards" if has[0] else "apart"
    return Answer("Do they foretell behaviour?", text, tone, anchor)


def _outcomes_in(evidence: Document, part: str) -> Sequence[Document]:
    found: Sequence[Document] = evidence.get(part, {}).get("outcomes", ())
    return found


def _held_out(evidence: Document) -> list[Document]:
    """Give outcomes of entities that were assigned before them, and of those that made nothing."""
    return [o for part in HELD_OUT for o in _outcomes_in(evidence, part)]


def _measured(evidence: Document) -> list[Document]:
    """Give what was held out, without what is the same for everyone."""
    return [o for o in _held_out(evidence) if varies(o)]


def _differing(evidence: Document) -> list[Document]:
    return [o for o in _measured(evidence) if o.get("p_value", 1.0) < LEVEL]


def varies(outcome: Document) -> bool:
    """Tell whether what followed varies; a run that did not say so told it by an overall of 0."""
    return bool(outcome.get("varies", outcome.get("overall") != 0))


def heldout_notes(documents: Mapping[str, Document], part: str = "heldout") -> tuple[str, ...]:
    """Say beneath each outcome what was counted, and how much of it the segments explain."""
    evidence = documents.get("evidence", {})
    simple = str(evidence.get("baseline", {}).get("name") or "a simple grouping")
    simple = str(evidence.get(part, {}).get("baseline") or simple)
    return tuple(
        _heldout_note(o, simple) for o in _outcomes_in(evidence, part) if o.get("segments")
    )


def _heldout_note(outcome: Document, simple: str) -> str:
    told = [str(outcome["sentence"])] if outcome.get("sentence") else []
    if not varies(outcome):
        return " ".join([*told, "It could not be measured (the same for everyone)."])
    if "explained" in outcome:
        own = f"The segments explain {fmt.share(outcome['explained'])}{_bounds(outcome)}"
        own += " of its variety"
        if "baseline_explained" in outcome:
            own += f", {simple} {fmt.share(outcome['baseline_explained'])}"
            own += _difference(outcome)
        told.append(f"{own}.")
    if outcome.get("p_value", 0.0) >= LEVEL:
        told.append("Chance alone may have made these differences.")
    return " ".join(told)


def _bounds(outcome: Document) -> str:
    low, high = outcome.get("explained_low"), outcome.get("explained_high")
    if low is None or high is None:
        return ""
    return f" ({fmt.interval(fmt.share(low), fmt.share(high))})"


def _difference(outcome: Document) -> str:
    """Say by how many points segments tell more than the simple grouping, with the interval."""
    none = "" if _against_simple(outcome) else ", which shows no difference between the two"
    gain = outcome.get("beyond_baseline")
    if gain is None:
        return none
    value, low, high = (f"{100 * gain[k]:+.1f}".replace("-", "\N{MINUS SIGN}")
                        for k in ("value", "low", "high"))  # fmt: skip
    return f": {value} points ({low} to {high}){none}"


def candidates_table(candidates: Document) -> Table:
    """Lay out every candidate with its scores, and beneath its name why it was kept or rejected."""
    found = candidates.get("candidates", ())
    keys = [s for s in SCORES if any(s.key in c.get("scores", {}) for c in found)]
    head = (Cell("Candidate, and why"), *(named(s.title, s.term) for s in keys))
    rows = tuple(
        (
            Cell(
                f"{method_name(c['name'])}{' (chosen)' if c.get('kept') else ''}",
                is_marked=bool(c.get("kept")),
                note=_reason(c),
            ),
            *(_score(c.get("scores", {}), s.key) for s in keys),
        )
        for c in found
    )
    return Table("Every candidate, its scores, and why it was kept or rejected", head, rows)


def _reason(candidate: Document) -> str:
    """Leave out a name that stands above the reason anyway."""
    reason = str(candidate.get("reason", ""))
    return fmt.sentence(reason.removeprefix(f"{candidate['name']}: "))


def _score(scores: Document, key: str) -> Cell:
    value = scores.get(key)
    if key in AS_SHARES:
        return Cell(fmt.share(value), is_number=True)
    low, high = scores.get(f"{key}_low"), scores.get(f"{key}_high")
    if key in {"inertia", "calinski_harabasz", "bic"}:
        ends = low is not None and high is not None
        note = fmt.interval(fmt.plain(low, 4), fmt.plain(high, 4)) if ends else ""
        return Cell(fmt.plain(value, 4), is_number=True, note=note)
    note = ""
    if low is not None and high is not None:
        note = fmt.interval(fmt.fixed(low), fmt.fixed(high))
    elif low is not None and fmt.fixed(low) != fmt.fixed(value):
        # Equal where there was one other seed only, which is no worst of several.
        note = f"worst {fmt.fixed(low)}"
    return Cell(fmt.fixed(value), is_number=True, note=note)


def methods_table(candidates: Document) -> Table | None:
    """Lay out the methods: which were tried, and why or why not."""
    methods = candidates.get("methods", ())
    if not methods:
        return None
    rows = tuple(
        texts(method_name(m["name"]), fmt.sentence(str(m.get("reason", "")))) for m in methods
    )
    return Table("Methods, and why they were tried or not", texts("Method", "Why"), rows)


def rules_table(evidence: Document, segments: Sequence[Document]) -> Table | None:
    """Lay out the rule of each segment in the features' own units."""
    rules = evidence.get("surrogate", {}).get("rules", ())
    if not rules:
        return None
    known = names(segments)
    head = (Cell("Segment"), Cell("Rule"), *numbers("Right for", "Finds of the segment"))
    rows = tuple(
        (
            Cell(known.get(int(r["id"]), str(r["id"])), slot=look_of(int(r["id"])).slot),
            Cell(str(r.get("rule") or fmt.ABSENT)),
            *numbers(fmt.share(r.get("precision")), fmt.share(r.get("coverage"))),
        )
        for r in rules
    )
    return Table("The rule of each segment", head, rows)


def baseline_table(documents: Mapping[str, Document]) -> Table | None:
    """Lay out the simple grouping beside the choice."""
    told = documents.get("evidence", {}).get("baseline")
    if not told:
        return None
    own = scores_by_hand(documents["evidence"])
    if own is None:
        own = _chosen_scores(documents.get("candidates", {}))
    count = len(documents["segments"]["segments"])
    head = (
        Cell("Segmentation"),
        *numbers("Segments"),
        named("Silhouette", "silhouette"),
        named("Variance explained", "variance explained"),
    )
    rows = (
        (
            Cell("These segments", is_marked=True),
            *numbers(fmt.whole(count)),
            _score(own, "silhouette"),
            *numbers(fmt.share(told.get("chosen_explained_share"))),
        ),
        (
            Cell(str(told["name"])),
            *numbers(fmt.whole(told.get("n_segments"))),
            _score(told, "silhouette"),
            *numbers(fmt.share(told.get("explained_share"))),
        ),
    )
    return Table("The choice beside a simple grouping of the same entities", head, rows)


def _chosen_scores(candidates: Document) -> Document:
    found = (c.get("scores", {}) for c in candidates.get("candidates", ()) if c.get("kept"))
    return next(found, {})


VERDICT_WORDS = {"pass": "passes", "warn": "borderline", "fail": "fails", "info": "for information"}


def checks_table(evidence: Document) -> Table | None:
    """Lay out the checks with estimate, interval, threshold and verdict."""
    checks: Sequence[Document] = evidence.get("checks", ())
    if not checks:
        return None
    head = (
        Cell("Check"),
        *numbers("Estimate"),
        named("95\u202f% interval", "interval"),
        *numbers("Wanted"),
        Cell("Verdict"),
    )
    rows = tuple(
        (
            Cell(fmt.sentence(fmt.words(c["name"])), note=c.get("sentence", "")),
            *numbers(_measure(c)(c.get("estimate")), _ends(c), _wanted(c)),
            _verdict_cell(c.get("verdict", "")),
        )
        for c in checks
    )
    return Table("Checks of this segmentation", head, rows)


def _measure(check: Document) -> Callable[[float | None], str]:
    """Choose how a check's figures are written: shares as shares."""
    if check["name"].endswith("_share"):
        return fmt.share
    return lambda value: (
        fmt.fixed(value, 3) if value is None or abs(value) < 10 else fmt.plain(value)
    )


def _verdict_cell(verdict: str) -> Cell:
    tone = {"pass": "good", "warn": "warn", "fail": "bad"}.get(verdict, "")
    return Cell(VERDICT_WORDS.get(verdict, ""), tone=tone)


def _ends(told: Document) -> str:
    write = _measure(told)
    low, high = told.get("low"), told.get("high")
    if low is not None and high is not None:
        return fmt.interval(write(low), write(high))
    if low is not None:
        return f"from {write(low)}"
    return fmt.ABSENT if high is None else f"up to {write(high)}"


def _wanted(check: Document) -> str:
    if check.get("threshold") is None:
        return fmt.ABSENT
    side = "at least" if check.get("larger_is_better", True) else "at most"
    return f"{side} {_measure(check)(check['threshold'])}"
