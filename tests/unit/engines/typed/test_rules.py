"""Which rules there are."""

from __future__ import annotations

from segmentry.engines.typed.functions import FUNCTIONS
from segmentry.engines.typed.rules import RULES, known_functions
from segmentry.engines.typed.scalars import OPERATORS
from segmentry.engines.typed.times import TIME_FUNCTIONS
from segmentry.engines.typed.writer import WHY


def test_no_construct_is_both_written_and_refused() -> None:
    assert set(RULES) & {*WHY, *(f"Anonymous:{name}" for name in WHY)} == set()


def test_no_rule_hides_another() -> None:
    assert len(RULES) == len(OPERATORS) + len(FUNCTIONS) + len(TIME_FUNCTIONS)


def test_functions_without_a_class_are_known_by_their_names() -> None:
    named = {n.removeprefix("Anonymous:") for n in RULES if n.startswith("Anonymous:")}
    assert named | {"log10", "strptime"} <= known_functions()
    assert "md5" not in known_functions()
