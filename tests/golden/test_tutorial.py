"""Everything that the teaching pages say to type is typed, and what they show comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages import Block, blocks, differs, run_page, steps
from tree import REPOSITORY

DOCS = REPOSITORY / "docs"
ALONE = sorted([*(DOCS / "how-to").glob("*.md"), DOCS / "tutorials" / "simulated_shop.md"])
"""Pages that need nothing but the package."""


@pytest.mark.parametrize("page", ALONE, ids=lambda p: p.name)
def test_a_page_that_needs_no_data_holds(page: Path, tmp_path: Path) -> None:
    assert run_page(page, tmp_path) == []


def test_the_tutorial_on_real_data_holds(data_folder: Path, tmp_path: Path) -> None:
    name = "online_retail.parquet"
    (tmp_path / name).symlink_to(data_folder / "online_retail" / name)
    assert run_page(DOCS / "tutorials" / "online_retail.md", tmp_path) == []


def test_every_teaching_page_is_run_and_does_something() -> None:
    pages = sorted([*(DOCS / "how-to").glob("*.md"), *(DOCS / "tutorials").glob("*.md")])
    assert set(pages) == {*ALONE, DOCS / "tutorials" / "online_retail.md"}
    for page in pages:
        # A block in another language would be shown and never be run.
        fences = page.read_text().count("\n```")
        assert fences == 2 * len(list(blocks(page.read_text()))), page.name


PAGE = """
```console
$ echo one && echo two
one
two
$ seq 3
1
...
```

```diff notes.txt
-old
+new
```

```console
$ cat notes.txt
new
```

```pycon
>>> x = 20
>>> for i in range(2):
...     print(x + i)
20
21
```
"""


def page(tmp_path: Path, text: str) -> Path:
    (tmp_path / "notes.txt").write_text("first\nold\n".removeprefix("first\n"))
    file = tmp_path / "page.md"
    file.write_text(text)
    return file


def test_a_page_that_tells_the_truth_passes(tmp_path: Path) -> None:
    assert run_page(page(tmp_path, PAGE), tmp_path) == []


@pytest.mark.parametrize(
    ("said", "instead", "told"),
    [
        ("\ntwo\n", "\nthree\n", "echo one"),
        ("\n1\n", "\n2\n", "seq 3"),
        ("\n21\n", "\n22\n", "for i in"),
    ],
)
def test_a_page_that_does_not_is_found_out(tmp_path: Path, said, instead, told) -> None:
    assert PAGE.count(said) == 1
    wrong = run_page(page(tmp_path, PAGE.replace(said, instead)), tmp_path)
    assert len(wrong) == 1
    assert told in wrong[0]


def test_a_command_that_fails_is_found_out(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="false"):
        run_page(page(tmp_path, "```console\n$ false\n```\n"), tmp_path)


def test_an_edit_of_what_is_not_there_is_found_out(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="does not hold"):
        run_page(page(tmp_path, "```diff notes.txt\n-never\n+new\n```\n"), tmp_path)


@pytest.mark.parametrize(
    ("told", "came", "figures", "same"),
    [
        ("k 5, share 0.52", "k 5, share 0.52", False, True),
        ("k 5, share 0.52", "k 5, share 0.53", False, False),
        ("k 50, share 0.52", "k 54, share 0.55", True, True),
        ("k 50, share 0.52", "k 58, share 0.52", True, False),
        ("1,000 rows", "1,050 rows", True, True),
        ("1,000 rows", "1,050 lines", True, False),
        ("1,000 rows", "1,200 rows", True, False),
        ("32 % of all", "34 % of all", True, True),
        ("−0.5 against 3", "0.5 against 3", True, False),
        ("runs/20260101T000000-abcdef x", "runs/20270101T000000-fedcba x", False, True),
        ("done in 3.2 s", "done in 41 s", False, True),
        ("a\n...\nz", "a\nb\nc\nz", False, True),
        ("a\n...\nz", "a\nb\nc", False, False),
        ("a ... z", "a b c z", False, True),
        ("", "surprise", False, False),
        ("a   b", "a b", False, True),
    ],
)
def test_outputs_are_compared_as_marked(told, came, figures, same) -> None:
    assert (differs(told, came, figures=figures) == "") is same


def test_a_command_may_go_over_several_lines() -> None:
    block = Block("console", "", "$ echo a \\\n    b\na b\n$ true\n", 0)
    found = [(s.typed, s.told) for s in steps(block)]
    assert found == [("echo a \\\n    b", "a b"), ("true", "")]
