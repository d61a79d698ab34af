"""Writes the pages of docs/reference that say what the code says: commands, codes, features.

``make docs`` runs it; a guard test compares the pages with what it would write.
"""

from __future__ import annotations

import contextlib
import io
import os
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from segmentry.domain.feature import FeatureSpec, ShareOf

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
GENERATED = "<!-- Written by `make docs`. Change the code, not this page. -->"
ERROR_PAGES = "../../src/segmentry/cli/errors"
MISTAKE_PAGES = "../../src/segmentry/cli/mistakes"


def commands_page() -> str:
    """Give every command with its help, and those of a group beneath it."""
    from segmentry.cli.app import COMMANDS, loaded

    parts = ["# Commands", GENERATED, _help()]
    for name in COMMANDS:
        parts += [f"## segmentry {name}", _help(name)]
        for inner in getattr(loaded(name), "commands", {}):
            parts += [f"### segmentry {name} {inner}", _help(name, inner)]
    return "\n\n".join(parts) + "\n"


def errors_page() -> str:
    """Give every error code with its meaning, as the tree draws them."""
    from segmentry import errors
    from segmentry.cli.help_error import codes

    tree = str(errors.__doc__).split("::\n", 1)[1].strip("\n").rstrip()
    rows = [f"| [{code}]({ERROR_PAGES}/{code}.md) | {words} |" for code, words in codes().items()]
    told = "`segmentry help-error CODE` prints a code's page."
    table = "\n".join(["| code | meaning |", "|---|---|", *rows])
    return "\n\n".join(["# Errors", GENERATED, told, f"```\n{tree}\n```", table]) + "\n"


def mistakes_page() -> str:
    """Give every common mistake that is looked for, and why it matters."""
    from segmentry.domain.mistake import MISTAKES

    rows = [
        (f"[{code}]({MISTAKE_PAGES}/{code}.md)", f"{known.title}: {known.why}")
        for code, known in MISTAKES.items()
    ]
    told = (
        "`segmentry check` and every run look for these; `segmentry help-error CODE` prints a "
        "code's page. Read on in [common mistakes](../guide/mistakes.md)."
    )
    return "\n\n".join(["# Mistakes", GENERATED, told, _table(("code", "mistake"), rows)]) + "\n"


def features_page() -> str:
    """Give every feature of the catalogue with its meaning and its formula."""
    from segmentry.domain.project import MEANINGS
    from segmentry.features.catalogue import CATALOGUE
    from segmentry.features.derived.catalogue import DERIVED
    from segmentry.features.families import share_feature

    parts = ["# Features", GENERATED, _FEATURES]
    for facet in dict.fromkeys(s.facet for s in (*CATALOGUE, *DERIVED)):
        specs = [s for s in (*CATALOGUE, *DERIVED) if s.facet is facet]
        parts.append(f"## {str(facet).capitalize()}")
        parts += [_feature(spec) for spec in specs]
    rows = [f"| `{meaning}` | {words} |" for meaning, words in MEANINGS.items()]
    table = "\n".join(["| meaning | holds where |", "|---|---|", *rows])
    families = [_feature(share_feature(s)) for s in _families()]
    parts += ["## Families that the data names", _FAMILIES, *families]
    return "\n\n".join([*parts, "## Meanings of kinds", _MEANINGS, table]) + "\n"


def _families() -> list[ShareOf]:
    """Give one member of each family whose levels are found in the data."""
    from segmentry.domain.feature import ShareOf
    from segmentry.domain.formula import LABELS
    from segmentry.features.families import LEANING

    one = {"levels": ("LEVEL",), "is_rest": False, "prior": 1.0, "strength": 4.0}
    return [
        *(ShareOf(field, **one) for field in LABELS),
        *(ShareOf(field, **one, tells="affinity") for field in LEANING),
        ShareOf("kind", **{**one, "levels": ("A", "B")}, tells="steps"),
    ]


def formulas_page() -> str:
    """Give the words of formulas: measures, fields by what they hold, spans, meanings."""
    from segmentry.domain.formula import Measure, Over
    from segmentry.domain.formularules import EVENT_HOLDS, SPANS, Holds, fields_of
    from segmentry.domain.formulatext import FUNCTIONS
    from segmentry.domain.project import MEANINGS

    measures = [(str(m), _after(Measure, m.name)) for m in Measure]
    held: list[tuple[str, str]] = []
    for what in Holds:
        names = [f for f, holds in EVENT_HOLDS.items() if holds is what]
        held.append((what, ", ".join(f"`{n}`" for n in names)))
    rows = [(str(o), ", ".join(f"`{f}`" for f in fields_of(o, "channel"))) for o in list(Over)[1:]]
    functions = ", ".join(f"`{' '.join(name)}(...)`" for name in FUNCTIONS)
    parts = [
        "# Words of formulas",
        GENERATED,
        "How they are put together is told in [features of your own](../guide/own-features.md).",
        "## Measures",
        _table(("measure", "of the rows that pass"), [(f"`{m}`", t) for m, t in measures]),
        "## Fields of events",
        _table(("holds", "fields"), held),
        "Measured columns (`features.measures`) are `measure NAME`. `order` and `session` may stand"
        " for `order_id` and `session_id`.",
        "## Fields of other rows",
        _table(("rows", "fields"), [(f"`{r}`", f) for r, f in rows]),
        "`before`, and a label such as `channel`, belong to steps by that label.",
        "## Spans, functions, meanings",
        f"Spans: {', '.join(f'`{s}`' for s in SPANS)}, and days such as `30d`.",
        f"Functions: {functions}, `larger(..., ...)`, `days(cut - ...)`, `days(... - ...)`,"
        " `steps in order(..., ...)`.",
        f"Meanings of kinds: {', '.join(f'`{m}`' for m in MEANINGS)}.",
    ]
    return "\n\n".join(parts) + "\n"


def project_file_page() -> str:
    """Give every key of the project file with what it may be."""
    from segmentry.projectfile.keys import describe

    lines = [line.partition(": ") for line in describe().splitlines()]
    rows = [(f"`{key}`", told.replace("|", "\\|")) for key, _, told in lines]
    parts = ["# The project file", GENERATED, _table(("key", "what it may be"), rows)]
    return "\n\n".join(parts) + "\n"


def _table(head: tuple[str, str], rows: list[tuple[str, str]]) -> str:
    lines = [f"| {a} | {b} |" for a, b in [head, ("---", "---"), *rows]]
    return "\n".join(lines)


def _after(cls: type, name: str) -> str:
    """Give the text that stands after a member of a class in its source, on one line."""
    import ast
    import inspect

    (tree,) = ast.parse(inspect.getsource(cls)).body
    for statement, after in pairwise(getattr(tree, "body", ())):
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        if isinstance(target, ast.Name) and target.id == name and isinstance(after, ast.Expr):
            return " ".join(ast.literal_eval(after.value).split()).replace("``", "`")
    return ""


_FEATURES = """\
Each feature is said once, as a formula over the canonical events, and computed wherever they lie.
*Core* features are built wherever the events have the fields that they need. The others are built
where `features.include` names them: by name, by facet, or `all`; `auto` stands for the core, so
`include: [auto, regularity, loyalty]` adds to it. *Derived* features come from a model over others,
which is learned from all entities and kept with the release. Windows: `recent` is
`windows.recent`, `prior` and `earlier` are the ones before it, `trend` is six of them, `history` is
everything before the cut, and a formula that names none looks back as far as `windows.lookback`."""

_FAMILIES = """\
Which levels get a feature, and the pseudo-counts that draw it towards everyone's, is learned before
the cut and kept with the release; the formulas have those of 1 in 4 as an example. `include` and
`exclude` take a family (`share_kind`) or a member (`share_kind=view`). At most eight levels have a
member of their own; `(other)` stands for those that have none. Read on in
[shares](../methods/shares.md)."""

_MEANINGS = """\
A feature that needs `kind: purchase`, say, is built where `features.kinds` says which kinds of
events mean a purchase: `kinds: {purchase: [order_paid, renewal]}`."""


def _feature(spec: FeatureSpec) -> str:
    what = "derived" if spec.family else "core" if spec.is_core else "on request"
    lines = [
        f"### `{spec.name}`",
        f"{spec.sentence[0].upper()}{spec.sentence[1:]}.",
        "\n".join(
            f"- {name}: {text}"
            for name, text in (
                ("formula", f"`{spec.formula}`"),
                ("unit", spec.unit),
                ("missing", spec.null_means),
                ("needs", ", ".join(f"`{n}`" for n in spec.needs)),
                ("built", what),
                ("recommended for", ", ".join(spec.objectives)),
                ("source", spec.source),
            )
            if text
        ),
    ]
    return "\n\n".join(lines)


def _help(*words: str) -> str:
    from segmentry.cli.app import start

    # The width of help follows the terminal's: here it is fixed.
    os.environ["COLUMNS"] = "88"
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        start([*words, "--help"])
    return f"```\n{told.getvalue().strip()}\n```"


PAGES = {
    "commands.md": commands_page,
    "errors.md": errors_page,
    "features.md": features_page,
    "formulas.md": formulas_page,
    "mistakes.md": mistakes_page,
    "project_file.md": project_file_page,
}


def main() -> None:
    """Write the pages."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
