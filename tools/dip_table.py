"""Simulate the dip under the uniform distribution and write ``src/segmentry/maths/dip_table.py``.

Run as ``python tools/dip_table.py``; about ten minutes on one core. The seed is fixed, so a
second run writes the same file.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from textwrap import fill

import numpy as np

from segmentry.maths.dip import dip_statistic
from segmentry.seeds import stream

LEVELS = (
    0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998,
    0.999, 0.9995, 0.9999,
)  # fmt: skip
DRAWS = {
    **dict.fromkeys((4, 5, 6, 7, 8, 9, 10, 15, 20, 30, 50, 100, 200, 500, 1_000, 2_000), 100_000),
    5_000: 50_000,
    20_000: 30_000,
    72_000: 20_000,
}
TARGET = Path(__file__).parents[1] / "src" / "segmentry" / "maths" / "dip_table.py"

HEAD = '''"""Quantiles of sqrt(n) times the dip of n uniform values, as simulated by our own dip.

What lives here: numbers only, written by ``tools/dip_table.py``; change that, not this.
"""

from __future__ import annotations

# fmt: off
'''


def quantiles(n: int, draws: int) -> list[float]:
    """Simulate one row of the table."""
    rng = stream(0, "dip_table", n)
    dips = [dip_statistic(rng.random(n)) for _ in range(draws)]
    return [round(float(q), 4) for q in np.sqrt(n) * np.quantile(dips, LEVELS)]


def written(rows: dict[int, list[float]]) -> str:
    """Write the table as a module."""
    parts = [
        HEAD,
        f"LEVELS = (\n{wrapped(LEVELS)},\n)\n",
        '"""Probabilities of the columns."""\n\n',
        f"SIZES = (\n{wrapped(rows)},\n)\n",
        '"""Sample sizes of the rows."""\n\n',
        "QUANTILES = (\n",
        *(f"    (\n{wrapped(row, indent=8)},\n    ),\n" for row in rows.values()),
        ")\n",
        '"""One row per size, one column per probability."""\n',
    ]
    return "".join(parts)


def wrapped(numbers: Iterable[float], *, indent: int = 4) -> str:
    """Lay numbers out in lines of a hundred characters."""
    text = ", ".join(str(number) for number in numbers)
    margin = " " * indent
    return fill(text, 98, initial_indent=margin, subsequent_indent=margin)


def main() -> None:
    """Simulate all rows and write the module."""
    rows = {n: quantiles(n, draws) for n, draws in DRAWS.items()}
    TARGET.write_text(written(rows))


if __name__ == "__main__":
    main()
