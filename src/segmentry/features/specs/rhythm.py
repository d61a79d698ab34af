"""Rhythm: when, how regularly, and in which season."""

from __future__ import annotations

from functools import reduce
from operator import add

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.formula import (
    Aggregate,
    Computed,
    Condition,
    Days,
    Formula,
    Function,
    Larger,
    Measure,
    Over,
)
from segmentry.domain.role import Facet
from segmentry.features.specs.activity import NEVER, SILENT
from segmentry.features.terms import (
    above,
    below,
    count,
    first,
    gaps,
    last,
    means,
    most,
    one_of,
    root,
    tenure,
    total,
    where,
)

_N = gaps(Measure.COUNT, "gap")
_SUM = gaps(Measure.SUM)
_SPREAD = root(gaps(Measure.SQUARES) / _N - (_SUM / _N) * (_SUM / _N))
"""Standard deviation of the gaps, in seconds."""
_MEAN = _SUM / _N

FEW = "fewer than five events, too few to tell"
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ON_DAY = tuple(count(one_of(Computed.WEEKDAY, i)) for i in range(1, 8))
_AFTER = {
    "purchase": "a purchase",
    "view": "a view",
    "cart": "putting into a cart",
    "login": "a login",
    "ticket": "a ticket",
    "open": "an opened message",
    "learn": "a lesson or help",
}
_DAY_PARTS = (
    ("morning", "between 6 and 12", range(6, 12)),
    ("afternoon", "between 12 and 18", range(12, 18)),
    ("evening", "between 18 and 24", range(18, 24)),
    ("night", "between 0 and 6", range(6)),
)


def _clumped(cosine: Computed, sine: Computed) -> Formula:
    """Give the length of the mean of places on a circle: 0 spread evenly, 1 all at one place."""
    c, s = total(cosine), total(sine)
    return root(c * c + s * s) / count()


FEATURES = (
    FeatureSpec(
        "gap_median_days",
        gaps(Measure.MEDIAN, "gap"),
        Facet.RHYTHM,
        "days",
        "typical number of days between one event and the next",
        "seen at one moment only, so there is no gap",
        objectives=("retention",),
    ),
    FeatureSpec(
        "weekend_share",
        # A few events make nobody a friend of weekends: the share of three is 0, a third, or more.
        where(count(one_of(Computed.WEEKDAY, 6, 7)) / count(), count(), 5.0),
        Facet.RHYTHM,
        "share",
        "share of events on a Saturday or Sunday, where there are at least five",
        FEW,
        objectives=("engagement",),
    ),
    FeatureSpec(
        "gap_mean_days",
        gaps(Measure.SUM, "gap") / _N,
        Facet.RHYTHM,
        "days",
        "average number of days between one event and the next",
        "seen at one moment only, so there is no gap",
        objectives=("retention",),
        is_core=False,
    ),
    *(
        FeatureSpec(
            f"days_after_{meaning}",
            Aggregate(
                Measure.MEDIAN,
                "gap",
                where=(Condition("before", "means", (meaning,)), above("gap")),
                over=Over.STEPS,
                by="kind",
            ),
            Facet.RHYTHM,
            "days",
            f"typical number of days from {words} to the next event, where that is not of the "
            "same moment",
            f"no event came after {words}, or only one of the same moment",
            objectives=("retention", "engagement"),
            aspect="time to next",
            refines=True,
            is_core=False,
        )
        for meaning, words in _AFTER.items()
    ),
    *(
        FeatureSpec(
            f"days_between_{meaning}s",
            Days(first(means(meaning), span="lookback"), last(means(meaning), span="lookback"))
            / (count(means(meaning)) - 1.0),
            Facet.RHYTHM,
            "days",
            f"average number of days from {_AFTER[meaning]} to the next {meaning}",
            f"fewer than two {meaning}s",
            objectives=("retention", "engagement"),
            aspect="time to next",
            is_core=False,
        )
        for meaning in ("purchase", "login", "ticket")
    ),
    FeatureSpec(
        "regularity",
        where(1.0 / (1.0 + _SPREAD / _MEAN), _N, 3.0),
        Facet.RHYTHM,
        "from 0 to 1",
        "how even the gaps between events are: 1 like a clock, a half as if by chance",
        "fewer than three gaps, too few to tell",
        objectives=("retention", "engagement"),
        is_core=False,
        source="one over one plus the coefficient of variation",
    ),
    FeatureSpec(
        "burstiness",
        where((_SPREAD - _MEAN) / (_SPREAD + _MEAN), _N, 3.0),
        Facet.RHYTHM,
        "from -1 to 1",
        "whether events come in bursts: -1 like a clock, 0 as if by chance, towards 1 in bursts",
        "fewer than three gaps, too few to tell",
        objectives=("engagement",),
        is_core=False,
        source="Goh, K.-I. and Barabási, A.-L. (2008). Burstiness and memory in complex systems. "
        "EPL 81, 48002",
    ),
    FeatureSpec(
        "longest_silence_days",
        Larger(gaps(Measure.MOST, "gap", "history"), Days(last())),
        Facet.RHYTHM,
        "days",
        "longest stretch without an event since the first one, up to the cut",
        NEVER,
        objectives=("retention",),
        is_core=False,
    ),
    FeatureSpec(
        "longest_streak_days",
        most("days", over=Over.RUNS),
        Facet.RHYTHM,
        "days",
        "most days in a row with events",
        SILENT,
        objectives=("engagement", "adoption"),
        is_core=False,
    ),
    FeatureSpec(
        "current_streak_days",
        Function("or zero", most("days", below("age", 2.0), over=Over.RUNS)),
        Facet.RHYTHM,
        "days",
        "days in a row with events up to the day of the cut or the day before it",
        NEVER,
        objectives=("engagement", "adoption"),
        is_core=False,
    ),
    FeatureSpec(
        "office_hours_share",
        where(
            count(one_of(Computed.WEEKDAY, *range(1, 6)), one_of(Computed.HOUR, *range(9, 17)))
            / count(),
            count(),
            5.0,
        ),
        Facet.RHYTHM,
        "share",
        "share of events from Monday to Friday between 9 and 17, where there are at least five",
        FEW,
        objectives=("engagement", "adoption"),
        is_core=False,
    ),
    *(
        FeatureSpec(
            f"{part}_share",
            where(count(one_of(Computed.HOUR, *hours)) / count(), count(), 5.0),
            Facet.RHYTHM,
            "share",
            f"share of events {words}, where there are at least five",
            FEW,
            objectives=("engagement",),
            aspect="hours",
            is_core=False,
        )
        for part, words, hours in _DAY_PARTS
    ),
    *(
        FeatureSpec(
            f"{day.lower()}_share",
            where(on_day / count(), count(), 5.0),
            Facet.RHYTHM,
            "share",
            f"share of events on a {day}, where there are at least five",
            FEW,
            objectives=("engagement",),
            aspect="weekdays",
            is_core=False,
        )
        for day, on_day in zip(_WEEKDAYS, _ON_DAY, strict=True)
    ),
    FeatureSpec(
        "weekday_concentration",
        where(reduce(add, (n * n for n in _ON_DAY)) / (count() * count()), count(), 5.0),
        Facet.RHYTHM,
        "from 0 to 1",
        "chance that two events fall on the same day of the week, drawn with return, where there "
        "are at least five",
        FEW,
        objectives=("engagement",),
        aspect="weekdays",
        refines=True,
        is_core=False,
        source="Hirschman, A. O. (1964). The paternity of an index. AER 54, 761",
    ),
    FeatureSpec(
        "hour_concentration",
        where(_clumped(Computed.HOUR_COS, Computed.HOUR_SIN), count(), 5.0),
        Facet.RHYTHM,
        "from 0 to 1",
        "how far events keep to one time of the day, where there are at least five",
        FEW,
        objectives=("engagement",),
        aspect="hours",
        refines=True,
        is_core=False,
        source="Mardia, K. V. and Jupp, P. E. (2000). Directional Statistics. Wiley",
    ),
    FeatureSpec(
        "seasonality_strength",
        where(where(_clumped(Computed.YEAR_COS, Computed.YEAR_SIN), count(), 5.0), tenure(), 365.0),
        Facet.RHYTHM,
        "from 0 to 1",
        "how far events keep to one season, where there is at least a year and five events",
        "known for less than a year, or fewer than five events",
        objectives=("retention", "revenue"),
        is_core=False,
        source="Mardia, K. V. and Jupp, P. E. (2000). Directional Statistics. Wiley",
    ),
)
