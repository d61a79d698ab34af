"""Texts that stand for a value that is not there: the same words on every engine."""

from __future__ import annotations

WORDS = ("na", "n/a", "null", "nan", "\\n", "<na>", "#n/a")
"""Texts, in any case, that stand for a value that is not there; a blank one does too.

``\\N`` is how databases write it, ``<NA>`` data frames, ``#N/A`` spreadsheets. None is longer than
four signs, on which the quick look of DuckDB's room builds.
"""

BLANKS = " \t\r\n\u00a0"
"""Signs that mean nothing at the ends of a text."""
