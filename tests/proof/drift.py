"""Drift with a named cause: planted causes, quiet months, and a publisher's incidents week by week.

``PYTHONPATH=tests python tests/proof/drift.py`` writes ``docs/proof/drift.md``; ``--cases N`` sets
how many months each kind gets, ``SEGMENTRY_DATA`` says where real sets lie.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import tempfile
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from drifting import PLANTED, Case, gapped_days, quiet, quiet_days, season_of
from segmentry.domain.drift import Drift
from segmentry.maths.intervals import wilson_interval

PAGE = Path(__file__).resolve().parents[2] / "docs" / "proof" / "drift.md"
ENTITIES = 2_000

INCIDENTS = {
    "viral article": (date(2024, 2, 29), date(2024, 3, 3)),
    "mobile checkout bug": (date(2024, 4, 9), date(2024, 5, 9)),
    "payment incident": (date(2024, 5, 19), date(2024, 6, 7)),
}
FIRST_CUT, LAST_CUT = date(2024, 2, 15), date(2024, 6, 28)

PROJECT = """version: 1
project: ecom
entity: user_id
sources:
  - name: events
    path: {path}
    columns: {{entity: user_id, time: timestamp, kind: event, session: session_id,
              channel: acquisition_channel, device: platform}}
    shape: events
seed: 0
"""


def rated(count: int, n: int) -> str:
    """Write a share with Wilson's interval."""
    low, high = wilson_interval(count, n)
    return f"{count} of {n} ({100 * count / n:.1f} %, {100 * low:.1f} to {100 * high:.1f} %)"


def planted(n: int) -> tuple[list[str], int, int]:
    """Plant each cause as often, and count what it is called."""
    rows, right, total = [], 0, 0
    kinds = [*PLANTED, "same season a year ago", "days without events"]
    for place, name in enumerate(kinds):
        found: Counter[str] = Counter()
        cause = "seasonal" if name == kinds[-2] else "broken pipeline"
        for i in range(n):
            case = Case.drawn(10_000 + 1_000 * place + i, ENTITIES)
            if name in PLANTED:
                plant, cause = PLANTED[name]
                told = case.watch(plant(case))
            elif cause == "seasonal":
                told = case.watch(*season_of(case))
            else:
                told = case.watch(quiet(case), daily=gapped_days(case))
            found[told.cause.name if told.cause else "none"] += 1
        right, total = right + found[cause], total + n
        others = ", ".join(f"{k} {v}" for k, v in found.most_common() if k != cause)
        rows.append(f"| {name} | {cause} | {rated(found[cause], n)} | {others} |")
        print(rows[-1], flush=True)
    return rows, right, total


def quiet_months(n: int) -> tuple[int, Counter[str]]:
    """Watch months in which nothing was planted, events included."""
    alarms, by = 0, Counter[str]()
    for i in range(n):
        case = Case.drawn(50_000 + i, ENTITIES)
        told = case.watch(quiet(case), daily=quiet_days(case))
        alarms += told.is_alarm
        by.update(s.check for s in told.alarms)
    print("quiet", alarms, n, by, flush=True)
    return alarms, by


def replay(step: int) -> list[Drift]:
    """Replay the publisher's log, by the definitions of a run on what came before."""
    from segmentry.api import open_project
    from segmentry.pipeline.watching import Asked, watch_history

    log = Path(os.environ["SEGMENTRY_DATA"]) / "retentioneering_ecom" / "ecom_events.csv.gz"
    with tempfile.TemporaryDirectory() as place, contextlib.redirect_stderr(io.StringIO()):
        folder = Path(place)
        (folder / "segmentry.yaml").write_text(PROJECT.format(path=log))
        run = open_project(folder / "segmentry.yaml").run(as_of=datetime(2024, 2, 15, tzinfo=UTC))
        n_days = (LAST_CUT - FIRST_CUT).days + 1
        days = [FIRST_CUT + timedelta(days=i) for i in range(0, n_days, step)]
        cuts = [datetime(d.year, d.month, d.day, tzinfo=UTC) for d in days]
        return list(watch_history(run.folder, Asked(folder), cuts))


def incidents(found: list[Drift]) -> tuple[list[str], str]:
    """Say when each incident first raised an alarm, and which quiet weeks did."""
    days = {d.as_of.date(): d for d in found if d.as_of is not None}
    rows = []
    for name, (first, last) in INCIDENTS.items():
        within = [d for d in days if first < d <= first + timedelta(days=7) and days[d].is_alarm]
        told = "no alarm within a week"
        if within:
            drift = days[min(within)]
            told = f"{min(within)}, {drift.alarms[0].sentence}"
        rows.append(f"| {name} | {first} | {last} | {told} |")
    # An incident is in the week that is looked at until a week after its end.
    spans = [(first, last + timedelta(days=7)) for first, last in INCIDENTS.values()]
    calm = [d for d in days if not any(first < d <= last for first, last in spans)]
    weeks = {d.isocalendar()[:2] for d in calm}
    loud = {d.isocalendar()[:2] for d in calm if days[d].is_alarm}
    return rows, f"{len(loud)} of {len(weeks)} quiet weeks raised an alarm on any day"


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=30)
    parser.add_argument("--quiet", type=int, default=300)
    parser.add_argument("--step", type=int, default=1)
    asked = parser.parse_args()
    alarms, by = quiet_months(asked.quiet)
    causes, right, total = planted(asked.cases)
    checks = ", ".join(f"{k} {v}" for k, v in by.most_common()) or "none"
    rows, told = incidents(replay(asked.step))
    print(*rows, told, sep="\n", flush=True)
    PAGE.write_text(
        TEXT.format(
            entities=ENTITIES,
            causes="\n".join(causes),
            right=rated(right, total),
            quiet=rated(alarms, asked.quiet),
            checks=checks,
            incidents="\n".join(rows),
            weeks=told,
            step="day" if asked.step == 1 else f"{asked.step} days",
        )
    )


TEXT = """# Drift: planted causes, quiet months, known incidents

Written by `PYTHONPATH=tests python tests/proof/drift.py`. Shares with Wilson's 95 % intervals.

## Planted causes

{entities} entities in four segments, eight features and a region (`tests/drifting.py`); each row is
as many populations drawn anew, measured a month later with one twentieth of the entities replaced.
The generator and the rules come from one house: real causes are less clear-cut than these.

| planted | cause | named right | else called |
|---|---|---|---|
{causes}

In all: {right}.

## Quiet months

The same populations a month later, and twelve weeks of events by day, with nothing planted: an
alarm in {quiet}; checks that raised it: {checks}. No seasons and no growth are in them.

## Incidents that a publisher planted

`retentioneering_ecom`: a simulated log of six months, 600 entities, about 1,500 events a week. From
February 15 on, every {step}, features are held against those of the cut before, and the last week's
events against the eight weeks before; definitions are those of a run on the events before then.

| incident | from | to | first alarm within a week of its beginning |
|---|---|---|---|
{incidents}

{weeks}. The viral article leaves hardly a trace in this sample: the channel it should fill has
19 of 48 sessions on its four days, and 17 of 45 on the four before. An alarm on it
would have been luck.
"""


if __name__ == "__main__":
    np.seterr(all="raise", under="ignore")
    main()
