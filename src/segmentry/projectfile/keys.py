"""The keys of the project file as one table: type, allowed words, default and help.

What lives here: the declarative table ``PROJECT`` and its printed form (``describe``). What does
not: how a term judges a value (``terms``), checks that need several keys (``checks``), and the way
to ``Project`` (``schema``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from segmentry.domain.preparation import Fill, PerColumn
from segmentry.domain.project import (
    EVENT_FIELDS,
    FEWEST_SEARCH_ROWS,
    FORMAT_VERSION,
    MEANINGS,
    MOST_SEARCH_ROWS,
    MOST_TOPICS,
    OBJECTIVES,
    ROLL_UPS,
    SEARCH_ROWS,
    SOURCE_FIELDS,
    Shape,
)
from segmentry.domain.role import Role
from segmentry.projectfile.defining import DEFINE
from segmentry.projectfile.preparing import (
    PREPARE,
    SPLIT,
    fill_data,
)
from segmentry.projectfile.terms import (
    REQUIRED,
    AutoOr,
    Duration,
    DurationOrAuto,
    Key,
    ListOf,
    MapOf,
    Maybe,
    Number,
    OneOrMore,
    Record,
    Switch,
    SwitchOr,
    Text,
    TypeName,
    Whole,
    Word,
    WordOr,
    Zone,
    duration,
    join,
)

MOST_SEGMENTS = 100
"""More segments than anybody can name, and few enough to search."""

MOST_MICRO = 20
"""Micro-segments that one segment may be divided into."""

MOST_DISTINCT = 20
"""Features in which any two segments may be asked to differ."""

COLUMN_TYPES = (
    *("text", "number", "integer", "boolean", "time", "zoned", "1,234.5", "1.234,5"),
    *("seconds since 1970", "milliseconds since 1970", "microseconds since 1970"),
    *("nanoseconds since 1970", "days since 1900"),
)
"""Types that a column's texts may be read by; ``zoned`` are times that name their offset."""

LARGEST_SEED = 2**63 - 1

_EXPRESSION = Text("a column, or an SQL expression over columns")
A_TABLE = "for a database give 'table' and 'connection' in place of 'path'"

KEY_MAP = Record(
    "a mapping",
    (
        Key("source", Text("a name"), "The source in which the key is looked up.", None),
        Key("path", Text("a file, glob or folder"), "Or a file that is no source itself.", None),
        Key("from", Text("a column"), "Its column that holds the key."),
        Key("to", Text("a column"), "Its column that takes the key's place."),
        Key(
            "take",
            MapOf(
                _EXPRESSION, "fields to columns", tuple(f for f in EVENT_FIELDS if f != "entity")
            ),
            "Fields of events that its row tells, such as time.",
            {},
        ),
    ),
)

SOURCE = Record(
    "a source",
    (
        Key("name", Text("a name"), "A name for the source; the file's name if left out.", None),
        Key(
            "path",
            Text("a file, glob or folder"),
            "File, glob or folder, from this file's folder.",
            None,
        ),
        Key("table", Text("a table"), "In place of 'path': a table of 'connection'.", None),
        Key(
            "connection",
            Text("a URL"),
            "Where it lies: postgresql://..., spark://... or sc://...; ${NAME} is filled in.",
            None,
        ),
        Key(
            "shape",
            Word(tuple(Shape)),
            "events: one row per event. table: one row per entity. changes: one row per state of an"
            " entity, valid from its time.",
            Shape.EVENTS.value,
        ),
        Key(
            "columns",
            MapOf(_EXPRESSION, "fields to columns", SOURCE_FIELDS),
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
            Word(("last", "rows", "id")),
            "last: a table keeps the last row of each entity. rows, id: events that are equal, or"
            " have the same id, count once.",
            None,
        ),
        Key(
            "key",
            OneOrMore(KEY_MAP, "lookups"),
            "Where the entity is looked up: from one key to another, one after the other.",
            (),
        ),
        Key(
            "combine",
            Word(("last", "sum")),
            "For changes: numbers of the last row before the cut, or the sum of those open at it.",
            "last",
        ),
        Key(
            "use",
            Word(("features", "outcomes")),
            "For events: features, or outcomes alone, so that they never shape segments.",
            "features",
        ),
        Key(
            "texts",
            Word(("stay", "leave")),
            "For a connection: whether what was written may leave it, to be scored here.",
            "stay",
        ),
    ),
    elsewhere={
        **{name: f"put it under 'columns': columns: {{{name}: ...}}" for name in EVENT_FIELDS},
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
        Key("define", ListOf(DEFINE, "features"), "Features of your own.", ()),
        Key(
            "roles",
            MapOf(Word(tuple(Role)), "columns to roles"),
            "What a column is for: cluster, text, overlay, outcome, treatment, id or weight.",
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
            Switch(),
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
        Key("max_share", Number(0, 1), "The largest share of entities in a segment.", None),
        Key(
            "must_differ_in",
            Text("the name of an outcome"),
            "An outcome, by its name or column, in which segments have to differ.",
            None,
        ),
        Key(
            "distinct",
            SwitchOr(Whole(1, MOST_DISTINCT)),
            "Whether any two segments have to differ plainly in a feature to act upon, or in so"
            " many.",
            0,
        ),
        Key(
            "act_upon",
            AutoOr(ListOf(Text(), "features", may_be_empty=False)),
            "The features that can be acted upon; auto: all that shape segments.",
            "auto",
        ),
        Key(
            "existing",
            Text("a column"),
            "A column with the segments that there are already: compared with, and no feature.",
            None,
        ),
        Key(
            "micro",
            SwitchOr(Whole(2, MOST_MICRO)),
            "Whether segments are divided further where they hold more, or into how many at most.",
            0,
        ),
        Key(
            "guided_by",
            Text("the name of an outcome"),
            "An outcome by which features are weighed; needs a split, to judge by those held out.",
            None,
        ),
        Key(
            "search_rows",
            WordOr(("all",), Whole(FEWEST_SEARCH_ROWS, MOST_SEARCH_ROWS)),
            "How many entities methods are searched on at most; all: a million at most.",
            SEARCH_ROWS,
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

ACCOUNTS = Record(
    "a mapping",
    (
        Key("key", Text("a column"), "The column that names the account."),
        Key(
            "source",
            Text("a name"),
            "The source that tells the account of each user; the events if left out.",
            None,
        ),
        Key(
            "roll_up",
            ListOf(Word(ROLL_UPS), "ways", may_be_empty=False),
            "What is told of an account's users.",
            ROLL_UPS,
        ),
    ),
)

HARMONY = Record(
    "a mapping",
    (
        Key("lower", Switch(), "Case does not count.", default=False),
        Key("spaces", Switch(), "Blanks at the ends and repeated ones do not count.", default=True),
        Key("unicode", Word(("NFC", "NFKC")), "The Unicode normal form of words.", "NFC"),
        Key(
            "synonyms",
            MapOf(ListOf(Text(), "words"), "words to words of the same meaning"),
            "Words that stand for one.",
            {},
        ),
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

NAMER = Record(
    "a mapping",
    (
        Key("endpoint", Text("a URL"), "Where `segmentry segments suggest` asks.", None),
        Key("model", Text("a name"), "The model that it asks for.", None),
    ),
    elsewhere={"key": "a key stands in no file: put it into SEGMENTRY_NAMER_KEY"},
)

REVIEW = Record(
    "a mapping",
    (
        Key("approvals", Whole(0, 100), "People who approve a release before it is used.", 0),
        Key("roles", ListOf(Text("a role"), "roles"), "Roles that approve; [] is any.", ()),
    ),
)

_SECTIONS = {
    "segments": SEGMENTS,
    "windows": WINDOWS,
    "features": FEATURES,
    "prepare": PREPARE,
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
        Key("prepare", PREPARE, "How features are filled, bent, scaled, encoded, weighed.", {}),
        Key("split", Maybe(SPLIT), "Learn from some entities, and judge by the others.", None),
        Key("segments", SEGMENTS, "How many segments, and how.", {}),
        Key("outcomes", ListOf(OUTCOME, "outcomes"), "What segments are judged by.", ()),
        Key("accounts", Maybe(ACCOUNTS), "Accounts made of users, whom the events name.", None),
        Key(
            "harmonise",
            MapOf(HARMONY, "fields or columns to rules"),
            "Words of label fields and text columns, written alike.",
            {},
        ),
        Key("privacy", PRIVACY, "How outputs name entities.", {}),
        Key("namer", NAMER, "Who suggests names, when asked; no run asks.", {}),
        Key("review", REVIEW, "Who approves a release before it is put in use.", {}),
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
        yield f"{path}: {key.term.describe()}. {key.help}{_default(key)}"
        inner = getattr(key.term, "term", key.term)
        if isinstance(inner, Record):
            ending = "[]" if isinstance(key.term, ListOf) else ""
            ending = ".*" if isinstance(key.term, MapOf) else ending
            yield from _lines(inner, f"{path}{ending}")


def _default(key: Key) -> str:
    if key.default is REQUIRED:
        return " Required."
    if isinstance(key.term, Record) or key.default is None:
        return ""
    return f" Default: {_shown(key)}."


def _shown(key: Key) -> str:
    if isinstance(key.term, Duration):
        return duration(key.default)
    if isinstance(key.default, PerColumn):
        default = key.default.default
        return json.dumps(fill_data(default) if isinstance(default, Fill) else default)
    return json.dumps(key.default)
