"""Pages that teach are run as they stand: what they say to type, and what they say comes back.

Blocks of a page, in order:

- ``console``: lines after ``$`` are run by Bash in the page's folder and must end well; what
  stands below each is its output, messages included.
- ``pycon``: prompts of one Python session.
- ``diff FILE``: lines to take out (``-``) and to put in (``+``) of a file.

Output must match word for word; ``...`` stands for anything. In a block marked ``figures``, numbers
may move by a tenth. Run ids, durations and sizes of files are never compared.

With ``SEGMENTRY_ACCEPT=1`` in the environment outputs are written into the page instead; the diff
is for a person to read.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ACCEPT = os.environ.get("SEGMENTRY_ACCEPT") == "1"
TOLERANCE = 0.1

_FENCE = re.compile(
    r"^```(console|pycon|diff)(?: +([^\n]*))?\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
_NUMBER = re.compile(
    r"(?<![\w.])[−+-]?\d[\d,]*(?:\.\d+)?(?![\w.]*\w)|\d[\d,]*(?:\.\d+)?(?=[%xk]\b)"
)
_FREE = (
    (re.compile(r"\b\d{8}T\d{6}-[0-9a-f]{6,}\b"), "<run>"),
    (re.compile(r"\b\d+(\.\d+)?\s(s|seconds|min|KiB|MiB)\b"), "<measured>"),
)


@dataclass(frozen=True)
class Step:
    """Something to do, and what is said to come back."""

    typed: str
    told: str
    start: int
    end: int
    """Where on the page the output stands."""


@dataclass(frozen=True)
class Block:
    """A fenced block that does something."""

    kind: str
    marks: str
    body: str
    start: int
    """Where the body begins on the page."""

    @property
    def lets_figures_move(self) -> bool:
        return "figures" in self.marks.split()


def blocks(page: str) -> Iterator[Block]:
    """Give the blocks of a page that do something, in order."""
    for found in _FENCE.finditer(page):
        yield Block(found[1], (found[2] or "").strip(), found[3], found.start(3))


def steps(block: Block) -> Iterator[Step]:
    """Cut a block into what is typed and what comes back."""
    if block.kind == "pycon":
        for example in doctest.DocTestParser().get_examples(block.body):
            lines = block.body.splitlines(keepends=True)
            n_typed = example.source.count("\n")
            start = block.start + len("".join(lines[: example.lineno + n_typed]))
            yield Step(example.source, example.want, start, start + len(example.want))
        return
    for found in re.finditer(r"^\$ ((?:.*\\\n)*.*)\n((?:(?!\$ ).*\n)*)", block.body, re.MULTILINE):
        start = block.start + found.start(2)
        yield Step(found[1], found[2].rstrip("\n"), start, start + len(found[2].rstrip("\n")))


class Session:
    """Does the steps of a page in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: dict[str, object] = {"__name__": "__page__"}

    def typed(self, command: str) -> str:
        """Run a command; give all that it says."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env={**os.environ, "PATH": path, "COLUMNS": "100", "NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        messages = self.folder / "messages.txt"
        said = messages.read_text() if done.returncode and messages.exists() else ""
        assert done.returncode == 0, f"{command}\n{done.stdout}{said}"
        return done.stdout.replace(str(self.folder.resolve()), ".").replace(str(self.folder), ".")

    def asked(self, source: str) -> str:
        """Run a prompt of the Python session."""
        said = io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(said):
            try:
                exec(compile(source, "<page>", "single"), self.known)
            except Exception as error:
                raise AssertionError(f">>> {source}{error!r}") from error
        return said.getvalue()

    def edited(self, block: Block) -> None:
        """Change a file as a diff says; what goes out has to be there, once."""
        file = self.folder / shlex.split(block.marks)[0]
        text = file.read_text()
        out = "".join(f"{line[1:]}\n" for line in block.body.splitlines() if line[:1] == "-")
        put = "".join(f"{line[1:]}\n" for line in block.body.splitlines() if line[:1] == "+")
        assert text.count(out) == 1, f"{block.marks} does not hold\n{out}"
        file.write_text(text.replace(out, put))


def differs(told: str, came: str, *, figures: bool = False) -> str:
    """Say how an output differs from what the page says; nothing where it does not."""
    told_lines, came_lines = _lines(told), _lines(came)
    if _matches(told_lines, came_lines, figures=figures):
        return ""
    return "the page says\n{}\nbut what came is\n{}".format(
        "\n".join(told_lines), "\n".join(came_lines)
    )


def _lines(text: str) -> list[str]:
    for pattern, instead in _FREE:
        text = pattern.sub(instead, text)
    return [re.sub(r"[ \t\u202f\u00a0]+", " ", line).strip() for line in text.strip().splitlines()]


def _matches(told: list[str], came: list[str], *, figures: bool) -> bool:
    if not told:
        return not came
    if told[0] == "...":
        return any(_matches(told[1:], came[i:], figures=figures) for i in range(len(came) + 1))
    return (
        bool(came)
        and _same_line(told[0], came[0], figures=figures)
        and _matches(told[1:], came[1:], figures=figures)
    )


def _same_line(told: str, came: str, *, figures: bool) -> bool:
    pattern = re.escape(told).replace(r"\.\.\.", "(.*)")
    if not figures:
        return re.fullmatch(pattern, came) is not None
    numbers = [_value(n) for n in _NUMBER.findall(told)]
    pieces = [re.escape(p).replace(r"\.\.\.", ".*") for p in _NUMBER.split(told)]
    found = re.fullmatch(r"([−+-]?\d[\d,]*(?:\.\d+)?)".join(pieces), came)
    if found is None:
        return False
    return all(
        abs(_value(is_) - said) <= max(TOLERANCE * abs(said), 1.0)
        if said == int(said)
        else abs(_value(is_) - said) <= max(TOLERANCE * abs(said), 0.1)
        for said, is_ in zip(numbers, found.groups(), strict=True)
    )


def _value(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def run_page(page: Path, folder: Path) -> list[str]:
    """Do all that a page says, and give what came otherwise than it says."""
    text, session, wrong = page.read_text(), Session(folder), []
    accepted: list[tuple[int, int, str]] = []
    for block in blocks(text):
        if block.kind == "diff":
            session.edited(block)
            continue
        do = session.asked if block.kind == "pycon" else session.typed
        for step in steps(block):
            came = do(step.typed)
            difference = differs(step.told, came, figures=block.lets_figures_move)
            if difference and ACCEPT:
                tail = "\n" if block.kind == "pycon" and came.strip() else ""
                accepted.append((step.start, step.end, came.strip("\n") + tail))
            elif difference:
                wrong.append(f"{page.name}: `{step.typed.strip()}`: {difference}")
    for start, end, came in reversed(accepted):
        text = text[:start] + came + text[end:]
    if accepted:
        page.write_text(text)
    return wrong
