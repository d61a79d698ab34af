"""A share as people read it: the one way in which the house writes percent.

What lives here: one function, because traits, sentences, reasons, tables and charts all show
shares and have to agree. What does not: any other figure (``render.format``, ``explain.word``).
"""

from __future__ import annotations

NARROW_SPACE = "\u202f"
"""No-break and narrow: a figure is never parted from its sign at the end of a line."""

SIGN = f"{NARROW_SPACE}%"


def percent(share: float, *, finely: bool = False) -> str:
    r"""Write a share in percent, with a digit after the point where it is small.

    What is not nothing is never shown as 0 %, and what is not all never as 100 %.

    Parameters
    ----------
    share : float
        1 is the whole; a share of a total that holds refunds may be negative.
    finely : bool, default=False
        A digit after the point for every size: where two shares that lie close are compared.

    Returns
    -------
    str

    Examples
    --------
    >>> [percent(s).replace(NARROW_SPACE, " ") for s in (0.431, 0.097, 0.05, 0.004, 0.0, 1.0)]
    ['43 %', '9.7 %', '5 %', '0.4 %', '0 %', '100 %']
    >>> [percent(s).replace(NARROW_SPACE, " ") for s in (0.0001, 0.9962, 0.9999, -0.2)]
    ['under 0.1 %', '99.6 %', 'over 99.9 %', '−20 %']
    """
    hundredths = 100.0 * share
    size = abs(hundredths)
    if 0 < size < 0.05:
        return f"under {'−' if hundredths < 0 else ''}0.1{SIGN}"
    if 99.95 <= size < 100:
        return f"over {'−' if hundredths < 0 else ''}99.9{SIGN}"
    has_digit = finely or size < 9.95 or 99.05 < size < 100
    text = f"{size:.{1 if has_digit else 0}f}".removesuffix(".0")
    return f"{'−' if hundredths < 0 else ''}{text}{SIGN}"
