"""Mails of a made-up shop's customers: who writes about what, how it feels, and an answer 0-10."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

ABOUT = {
    "delivery": ("parcel", "courier", "delivery", "address", "doorstep", "tracking", "van"),
    "billing": ("invoice", "payment", "receipt", "bank", "statement", "amount", "tax"),
    "login": ("password", "account", "screen", "login", "browser", "code", "email"),
}
PRAISE = ("it was wonderful", "I am really happy", "great work, I love it")
BLAME = ("it was terrible", "I am very disappointed", "this is awful")
PLAIN = ("it was on Monday", "I have a question", "it is the second one")


def text(rng: np.random.Generator, about: str, tone: tuple[str, ...]) -> str:
    """Write one mail."""
    a, b, c = rng.choice(ABOUT[about], 3, replace=False)
    return f"about the {a} with the {b} and my {c}, {rng.choice(tone)}."


def write_mails(file: Path, *, n: int = 120, seed: int = 0, each: int = 6) -> Path:
    """Write a log of mails: a third writes on each matter, those on billing angrily."""
    rng = np.random.default_rng(seed)
    rows = ["customer_id,written_at,message,nps"]
    for i in range(n):
        about = list(ABOUT)[i % 3]
        tone = {"delivery": PLAIN, "billing": BLAME, "login": PRAISE}[about]
        for j in range(int(rng.integers(2, each + 1))):
            at = datetime(2025, 1, 1, 9, tzinfo=UTC) + timedelta(
                days=int(rng.integers(0, 200)), minutes=j
            )
            score = {"delivery": 8, "billing": int(rng.integers(0, 7)), "login": 10}[about]
            rows.append(f'C{i:04d},{at:%Y-%m-%d %H:%M:%S},"{text(rng, about, tone)}",{score}')
    file.write_text("\n".join(rows) + "\n")
    return file


def write_texts(file: Path, *, n: int = 300, seed: int = 0) -> Path:
    """Write a table of texts, one row each, with the label that somebody gave them."""
    rng = np.random.default_rng(seed)
    tones = (PRAISE, BLAME, PLAIN)
    rows = ["message,label"]
    for i in range(n):
        about = list(ABOUT)[i % 3]
        rows.append(f'"{text(rng, about, tones[int(rng.integers(3))])}",{about}')
    file.write_text("\n".join(rows) + "\n")
    return file
