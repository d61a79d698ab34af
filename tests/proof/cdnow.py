"""Purchases and value to expect on CDNOW: published figures, a real holdout, coverage.

Writes ``docs/proof/cdnow.md``. Run with ``make proof``, or as
``PYTHONPATH=tests python tests/proof/cdnow.py --draws 400``; a few minutes on one core.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np

from music_buyers import Purchases, all_purchases, sample_histories, sample_members
from repeaters import drawn_buyers, drawn_means
from segmentry.domain.evidence import Check
from segmentry.features.calibration import Calibration, calibrate
from segmentry.features.value import NAMES, Histories, ValueModel, fit_value
from segmentry.maths.concentration import concentration, concentration_interval
from segmentry.maths.intervals import bootstrap_mean_interval, wilson_interval
from segmentry.maths.repeat_buying import (
    RepeatBuying,
    expected_purchases,
    probability_active,
    probability_purchase,
)
from segmentry.maths.repeat_buying_fit import fit_repeat_buying
from segmentry.maths.spend import Spend, dependence, expected_value, fit_spend
from segmentry.seeds import stream

REPOSITORY = Path(__file__).resolve().parents[2]
TARGET = REPOSITORY / "docs" / "proof" / "cdnow.md"
DATA = Path(os.environ.get("SEGMENTRY_DATA", str(REPOSITORY.parent / "shared" / "data")))

HORIZON = 273.0
"""Days from the cut to the end: weeks 40 to 78."""

PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
PUBLISHED_SPEND = {"p": 6.25, "q": 3.74, "gamma": 15.44}

HEAD = """# Purchases and value to expect, on CDNOW

Written by `python tests/proof/cdnow.py` (part of `make proof`). CDNOW sold music on the web; 23,570
people made their first purchase there in the first quarter of 1997 and were seen until the end of
June 1998. Everything is fitted on weeks 1 to 39 and judged on the 273 days after them, weeks 40 to
78. One purchase is one day with purchases. Intervals are 95 %. What is computed stands in
[the method](../methods/value.md).
"""


def histories(people: Purchases) -> Histories:
    """Give purchases as the features know them: in days, the mean value of repeats."""
    return Histories(people.x, people.t_x, people.T, people.m)


def table(head: str, rows: list[str]) -> list[str]:
    """Lay out a table."""
    return [head, "|" + "---|" * (head.count("|") - 1), *rows, ""]


def parameters(everybody: Purchases, members: np.ndarray) -> list[str]:
    """Compare parameters with the published ones."""
    sample = fit_repeat_buying(*sample_histories(DATA))
    whole = fit_repeat_buying(everybody.x, everybody.t_x / 7.0, everybody.T / 7.0)
    bounds = sample.model.intervals()
    rows = [
        f"| {name} | {value} | {getattr(sample.model, name):.4f} | "
        f"{bounds[name][0]:.3f} to {bounds[name][1]:.3f} | {getattr(whole.model, name):.4f} |"
        for name, value in PUBLISHED.items()
    ]
    known = everybody.rows(members[members >= 0])
    lines = [
        "## Parameters of purchases",
        "",
        "Published by Fader, Hardie and Lee (2005) for a sample of 2,357; time in weeks. "
        f"Log-likelihood of the sample {sample.log_likelihood:.1f} (published: -9582.4).",
        "",
        *table("| parameter | published | ours, sample | interval | ours, everybody |", rows),
        "## Parameters of spend",
        "",
    ]
    fits = []
    for people in (known, everybody):
        kept = people.rows((people.x > 0) & (people.m > 0))
        fits.append((fit_spend(kept.x, kept.m), dependence(kept.x, kept.m), len(kept.x)))
    (ours, along, n), (all_, all_along, n_all) = fits
    bounds = ours.model.intervals()
    rows = [
        f"| {name} | {value} | {getattr(ours.model, name):.3f} | "
        f"{bounds[name][0]:.2f} to {bounds[name][1]:.2f} | {getattr(all_.model, name):.3f} |"
        for name, value in PUBLISHED_SPEND.items()
    ]
    return [
        *lines,
        "Published by Fader and Hardie (2013) for the 946 of the sample who bought again. The "
        f"sample has numbers of its own; {n} of the 946 can be told among everybody for certain, "
        f"and are what ours is fitted on; everybody are the {n_all:,} who bought again at a price.",
        "",
        *table("| parameter | published | ours, sample | interval | ours, everybody |", rows),
        "Value along with the number of purchases (which the model says it does not): correlation "
        f"{along.correlation:.2f} ({along.low:.2f} to {along.high:.2f}) in the sample, "
        f"{all_along.correlation:.2f} ({all_along.low:.2f} to {all_along.high:.2f}) for everybody; "
        f"Pearson's {along.pearson:.2f} and {all_along.pearson:.2f}.",
        "",
    ]


def class_rows(found: Calibration) -> list[str]:
    """Lay out forecast and actual purchases by class."""
    return [
        f"| {c.label} | {c.n:,} | {c.forecast:.3f} | {c.actual:.3f} | "
        f"{c.low:.3f} to {c.high:.3f} | {c.forecast / c.actual - 1:+.0%} |"
        for c in found.classes
    ]


def holdout(everybody: Purchases, members: np.ndarray) -> tuple[list[str], Calibration]:
    """Compare forecasts of weeks 40 to 78 with what happened."""
    head = "| repeats before | entities | forecast | actual | interval of actual | off by |"
    whole = calibrate(histories(everybody), everybody.bought, horizon_days=HORIZON)
    x, t_x, T = sample_histories(DATA)
    model = fit_repeat_buying(x, t_x, T).model
    found = everybody.rows(members[(members >= 0) & (x > 0)])
    forecast = expected_purchases(model, found.x, found.t_x / 7, found.T / 7, HORIZON / 7)
    classes = np.minimum(found.x, 7)
    rows = []
    for k in range(1, 8):
        own = classes == k
        low, high = bootstrap_mean_interval(found.bought[own], stream(0, "sample", k))
        rows.append(
            f"| {k}{'+' if k == 7 else ''} | {own.sum()} | {forecast[own].mean():.3f} | "
            f"{found.bought[own].mean():.3f} | {max(low, 0.0):.3f} to {high:.3f} | "
            f"{forecast[own].mean() / found.bought[own].mean() - 1:+.0%} |"
        )
    checks = "; ".join(f"{c.sentence} ({c.verdict})" for c in whole.checks)
    lines = [
        "## Purchases in weeks 40 to 78, everybody",
        "",
        f"In total {whole.sentence}. Verdict of the calibration: **{whole.verdict}**. {checks}.",
        "",
        *table(head, class_rows(whole)),
        "Who bought again once or twice is forecast too low: the model lets people stop right "
        "after any repeat purchase, and many do not. That is a fault of the model and not of "
        "the fit; no interval of its parameters holds it.",
        "",
        "## Purchases in weeks 40 to 78, the sample",
        "",
        f"Fitted on all 2,357; judged on the {len(found.x)} of 946 repeat buyers who can be told "
        f"among everybody (who bought once cannot). Forecast {forecast.sum():,.0f} purchases, "
        f"{found.bought.sum():,.0f} followed: off by "
        f"{forecast.sum() / found.bought.sum() - 1:+.0%}.",
        "",
        *table(head, rows),
    ]
    return lines, whole


def activity(everybody: Purchases, model: RepeatBuying, check: Check | None) -> list[str]:
    """Compare the probability to be active, and to buy, with the share that bought."""
    past = (everybody.x, everybody.t_x, everybody.T)
    active = probability_active(model, *past)
    buys = probability_purchase(model, *past, HORIZON)
    repeats, rows = everybody.x > 0, []
    for low in np.arange(0.0, 1.0, 0.1):
        own = repeats & (active >= low) & (active < low + 0.1 + 1e-9 * (low > 0.85))
        n, hits = int(own.sum()), int((everybody.bought[own] > 0).sum())
        bounds = wilson_interval(hits, n)
        rows.append(
            f"| {low:.1f} to {low + 0.1:.1f} | {n:,} | {active[own].mean():.3f} | "
            f"{buys[own].mean():.3f} | {hits / n:.3f} | {bounds[0]:.3f} to {bounds[1]:.3f} |"
        )
    once = ~repeats
    hits, n = int((everybody.bought[once] > 0).sum()), int(once.sum())
    bounds = wilson_interval(hits, n)
    return [
        "## Who is still active",
        "",
        "Nobody can see who is active, only who buys. The model turns the one into the other: the "
        "probability to buy at all in weeks 40 to 78 is that to be active times that not to wait "
        "longer. Those who bought again, by `p_active`:",
        "",
        *table("| p_active | entities | mean p_active | said to buy | bought | interval |", rows),
        f"Who had bought once ({n:,}) has no `p_active`; the model says that "
        f"{buys[once].mean():.3f} of them buy, and {hits / n:.3f} did "
        f"({bounds[0]:.3f} to {bounds[1]:.3f}).",
        "",
        *([f"Verdict on `p_active`: **{check.verdict}**; {check.sentence}."] if check else []),
        "",
    ]


def value_rows(everybody: Purchases, model: ValueModel) -> list[str]:
    """Compare value to expect with value spent, by tenths of the value to expect."""
    found = model.apply(histories(everybody))
    known = np.isfinite(found["clv"])
    order = np.flatnonzero(known)[np.argsort(found["clv"][known], kind="stable")]
    rows = []
    for i, own in enumerate(np.array_split(order, 10)):
        spent = everybody.spent[own]
        low, high = bootstrap_mean_interval(spent, stream(0, "tenth", i))
        rows.append(
            f"| {i + 1} | {len(own):,} | {found['clv'][own].mean():.2f} | "
            f"{found['clv_low'][own].mean():.2f} to {found['clv_high'][own].mean():.2f} | "
            f"{spent.mean():.2f} | {max(low, 0.0):.2f} to {high:.2f} |"
        )
    total, actual = found["clv"][known].sum(), everybody.spent[known].sum()
    inside = (everybody.spent >= found["clv_low"]) & (everybody.spent <= found["clv_high"])
    largest = everybody.spent[order[-len(order) // 10 :]].sum() / actual
    spread = concentration(everybody.spent)
    low_, high_ = concentration_interval(everybody.spent, stream(0, "concentration"))
    return [
        "## Value in weeks 40 to 78",
        "",
        f"In total {total:,.0f} dollars expected and {actual:,.0f} spent, "
        f"{total / actual - 1:+.0%}. "
        "By tenths of the value to expect, from the lowest on:",
        "",
        *table("| tenth | entities | expected | mean interval | spent | interval of spent |", rows),
        f"The tenth with the most value to expect spent {largest:.0%} of everything.",
        "",
        f"Of single entities, {inside[known].mean():.1%} spent an amount inside the interval of "
        "their value. It could not be otherwise: the interval is that of an *expectation*, while "
        "what one entity spends is mostly nothing and sometimes a lot.",
        "",
        f"Spend of these weeks: Gini {spread.gini:.3f} ({low_.gini:.3f} to {high_.gini:.3f}); the "
        f"largest 10 % spent {spread.top_10:.1%} ({low_.top_10:.1%} to {high_.top_10:.1%}), the "
        f"largest 20 % {spread.top_20:.1%} ({low_.top_20:.1%} to {high_.top_20:.1%}); spread as "
        f"evenly as if {spread.effective_share:.1%} of entities had spent the same "
        f"({low_.effective_share:.1%} to {high_.effective_share:.1%}).",
        "",
    ]


def coverage(n_draws: int, n: int) -> tuple[int, dict[str, np.ndarray]]:
    """Count intervals of value that hold the truth, in worlds where the model is the truth."""
    model, spend = RepeatBuying(*PUBLISHED.values()), Spend(*PUBLISHED_SPEND.values())
    given, hits = 0, {k: [] for k in ("0", "1", "2", "3 to 6", "7+")}
    for draw in range(n_draws):
        rng = stream(0, "coverage", n, draw)
        drawn = drawn_buyers(rng, rng.uniform(27.0, 39.0, n))
        m = np.full(n, np.nan)
        repeats = drawn.x > 0
        m[repeats] = drawn_means(rng, drawn.x[repeats])[0]
        people = Histories(drawn.x, drawn.t_x, drawn.T, m)
        fitted = fit_value(people, horizon_days=39.0)
        if fitted.purchases is None or fitted.spend is None:
            continue
        given += 1
        found = fitted.apply(people)
        truth = expected_purchases(model, drawn.x, drawn.t_x, drawn.T, 39.0) * expected_value(
            spend, drawn.x, m
        )
        inside = (found[NAMES[3]] <= truth) & (truth <= found[NAMES[4]])
        edges = ((0, 0), (1, 1), (2, 2), (3, 6), (7, np.inf))
        for name, (low, high) in zip(hits, edges, strict=True):
            own = (drawn.x >= low) & (drawn.x <= high)
            hits[name] += [inside[own].mean()] if own.any() else []
    return given, {name: np.array(shares) for name, shares in hits.items()}


def coverage_rows(n_draws: int) -> list[str]:
    """Lay out the coverage for several numbers of entities."""
    rows = []
    for n in (300, 1_000, 2_357, 10_000):
        given, shares = coverage(n_draws, n)
        cells = " | ".join(f"{v.mean():.3f}" if len(v) else "" for v in shares.values())
        rows.append(f"| {n:,} | {given} of {n_draws} | {cells} |")
    return [
        "## Coverage of the interval of value",
        "",
        "Worlds in which the published parameters are the truth: the share of entities whose "
        "interval holds the value that the true parameters would have expected, by repeat "
        "purchases. A world may get no numbers: then a parameter lies on its bound, or too "
        "few bought again.",
        "",
        *table("| entities | given numbers | 0 | 1 | 2 | 3 to 6 | 7+ |", rows),
    ]


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=200)
    n_draws = parser.parse_args().draws
    everybody = all_purchases(DATA)
    members = sample_members(DATA, everybody)
    lines = [HEAD, *parameters(everybody, members)]
    judged, found = holdout(everybody, members)
    assert found.model.purchases is not None
    lines += [*judged, *activity(everybody, found.model.purchases, found.active)]
    lines += value_rows(everybody, found.model)
    lines += coverage_rows(n_draws)
    TARGET.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
