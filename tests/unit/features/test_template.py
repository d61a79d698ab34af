from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import ibis
import pytest

from logs import KINDS
from segmentry.domain.formula import LABELS
from segmentry.domain.project import NUMBER_FIELDS, FeatureChoice, Windows
from segmentry.domain.window import Window
from segmentry.errors import MathsError
from segmentry.features.choose import possible_features
from segmentry.features.compile import compile_features
from segmentry.features.rows import day_before, instant
from segmentry.features.template import template

CUT = datetime(2024, 7, 1, 1, 2, 3, 4, tzinfo=UTC)
WINDOW = Window(CUT, recent_days=17.25)


def test_a_template_is_the_statement_at_any_cut() -> None:
    def write(window: Window) -> str:
        cut = instant(window.as_of)
        return f"SELECT '{5}' FROM \"t1\" WHERE micros < {cut} AND x > 1.5 OR {cut - 77} = 3"

    made = template(write, WINDOW, time_zone="UTC")
    assert made.offsets == (0, -77)
    for days in (0, 1, 400):
        window = Window(CUT - timedelta(days=days))
        assert made.at(window.as_of) == write(window)


@pytest.mark.parametrize(
    "write",
    [
        lambda w: f"micros < {w.as_of:%Y}",
        lambda w: f"micros < '{instant(w.as_of)}'",
        lambda w: f"micros < {2 * instant(w.as_of)}",
        lambda w: "a, b" if w.as_of.year == 6000 else "a",
        lambda w: f"micros < {instant(w.as_of)}.0",
    ],
    ids=["year", "text", "twice", "length", "fraction"],
)
def test_a_statement_that_knows_more_of_its_cut_is_refused(write: Any) -> None:
    with pytest.raises(MathsError, match="depends on its cut"):
        template(write, WINDOW, time_zone="UTC")


def test_all_features_depend_on_their_cut_by_instants_alone() -> None:
    zone = "America/St_Johns"
    fields = {"entity_id": "int64", "micros": "int64"}
    fields |= dict.fromkeys(("order_id", "session_id", *LABELS), "string")
    fields |= dict.fromkeys(NUMBER_FIELDS, "decimal(20,4)")
    choice = FeatureChoice(kinds=KINDS)
    specs = tuple(possible_features({*fields, "at"}, choice, Windows()).values())
    events = ibis.table(fields, name="log")

    def write(window: Window) -> str:
        latest = instant(datetime(2030, 1, 1, tzinfo=UTC))
        found = compile_features(specs, events, window, time_zone=zone, latest=latest)
        return str(ibis.to_sql(found, dialect="duckdb"))

    made = template(write, WINDOW, time_zone=zone)
    assert len(specs) > 100
    assert made.at(CUT) == write(WINDOW)


def test_the_local_day_before_a_cut_changes_with_it() -> None:
    def write(window: Window) -> str:
        return f"age = {day_before(window.as_of, 'Asia/Tokyo')} - last"

    made = template(write, WINDOW, time_zone="Asia/Tokyo")
    for hours in range(0, 48, 5):
        window = Window(CUT + timedelta(hours=hours))
        assert made.at(window.as_of) == write(window)
