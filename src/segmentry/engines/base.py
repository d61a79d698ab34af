"""What every engine can do, and what a source looks like once it is open.

What lives here: the protocol and its values. What does not: finding files (``files``), reading
expressions (``expressions``) and any SQL dialect (one room per engine).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from segmentry.domain.audit import Audit
from segmentry.domain.project import Source, frozen_mapping
from segmentry.domain.role import Role

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

BAD_SHARE_LIMIT = 0.01
"""More bad rows than this share stop a run, unless they are allowed."""

ENTITY_ID = "entity_id"
"""The key's name in a table's relation."""

ROLE_PREFIX = "role: "
"""Stands before a source's own column name where it lies beside canonical fields."""


@dataclass(frozen=True)
class Capabilities:
    """What an engine cannot do as the others do it, and why: told before anything runs.

    What is not named is supported. Names are those of ``refusals`` in the pipeline, of measures
    of features (``measure: median gap``), and of constructs in expressions (``lower``).
    """

    refused: Mapping[str, str] = field(default_factory=frozen_mapping)

    def reason(self, construct: str) -> str | None:
        """Give why a construct is refused; None where it is supported."""
        return self.refused.get(construct)


@dataclass(frozen=True)
class Relation:
    """An open source: a lazy table with typed columns, and what was found while opening it.

    Events have one column per mapped field (``entity``, ``time``, ``amount`` ...) and one
    ``ROLE_PREFIX`` column per column with a role; the source's ``where`` is already applied. A
    table has its own columns under their own names; ``entity`` names the one that is the key,
    ``None`` where the rows have no key or nothing is mapped yet.
    """

    source: Source
    table: ir.Table
    n_rows: int
    """Rows read, rejected ones included."""
    n_bad_rows: int
    """Rows with a value that is used and cannot be read, or rejected as a whole."""
    n_left_out: int = 0
    """Rows left out by ``where``."""
    entity: str | None = None
    columns: tuple[str, ...] = ()
    """The source's own columns, as its files name them."""


class Engine(Protocol):
    """A place where relations are read and expressions are computed."""

    name: str
    capabilities: Capabilities
    is_embedded: bool
    """Whether rows lie in this process, where arrays of them are at hand."""

    def open(
        self,
        source: Source,
        *,
        folder: str,
        audit: Audit,
        allow_bad_rows: bool = False,
        roles: Mapping[str, Role] | None = None,
        kinds: Mapping[str, str] | None = None,
        key: str = "sources[0]",
    ) -> Relation:
        """Open a source: find its files, type its columns, count what is bad in it.

        Parameters
        ----------
        source : Source
            What to read. Without ``columns`` every column is typed by its content, which is
            how a source is looked at before anything is known of it.
        folder : str
            Where relative paths start.
        audit : Audit
            Takes what was found.
        allow_bad_rows : bool
            Go on where more than ``BAD_SHARE_LIMIT`` of the rows are bad.
        roles : mapping of str to Role or None
            Columns that are used beside the mapped ones. For a table: every column counts as
            used but those with the role *id*; None counts none of them.
        kinds : mapping of str to str or None
            Columns whose kind is known already: ``number``, ``text`` or ``time``. Content
            decides about the others.
        key : str
            Where the source stands in the project file, for errors.

        Raises
        ------
        DataError
            If files are missing, damaged or empty, or too many rows are bad.
        ProjectFileError
            If the source names columns that are not there, or expressions that cannot be read;
            all of its problems at once.
        """

    def to_arrow(self, expression: ir.Table) -> pa.Table:
        """Compute an expression."""

    def keep(self, expression: ir.Table) -> ir.Table:
        """Compute an expression once, where the engine can read it again and again."""

    def take_in(self, data: pa.Table) -> ir.Table:
        """Put rows of ours beside the engine's own, until it is closed."""

    def close(self) -> None:
        """Give back what is held."""


@runtime_checkable
class Receiving(Protocol):
    """An engine that keeps assignments where the user's own rows lie."""

    def check_place(self, place: str) -> None:
        """Refuse a place that is not ours to write to, before any work is done.

        Raises
        ------
        UsageError
            E1101.
        """

    def put(self, rows: pa.Table, place: str, *, folder: str, name: str) -> str:
        """Write rows, whole or not at all; what was there before stays whole until then.

        Parameters
        ----------
        rows : pyarrow.Table
            Plain texts, numbers, truths and instants; the first column is the key.
        place : str
            What the engine calls a place: a table, or a folder.
        folder : str
            Where relative paths start.
        name : str
            Tells this writing from others, where they lie beside each other; sorts by time.

        Returns
        -------
        str
            Where the rows lie now.
        """
