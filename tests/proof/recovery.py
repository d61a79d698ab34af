"""Planted segments are found, and one population is not cut: the long proof.

Writes ``docs/proof/recovery.md``. Run with ``make proof``.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from segmentry.domain.progress import Silent
from segmentry.maths.agreement import adjusted_rand_index
from segmentry.pipeline.finished import Run
from segmentry.pipeline.run import run_project
from segmentry.projectfile.guess import guess
from segmentry.projectfile.guessed import Flags
from segmentry.simulate import simulate

DOCS = Path(__file__).resolve().parents[2] / "docs" / "proof"
SCENARIOS = ("retail", "saas", "media")


def found(run: Run, truth: Path) -> tuple[float, float]:
    """Compare a run with the planted truth: agreement without and with the noise entities."""
    planted = pq.read_table(truth)
    label = dict(zip(planted["entity_id"].to_pylist(), planted["segment"].to_pylist(), strict=True))
    assigned = run.assignments()
    a = np.array([label[e] for e in assigned["entity_id"].to_pylist()])
    b = np.array(assigned["segment_id"].to_pylist())
    real = a >= 0
    return adjusted_rand_index(a[real], b[real]), adjusted_rand_index(a, b)


def one(
    scenario: str, seed: int, n_users: int, n_segments: int | None
) -> dict[str, float | int | str]:
    """Simulate, guess, run, compare."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        planted = simulate(
            scenario,
            n_users,
            seed=seed,
            out=folder / "data",
            n_segments=n_segments,
            progress=Silent(),
        )
        project = guess([planted.events], Flags()).project
        began = time.perf_counter()
        run = run_project(project, output=folder / "run")
        seconds = time.perf_counter() - began
        ari, _ = found(run, planted.truth)
        return {
            "scenario": scenario,
            "seed": seed,
            "n_segments": len(run.segments),
            "ari": ari,
            "best_possible": planted.bayes_ari,
            "accuracy": planted.bayes_accuracy,
            "verdict": run.verdict,
            "names": ", ".join(s["name"] for s in run.segments),
            "seconds": seconds,
        }


def planted_table(n_users: int, n_seeds: int) -> list[str]:
    """Measure recovery for every scenario and seed."""
    lines = [
        "| scenario | seed | segments found | ARI | best possible ARI | ratio | best accuracy "
        "| verdict | seconds | names |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for scenario in SCENARIOS:
        for seed in range(n_seeds):
            r = one(scenario, seed, n_users, None)
            ratio = float(r["ari"]) / float(r["best_possible"])
            lines.append(
                f"| {scenario} | {seed} | {r['n_segments']} | {r['ari']:.3f} | "
                f"{r['best_possible']:.3f} | {ratio:.3f} | {r['accuracy']:.3f} | {r['verdict']} | "
                f"{r['seconds']:.1f} | {r['names']} |"
            )
            print(lines[-1], flush=True)
    return lines


def single_table(n_users: int, n_seeds: int) -> list[str]:
    """Count the verdicts on one population."""
    lines = ["| scenario | seeds | none | weak | clear |", "|---|---|---|---|---|"]
    for scenario in SCENARIOS:
        verdicts = [one(scenario, seed, n_users, 1)["verdict"] for seed in range(n_seeds)]
        counts = " | ".join(str(verdicts.count(v)) for v in ("none", "weak", "clear"))
        lines.append(f"| {scenario} | {n_seeds} | {counts} |")
        print(lines[-1], flush=True)
    return lines


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=20_000)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--single-seeds", type=int, default=20)
    parser.add_argument("--single-users", type=int, default=5_000)
    parser.add_argument("--no-page", action="store_true", help="print only")
    chosen = parser.parse_args()
    planted = planted_table(chosen.users, chosen.seeds)
    single = single_table(chosen.single_users, chosen.single_seeds)
    text = "\n".join(
        [
            "# Recovery of planted segments",
            "",
            "Written by `python tests/proof/recovery.py` (part of `make proof`).",
            "",
            f"## Planted segments, {chosen.users:,} users, number of segments not told",
            "",
            "*Best possible* is what the Bayes classifier reaches on the true parameters. ARI is",
            "measured on the users that belong to a planted segment.",
            "",
            *planted,
            "",
            f"## One population, {chosen.single_users:,} users: the structure verdict",
            "",
            *single,
            "",
        ]
    )
    if not chosen.no_page:
        DOCS.mkdir(parents=True, exist_ok=True)
        (DOCS / "recovery.md").write_text(text)


if __name__ == "__main__":
    main()
