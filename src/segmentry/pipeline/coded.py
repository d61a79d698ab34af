"""Features that a Python function of the project makes: running it, and joining what it gives.

What lives here: the only place that runs code which is no part of the house, and what it is given.
What does not: formulas (``features.compile``), and which features are built (``behaviour``).

The function gets the events before the cut and nothing else, so it cannot look ahead. Its file lies
in the project's folder; its digest is kept with a run, and other content is refused.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Sequence
from hashlib import sha256
from importlib.abc import ExecutionLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import TYPE_CHECKING, Any

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.feature import Coded, FeatureSpec
from segmentry.domain.formula import MEASURE
from segmentry.domain.project import Project
from segmentry.domain.table import ENTITY
from segmentry.domain.window import Window
from segmentry.engines.base import ROLE_PREFIX, Engine
from segmentry.errors import AssignmentError, EngineError, ProjectFileError
from segmentry.features.rows import DAY_MICROS, Rows
from segmentry.pipeline.events import Events
from segmentry.stores.codefiles import code_in

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

CLOCK = ("hour", "weekday")
"""What the function is told of each event beside its own fields, in the project's time zone."""

DAYS_AGO = "days_ago"
"""Days from the event to the cut, with a fraction."""


def coded(specs: Sequence[FeatureSpec]) -> tuple[FeatureSpec, ...]:
    """Give the features that a function of the project makes."""
    return tuple(s for s in specs if isinstance(s.formula, Coded))


def check_code(project: Project) -> None:
    """Refuse to run any code but that which an earlier run was made with.

    Raises
    ------
    AssignmentError
        E6003 if a file is not there, or holds something else; nothing of it was run.
    """
    for spec in coded(project.features.define):
        code = spec.formula
        if not isinstance(code, Coded):
            continue
        try:
            found = sha256(code_in(project.folder, code.file)).hexdigest()
        except ProjectFileError as error:
            raise _other_code(spec, code, error.what) from error
        if code.sha256 is None:
            raise _other_code(spec, code, "the run does not say which content it had")
        if found != code.sha256:
            raise _other_code(spec, code, f"{code.file!r} is not what it was in the run")


def _other_code(spec: FeatureSpec, code: Coded, why: str) -> AssignmentError:
    return AssignmentError(
        f"the feature {spec.name!r} is made by {code}, and {why}; no code was run",
        code="E6003",
        where=code.file,
        hint="give the file the content that it had (the run keeps its SHA-256), or run again",
    )


def joined(
    data: pa.Table,
    specs: Sequence[FeatureSpec],
    events: Events,
    before: ir.Table,
    project: Project,
    window: Window | None,
    engine: Engine,
    audit: Audit,
) -> pa.Table:
    """Put the features that functions make beside the others.

    Parameters
    ----------
    data : pyarrow.Table
        ``entity_id`` (positions in ``events.entities``) and the other features.
    specs : sequence of FeatureSpec
        Those of ``coded``.
    events : Events
        Knows the words of the numbers in ``before``.
    before : ibis table
        Events before the cut.
    project : Project
    window : Window or None
        None for events without time.
    engine : Engine
    audit : Audit
        Takes which code was run.

    Returns
    -------
    pyarrow.Table
        With a column for each spec; null for entities that a function leaves out.

    Raises
    ------
    ProjectFileError
        E1011 if a file or function is not there, fails, or gives what is no feature.
    """
    import pyarrow.compute as pc

    if not specs:
        return data
    table = readable(events, before, project, window, engine)
    for spec in specs:
        key = _key(spec, project)
        relation = _relation(spec, table, window, project.folder, key)
        try:
            values = engine.to_arrow(relation)
        except EngineError as error:
            raise _bad(spec, f"what it gives cannot be computed: {error.what}", key) from error
        values = values.filter(pc.is_valid(values[ENTITY]))
        if pc.count_distinct(values[ENTITY]).as_py() != values.num_rows:
            raise _bad(spec, f"it gives more than one row for an {ENTITY}", key)
        ids = values[ENTITY].combine_chunks().cast(data.schema.field(ENTITY).type)
        places = pc.index_in(data[ENTITY], value_set=ids)
        column = values["value"].combine_chunks().take(places.combine_chunks())
        data = data.append_column(spec.name, column)
    audit.add(_told(specs))
    return data


def _told(specs: Sequence[FeatureSpec]) -> Finding:
    made = [f"{s.name} by {s.formula}" for s in specs]
    return Finding(
        "own_code",
        f"Code of the project made features: {'; '.join(made)}. Nothing checks that they are equal "
        "on all engines.",
        done="run on the events before the cut",
    )


def readable(
    events: Events, before: ir.Table, project: Project, window: Window | None, engine: Engine
) -> ir.Table:
    """Give the events before the cut as people know them: words, and the local clock.

    Returns
    -------
    ibis table
        ``entity_id`` (a number for each entity), the mapped fields, measured columns under their
        own names, and where events have a time ``micros``, ``days_ago``, ``hour``, ``weekday``.
    """
    import pyarrow as pa

    rows = before
    if window is not None and "micros" in rows.columns:
        rows = Rows(before, window, project.time_zone).with_computed(rows, CLOCK)
        cut = Rows(before, window, project.time_zone).cut
        rows = rows.mutate(**{DAYS_AGO: ((cut - rows["micros"]) / DAY_MICROS).cast("float64")})
    clock = (DAYS_AGO, *CLOCK) if DAYS_AGO in rows.columns else ()
    names = [n for n in before.columns if not n.startswith(ROLE_PREFIX)]
    rows = rows.select(*names, *clock)
    for name in [n for n in names if n in events.words]:
        words = events.words[name].cast(pa.string())
        known = {"code": pa.array(range(len(words)), pa.int64()), "word": words}
        listed = engine.take_in(pa.table(known))
        rows = rows.mutate(code_of=rows[name].cast("int64"))
        found = rows.left_join(listed, rows["code_of"] == listed["code"])
        kept = {n: rows[n] for n in rows.columns if n not in {name, "code_of"}}
        rows = found.select(**kept, **{name: listed["word"]})
    measures = {n.removeprefix(MEASURE): n for n in names if n.startswith(MEASURE)}
    return rows.rename({m: n for m, n in measures.items() if m not in rows.columns})


def _relation(
    spec: FeatureSpec, table: ir.Table, window: Window | None, folder: Path, key: str
) -> ir.Table:
    """Call the function, and give what it made as entity and value."""
    from ibis.expr import types

    function = load_function(spec, folder, key)
    try:
        made = function(table, window)
        if isinstance(made, types.Value):
            made = table.group_by(ENTITY).aggregate(**{spec.name: made})
    except (Exception, SystemExit) as error:
        raise _bad(spec, f"it fails: {_where_in(error, spec)}", key) from error
    if not isinstance(made, types.Table):
        raise _bad(spec, f"it gives {type(made).__name__}, no Ibis table and no Ibis value", key)
    missing = [n for n in (ENTITY, spec.name) if n not in made.columns]
    if missing:
        raise _bad(spec, f"its table has no column {missing[0]!r}", key)
    if not made[ENTITY].type().is_integer():
        raise _bad(spec, f"its {ENTITY} holds {made[ENTITY].type()}, not that of the events", key)
    value = made[spec.name]
    if not (value.type().is_numeric() or value.type().is_boolean()):
        raise _bad(spec, f"{spec.name!r} holds {value.type()}, no numbers", key)
    return made.select(ENTITY, value=value.cast("float64"))


class _Source(ExecutionLoader):
    """Gives Python the text whose digest was checked, not whatever the file holds by then."""

    def __init__(self, path: Path, text: bytes) -> None:
        self._path, self._text = path, text

    def get_filename(self, fullname: str) -> str:  # noqa: ARG002 - the loader's protocol
        """Give the path that tracebacks show."""
        return str(self._path)

    def get_source(self, fullname: str) -> str:  # noqa: ARG002 - the loader's protocol
        """Give the text."""
        return self._text.decode("utf-8-sig")


def load_function(spec: FeatureSpec, folder: Path, key: str) -> Callable[..., Any]:
    """Run the file of a feature, and give its function.

    Raises
    ------
    ProjectFileError
        E1011 if the file is not there or not the one that is asked for, fails, or lacks the
        function.
    """
    code = spec.formula
    if not isinstance(code, Coded):
        raise _bad(spec, "it is made by no function", key)
    text = code_in(folder, code.file)
    digest = sha256(text).hexdigest()
    if code.sha256 not in {None, digest}:
        raise _bad(spec, f"the SHA-256 of {code.file!r} is {digest}, not {code.sha256}", key)
    name = f"segmentry_own_{digest[:16]}"
    if name not in sys.modules:
        loader = _Source(folder / code.file, text)
        module = module_from_spec(spec_from_loader(name, loader))  # type: ignore[arg-type]
        # Some of Python's own tools, such as dataclasses, look a module up by its name.
        sys.modules[name] = module
        try:
            loader.exec_module(module)
        except (Exception, SystemExit) as error:
            del sys.modules[name]
            raise _bad(spec, f"its file fails: {_where_in(error, spec)}", key) from error
    found = getattr(sys.modules[name], code.function, None)
    if not callable(found):
        raise _bad(spec, f"{code.file!r} has no function {code.function!r}", key)
    return found  # type: ignore[no-any-return]


def _where_in(error: BaseException, spec: FeatureSpec) -> str:
    """Say what went wrong, and on which line of the project's file."""
    said = f"{type(error).__name__}: {error}".splitlines()[0].removesuffix(": ")
    code = spec.formula
    file = Path(code.file).name if isinstance(code, Coded) else ""
    if isinstance(error, SyntaxError):
        return f"{file}:{error.lineno}: {said}"
    lines = [
        f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename.endswith(file)
    ]
    return f"{file}:{lines[-1]}: {said}" if lines else said


def _bad(spec: FeatureSpec, what: str, key: str) -> ProjectFileError:
    return ProjectFileError(
        f"the feature {spec.name!r} cannot be made by {spec.formula}: {what}",
        code="E1011",
        where=key,
        key=key,
        hint="def NAME(events, window): return an Ibis table of entity_id and the feature",
    )


def _key(spec: FeatureSpec, project: Project) -> str:
    names = [s.name for s in project.features.define]
    place = names.index(spec.name) if spec.name in names else 0
    return f"features.define[{place}].python"
