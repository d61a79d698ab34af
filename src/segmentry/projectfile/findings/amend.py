"""Recording an edit in the text of a project file: one value is replaced, all else is kept.

What lives here: finding the place of a key in the text, and putting a value there. What does not:
what an edit means (``edit``). A text is only given back if it loads to exactly the project that
the edit asks for; whatever is written in a way that this reader cannot follow is refused.
"""

from __future__ import annotations

import difflib

import yaml

from segmentry.domain.project import Project
from segmentry.errors import ProjectFileError, UsageError
from segmentry.projectfile.emit import scalar
from segmentry.projectfile.findings.edit import Edit, applied
from segmentry.projectfile.load import read


class _UnclearError(Exception):
    """The text is written in a way that cannot be followed."""


def amended(text: str, project: Project, edit: Edit, index: int) -> str:
    """Give the text of a project file with an edit in it, every comment kept.

    Parameters
    ----------
    text : str
        The whole file.
    project : Project
        What it loads to.
    edit : Edit
    index : int
        The place of the source that is meant.

    Returns
    -------
    str

    Raises
    ------
    UsageError
        If the edit has to be made by hand.
    """
    wanted = applied(project, edit, index)
    try:
        changed = _placed(text, edit, index, wanted)
        # Read as a run reads it: whatever went wrong on the way shows here.
        found = read(changed, file="segmentry.yaml", folder=project.folder).project
    except (_UnclearError, ProjectFileError, yaml.YAMLError) as error:
        raise _by_hand(edit, project, index) from error
    if found != wanted:
        raise _by_hand(edit, project, index)
    return changed


def difference(before: str, after: str, name: str) -> str:
    """Show what changed in a text, as lines to take away and lines to add."""
    lines = difflib.unified_diff(
        before.splitlines(),
        after.splitlines(),
        f"{name} (before)",
        f"{name} (after)",
        "",
        "",
        1,
        "",
    )
    return "\n".join(lines)


def _by_hand(edit: Edit, project: Project, index: int) -> UsageError:
    return UsageError(
        f"this cannot be written into the project file by itself: {edit}",
        hint=f"write it by hand, for the source {project.sources[index].name!r}",
    )


def _placed(text: str, edit: Edit, index: int, wanted: Project) -> str:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        raise _UnclearError
    if edit.what == "role":
        return _with_role(text, root, edit)
    sources = _value(root, "sources")
    if not isinstance(sources, yaml.SequenceNode) or len(sources.value) <= index:
        raise _UnclearError
    source = sources.value[index]
    if not isinstance(source, yaml.MappingNode) or source.flow_style:
        raise _UnclearError
    if edit.what == "field":
        columns = _value(source, "columns")
        if not isinstance(columns, yaml.MappingNode):
            raise _UnclearError
        return _set(text, columns, edit.name, edit.value)
    value = wanted.sources[index].where if edit.what == "where" else edit.value
    return _set(text, source, edit.what, value or "", after="path")


def _with_role(text: str, root: yaml.MappingNode, edit: Edit) -> str:
    features = _value(root, "features")
    if features is None:
        line = f"features:\n  roles:\n    {scalar(edit.name)}: {scalar(edit.value)}\n"
        return text.rstrip("\n") + "\n\n" + line
    if not isinstance(features, yaml.MappingNode) or features.flow_style:
        raise _UnclearError
    roles = _value(features, "roles")
    if roles is None:
        line = f"roles: {{{scalar(edit.name)}: {scalar(edit.value)}}}"
        return _inserted(text, features.value[0][0], line)
    if not isinstance(roles, yaml.MappingNode):
        raise _UnclearError
    return _set(text, roles, edit.name, edit.value)


def _set(
    text: str, mapping: yaml.MappingNode, key: str, value: str, *, after: str | None = None
) -> str:
    """Set a key of a mapping: its value where it has one, else a line of its own."""
    node = _value(mapping, key)
    if node is not None:
        return _replaced(text, node, scalar(value))
    if mapping.flow_style:
        end = mapping.end_mark.index - 1
        comma = ", " if mapping.value else ""
        return f"{text[:end].rstrip()}{comma}{scalar(key)}: {scalar(value)}{text[end:]}"
    names = [_name(k) for k, _ in mapping.value]
    place = names.index(after) if after in names else len(names) - 1
    return _inserted(text, mapping.value[place][0], f"{scalar(key)}: {scalar(value)}", below=True)


def _replaced(text: str, node: yaml.Node, written: str) -> str:
    if not isinstance(node, yaml.ScalarNode) or node.style in {"|", ">"}:
        raise _UnclearError
    if node.start_mark.line != node.end_mark.line:
        raise _UnclearError
    start, end = node.start_mark.index, node.end_mark.index
    rest = text[end:]
    # The comment beside a value stays where the eye looks for it.
    line, newline, below = rest.partition("\n")
    if line.strip().startswith("#"):
        gap = max(len(line) - len(line.lstrip()) - (len(written) - (end - start)), 2)
        rest = " " * gap + line.lstrip() + newline + below
    return text[:start] + written + rest


def _inserted(text: str, beside: yaml.Node, line: str, *, below: bool = False) -> str:
    """Put a line above (or below) the one on which a key stands, indented as the key is."""
    lines = text.splitlines(keepends=True)
    at = beside.start_mark.line + (1 if below else 0)
    lines.insert(at, f"{' ' * beside.start_mark.column}{line}\n")
    return "".join(lines)


def _value(mapping: yaml.MappingNode, key: str) -> yaml.Node | None:
    return next((value for name, value in mapping.value if _name(name) == key), None)


def _name(node: yaml.Node) -> str | None:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else None
