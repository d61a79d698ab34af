"""What a project file states, complete: no step reads a setting from anywhere else.

The syntax (YAML, line numbers, guesses) lives in ``projectfile``; notebooks and tests build these
values directly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeVar

from segmentry.domain.feature import FeatureSpec
from segmentry.domain.harmony import Harmony
from segmentry.domain.preparation import Preparation, Split
from segmentry.domain.role import Role

FORMAT_VERSION = 1
"""Version of the project file that this release reads and writes."""

ROW_NUMBER = "row_number"
"""The entity of a table whose rows have no key: the position among the rows kept, from 1."""

Objective = Literal["retention", "revenue", "engagement", "adoption", "none"]
OBJECTIVES: tuple[str, ...] = ("retention", "revenue", "engagement", "adoption", "none")

MAIN_FIELDS = (
    *("entity", "time", "kind", "amount", "quantity", "item"),
    *("category", "channel", "order", "session", "text"),
)
"""Fields that most logs have."""

NUMBER_FIELDS = (
    *("amount", "quantity", "discount", "cost", "seats", "errors", "score", "nps"),
    *("duration_seconds", "response_seconds", "resolution_seconds", "reopened", "escalated"),
)
"""Fields that hold numbers, or truths that count as 0 and 1."""

ITEM_NAME = "item_name"
"""What an item is called, where its own column holds codes: told beside it, and no feature."""

EVENT_FIELDS = (
    *(*MAIN_FIELDS, ITEM_NAME, "device", "user"),
    *(f for f in NUMBER_FIELDS if f not in MAIN_FIELDS),
)
"""Fields that a source's ``columns`` may map, each by a column or an expression over columns."""

SOURCE_FIELDS = (*EVENT_FIELDS, "id", "until")
"""All fields that ``columns`` may map: ``id`` tells events apart where they are deduplicated,
``until`` ends a row of a table of changes."""

ROLL_UPS = ("mean", "sum", "max", "active_share", "n_users")
"""What may be told of an account's users."""

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "purchase": "something is bought",
        "view": "something is looked at",
        "cart": "something is put into a cart",
        "return": "something is sent back",
        "login": "somebody logs in",
        "value": "the first sign that the product is worth it",
        "collaborate": "somebody is invited, or something is shared",
        "integrate": "an integration is used",
        "api": "the API is called",
        "learn": "a lesson or a page of help is read",
        "community": "the community is visited",
        "upgrade": "a larger plan is taken",
        "downgrade": "a smaller plan is taken",
        "send": "a message is sent to the entity",
        "open": "a message is opened",
        "click": "a link in a message is followed",
        "respond": "a campaign is answered",
        "ticket": "a ticket is opened",
        "reopen": "a ticket is opened again",
        "escalate": "a ticket is escalated",
    }
)
"""What a kind of event may mean; a project says which of its kinds mean it."""

MOST_TOPICS = 64
"""More topics than these say little more, and cost as much as they are."""


_K = TypeVar("_K")
_V = TypeVar("_V")


def frozen_mapping(items: Mapping[_K, _V] | None = None) -> Mapping[_K, _V]:
    """Copy a mapping into one that cannot be changed."""
    return MappingProxyType(dict(items or {}))


class Shape(StrEnum):
    """How the rows of a source lie."""

    EVENTS = "events"
    TABLE = "table"
    CHANGES = "changes"
    """One row for each state of an entity, valid from its time on."""


@dataclass(frozen=True, slots=True)
class KeyMap:
    """Where a source's entity is looked up before anything else: from one key to another.

    The key is found in the column ``start`` of another source (by name) or file (by path), and the
    value of the column ``to`` in the same row takes its place. ``take`` maps further fields to
    columns of that row, such as the time of an order for its items.
    """

    start: str
    to: str
    source: str | None = None
    path: str | None = None
    take: Mapping[str, str] = field(default_factory=frozen_mapping)


@dataclass(frozen=True, slots=True)
class Source:
    """A file, glob or folder, or a table of a database, and what its columns mean.

    ``columns`` maps canonical fields (``EVENT_FIELDS``) to SQL expressions over the source's own
    columns; a plain column name is quoted by the reader where needed. ``entity`` may be
    ``row_number`` for tables without a key. Events without ``time`` tell who did what, not when.
    """

    name: str
    path: str
    shape: Shape = Shape.EVENTS
    columns: Mapping[str, str] = field(default_factory=frozen_mapping)
    types: Mapping[str, str] = field(default_factory=frozen_mapping)
    """Types of text columns by name: ``number``, ``text``, ``boolean``, ``time`` or a date format.

    What is not named is inferred from all values; a release keeps what was inferred, so that one
    row is read as a million were.
    """
    event: str | None = None
    where: str | None = None
    deduplicate: Literal["last", "rows", "id"] | None = None
    """Tables: keep the *last* row of each entity. Events: count equal *rows*, or rows of one *id*,
    once, also across sources that say the same."""
    key: tuple[KeyMap, ...] = ()
    """Looked up one after the other."""
    combine: Literal["last", "sum"] = "last"
    """Changes: numbers of the last row before the cut, or of all rows open at it, added up."""
    use: Literal["features", "outcomes"] = "features"
    """Events: whether they shape features, or are counted after a cut only."""
    texts: Literal["stay", "leave"] = "stay"
    """Of a connection: whether what was written may leave it, to be scored in this process."""
    table: str | None = None
    """A table of ``connection``, with its schema where needed; ``path`` is empty then."""
    connection: str | None = None
    """The engine that holds the rows, as a URL; ``${NAME}`` in it is read from the environment."""

    @property
    def place(self) -> str:
        """Say what is read: the table's name, or the path."""
        return self.table or self.path

    @property
    def fields(self) -> frozenset[str]:
        """Name the fields that its rows have, those taken from another source among them."""
        return frozenset(self.columns).union(*(hop.take for hop in self.key))

    def plain(self, shape: Shape, columns: Mapping[str, str]) -> Source:
        """Give the same rows with other columns, and nothing else asked of them."""
        return Source(self.name, self.path, shape, frozen_mapping(columns), self.types,
                      where=self.where, texts=self.texts, table=self.table,
                      connection=self.connection)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Windows:
    """The windows of the features, in days. ``lookback_days=None`` means all history.

    ``outcome_days`` is the horizon after an earlier cut in which segments are judged by what
    happened; None leaves it to the length of the history.
    """

    lookback_days: float | None = None
    recent_days: float = 30.0
    decay_half_life_days: float = 60.0
    outcome_days: float | None = None
    pause_minutes: float = 30.0
    """A longer pause between two events ends a visit, where events have no session."""
    also_days: tuple[float, ...] = ()
    """Further windows that get a count and a value of their own."""


@dataclass(frozen=True, slots=True)
class FeatureChoice:
    """Which features are built, and the roles of columns.

    ``measures`` names number columns of event sources that are averaged and added up; ``kinds``
    says which kinds of events have which of the ``MEANINGS``. ``milestones`` are kinds whose first
    time matters; ``onboarding`` and ``workflow`` are kinds that should happen in this order.
    ``define`` are features of the project's own, each with a formula.
    """

    include: Literal["auto"] | tuple[str, ...] = "auto"
    exclude: tuple[str, ...] = ()
    roles: Mapping[str, Role] = field(default_factory=frozen_mapping)
    measures: tuple[str, ...] = ()
    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=frozen_mapping)
    milestones: tuple[str, ...] = ()
    onboarding: tuple[str, ...] = ()
    workflow: tuple[str, ...] = ()
    define: tuple[FeatureSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class TextChoice:
    """What is made of texts: ``topics`` is a number, or ``auto`` or ``none``."""

    topics: Literal["auto", "none"] | int = "auto"
    sentiment: bool = True


SEARCH_ROWS = 10_000
"""Entities that methods are searched on, where nothing else is asked for: 2 % are then 200."""

FEWEST_SEARCH_ROWS, MOST_SEARCH_ROWS = 1_000, 1_000_000
"""What may be asked for. A search holds the labels of every candidate from every seed."""


@dataclass(frozen=True, slots=True)
class SegmentChoice:
    """How many segments may be found, how, and what is asked of them.

    ``max_share`` is the largest share of entities in a segment; ``must_differ_in`` names an outcome
    that segments have to tell apart; ``distinct`` is the number of features that can be acted upon
    in which any two of them have to differ by a medium effect (0: none), ``act_upon`` which
    features these are. ``existing`` names the column of a segmentation to be compared with;
    ``micro`` is the most micro-segments of each (0: none are looked for; 1: the house's number);
    ``guided_by`` names an outcome by which features are weighed; ``search_rows`` is how many
    entities methods are searched on at most, ``all`` as many as a search may look at.
    """

    minimum: int = 4
    maximum: int = 8
    min_share: float = 0.02
    methods: Literal["auto"] | tuple[str, ...] = "auto"
    weights: Mapping[str, float] = field(default_factory=frozen_mapping)
    max_share: float = 1.0
    must_differ_in: str | None = None
    distinct: int = 0
    act_upon: Literal["auto"] | tuple[str, ...] = "auto"
    existing: str | None = None
    micro: int = 0
    guided_by: str | None = None
    search_rows: int | Literal["all"] = SEARCH_ROWS

    @property
    def most_searched(self) -> int:
        """Give the largest number of entities that are searched."""
        return MOST_SEARCH_ROWS if self.search_rows == "all" else self.search_rows


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that happens after the cut, or a column that says what happened."""

    name: str
    event: str | None = None
    column: str | None = None
    horizon_days: float | None = None


@dataclass(frozen=True, slots=True)
class Accounts:
    """Entities that are made of users: features are built per user and rolled up.

    ``key`` is the column that names the account, in the source called ``source`` beside its own
    entity (the user), or in the events where no source is named.
    """

    key: str
    source: str | None = None
    roll_up: tuple[str, ...] = ROLL_UPS


@dataclass(frozen=True, slots=True)
class Privacy:
    """Whether outputs name entities as they are or by a keyed pseudonym."""

    ids: Literal["raw", "pseudonym"] = "raw"


@dataclass(frozen=True, slots=True)
class Namer:
    """Where names may be suggested, when somebody asks for it; the key is never part of a project.

    ``endpoint`` is the address of an API of chat completions, ``model`` what it is asked for.
    """

    endpoint: str | None = None
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """How many people approve a release before it is put in use, and in which roles; any, if none.

    None are asked for by default.
    """

    approvals: int = 0
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """Everything that a run needs to know, with every default filled in."""

    name: str
    sources: tuple[Source, ...]
    entity: str = "entity"
    objective: Objective = "none"
    decision: str = ""
    owner: str = ""
    time_zone: str = "UTC"
    currency: str | None = None
    windows: Windows = field(default_factory=Windows)
    features: FeatureChoice = field(default_factory=FeatureChoice)
    text: TextChoice = field(default_factory=TextChoice)
    segments: SegmentChoice = field(default_factory=SegmentChoice)
    outcomes: tuple[Outcome, ...] = ()
    accounts: Accounts | None = None
    harmonise: Mapping[str, Harmony] = field(default_factory=frozen_mapping)
    """Label fields and columns of text whose spellings are brought together."""
    privacy: Privacy = field(default_factory=Privacy)
    namer: Namer = field(default_factory=Namer)
    review: Review = field(default_factory=Review)
    seed: int = 0
    prepare: Preparation = field(default_factory=Preparation)
    split: Split | None = None
    folder: Path = Path()
    """Relative paths in ``sources`` start here; runs are kept in its ``runs`` folder."""
