"""What was found in the data, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: counted, with examples, and with what was done.

    ``code`` is a stable word such as ``bad_value``, ``stray_date``, ``constant_column``.
    ``severity`` is ``info``, ``warning`` or ``error``.
    """

    code: str
    sentence: str
    severity: str = "info"
    source: str | None = None
    column: str | None = None
    count: int | None = None
    total: int | None = None
    examples: tuple[str, ...] = ()
    done: str = ""
    proposal: str = ""
    """The edit of the project file that would act on it, where there is one."""


@dataclass
class Audit:
    """Collects findings while a run goes on."""

    findings: list[Finding] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    """Counts that the report shows: rows read, rows used, entities, first and last event."""

    def add(self, finding: Finding) -> None:
        """Keep a finding."""
        self.findings.append(finding)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Give the sentences of the warnings."""
        return tuple(f.sentence for f in self.findings if f.severity == "warning")
