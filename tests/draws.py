"""Draws columns of made-up values: what the small files of ``shapes`` are built from."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import numpy as np

from segmentry.seeds import stream


class Draw:
    """Draws columns of n rows."""

    def __init__(self, n: int, seed: int = 0) -> None:
        self.n = n
        self.rng = stream(seed, "shapes")

    def ids(self, start: int = 1, prefix: str = "") -> Any:
        return [f"{prefix}{i}" if prefix else i for i in range(start, start + self.n)]

    def of(self, *levels: Any, p: list[float] | None = None) -> Any:
        return [levels[i] for i in self.rng.choice(len(levels), self.n, p=p)]

    def whole(self, low: int, high: int) -> Any:
        return self.rng.integers(low, high + 1, self.n)

    def amount(self, scale: float = 30.0) -> Any:
        return self.rng.gamma(2.0, scale, self.n).round(2)

    def share(self) -> Any:
        return self.rng.random(self.n).round(4)

    def yes(self, p: float = 0.3) -> Any:
        return self.of("Yes", "No", p=[p, 1 - p])

    def flag(self, p: float = 0.3) -> Any:
        return (self.rng.random(self.n) < p).astype(int)

    def repeated(self, n_entities: int, start: int = 1, prefix: str = "") -> Any:
        chosen = np.sort(self.rng.integers(start, start + n_entities, self.n))
        return [f"{prefix}{i}" if prefix else int(i) for i in chosen]

    def days(self, start: str = "2024-01-01", span: int = 300, fmt: str = "%Y-%m-%d") -> Any:
        first = np.datetime64(start)
        at = first + self.rng.integers(0, span, self.n)
        return [d.astype(object).strftime(fmt) for d in at]

    def times(self, start: str = "2024-01-01", span: int = 300) -> Any:
        seconds = self.rng.integers(0, span * 86_400, self.n)
        return [
            (np.datetime64(start, "s") + int(s)).astype(object).strftime("%Y-%m-%d %H:%M:%S")
            for s in seconds
        ]

    def texts(self, n_words: int = 12) -> Any:
        words = ("good", "bad", "slow", "quick", "price", "quality", "shop", "support", "nice")
        return [" ".join(self.rng.choice(words, n_words)) + f" {i}" for i in range(self.n)]

    def hashes(self, n_entities: int, length: int = 32, prefix: str = "") -> Any:
        """Names of entities as long hexadecimal words, each several times."""
        chosen = np.sort(self.rng.integers(0, n_entities, self.n))
        return [prefix + self._hash(int(i), length) for i in chosen]

    def keys(self, length: int = 32, prefix: str = "") -> Any:
        """A long hexadecimal word for each row."""
        return [prefix + self._hash(100_000 + i, length) for i in range(self.n)]

    @staticmethod
    def _hash(i: int, length: int) -> str:
        return sha256(str(i).encode()).hexdigest()[:length]

    def epochs(self, start: int = 1_704_067_200, span: int = 200, per_second: int = 1) -> Any:
        return (start + self.rng.integers(0, span * 86_400, self.n)) * per_second

    def some(self, values: Any, share: float) -> Any:
        """Leave only a share of the values."""
        return [
            v if k else "" for v, k in zip(values, self.rng.random(self.n) < share, strict=True)
        ]

    def numbered(self, name: str, n_levels: int) -> Any:
        """Levels such as ``aisle 3``."""
        return [f"{name}{i}" for i in self.rng.integers(1, n_levels + 1, self.n)]

    def thirds(self, values: Any, names: Any = (1, 2, 3)) -> Any:
        """Cut numbers into three bins of equal size."""
        low, high = np.quantile(values, [1 / 3, 2 / 3])
        return [names[0] if v <= low else names[1] if v <= high else names[2] for v in values]
