"""What was checked, what was measured, and the verdict that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a check says, derived from estimate and threshold."""

    PASS = "pass"  # noqa: S105 - a verdict
    WARN = "warn"
    FAIL = "fail"
    INFO = "info"


class StructureVerdict(StrEnum):
    """Whether the data holds groups at all."""

    CLEAR = "clear"
    WEAK = "weak"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Check:
    """One named measurement with its uncertainty.

    ``low`` and ``high`` bound a 95 % interval where one is known. ``larger_is_better`` tells the
    side of ``threshold`` on which the estimate passes; a check without threshold only informs.
    """

    name: str
    estimate: float
    low: float | None = None
    high: float | None = None
    threshold: float | None = None
    larger_is_better: bool = True
    sentence: str = ""

    @property
    def verdict(self) -> Verdict:
        """Derive the verdict: pass, fail, or warn where the interval straddles the threshold."""
        if self.threshold is None:
            return Verdict.INFO
        sign = 1.0 if self.larger_is_better else -1.0
        worst = self.low if self.larger_is_better else self.high
        passed = sign * self.estimate >= sign * self.threshold
        if passed and worst is not None and sign * worst < sign * self.threshold:
            return Verdict.WARN
        return Verdict.PASS if passed else Verdict.FAIL


@dataclass(frozen=True, slots=True)
class Structure:
    """The structure test: whether the data is more grouped than structureless data of its kind."""

    verdict: StructureVerdict
    p_value: float
    silhouette: float
    null_silhouettes: tuple[float, ...]
    n_rows: int
    dip_p_value: float
    dip_where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """All checks of a segmentation."""

    structure: Structure
    checks: tuple[Check, ...]
    warnings: tuple[str, ...] = ()
