"""The keys of the project file as one table: type, allowed words, default and help.

What lives here: the declarative table ``PROJECT`` and its printed form (``describe``). What does
not: how a term judges a value (``terms``), checks that need several keys (``checks``), and the way
to ``Project`` (``schema``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from segmentry.domain.project import (
    EVENT_FIELDS,
    FORMAT_VERSION,
    MEANINGS,
    MOST_TOPICS,
    OBJECTIVES,
    Shape,
)
from segmentry.domain.role import Role
from segmentry.projectfile.terms import (
    REQUIRED,
    AutoOr,
    Duration,
    DurationOrAuto,
    Key,
    ListOf,
    MapOf,
    Number,
    Record,
    Text,
    TypeName,
    Whole,
    Word,
    WordOr,
    YesNo,
    Zone,
    duration,
    join,
)

MOST_SEGMENTS = 100
"""More segments than anybody can name, and few enough to search."""

COLUMN_TYPES = (
    *("text", "number", "integer", "boolean", "time", "zoned", "1,234.5", "1.234,5"),
    *("seconds since 1970", "milliseconds since 1970", "microseconds since 1970"),
    *("nanoseconds since 1970", "days since 1900"),
)
"""Types that a column's texts may be read by; ``zoned`` are times that name their offset."""

LARGEST_SEED = 2**63 - 1

_EXPRESSION = Text("a column, or an SQL expression over columns")
NO_DATABASE = "this version reads files: export the table to Parquet or CSV and give its 'path'"

SOURCE = Record(
    "a source",
    (
        Key("name", Text("a name"), "A name for the source; the file's name if left out.", None),
        Key(
            "path", Text("a file, glob or folder"), "File, glob or folder, from this file's folder."
        ),
        Key(
            "shape",
            Word(tuple(Shape)),
            "events: one row per event. table: one row per entity.",
            Shape.EVENTS.value,
        ),
        Key(
            "columns",
            MapOf(_EXPRESSION, "fields to columns", EVENT_FIELDS),
            "What the columns mean: a column's name, or an SQL expression over columns.",
            {},
        ),
        Key(
            "types",
            MapOf(TypeName(COLUMN_TYPES), "columns to types"),
            "How to read texts, where it is not to be inferred from the values.",
            {},
        ),
        Key("event", Text("a word"), "The kind of event, where no column tells it.", None),
        Key("where", Text("an SQL condition"), "Rows to keep.", None),
        Key(
            "deduplicate",
            Word(("last",)),
            "For a table whose entities repeat: keep the last row of each.",
            None,
        ),
    ),
    elsewhere={
        **{name: f"put it under 'columns': columns: {{{name}: ...}}" for name in EVENT_FIELDS},
        "table": NO_DATABASE,
        "connection": NO_DATABASE,
    },
)

WINDOWS = Record(
    "a mapping",
    (
        Key("lookback", Duration(may_be_all=True), "How far counts and sums look back.", None),
        Key("recent", Duration(), "The window that counts as recent.", 30.0),
        Key("decay_half_life", Duration(), "Age at which an event counts half.", 60.0),
        Key(
            "outcome",
            DurationOrAuto(),
            "What happened this long after an earlier cut judges the segments.",
            "auto",
        ),
        Key(
            "session_pause_minutes",
            Number(1 / 60, 60 * 24 * 30),
            "A longer pause ends a visit, where events have no session.",
            30.0,
        ),
        Key(
            "also",
            ListOf(Duration(), "lengths of time"),
            "Further windows that get a count and a value of their own.",
            (),
        ),
    ),
)

FEATURES = Record(
    "a mapping",
    (
        Key(
            "include",
            AutoOr(ListOf(Text(), "feature names", may_be_empty=False)),
            "auto: all features that the columns allow; or a list of names.",
            "auto",
        ),
        Key("exclude", ListOf(Text(), "feature names"), "Features to leave out.", ()),
        Key(
            "measures",
            ListOf(Text(), "columns"),
            "Number columns of events to average and add up per entity.",
            (),
        ),
        Key(
            "kinds",
            MapOf(
                ListOf(Text(), "kinds", may_be_empty=False),
                "meanings to kinds of events",
                tuple(MEANINGS),
            ),
            "Which kinds of events mean what: purchase, cart, open, ticket ...",
            {},
        ),
        Key("milestones", ListOf(Text(), "kinds"), "Kinds whose first time matters.", ()),
        Key("onboarding", ListOf(Text(), "kinds"), "Kinds that newcomers should do, in order.", ()),
        Key("workflow", ListOf(Text(), "kinds"), "Kinds that make a piece of work, in order.", ()),
        Key(
            "roles",
            MapOf(Word(tuple(Role)), "columns to roles"),
            "What a column is for: cluster, text, overlay, outcome, treatment or id.",
            {},
        ),
    ),
)

TEXT = Record(
    "a mapping",
    (
        Key(
            "topics",
            WordOr(("auto", "none"), Whole(2, MOST_TOPICS)),
            "How many topics are learned from texts.",
            "auto",
        ),
        Key(
            "sentiment",
            YesNo(),
            "Whether English texts are scored for how they feel.",
            default=True,
        ),
    ),
)

SEGMENTS = Record(
    "a mapping",
    (
        Key("min", Whole(2, MOST_SEGMENTS), "The fewest segments to look for.", 4),
        Key("max", Whole(2, MOST_SEGMENTS), "The most segments to look for.", 8),
        Key("min_share", Number(0, 0.5), "The smallest share of entities in a segment.", 0.02),
        Key(
            "methods",
            AutoOr(ListOf(Text(), "methods", may_be_empty=False)),
            "auto, or a list of clustering methods.",
            "auto",
        ),
        Key(
            "weights",
            MapOf(Number(0, 1000), "features to weights"),
            "Features that count more (above 1) or less (below 1).",
            {},
        ),
    ),
)

OUTCOME = Record(
    "an outcome",
    (
        Key("name", Text("a name"), "What to call it."),
        Key("event", Text("a kind of event"), "The kind of event that counts.", None),
        Key("horizon", Duration(), "How long after the cut it counts.", None),
        Key("column", Text("a column"), "A column that says what happened.", None),
    ),
)

PRIVACY = Record(
    "a mapping",
    (
        Key(
            "ids",
            Word(("raw", "pseudonym")),
            "raw: outputs hold the ids as they are. pseudonym: keyed pseudonyms.",
            "raw",
        ),
    ),
)

_SECTIONS = {
    "segments": SEGMENTS,
    "windows": WINDOWS,
    "features": FEATURES,
    "text": TEXT,
    "privacy": PRIVACY,
    "sources[0]": SOURCE,
}

PROJECT = Record(
    "a project file",
    (
        Key("version", Whole(1), "Version of this file's format.", FORMAT_VERSION),
        Key("project", Text("a name"), "What to call this segmentation.", "project"),
        Key("owner", Text(may_be_blank=True), "Who answers for it.", ""),
        Key(
            "objective",
            Word(OBJECTIVES),
            "What the segments are for; steers names and actions.",
            "none",
        ),
        Key(
            "decision",
            Text(may_be_blank=True),
            "The decision that the segments will serve, in your words.",
            "",
        ),
        Key("entity", Text("a word"), "What one entity is called.", "entity"),
        Key("time_zone", Zone(), "Decides where days and weekends begin.", "UTC"),
        Key("currency", Text("a currency"), "The currency of amounts, such as EUR.", None),
        Key("sources", ListOf(SOURCE, "sources", may_be_empty=False), "The data."),
        Key("windows", WINDOWS, "Spans of time that features look at.", {}),
        Key("features", FEATURES, "What segments are made from.", {}),
        Key("text", TEXT, "What is made of texts.", {}),
        Key("segments", SEGMENTS, "How many segments, and how.", {}),
        Key("outcomes", ListOf(OUTCOME, "outcomes"), "What segments are judged by.", ()),
        Key("privacy", PRIVACY, "How outputs name entities.", {}),
        Key("seed", Whole(0, LARGEST_SEED), "Same seed and data, same segments.", 0),
    ),
    elsewhere={
        key.name: f"did you mean '{section}.{key.name}'?"
        for section, record in reversed(_SECTIONS.items())
        for key in record.keys
    },
)


def describe() -> str:
    """Print the whole schema: one line per key with what it may be, its default and its help."""
    return "\n".join(_lines(PROJECT, ""))


def _lines(record: Record, at: str) -> Iterator[str]:
    for key in record.keys:
        path = join(at, key.name)
        inner = key.term.term if isinstance(key.term, ListOf) else key.term
        yield f"{path}: {key.term.describe()}. {key.help}{_default(key)}"
        if isinstance(inner, Record):
            yield from _lines(inner, f"{path}[]" if isinstance(key.term, ListOf) else path)


def _default(key: Key) -> str:
    if key.default is REQUIRED:
        return " Required."
    if isinstance(key.term, Record) or key.default is None:
        return ""
    value = duration(key.default) if isinstance(key.term, Duration) else json.dumps(key.default)
    return f" Default: {value}."
