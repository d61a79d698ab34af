"""``segmentry demo``: a simulated business from raw events to a report, held against the truth."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from segmentry.cli.failures import printable
from segmentry.cli.progress import listener
from segmentry.cli.run import tell_warnings
from segmentry.cli.table import print_run
from segmentry.domain.percent import percent
from segmentry.domain.progress import Progress
from segmentry.errors import UsageError

if TYPE_CHECKING:
    from segmentry.pipeline.finished import Run
    from segmentry.simulate.generate import Simulation

MARK = "segmentry.yaml"
DRAWS = 200
"""Resamples of users behind the interval of the agreement."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far the found segments agree with the planted ones, noise users left out."""

    ari: float
    low: float
    high: float
    n_users: int


def demo(
    scenario: Annotated[str, typer.Option(help="retail, saas or media.")] = "retail",
    users: Annotated[int, typer.Option(min=1, help="How many users to simulate.")] = 5_000,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, another business.")] = 0,
    output: Annotated[Path, typer.Option("--output", help="Folder for everything.")] = Path("demo"),
) -> None:
    """Simulate a business, find its segments, check them.

    The planted truth says how far the found segments agree with it.
    """
    _make_room(output)
    with listener() as progress:
        told, run = _simulate_and_run(output, scenario, users, seed, progress)
        progress.phase("compare", "with the planted truth")
        agreement = agreement_with(told.truth, run, seed=seed)
    print_run(run.documents)
    for line in in_words(told, agreement):
        typer.echo(line)
    typer.echo(f"report: {run.report}")
    tell_warnings(run)
    sys.stderr.write(f"next: open the report, or change {output / MARK} and type\n")
    sys.stderr.write(f"  segmentry run -p {output}\n")


def _make_room(output: Path) -> None:
    if output.exists() and not output.is_dir():
        raise UsageError(f"{output} is a file", hint="name another folder with --output")
    if output.is_dir() and any(output.iterdir()) and not (output / MARK).is_file():
        raise UsageError(
            f"the folder {str(output)!r} holds other files",
            hint="name a new folder with --output",
        )


def _simulate_and_run(
    output: Path, scenario: str, users: int, seed: int, progress: Progress
) -> tuple[Simulation, Run]:
    from segmentry.api import open_project
    from segmentry.projectfile.emit import emit
    from segmentry.projectfile.guess import guess
    from segmentry.projectfile.guessed import Flags
    from segmentry.simulate import simulate

    told = simulate(scenario, users, seed=seed, out=output / "data", progress=progress)
    progress.phase("look", "at the columns, and write the project file")
    found = guess([told.events], Flags(), folder=output.resolve())
    _write_project(output / MARK, emit(found))
    return told, open_project(output).run(progress=progress)


def _write_project(path: Path, text: str) -> None:
    from segmentry.stores.files import replacing

    if path.exists():
        # Somebody may have changed the file of an earlier demo.
        shutil.copy2(path, path.with_suffix(".yaml.before"))
    with replacing(path) as file:
        file.write(text.encode())


def agreement_with(truth: Path, run: Run, *, seed: int) -> Agreement:
    """Compare a run's assignments with a simulation's truth.

    Parameters
    ----------
    truth : Path
        The side file of the simulation; noise users have segment -1 and are left out.
    run : Run
    seed : int
        Of the resampling.

    Returns
    -------
    Agreement
        The adjusted Rand index with a 95 % percentile interval over resampled users.
    """
    import numpy as np
    import pyarrow.parquet as pq

    from segmentry.maths.agreement import adjusted_rand_index
    from segmentry.seeds import stream

    planted = pq.read_table(truth, columns=["entity_id", "segment"]).rename_columns(
        ["entity_id", "planted"]
    )
    found_by_run = run.assignments().select(["entity_id", "segment_id"])
    both = found_by_run.join(planted, "entity_id", join_type="inner")
    found, true = (both[c].to_numpy().astype(np.int64) for c in ("segment_id", "planted"))
    found, true = found[true >= 0], true[true >= 0]
    rng = stream(seed, "demo", "agreement")
    draws = [
        adjusted_rand_index(found[rows], true[rows])
        for rows in rng.integers(0, len(true), size=(DRAWS, len(true)))
    ]
    low, high = np.quantile(draws, [0.025, 0.975])
    return Agreement(adjusted_rand_index(found, true), float(low), float(high), len(true))


def in_words(told: Simulation, agreement: Agreement) -> list[str]:
    """Say how good the agreement is against what is possible at all."""
    lines = [
        f"planted: {told.n_segments} segments among {told.n_users:,} users, "
        f"{told.n_noise:,} noise users, {told.n_events:,} events",
        f"agreement with the truth: ARI {agreement.ari:.3f} "
        f"(95 % {agreement.low:.3f} to {agreement.high:.3f})",
    ]
    if told.n_segments > 1 and told.bayes_ari > 0:
        lines.append(
            f"best possible: ARI {told.bayes_ari:.3f}, accuracy {told.bayes_accuracy:.3f} on the "
            f"true parameters; reached {printable(percent(agreement.ari / told.bayes_ari))} of it"
        )
    return lines
