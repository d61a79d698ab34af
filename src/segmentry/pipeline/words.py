"""Numbers in place of words, so that what follows groups and sorts whole numbers only.

What lives here: the list of a column's words, spellings that are one word, and rows in numbers.
What does not: which columns there are, and what they mean (``events``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from segmentry.domain.audit import Audit, Finding
from segmentry.domain.formula import IDENTITIES
from segmentry.domain.project import Project
from segmentry.domain.table import ENTITY
from segmentry.engines.base import ROLE_PREFIX, Engine
from segmentry.engines.typed.builtin import declared
from segmentry.errors import EngineError
from segmentry.features.rows import EXACT, SHORT

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

HASH = "hash"

FEW = 10_000
"""Words that are sent back to a server: Spark plans each table anew wherever it is used, along
with all that it was made of."""

_WIDTHS = {"int8": 2**7, "int16": 2**15, "int32": 2**31, "int64": 2**63}


def in_numbers(
    parts: Sequence[ir.Table], listed: Sequence[str], project: Project, engine: Engine, audit: Audit
) -> tuple[list[ir.Table], dict[str, pa.Array]]:
    """Keep rows with numbers in place of words.

    Parameters
    ----------
    parts : sequence of ibis table
        The rows of each source.
    listed : sequence of str
        The columns of words.
    project, engine, audit

    Returns
    -------
    tuple of list of ibis table and dict of str to pyarrow.Array
        The rows of each source, and the words of each column in ascending order.
    """
    lists = {name: engine.keep(_list_of(parts, name)) for name in listed}
    words = {n: _words(kept, engine) for n, kept in lists.items()}
    if not engine.is_embedded:
        lists |= {n: _told(words[n], engine) for n in lists if len(words[n]) <= FEW}
    _harmonise(lists, words, project, engine, audit)
    if ENTITY in lists and engine.is_embedded:
        lists[ENTITY] = _hashed(lists[ENTITY], engine)
    # Kept, because bounds, cut, features and descriptions each read all of it again.
    return _kept([_coded(part, lists, words) for part in parts], engine), words


def hashed_ids(part: ir.Table) -> ir.Table:
    """Write 64 bits of hash in place of texts that only tell what is alike, for DuckDB.

    Parameters
    ----------
    part : ibis table
        The rows of a source; ``IDENTITIES`` among them.

    Notes
    -----
    Of m ids of one entity, about m^2 / 2^65 pairs are taken for one: with 20 million sessions of
    250,000 entities, fewer than one in ten thousand million such logs has one.
    """
    import ibis

    texts = [n for n in IDENTITIES if n in part.columns and part[n].type().is_string()]
    ids = {n: ibis.cases((part[n].notnull(), _hash(part[n]))) for n in texts}
    return part.mutate(**ids) if ids else part


def _harmonise(
    lists: dict[str, ir.Table],
    words: dict[str, pa.Array],
    project: Project,
    engine: Engine,
    audit: Audit,
) -> None:
    """Give spellings of one word one number, where the project asks for it."""
    import pyarrow as pa

    for name in lists:
        rule = project.harmonise.get(name.removeprefix(ROLE_PREFIX))
        if rule is None:
            continue
        written = rule.all_of(words[name].to_pylist())
        alike = sorted(set(written))
        codes = {word: i for i, word in enumerate(alike)}
        numbers = pa.array([codes[w] for w in written], pa.int64())
        found = pa.table({"value": words[name].cast(pa.string()), "code": numbers})
        tell_alike(name.removeprefix(ROLE_PREFIX), len(written), len(alike), audit)
        lists[name], words[name] = engine.take_in(found), pa.array(alike, pa.string())


def tell_alike(name: str, n_before: int, n_after: int, audit: Audit) -> None:
    """Tell how many spellings became how many words."""
    if n_after < n_before:
        audit.add(
            Finding(
                "harmonised",
                f"{n_before} spellings of {name} are {n_after} words",
                column=name,
                count=n_before - n_after,
                total=n_before,
                done="written alike (harmonise)",
            )
        )


def _list_of(parts: Sequence[ir.Table], name: str) -> ir.Table:
    """Write the distinct values of a column, each with its place in ascending order."""
    import ibis

    found = [p.select(value=p[name]) for p in parts if name in p.columns]
    whole = found[0] if len(found) == 1 else ibis.union(*found)
    values = whole.filter(whole["value"].notnull()).distinct()
    place = ibis.row_number().over(ibis.window(order_by=values["value"]))
    return values.mutate(code=place.cast("int64"))


def _words(kept: ir.Table, engine: Engine) -> pa.Array:
    return engine.to_arrow(kept.order_by("code"))["value"].combine_chunks()


def _told(words: pa.Array, engine: Engine) -> ir.Table:
    """Tell a server the words that it found: its statements then need not say how."""
    import pyarrow as pa

    values, codes = words.cast(pa.string()), pa.array(range(len(words)), pa.int64())
    return engine.take_in(pa.table({"value": values, "code": codes}))


def _hashed(kept: ir.Table, engine: Engine) -> ir.Table:
    """Put a hash beside each value, where it tells them all apart: joining is faster by far."""
    import ibis

    hashed = engine.keep(kept.mutate(**{HASH: _hash(kept["value"])}))
    of_null = _hash(ibis.null("string"))
    counts = hashed.aggregate(
        n=hashed.count(), hashes=hashed[HASH].nunique(), null=(hashed[HASH] == of_null).sum()
    )
    (told,) = engine.to_arrow(counts).to_pylist()
    return hashed if told["n"] == told["hashes"] and not told["null"] else kept


def _hash(value: ir.Value) -> ir.Value:
    # As DuckDB has it: Ibis' own makes a signed number of it, which takes half as long again.
    return declared("hash", ("string",), "uint64")(value)


def _kept(parts: Sequence[ir.Table], engine: Engine) -> list[ir.Table]:
    """Keep the rows of each source, exact numbers half as wide where all of them fit: most do."""
    if engine.is_embedded:
        try:
            return [engine.keep(_shortened(part)) for part in parts]
        except EngineError as error:
            if error.code != "E3003":  # a number is too large
                raise
    return [engine.keep(part) for part in parts]


def _shortened(part: ir.Table) -> ir.Table:
    import ibis

    wide = [n for n, t in part.schema().items() if t == ibis.dtype(EXACT)]
    return part.mutate(**{n: part[n].cast(SHORT) for n in wide}) if wide else part


def _coded(
    part: ir.Table, lists: Mapping[str, ir.Table], words: Mapping[str, pa.Array]
) -> ir.Table:
    """Write a part with places in place of values, as narrow as they may be."""
    joined = part
    values: dict[str, Any] = {n: part[n] for n in part.columns}
    for i, (name, kept) in enumerate(lists.items()):
        if name in part.columns:
            one = kept.rename({f"{c} {i}": c for c in kept.columns})
            if HASH in kept.columns:
                met = _hash(part[name]) == one[f"{HASH} {i}"]
            else:
                met = part[name] == one[f"value {i}"]
            joined = joined.left_join(one, met)
            values[name] = one[f"code {i}"].cast(_width(len(words[name])))
    return joined.select(**values) if joined is not part else part


def _width(n_values: int) -> str:
    return next(t for t, most in _WIDTHS.items() if n_values <= most)
