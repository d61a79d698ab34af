"""Finding the fields of events: order, item, kind, channel and so on.

What lives here: one small chooser per field, by name, type, cardinality and content. What does
not: entity and time (``entity``, ``timing``), amounts (``money``), which rows to leave out
(``rows``), and columns that are no field (``roles``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from segmentry.projectfile.idlike import (
    has_id_word,
    is_name_of_something,
    is_unnamed,
    looks_hashed,
    names_by_value,
)
from segmentry.projectfile.names import known, singular, weights, words
from segmentry.projectfile.overlays import is_count
from segmentry.projectfile.survey import Column, Survey, varying_share


@dataclass
class Fields:
    """Fields found so far: their SQL, the columns they use up, reasons and doubts.

    ``survey`` holds whole entities and ``entities`` the code of the entity of each of its rows.
    """

    survey: Survey
    entities: NDArray[np.int64]
    columns: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    reasons: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    event: str | None = None

    def put(self, name: str, sql: str, columns: tuple[str, ...], reason: str) -> None:
        """Settle a field."""
        self.columns[name] = sql
        self.used.update(columns)
        self.reasons[name] = reason

    def free(self) -> list[Column]:
        """List the columns that are not used up and hold something."""
        return [c for c in self.survey.columns if c.name not in self.used and c.n > 0]

    def column(self, name: str) -> Column | None:
        """Give the column of a field, where it is a plain column."""
        sql = self.columns.get(name)
        return self.survey.get(sql) if sql in self.survey.names else None

    def varying(self, column: Column) -> float:
        """Measure in which share of entities a column takes several values."""
        return varying_share(self.entities, column.codes)

    def belongs_to_one(self, column: Column) -> bool:
        """Tell whether a column's values belong to one entity each, as an order's number does."""
        return varying_share(column.codes, self.entities) <= 0.02


def find_fields(fields: Fields) -> None:
    """Find every plain field that is not settled yet."""
    _find(fields, "order", weights("orders"), lambda c: _is_order(c, fields))
    _find(fields, "session", weights("sessions"), lambda c: _is_session(c, fields))
    _find(fields, "kind", weights("kinds"), _is_kind)
    _find(fields, "item", weights("items"), lambda c: _is_item(c) and fields.varying(c) > 0.02)
    _find(fields, "category", weights("categories"), _is_category)
    _find(fields, "channel", weights("channels"), lambda c: _is_channel(c, fields))
    _find(fields, "text", weights("texts"), _is_text)
    _find_answers(fields)
    _find_typed_kind(fields)
    _find_stranger(fields)


def find_item_name(fields: Fields, taken: Collection[str]) -> None:
    """Find the text that says what an item is, among columns that nothing else takes.

    Parameters
    ----------
    fields : Fields
        With all others found.
    taken : collection of str
        Columns that have a role.
    """
    item = fields.column("item")
    if item is None or "item_name" in fields.columns:
        return
    free = [c for c in fields.free() if c.name not in taken]
    fitting = [c for c in free if _is_called(c) and _says(item, c) >= SAYS]
    if fitting:
        column = max(fitting, key=lambda c: _says(item, c))
        fields.put("item_name", column.name, (column.name,), "one text for nearly every item")


_CALLED = frozenset({"description", "name", "title", "product", "item", "label"})

SAYS = 0.8
"""Share of rows in which a text is the commonest one of its item."""


def _is_called(column: Column) -> bool:
    return column.kind == "text" and column.n_distinct > 1 and bool(_CALLED & set(column.words))


def _says(item: Column, column: Column) -> float:
    """Give the share of rows whose text is the commonest of their item, of as many as items."""
    known = (item.codes >= 0) & (column.codes >= 0)
    if not known.any() or not 0.3 <= column.n_distinct / item.n_distinct <= 5.0:
        return 0.0
    width = int(column.codes.max()) + 1
    pairs, n = np.unique(item.codes[known] * width + column.codes[known], return_counts=True)
    most = np.zeros(int(item.codes.max()) + 1)
    np.maximum.at(most, pairs // width, n)
    return float(most.sum() / known.sum())


def find_event(fields: Fields, names: str) -> None:
    """Say what kind of event a row is, where no column does; ``names`` are other words to read."""
    if "kind" in fields.columns or fields.event is not None:
        return
    said = {w for c in fields.survey.columns for w in c.words} | set(words(names))
    said |= {singular(w) for w in said}
    if {"amount", "order"} & set(fields.columns):
        event = "purchase"
    else:
        kinds = ("ticket", "churn", "trip", "login", "play", "view", "usage")
        event = next((k for k in kinds if said & known(f"event_{k}")), "event")
    fields.event = event
    fields.reasons["event"] = "no column tells the kind of event"


_PLACES = 55
"""Up to this weight, an entity is a place or a seller."""

_TAILS = frozenset(["name", "title", "type", "group", "grouping", "path"])


def head_score(column: Column, vocabulary: Mapping[str, float]) -> float:
    """Rate a name by its head: the last word that is no id word; words before it cost a little.

    ``order_id`` speaks of orders; ``order_priority`` does not.
    """
    names = [w for w in column.words if not w.isdigit()]
    tail = [w for w in names if w in _TAILS | known("id_words")]
    rest = [w for w in names if w not in tail] or tail[:1]
    if not rest:
        return 0.0
    head = rest[-1] if rest[-1] in vocabulary else singular(rest[-1])
    if head not in vocabulary:
        return 0.0
    bonus = 10 if set(tail) & known("id_words") else -5 if tail else 0
    return vocabulary[head] + bonus - 6 * (len(rest) - 1)


def _find(
    fields: Fields, name: str, vocabulary: Mapping[str, float], fits: Callable[[Column], bool]
) -> None:
    if name in fields.columns:
        return
    scored = [(head_score(c, vocabulary) + _liking(name, c), c) for c in fields.free()]
    fitting = [(s, c) for s, c in scored if s > 0 and fits(c)]
    if fitting:
        column = max(fitting, key=lambda pair: pair[0])[1]
        fields.put(name, column.name, (column.name,), _reason(column))


def _liking(name: str, column: Column) -> float:
    """Tell two columns of one name apart by what people can read, or by what says more."""
    if name == "item" and column.n_distinct < 20:
        return -25
    if name == "category" and set(column.words) & known("sure_ids"):
        return -15
    return 0


def _find_typed_kind(fields: Fields) -> None:
    """Find the kind in a column that is called type, or the type of a record."""
    if "kind" in fields.columns:
        return
    for column in fields.free():
        names = [w for w in column.words if not w.isdigit()]
        if is_unnamed(column) and len(_happenings(column)) == column.n_distinct > 1:
            names = ["type"]
        if names[-1:] != ["type"] or not _is_kind(column):
            continue
        happen = _happenings(column)
        if (len(names) == 1 and happen) or (len(names) == 2 and names[0] in known("kinds_typed")):
            fields.put("kind", column.name, (column.name,), _reason(column))
            return


def _happenings(column: Column) -> list[str]:
    return [v for v in column.levels if set(words(v)) & known("kind_levels")]


def _find_stranger(fields: Fields) -> None:
    """Take as the item what names something of many, where nothing by name is one."""
    if "item" in fields.columns:
        return
    for column in fields.free():
        if _is_stranger(column, fields):
            fields.put("item", column.name, (column.name,), _reason(column))
            fields.notes.append(
                f"nothing is called an item or product: {column.name!r}, which names something, is"
                " taken as the item (override with --item)"
            )
            return


def _is_stranger(column: Column, fields: Fields) -> bool:
    said = {singular(w) for w in column.words}
    # Shops and sellers are what somebody visits, where persons are the entity.
    people = {w for w, v in weights("entities").items() if v > _PLACES or w in weights("sessions")}
    others = people | set(weights("orders")) | set(weights("sessions"))
    codes = known("codes") - set(weights("entities"))
    if said & (others | codes | known("personal") - {"hash", "address"}):
        return False
    if said & known("demographic") and not looks_hashed(column):
        return False
    if is_unnamed(column):
        named = names_by_value(column) or (column.kind == "text" and column.distinct_share < 0.5)
    else:
        # Few whole numbers are codes of a category.
        coded = column.kind != "text" and column.n_distinct <= 30
        named = is_name_of_something(column) and not coded
    fits = named and _is_item(column) and fields.varying(column) > 0.1
    return fits and not fields.belongs_to_one(column)


def _reason(column: Column) -> str:
    if 0 < column.n_distinct <= 40:
        shown = ", ".join(column.levels[:4])
        more = ", ..." if column.n_distinct > 4 else ""
        values = "1 value" if column.n_distinct == 1 else f"{column.n_distinct} values"
        return f"{values}: {shown}{more}"
    return f"{column.n_distinct:,} distinct values"


def _is_thing(column: Column) -> bool:
    return (column.kind == "text" or column.is_whole) and column.n_distinct > 1


def _is_order(column: Column, fields: Fields) -> bool:
    if not _is_thing(column):
        return False
    # Two may share an order, such as two sellers; but not the second order of everybody.
    shared = has_id_word(column) and column.distinct_share > 0.5
    return fields.belongs_to_one(column) or shared


def _is_few(column: Column, most: int) -> bool:
    few = _is_thing(column) and column.n_distinct <= most
    return few and (column.distinct_share < 0.5 or column.n_distinct <= 20)


def _is_session(column: Column, fields: Fields) -> bool:
    return _is_thing(column) and not column.is_unique and fields.belongs_to_one(column)


def _is_kind(column: Column) -> bool:
    return column.kind == "text" and _is_few(column, 1000)


def _is_item(column: Column) -> bool:
    # Fewer than five of anything is a category, and what never repeats is no item.
    enough = _is_thing(column) and column.n_distinct >= 5 and not column.is_unique
    return enough and not is_count(column) and not (column.kind == "text" and _is_prose(column))


def _is_category(column: Column) -> bool:
    if set(column.words) & (known("demographic") | known("technical") | {"device"}):
        return False
    return _is_few(column, 5000)


def _is_channel(column: Column, fields: Fields) -> bool:
    """Tell where an event came in, not how an entity was once won."""
    won = set(column.words) & known("won")
    coded = column.is_whole and "channel" in column.words and column.n_distinct <= 20
    fits = column.kind == "text" or coded
    return fits and not won and _is_few(column, 200) and fields.varying(column) > 0.02


def _find_answers(fields: Fields) -> None:
    found = [c for c in fields.free() if "nps" in c.words and _is_promoting(c)]
    if found and "nps" not in fields.columns:
        fields.put("nps", found[0].name, (found[0].name,), "answers from 0 to 10, by its name")


def _is_promoting(column: Column) -> bool:
    """Tell answers from 0 to 10 to whether somebody would recommend."""
    if not column.is_whole or not len(column.present):
        return False
    return bool(column.present.min() >= 0 and 8 <= column.present.max() <= 10)


def _is_text(column: Column) -> bool:
    return column.kind == "text" and column.n_distinct > 50 and _is_prose(column)


def _is_prose(column: Column) -> bool:
    """Tell sentences from ids and from names."""
    some = column.texts[:200]
    blanks = [t.count(" ") for t in some]
    return column.mean_length > 20 and bool(np.mean(blanks) >= 2.5) and column.distinct_share > 0.5
