"""`init` and `run` without editing on real data sets: roles, choice, names, verdict, seconds.

Writes ``docs/proof/real_data.md``. Run with ``make proof``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs" / "proof"
DATA = Path(os.environ.get("SEGMENTRY_DATA", str(REPOSITORY.parent / "shared" / "data")))
SETS = (
    "online_retail/online_retail.parquet",
    "cdnow/cdnow.csv.gz",
    "cc_general/cc_general.csv.gz",
    "telco_churn/telco_churn.csv.gz",
    "cdnow/CDNOW_master.txt.gz",
    "online_shoppers/online_shoppers_intention.csv.gz",
    "wholesale_customers/wholesale_customers.csv.gz",
    "hillstrom/hillstrom.csv.gz",
    "eshop_clickstream/eshop_clickstream.parquet",
    "retentioneering_ecom/ecom_events.csv.gz",
    "ravenstack_saas/accounts.csv.gz",
    "ravenstack_saas/subscriptions.csv.gz",
    "ravenstack_saas/feature_usage.csv.gz",
    "ravenstack_saas/support_tickets.csv.gz",
    "ravenstack_saas/churn_events.csv.gz",
    "banking77/train.csv.gz",
)


def command(*words: str, folder: Path) -> tuple[float, str]:
    """Run a command as a user would, and time it; give what it says on standard error."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "segmentry", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stderr}")
    return time.perf_counter() - began, done.stderr


def lines_for(name: str) -> tuple[str, list[str]]:
    """Do the two commands on a data set and describe what came out: a row, and a chapter."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        init_seconds, _ = command("init", str(DATA / name), folder=folder)
        run_seconds, _ = command("run", folder=folder)
        run = folder / "runs" / "latest"
        papers = {
            n: json.loads((run / f"{n}.json").read_text())
            for n in ("summary", "segments", "candidates", "evidence", "audit", "timings")
        }
        project = json.loads((run / "release" / "manifest.json").read_text())["project"]
        size = (run / "report.html").stat().st_size / 1024
    structure = papers["evidence"]["structure"]
    check = next(c for c in papers["evidence"]["checks"] if c["name"] == "silhouette")
    source = project["sources"][0]
    roles: dict[str, list[str]] = {}
    for column, role in project.get("features", {}).get("roles", {}).items():
        roles.setdefault(role, []).append(column)
    lines = [
        f"## {name}",
        "",
        f"- shape {source['shape']}; columns {source.get('columns', {})}; "
        f"where `{source.get('where', '')}`",
        *(f"- {role}: {', '.join(columns)}" for role, columns in roles.items()),
        f"- {papers['summary']['n_entities']} entities, {papers['summary']['n_features']} features "
        f"in the matrix",
        f"- {papers['candidates']['reason']}",
        f"- silhouette {check['estimate']:.3f} ({check['low']:.3f} to {check['high']:.3f}); "
        f"verdict **{structure['verdict']}** "
        f"(against one cloud p = {structure['p_value']:.3g}; humps in "
        f"{structure['dip_where'] or 'no column'} p = {structure['dip_p_value']:.3g})",
        f"- init {init_seconds:.1f} s, run {run_seconds:.1f} s, peak "
        f"{papers['timings']['peak_mib']:.0f} MiB, report {size:.0f} KiB",
        "",
        "| segment | entities | share | value share | traits | action |",
        "|---|---|---|---|---|---|",
    ]
    for s in papers["segments"]["segments"]:
        value = f"{s['value_share']:.1%}" if "value_share" in s else ""
        lines.append(
            f"| {s['name']} | {s['size']} | {s['share']:.1%} | {value} | "
            f"{'; '.join(s['traits'])} | {s['playbook']['action']} |"
        )
    names = ", ".join(s["name"] for s in papers["segments"]["segments"])
    entity = source.get("columns", {}).get("entity", "")
    chosen = next(c for c in papers["candidates"]["candidates"] if c["kept"])
    row = (
        f"| {name} | {source['shape']}, {entity} | {papers['summary']['n_entities']:,} | "
        f"{structure['verdict']} | {chosen['name']} | "
        f"{check['estimate']:.2f} ({check['low']:.2f} to {check['high']:.2f}) | {names} | "
        f"{init_seconds:.1f} + {run_seconds:.1f} |"
    )
    return row, [*lines, ""]


def main() -> None:
    """Write the page."""
    text = ["# Real data, two commands, no editing", ""]
    text += ["Written by `python tests/proof/real_data.py` (part of `make proof`).", ""]
    text += [
        "| data | shape, entity | entities | verdict | chosen | silhouette | segments | seconds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    chapters: list[str] = []
    for name in SETS:
        row, part = lines_for(name)
        print(row, flush=True)
        text.append(row)
        chapters += part
    text += ["", *chapters]
    DOCS.mkdir(parents=True, exist_ok=True)
    (DOCS / "real_data.md").write_text("\n".join(text))


if __name__ == "__main__":
    main()
