"""What watching tells, as plain facts."""

from __future__ import annotations

from segmentry.domain.bounded import Bounded
from segmentry.domain.drift import Cause, Drift, Sign


def drift(n_alarms: int) -> Drift:
    sign = Sign("unit", "x", "'x' is 100 times what it was", 0.0)
    return Drift(
        "then",
        None,
        10,
        10,
        (),
        (),
        0.0,
        Bounded(0.0, 0.0, 0.1),
        None,
        None,
        None,
        (sign,),
        n_alarms,
    )


def test_signs_that_are_no_alarm_wake_nobody() -> None:
    assert not drift(0).is_alarm
    assert drift(0).alarms == ()
    assert [s.check for s in drift(1).alarms] == ["unit"]


def test_what_was_not_measured_is_left_out_of_the_document() -> None:
    cause = Cause("broken pipeline", ("a unit",), ("look at tracking",), "mend the data")
    told = drift(1).with_cause(cause).as_dict()
    assert told["is_alarm"] is True
    assert told["cause"]["name"] == "broken pipeline"
    assert {"as_of", "emerging", "separation"}.isdisjoint(told)
