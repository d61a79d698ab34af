"""Segments outside the package on real data: short rules, one statement, one script.

Writes ``docs/proof/anywhere.md``. Run with ``make proof``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from real_data import DATA, DOCS, command

SETS = {
    "online_retail": "online_retail/online_retail.parquet",
    "cc_general": "cc_general/cc_general.csv.gz",
    "telco_churn": "telco_churn/telco_churn.csv.gz",
    "online_shoppers": "online_shoppers/online_shoppers_intention.csv.gz",
    "ravenstack accounts": "ravenstack_saas/accounts.csv.gz",
    "ravenstack, all five files": "ravenstack_saas",
}

WANTED = 0.9

HEAD = """# Segments outside the package

Written by `python tests/proof/anywhere.py` (part of `make proof`): `init`, `run`, `sql`,
`sql --rules` and `export code`, each as a user would call it.

*Rules* are the few questions of `sql --rules`: *fidelity* is the share of entities, none of which
the rules were made from, that they put where the run does, with Wilson's interval; *chance* is
always guessing the largest segment. *Statement* counts the run's entities that `sql` puts
elsewhere, in DuckDB; *on a border* are those whose two nearest prototypes are as near as rounding
tells. *Script* counts those that the exported script puts elsewhere. How each is made:
[rules](../methods/surrogate.md), [statement](../methods/sql.md).

| data | entities | segments | questions | fidelity | chance \
| statement: elsewhere | on a border | script: elsewhere |
|---|---|---|---|---|---|---|---|---|
"""


def asked(*words: str, folder: Path) -> dict[str, Any]:
    """Run a command and give the document that it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "segmentry", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def elsewhere_by_script(folder: Path) -> int:
    """Count the entities that the exported script puts into another segment than the run."""
    run = folder / "runs" / "latest"
    command("export", "code", "--output", "segments.py", folder=folder)
    subprocess.run(
        [sys.executable, "segments.py", str(run / "features.parquet"), "labels.parquet"],
        cwd=folder,
        capture_output=True,
        check=True,
    )
    told = pq.read_table(run / "assignments.parquet").sort_by("entity_id")["segment_id"].to_pylist()
    labels = pq.read_table(folder / "labels.parquet").sort_by("entity_id")["segment_id"].to_pylist()
    return sum(a != b for a, b in zip(told, labels, strict=True))


def chapter(name: str, rules: dict[str, Any]) -> list[str]:
    """Say which segments the rules mistake for which."""
    names = [segment["name"] for segment in rules["segments"]]
    lines = [
        f"## {name}: whom the rules mistake for whom",
        "",
        f"{rules['mistaken']} Rows are segments, columns are whose rules are passed.".strip(),
        "",
        "| | " + " | ".join(names) + " |",
        "|---" * (len(names) + 1) + "|",
    ]
    told = zip(names, rules["confusion"]["told"], strict=True)
    lines += [f"| {own} | " + " | ".join(f"{n:,}" for n in row) + " |" for own, row in told]
    return [*lines, ""]


def main() -> None:
    """Write the page."""
    rows, chapters = [], []
    for name, path in SETS.items():
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            command("init", str(DATA / path), folder=folder)
            command("run", folder=folder)
            rules = asked("sql", "--rules", "--json", folder=folder)
            tried = asked("sql", "--json", folder=folder)["tried"]
            by_script = elsewhere_by_script(folder)
        fidelity = rules["fidelity"]
        rows.append(
            f"| {name} | {tried['n_entities']:,} | {len(rules['segments'])} | {rules['depth']} | "
            f"{fidelity['estimate']:.2f} ({fidelity['low']:.2f} to {fidelity['high']:.2f}) | "
            f"{rules['chance']:.2f} | {tried['n_other']} | {tried['n_on_border']} | {by_script} |"
        )
        print(rows[-1], flush=True)
        if fidelity["estimate"] < WANTED:
            chapters += chapter(name, rules)
    (DOCS / "anywhere.md").write_text(HEAD + "\n".join(rows) + "\n\n" + "\n".join(chapters))


if __name__ == "__main__":
    main()
