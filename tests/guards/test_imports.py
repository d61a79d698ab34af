"""Starting up is quick because heavy packages are imported on use; floors are kept apart."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from shop import orders, write_csv
from tree import REPOSITORY

HEAVY = (
    "numpy", "pandas", "pyarrow", "scipy", "sklearn", "duckdb", "ibis", "sqlglot", "jinja2", "yaml",
    "sqlalchemy", "alembic",
)  # fmt: skip

ASK = """
import json, sys
try:
    {statement}
except SystemExit:
    pass
names = {{name.split(".")[0] for name in sys.modules}}
sys.stderr.write(json.dumps(sorted(names)))
"""


def imported_by(statement: str) -> set[str]:
    asked = subprocess.run(
        [sys.executable, "-c", ASK.format(statement=statement)],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(asked.stderr))


@pytest.mark.parametrize(
    "statement",
    [
        "import segmentry",
        "import segmentry.cli as c; sys.argv = ['segmentry', '--help']; c.main()",
        "import segmentry.cli as c; sys.argv = ['segmentry', '--version']; c.main()",
        "import segmentry.cli as c; sys.argv = ['segmentry', 'run', '--help']; c.main()",
        "import segmentry.cli as c; sys.argv = ['segmentry', 'assign', '--help']; c.main()",
        "import segmentry.cli as c; sys.argv = ['segmentry', 'init', '--help']; c.main()",
        "import segmentry.cli as c; sys.argv = ['segmentry', 'sql', '--help']; c.main()",
        "import segmentry.cli as c; sys.argv = ['segmentry', 'help-error', 'E2001']; c.main()",
    ],
)
def test_starting_up_imports_nothing_heavy(statement: str) -> None:
    assert imported_by(statement) & set(HEAVY) == set()


def test_the_check_above_would_notice() -> None:
    assert "numpy" in imported_by("import segmentry.domain.table")


SLOW = (
    "sklearn", "scipy.stats", "scipy.optimize", "scipy.spatial", "scipy.sparse",
    "sqlalchemy", "alembic",
)  # fmt: skip
"""What takes longer to load than what a run would do with it."""

REGISTERING = ("sqlalchemy", "alembic")
"""What a run loads at its very end, where it becomes a release."""


def test_a_run_loads_nothing_that_takes_longer_than_its_own_work(tmp_path: Path) -> None:
    write_csv(orders(), tmp_path / "orders.csv")
    for words, late in ((["init", "orders.csv"], ()), (["run"], REGISTERING)):
        slow = set(SLOW) - set(late)
        code = (
            "import segmentry.cli as c, sys\n"
            f"sys.argv = ['segmentry', *{words}]\n"
            "try: c.main()\n"
            "except SystemExit as end: assert not end.code, end\n"
            f"assert not {slow} & set(sys.modules), sorted({slow} & set(sys.modules))"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


def test_a_plain_import_of_the_package_brings_no_other_package() -> None:
    assert imported_by("import segmentry") & {"typer", "rich", "click"} == set()


def test_every_floor_imports_only_from_floors_beneath(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(REPOSITORY)
    monkeypatch.setenv("COLUMNS", "200")
    status = lint_imports(no_cache=True)
    assert status == 0, capfd.readouterr().out
