"""Reading a project file, with the line of every key.

What lives here: YAML nodes into plain data plus a ``Place`` for each key, and putting places into
errors that only know a key (the engine that misses a column knows no lines). What does not: what
the keys mean (``schema``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from segmentry.domain.project import Project
from segmentry.errors import Place, ProjectFileError
from segmentry.projectfile.schema import from_data
from segmentry.projectfile.terms import join

MOST_VALUES = 20_000
"""More than any project needs; a file of aliases to aliases would unfold without end."""

DEEPEST = 30
"""More levels than the schema has; a list that holds itself goes deeper."""

_NEW_FILE = "make one with: segmentry init FILE"


@dataclass(frozen=True)
class Loaded:
    """A project, and where each of its keys stands: ``places["sources[0].columns.entity"]``."""

    project: Project
    places: Mapping[str, Place]


def load(path: Path) -> Loaded:
    """Read and check a project file.

    Parameters
    ----------
    path : Path
        The file. Relative paths in it start at its folder.

    Returns
    -------
    Loaded

    Raises
    ------
    ProjectFileError
        If the file is missing or empty (E1007), is no YAML (E1003), or asks for what cannot be:
        then with all problems at once, each with file, line and key.
    """
    return read(_text(path), file=str(path), folder=path.absolute().parent)


def read(text: str, *, file: str, folder: Path) -> Loaded:
    """Read and check the text of a project file; ``file`` is its name in errors."""
    reading = _Reading(file)
    data = reading.mapping(_compose(text, file))
    try:
        project = from_data(data, folder=folder)
    except ProjectFileError as error:
        found = [*reading.problems, *(error.problems or (error,))]
        raise placed(ProjectFileError.all_of(found), reading.places) from None
    if reading.problems:
        raise ProjectFileError.all_of(reading.problems)
    return Loaded(project, reading.places)


def placed(error: ProjectFileError, places: Mapping[str, Place]) -> ProjectFileError:
    """Give an error the file and line of its key, and several in the order of the file.

    A key that is not in the file gets the line of the nearest one around it. An error that has a
    place, or no key, stays as it is.
    """
    if error.problems:
        found = [placed(p, places) for p in error.problems]
        return ProjectFileError.all_of(sorted(found, key=_line))
    if error.key is None or isinstance(error.where, Place) or not places:
        return error
    place = Place(places[""].file, _around(error.key, places).line, error.key)
    return ProjectFileError(
        error.what, code=error.code, where=place, hint=error.hint, key=error.key
    )


def _around(key: str, places: Mapping[str, Place]) -> Place:
    while key and key not in places:
        cut = max(key.rfind("."), key.rfind("["), 0)
        key = key[:cut]
    return places[key]


def _line(error: ProjectFileError) -> int:
    return (error.where.line or 0) if isinstance(error.where, Place) else 0


def _text(path: Path) -> str:
    if not path.exists():
        msg = "there is no such project file"
        raise ProjectFileError(msg, code="E1007", where=str(path), hint=_NEW_FILE)
    if path.is_dir():
        inside = path / "segmentry.yaml"
        msg = "this is a folder, not a project file"
        hint = f"-p {inside}" if inside.exists() else _NEW_FILE
        raise ProjectFileError(msg, code="E1007", where=str(path), hint=hint)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"this is no text in UTF-8 (byte {error.start})"
        hint = f"if it is data, make a project file for it: segmentry init {path}"
        raise ProjectFileError(msg, code="E1003", where=str(path), hint=hint) from error
    except OSError as error:
        msg = f"the project file cannot be read: {error.strerror}"
        raise ProjectFileError(msg, code="E1007", where=str(path)) from error


def _compose(text: str, file: str) -> yaml.MappingNode:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise _not_yaml(error, file) from error
    except RecursionError as error:
        msg = "lists or mappings lie too deep inside each other"
        raise ProjectFileError(msg, code="E1003", where=file) from error
    if node is None:
        msg = "the project file is empty"
        raise ProjectFileError(msg, code="E1007", where=file, hint=_NEW_FILE)
    if not isinstance(node, yaml.MappingNode):
        msg = "a project file holds keys and values, such as 'version: 1'"
        hint = f"if it is data, make a project file for it: segmentry init {file}"
        raise ProjectFileError(msg, code="E1003", where=Place(file, _at(node)), hint=hint)
    return node


def _not_yaml(error: yaml.YAMLError, file: str) -> ProjectFileError:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    line = None if mark is None else mark.line + 1
    hint = "check indentation (blanks, no tabs), colons and quotes on this line and the one above"
    return ProjectFileError(
        f"this is not readable as YAML: {what}", code="E1003", where=Place(file, line), hint=hint
    )


def _at(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


@dataclass
class _Reading:
    """Turns nodes into plain data, and notes where each key stands."""

    file: str
    places: dict[str, Place] = field(default_factory=dict)
    problems: list[ProjectFileError] = field(default_factory=list)
    n_values: int = 0
    depth: int = 0

    def mapping(self, node: yaml.MappingNode) -> dict[str, Any]:
        """Read the whole file."""
        self.places[""] = Place(self.file, _at(node))
        return self._mapping(node, "")

    def _value(self, node: yaml.Node, at: str) -> Any:
        self.n_values += 1
        if self.n_values > MOST_VALUES or self.depth > DEEPEST:
            msg = "an alias unfolds without end, or the file holds too many values"
            raise ProjectFileError(msg, code="E1003", where=Place(self.file, _at(node)))
        self.depth += 1
        value = self._read(node, at)
        self.depth -= 1
        return value

    def _read(self, node: yaml.Node, at: str) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, at)
        if isinstance(node, yaml.SequenceNode):
            return [self._item(n, f"{at}[{i}]") for i, n in enumerate(node.value)]
        return self._scalar(node, at)

    def _mapping(self, node: yaml.MappingNode, at: str) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            name = self._name(key_node)
            path = join(at, name)
            if name in values:
                self._refuse_twice(name, key_node, path)
                continue
            self.places.setdefault(path, Place(self.file, _at(key_node), path))
            values[name] = self._value(value_node, path)
        return values

    def _name(self, node: yaml.Node) -> str:
        # The text as written: a column called 2024, yes or null is a fine key.
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        msg = "a key must be text"
        raise ProjectFileError(msg, code="E1003", where=Place(self.file, _at(node)))

    def _refuse_twice(self, name: str, node: yaml.Node, path: str) -> None:
        first = self.places[path].line
        self.problems.append(
            ProjectFileError(
                f"key {name!r} stands here for the second time; the first is on line {first}",
                code="E1002",
                where=Place(self.file, _at(node), path),
                hint="keep one of them",
                key=path,
            )
        )

    def _item(self, node: yaml.Node, path: str) -> Any:
        self.places.setdefault(path, Place(self.file, _at(node), path))
        return self._value(node, path)

    def _scalar(self, node: yaml.Node, at: str) -> Any:
        try:
            return yaml.SafeLoader("").construct_object(node)
        except ValueError:
            # Looks like a date or number and is none, such as 2024-13-45.
            return node.value
        except yaml.YAMLError as error:
            msg = f"{node.value!r} has a tag that is not known here: {node.tag}"
            raise ProjectFileError(
                msg, code="E1003", where=Place(self.file, _at(node), at), hint="leave the tag out"
            ) from error
