"""Between plain data and ``Project``: ``from_data`` and ``as_data``.

What lives here: the two directions, complete. What does not: the table of keys (``keys``), checks
across keys (``checks``), reading YAML (``load``), writing it with comments (``emit``), and whether
a column exists (the engine knows).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from segmentry.domain.harmony import Harmony
from segmentry.domain.preparation import Preparation
from segmentry.domain.project import (
    FORMAT_VERSION,
    ROW_NUMBER,
    SEARCH_ROWS,
    Accounts,
    FeatureChoice,
    KeyMap,
    Namer,
    Outcome,
    Privacy,
    Project,
    Review,
    SegmentChoice,
    Shape,
    Source,
    TextChoice,
    Windows,
    frozen_mapping,
)
from segmentry.domain.role import Role
from segmentry.errors import ProjectFileError
from segmentry.features.own import clashes
from segmentry.projectfile.checks import check_together, source_name
from segmentry.projectfile.defining import defined, defined_data, with_digests
from segmentry.projectfile.keys import PROJECT
from segmentry.projectfile.preparing import (
    preparation_data,
    preparation_of,
    split_data,
    split_of,
)
from segmentry.projectfile.terms import Problems, duration


def from_data(data: Mapping[str, Any], *, folder: Path) -> Project:
    """Build a project out of plain data, with every default filled in.

    Parameters
    ----------
    data : mapping
        What a project file holds, as ``as_data`` writes it.
    folder : Path
        Where relative paths start.

    Returns
    -------
    Project

    Raises
    ------
    ProjectFileError
        With all problems at once, each with the path of its key.
    """
    _refuse_other_versions(data)
    problems = Problems()
    read = PROJECT.read(data, "", problems)
    check_together(read, problems)
    if problems.found:
        raise ProjectFileError.all_of(problems.found)
    project = _project(read, folder)
    problems.found += clashes(project.features, project.windows)
    own = with_digests(project.features.define, folder, problems)
    if problems.found:
        raise ProjectFileError.all_of(problems.found)
    return replace(project, features=replace(project.features, define=own))


def _refuse_other_versions(data: Mapping[str, Any]) -> None:
    version = data.get("version")
    if isinstance(version, int) and version > 0 and version != FORMAT_VERSION:
        # Everything else in the file may mean something else there, so this is told alone.
        msg = f"format version {version} is not known; this release reads version {FORMAT_VERSION}"
        raise ProjectFileError(
            msg,
            code="E1006",
            key="version",
            hint=f"set version: {FORMAT_VERSION}, or install the release that wrote the file",
        )


def _project(read: Mapping[str, Any], folder: Path) -> Project:
    windows, features = read["windows"], read["features"]
    return Project(
        name=read["project"],
        sources=tuple(_source(r) for r in read["sources"]),
        entity=read["entity"],
        objective=read["objective"],
        decision=read["decision"],
        owner=read["owner"],
        time_zone=read["time_zone"],
        currency=read["currency"],
        windows=Windows(
            windows["lookback"],
            windows["recent"],
            windows["decay_half_life"],
            None if windows["outcome"] == "auto" else windows["outcome"],
            windows["session_pause_minutes"],
            tuple(windows["also"]),
        ),
        features=FeatureChoice(
            features["include"],
            tuple(features["exclude"]),
            frozen_mapping({c: Role(r) for c, r in features["roles"].items()}),
            tuple(features["measures"]),
            frozen_mapping({meaning: tuple(k) for meaning, k in features["kinds"].items()}),
            milestones=tuple(features["milestones"]),
            onboarding=tuple(features["onboarding"]),
            workflow=tuple(features["workflow"]),
            define=tuple(defined(r) for r in features["define"]),
        ),
        text=TextChoice(read["text"]["topics"], read["text"]["sentiment"]),
        segments=_segments(read["segments"]),
        outcomes=tuple(
            Outcome(r["name"], r["event"], r["column"], r["horizon"]) for r in read["outcomes"]
        ),
        accounts=_accounts(read["accounts"]),
        harmonise=frozen_mapping({n: _harmony(r) for n, r in read["harmonise"].items()}),
        privacy=Privacy(read["privacy"]["ids"]),
        namer=Namer(read["namer"]["endpoint"], read["namer"]["model"]),
        review=Review(read["review"]["approvals"], tuple(read["review"]["roles"])),
        seed=read["seed"],
        prepare=preparation_of(read["prepare"]),
        split=split_of(read["split"]),
        folder=folder,
    )


def _source(read: Mapping[str, Any]) -> Source:
    shape = Shape(read["shape"])
    columns = dict(read["columns"])
    if shape is Shape.TABLE:
        columns.setdefault("entity", ROW_NUMBER)
    return Source(
        name=source_name(read),
        path=read["path"] or "",
        shape=shape,
        columns=frozen_mapping(columns),
        types=frozen_mapping(read["types"]),
        event=read["event"],
        where=read["where"],
        deduplicate=read["deduplicate"],
        key=tuple(_key_map(r) for r in read["key"]),
        combine=read["combine"],
        use=read["use"],
        texts=read["texts"],
        table=read["table"],
        connection=read["connection"],
    )


def _key_map(read: Mapping[str, Any]) -> KeyMap:
    return KeyMap(
        read["from"], read["to"], read["source"], read["path"], frozen_mapping(read["take"])
    )


def _accounts(read: Mapping[str, Any] | None) -> Accounts | None:
    if read is None:
        return None
    return Accounts(read["key"], read["source"], tuple(read["roll_up"]))


def _harmony(read: Mapping[str, Any]) -> Harmony:
    synonyms = frozen_mapping({w: tuple(same) for w, same in read["synonyms"].items()})
    return Harmony(read["lower"], read["spaces"], read["unicode"], synonyms)


def _segments(read: Mapping[str, Any]) -> SegmentChoice:
    return SegmentChoice(
        read["min"],
        read["max"],
        read["min_share"],
        read["methods"],
        frozen_mapping(read["weights"]),
        1.0 if read["max_share"] is None else read["max_share"],
        read["must_differ_in"],
        read["distinct"],
        read["act_upon"],
        read["existing"],
        read["micro"],
        read["guided_by"],
        read["search_rows"],
    )


def as_data(project: Project) -> dict[str, Any]:
    """Give a project as plain data, complete but for ``folder``, which is where it lies.

    ``from_data(as_data(project), folder=project.folder)`` is the same project. Keys that hold
    nothing are absent, and so is ``prepare`` where nothing but the house's way is asked for.
    """
    segments, features = project.segments, project.features
    data = {
        "version": FORMAT_VERSION,
        "project": project.name,
        "owner": project.owner,
        "objective": project.objective,
        "decision": project.decision,
        "entity": project.entity,
        "time_zone": project.time_zone,
        "currency": project.currency,
        "sources": [_source_data(s) for s in project.sources],
        "windows": {
            "lookback": duration(project.windows.lookback_days),
            "recent": duration(project.windows.recent_days),
            "decay_half_life": duration(project.windows.decay_half_life_days),
            "outcome": _auto_or_duration(project.windows.outcome_days),
            "session_pause_minutes": project.windows.pause_minutes,
            **_filled(also=[duration(d) for d in project.windows.also_days]),
        },
        "features": {
            "include": _auto_or_list(features.include),
            "exclude": list(features.exclude),
            "measures": list(features.measures),
            **_filled(
                kinds={meaning: list(kinds) for meaning, kinds in features.kinds.items()},
                milestones=list(features.milestones),
                onboarding=list(features.onboarding),
                workflow=list(features.workflow),
                define=[defined_data(s) for s in features.define],
            ),
            "roles": {c: str(r) for c, r in features.roles.items()},
        },
        "prepare": None if project.prepare == Preparation() else preparation_data(project.prepare),
        "split": None if project.split is None else split_data(project.split),
        "text": {"topics": project.text.topics, "sentiment": project.text.sentiment},
        "segments": {
            "min": segments.minimum,
            "max": segments.maximum,
            "min_share": segments.min_share,
            "methods": _auto_or_list(segments.methods),
            "weights": dict(segments.weights),
            **_filled(
                max_share=segments.max_share if segments.max_share < 1.0 else None,
                must_differ_in=segments.must_differ_in,
                distinct=segments.distinct,
                act_upon=None if segments.act_upon == "auto" else list(segments.act_upon),
                existing=segments.existing,
                micro=True if segments.micro == 1 else segments.micro,
                guided_by=segments.guided_by,
                search_rows=None if segments.search_rows == SEARCH_ROWS else segments.search_rows,
            ),
        },
        "outcomes": [_outcome_data(o) for o in project.outcomes],
        "accounts": _accounts_data(project.accounts),
        "harmonise": {n: _harmony_data(h) for n, h in project.harmonise.items()} or None,
        "privacy": {"ids": project.privacy.ids},
        "namer": _filled(endpoint=project.namer.endpoint, model=project.namer.model) or None,
        "review": _filled(approvals=project.review.approvals, roles=list(project.review.roles))
        or None,
        "seed": project.seed,
    }
    return _present(data)


def _present(data: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in data.items() if v is not None}


def _filled(**values: Any) -> dict[str, Any]:
    """Keep what holds anything."""
    return {name: value for name, value in values.items() if value}


def _auto_or_list(choice: str | tuple[str, ...]) -> str | list[str]:
    return choice if isinstance(choice, str) else list(choice)


def _auto_or_duration(days: float | None) -> str:
    return "auto" if days is None else duration(days)


def _source_data(source: Source) -> dict[str, Any]:
    return _present(
        {
            "name": source.name,
            "path": source.path or None,
            "table": source.table,
            "connection": source.connection,
            "shape": str(source.shape),
            "columns": dict(source.columns),
            "types": dict(source.types) or None,
            "event": source.event,
            "where": source.where,
            "deduplicate": source.deduplicate,
            "key": _keys_data(source.key),
            "combine": source.combine if source.shape is Shape.CHANGES else None,
            "use": None if source.use == "features" else source.use,
            "texts": None if source.texts == "stay" else source.texts,
        }
    )


def _keys_data(hops: tuple[KeyMap, ...]) -> Any:
    written = [
        _present(
            {
                "source": hop.source,
                "path": hop.path,
                "from": hop.start,
                "to": hop.to,
                "take": dict(hop.take) or None,
            }
        )
        for hop in hops
    ]
    return written[0] if len(written) == 1 else written or None


def _accounts_data(accounts: Accounts | None) -> dict[str, Any] | None:
    if accounts is None:
        return None
    return _present(
        {"key": accounts.key, "source": accounts.source, "roll_up": list(accounts.roll_up)}
    )


def _harmony_data(harmony: Harmony) -> dict[str, Any]:
    return {
        "lower": harmony.lower,
        "spaces": harmony.spaces,
        "unicode": harmony.unicode,
        "synonyms": {w: list(same) for w, same in harmony.synonyms.items()},
    }


def _outcome_data(outcome: Outcome) -> dict[str, Any]:
    horizon = None if outcome.horizon_days is None else duration(outcome.horizon_days)
    return _present(
        {
            "name": outcome.name,
            "event": outcome.event,
            "column": outcome.column,
            "horizon": horizon,
        }
    )
