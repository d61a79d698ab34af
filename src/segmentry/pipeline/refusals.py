"""What a project asks for and its engine declares that it cannot do: told before any row is read.

What lives here: the names of what a project may ask for. What does not: the reasons (each engine's
capabilities), and constructs in expressions (``engines.typed``).
"""

from __future__ import annotations

from collections.abc import Iterator

from segmentry.domain.feature import aggregates_of
from segmentry.domain.project import Project, Shape
from segmentry.engines.base import Engine
from segmentry.errors import ProjectFileError
from segmentry.features.choose import choose
from segmentry.pipeline.events import mapped_fields


def refused(project: Project, engine: Engine) -> list[ProjectFileError]:
    """Find what the engine of a project cannot do, each with its key and the reason.

    ``project`` asks for features that can be built (``unknown_features`` found none).
    """
    asked = dict.fromkeys([*_asked(project), *_measures(project)])
    return [
        ProjectFileError(
            f"{what} is not possible on {engine.name}: {reason}", code="E1009", key=key, hint=hint
        )
        for name, what, key, hint in asked
        if (reason := engine.capabilities.reason(name)) is not None
    ]


def _asked(project: Project) -> Iterator[tuple[str, str, str, str]]:
    """Name what sources and the project ask for: construct, words, key, hint."""
    hint = "let a view do it, or export the rows to Parquet and give their path"
    for i, source in enumerate(project.sources):
        at = f"sources[{i}]"
        if source.shape is Shape.CHANGES:
            yield "changes", "'shape: changes'", f"{at}.shape", hint
        if source.key:
            yield "key", "'key'", f"{at}.key", hint
        for j, hop in enumerate(source.key):
            if hop.path is not None:
                where = f"{at}.key.path" if len(source.key) == 1 else f"{at}.key[{j}].path"
                yield "key: path", "'key' with a path", where, "name one of the sources"
        if "text" in source.columns and source.texts == "stay":
            leave = f"{at}: {{texts: leave}} lets this process read and score them; or {hint}"
            yield "text", "'text'", f"{at}.columns.text", leave
    if project.accounts is not None:
        yield "accounts", "'accounts'", "accounts", hint


def _measures(project: Project) -> Iterator[tuple[str, str, str, str]]:
    if not any(s.shape is Shape.EVENTS and s.use == "features" for s in project.sources):
        return
    for spec in choose(mapped_fields(project), project.features, project.windows):
        for aggregate in aggregates_of(spec):
            what, hint = f"feature {spec.name!r}", f"features: {{exclude: [{spec.name}]}}"
            key = "features.define" if spec.is_own else "features.include"
            yield f"measure: {aggregate.measure}", what, key, hint
