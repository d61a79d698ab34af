"""A figure with its interval: what the tables of comparisons hold in place of a bare number."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Bounded:
    """A figure and its bounds; whoever holds it says what they mean."""

    value: float
    low: float
    high: float

    def as_dict(self) -> dict[str, float]:
        """Give the figure as plain facts.

        Examples
        --------
        >>> Bounded(0.5, 0.4, 0.6).as_dict()
        {'value': 0.5, 'low': 0.4, 'high': 0.6}
        """
        return asdict(self)

    def __str__(self) -> str:
        """Write it with two digits.

        Examples
        --------
        >>> print(Bounded(0.5, 0.4, 0.6))
        0.50 (0.40 to 0.60)
        """
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"
